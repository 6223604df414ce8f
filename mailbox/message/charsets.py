"""Bytes to text, whatever the label says.

A charset name in a mail is only a hint. It is looked up among the codecs that are charsets of mail, and given up for UTF-8, or for what
the rest of the message suggests, when the bytes say otherwise. Never raises.
"""

import re
from dataclasses import dataclass
from encodings import normalize_encoding
from encodings.aliases import aliases
from functools import lru_cache

SAMPLE = 2_048  # charset-normalizer is slow: it sees the start only, and once a message
HEAD = 1 << 16

# The codecs a mail may name: all text codecs with an alias, and some without. Allowed, not forbidden, so that `idna`, `rot13` or
# `unicode_escape` are never used, and a made-up name never makes Python search for a module.
NO_CHARSETS = {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "mbcs"}
CODECS = set(aliases.values()) - NO_CHARSETS | {"cp737", "cp874", "koi8_t", "koi8_u", "mac_arabic", "mac_croatian", "mac_romanian"}
# Read as browsers do, in the superset that senders mean (WHATWG Encoding, section 4.2).
SUPERSETS = {
    "ascii": "utf_8",
    "latin_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "windows_31j": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
}
# Labels that Python has no alias for, without their `x-`: Macintosh, DOS, and Microsoft's names for UTF-16.
OTHER_LABELS = {
    "mac_ce": "mac_latin2",
    "mac_centraleurroman": "mac_latin2",
    "mac_icelandic": "mac_iceland",
    "mac_japanese": "cp932",
    "mac_chinesesimp": "gb18030",
    "mac_chinesetrad": "big5hkscs",
    "mac_korean": "cp949",
    "mac_hebrew": "cp1255",
    "unicode": "utf_16",
    "ucs_2": "utf_16",
    "iso_10646_ucs_2": "utf_16",
}
# In these, bytes below 0x20 carry meaning, so that control characters can be dropped only after decoding.
SHIFTING = ("utf_16", "utf_32", "utf_7", "iso2022", "hz")
# In these, a few characters may happen to be valid UTF-8.
DOUBLE_BYTE = ("gb", "big5", "cp932", "cp949", "euc", "johab", "shift")
DOZEN = 12  # 8-bit bytes: fewer say nothing for sure
# What unlabelled mail is written in. The whole list of charset-normalizer is slower, and sees Mac codecs everywhere.
CANDIDATES = ["cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "gb18030", "big5", "cp932", "euc_jp", "cp949"]

CONTROL_BYTES = bytes(code for code in range(0x20) if code not in b"\t\n\r") + b"\x7f"
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
ASCII_BYTES = bytes(range(0x80))
KOI8_SMALL = bytes(range(0xC0, 0xE0))
# `3D` comes from a header that went through quoted-printable, `-i` and `-e` say how Hebrew and Arabic run.
LABEL = re.compile(r"""[\s'"]*(?:3d)?[\s'"]*(?:x-)?((?:iso-8859-[68](?=-[ie]\b))|[\w.:+-]+)""")
CODE_PAGE = re.compile(r"^(?:windows|win|ibm|cp|ms|ansi|dos)_?(\d{3,4})$")
LABELLED = re.compile(rb"""charset["']?\s*=\s*["']?([\w.-]{3,40})""", re.IGNORECASE)
JIS_SHIFT = re.compile(rb"\x1b(\$[@B]|\([BJI])")


@lru_cache(maxsize=512)
def codec_of(charset: str) -> str | None:
    """The codec for a charset label, or None when the label is unknown or names no charset of mail."""
    label = LABEL.match(charset[:60].lower())
    name = CODE_PAGE.sub(r"cp\1", normalize_encoding(label[1])) if label else ""
    name = OTHER_LABELS.get(name, name)
    codec = aliases.get(name, name)
    codec = SUPERSETS.get(codec, codec)
    return codec if codec in CODECS else None


@dataclass(slots=True)
class Fallback:
    """The codec for those bytes of a message that say nothing true about themselves: found once, from the whole message."""

    raw: bytes
    codec: str = ""

    def decode(self, raw: bytes) -> str:
        if not self.codec:
            self.codec = self._labelled() or _detected(raw) or "cp1252"
        return raw.decode(self.codec, "replace")

    def _labelled(self) -> str | None:
        labels = (codec_of(label.decode("ascii", "replace")) for label in LABELLED.findall(self.raw, 0, HEAD))
        return next((codec for codec in labels if codec and codec != "utf_8" and not codec.startswith(SHIFTING)), None)


def decode(raw: bytes, charset: str, fallback: Fallback | None = None) -> str:
    """The text of `raw`, free of control characters, with line feeds as line ends. Any label or none, any bytes."""
    codec = codec_of(charset) if charset else "utf_8"
    if codec in (None, "utf_8") and is_jis(raw):
        codec = "iso2022_jp_ext"
    if codec is not None and codec.startswith(SHIFTING) and not _is_plain_ascii(raw, codec):
        text = clean(_shifting(raw, codec))
    else:
        raw = raw.translate(None, CONTROL_BYTES)
        text = raw.decode("ascii") if raw.isascii() else clean(_not_ascii(raw, codec, fallback or Fallback(b"", "cp1252")))
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def is_jis(raw: bytes) -> bool:
    """Whether ASCII bytes are Japanese in ISO-2022-JP, which needs no label to be known."""
    return b"\x1b$" in raw and raw.isascii()


def clean(text: str) -> str:
    """Text without control characters (tab and line ends stay), lone surrogates and byte order mark."""
    return CONTROLS.sub("", text).removeprefix("\ufeff")


def _is_plain_ascii(raw: bytes, codec: str) -> bool:
    """Some senders say UTF-16 because that is what they hold in memory."""
    return codec.startswith(("utf_16", "utf_32")) and raw.isascii() and b"\0" not in raw


def _shifting(raw: bytes, codec: str) -> str:
    text = _strict(raw, codec)
    if text is None and codec == "iso2022_jp_ext" and b"\x1b" in raw:
        text = _windows_jis(raw)
    if text is None:
        text = _strict(raw, "utf_8")
    return raw.decode(codec, "replace") if text is None else text


def _windows_jis(raw: bytes) -> str:
    """ISO-2022-JP with the characters of NEC and IBM, such as ① and ㈱, that Windows adds to it: read as code page 932."""
    first, *runs = JIS_SHIFT.split(raw)
    out = [first]
    for shift, run in zip(runs[::2], runs[1::2], strict=True):
        line, line_end, rest = run.partition(b"\n")  # a line always ends in ASCII. RFC 1468
        out += [run] if shift.startswith(b"(") else [_shifted(line), line_end, rest]
    return b"".join(out).decode("cp932", "replace")


def _shifted(run: bytes) -> bytes:
    """JIS X 0208 rows and cells as Shift JIS bytes."""
    out = bytearray()
    for row, cell in zip(run[::2], run[1::2], strict=False):
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out += bytes((row, cell))
            continue
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        out += bytes((lead, cell + 0x7E if row % 2 == 0 else cell + (0x1F if cell < 0x60 else 0x20)))
    return bytes(out + run[len(run) & ~1 :])


def _not_ascii(raw: bytes, codec: str | None, fallback: Fallback) -> str:
    """Bytes that happen to be UTF-8 are UTF-8, whatever the label says."""
    text = _strict(raw, "utf_8")
    if text is not None and (codec is None or not codec.startswith(DOUBLE_BYTE) or _eight_bit(raw) >= DOZEN):
        return text
    if codec is None or codec == "utf_8":
        return _broken_utf8(raw, fallback)
    if codec == "cp1252":
        return raw.decode(codec, "ignore")  # the five bytes it leaves undefined are control characters of ISO 8859-1
    return _strict(raw, codec) or text or raw.decode(codec, "replace")


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except ValueError:
        return None


def _broken_utf8(raw: bytes, fallback: Fallback) -> str:
    """UTF-8 with a few bad bytes stays UTF-8; text in which most characters are bad is something else."""
    text = raw.decode("utf_8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if bad <= good else fallback.decode(raw)


def _detected(raw: bytes) -> str | None:
    sample = raw.replace(b"\r\n", b"\n")[:SAMPLE]
    if _eight_bit(sample) < DOZEN:
        return None
    if cyrillic := _cyrillic(sample):
        return cyrillic
    from charset_normalizer import from_bytes  # 30 ms to import, and hardly ever needed

    best = from_bytes(sample, cp_isolation=CANDIDATES).best()
    return best.encoding if best else None


def _cyrillic(sample: bytes) -> str | None:
    """KOI8-R has its small letters where code page 1251 has capitals, and no other alphabet most of its own: which of the two it is,
    the commonest letters say, which make up half of all Russian."""
    share = (len(sample) - len(sample.translate(None, KOI8_SMALL))) / _eight_bit(sample)
    codec = max(("koi8_r", "cp1251"), key=lambda codec: _common(sample, codec))
    return codec if share > 0.7 and _common(sample, codec) > 0.38 * _eight_bit(sample) else None


def _common(sample: bytes, codec: str) -> int:
    text = sample.decode(codec, "replace").lower()
    return sum(map(text.count, "оеаинт"))


def _eight_bit(raw: bytes) -> int:
    return len(raw.translate(None, ASCII_BYTES))
