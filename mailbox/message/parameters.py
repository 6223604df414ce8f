"""Content-Type and Content-Disposition: a value and its parameters, continuations and charsets joined. RFC 2045, 2183, 2231."""

import re
from urllib.parse import unquote_to_bytes

from mailbox.message.charsets import decode
from mailbox.message.headers import decode_words, one_line

PARAMETER_LIMIT = 200

PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))')
QUOTED_PAIR = re.compile(r'\\(["\\])')
SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?")


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value in lower case and its parameters by lower-case name, the first of a name winning. RFC 2231 wins over the plain form."""
    main = value.partition(";")[0].strip().lower()
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(PARAMETER.finditer(value)):
        if count == PARAMETER_LIMIT:
            break
        text = QUOTED_PAIR.sub(r"\1", match[2]) if match[2] is not None else match[3].strip()
        section = SECTION.fullmatch(match[1].lower())
        if section is None or (section[2] is None and section[3] is None):
            plain.setdefault(match[1].lower(), text)
        else:
            sections.setdefault(section[1], {}).setdefault(int(section[2] or 0), (text, section[3] is not None))
    return main, {name: one_line(decode_words(text)) for name, text in plain.items()} | {
        name: one_line(_joined(parts)) for name, parts in sections.items()
    }


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    charset, raw = None, b""
    for number, (text, extended) in sorted(parts.items()):
        if extended and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
    return decode(raw, charset)
