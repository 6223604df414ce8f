"""Bytes to text, whatever the label says.

A charset name from a mail is only a hint: it is looked up in Python's text codecs minus those that are no mail charsets (`idna`,
`unicode_escape`, …), tried strictly, and then given up for UTF-8, for detection, and last for windows-1252. Never raises.
"""

import codecs
import re
from functools import lru_cache

SAMPLE = 4096  # charset-normalizer is slow: it sees the start only

# Names that Python does not know or takes too narrowly; browsers read them as the superset (WHATWG Encoding, section 4.2).
SUPERSETS = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "big5": "big5hkscs",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-7": "utf-7",
}
NOT_FOR_MAIL = {
    "idna",
    "punycode",
    "unicode-escape",
    "unicode_escape",
    "raw-unicode-escape",
    "raw_unicode_escape",
    "undefined",
    "mbcs",
    "oem",
}
# Codecs whose bytes below 0x20 carry meaning, so that control characters can be dropped only after decoding.
SHIFTING = ("utf-16", "utf-32", "utf-7", "iso2022", "hz")

CONTROL_BYTES = bytes(c for c in range(0x20) if c not in b"\t\n\r") + b"\x7f"
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@lru_cache(maxsize=512)
def codec_for(charset: str) -> str | None:
    """The codec to try first for a charset as labelled, or None when the name is unknown or no charset of mail."""
    name = charset.strip(" \t'\"").lower()
    if name.startswith("3d"):  # `charset=3Dutf-8`: the header itself went through quoted-printable
        name = name[2:].strip("'\"")
    name = SUPERSETS.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return None if info.name in NOT_FOR_MAIL or not info._is_text_encoding else info.name


def clean(text: str) -> str:
    """Text without control characters (tab and line feed stay) and without lone surrogates."""
    return CONTROLS.sub("", text)


def decode(raw: bytes, charset: str | None) -> str:
    """The text of `raw`, free of control characters, with line feeds as line ends. Any label, any bytes."""
    codec = codec_for(charset) if charset else "utf-8"
    if codec is None or not codec.startswith(SHIFTING):
        raw = raw.translate(None, CONTROL_BYTES)
    text = _strict(raw, codec) if codec else None
    if text is None:
        text = _guess(raw, codec)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() and not codec_shifts(codec) else clean(text)


def codec_shifts(codec: str | None) -> bool:
    return codec is not None and codec.startswith(SHIFTING)


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _guess(raw: bytes, codec: str | None) -> str:
    text = _strict(raw, "utf-8")
    if text is not None:
        return text
    if codec is not None and codec != "utf-8":
        return raw.decode(codec, "replace")
    return raw.decode(_detected(raw[:SAMPLE]) or "cp1252", "replace")


def _detected(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # 30 ms to import, and hardly ever needed

    best = from_bytes(sample).best()
    return best.encoding if best else None
