"""Content-Type and Content-Disposition: a value and its parameters, with continuations and charsets joined. RFC 2045, 2183, 2231."""

import re
from urllib.parse import unquote_to_bytes

from mailbox.message.charsets import decode
from mailbox.message.headers import decode_words, one_line

PARAMETER_LIMIT = 200

MAIN = re.compile(r"[^\s;]*")
PARAMETER = re.compile(r'[;\s]\s*+([^\s=;"]+)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))')
QUOTED_PAIR = re.compile(r'\\(["\\])')
COMMENT = re.compile(r"\s\([^()]*\)\s*$")
SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?")

Sections = dict[int, tuple[str, bool]]


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value in lower case and its parameters by lower-case name; of a name the first counts, the RFC 2231 form before the plain."""
    value = value.lstrip()
    main = MAIN.match(value)
    end = main.end() if main else 0
    plain: dict[str, str] = {}
    sections: dict[str, Sections] = {}
    for count, match in enumerate(PARAMETER.finditer(value, end)):
        if count == PARAMETER_LIMIT:
            break
        _take(match, plain, sections)
    return value[:end].lower(), plain | {name: one_line(_joined(parts)) for name, parts in sections.items()}


def _take(match: re.Match[str], plain: dict[str, str], sections: dict[str, Sections]) -> None:
    name, quoted, bare = match[1].lower(), match[2], match[3]
    text = COMMENT.sub("", bare).strip() if quoted is None else QUOTED_PAIR.sub(r"\1", quoted)
    section = SECTION.fullmatch(name)
    if "*" in name and section is not None:
        sections.setdefault(section[1], {}).setdefault(int(section[2] or 0), (text, section[3] is not None))
    else:
        plain.setdefault(name, one_line(decode_words(text)))


def _joined(sections: Sections) -> str:
    """Continuations in order of their number; some senders cut encoded words into them, which no RFC allows."""
    charset, raw = "", b""
    for number, (text, extended) in sorted(sections.items()):
        if extended and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
    return decode_words(decode(raw, charset))
