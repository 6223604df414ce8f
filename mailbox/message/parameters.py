"""Content-Type and Content-Disposition: a value and its parameters, with continuations and charsets joined. RFC 2045, 2183, 2231."""

import re
from itertools import islice
from urllib.parse import unquote_to_bytes

from mailbox.message.charsets import decode
from mailbox.message.headers import decode_words, one_line, plain

PARAMETER_LIMIT = 200

PARAMETER = re.compile(r'(?:;\s*+|(?<![\s;])\s++)([^\s=;"]+)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))')
QUOTED_PAIR = re.compile(r'\\(["\\])')
COMMENT = re.compile(r"\s\([^()]*\)\s*$")
SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?")

Sections = dict[int, tuple[str, bool]]


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """The value in lower case and its parameters by lower-case name; of a name the first counts, the RFC 2231 form before the plain."""
    if not value:
        return "", {}
    main = (value.partition(";")[0].split(None, 1) or [""])[0]
    plain_form: dict[str, str] = {}
    sections: dict[str, Sections] = {}
    for match in islice(PARAMETER.finditer(value, len(main)), PARAMETER_LIMIT):
        name, quoted, bare = match[1].lower(), match[2], match[3]
        text = COMMENT.sub("", bare).strip() if quoted is None else QUOTED_PAIR.sub(r"\1", quoted)
        if "*" in name and (section := SECTION.fullmatch(name)):
            sections.setdefault(section[1], {}).setdefault(int(section[2] or 0), (text, section[3] is not None))
        else:
            plain_form.setdefault(name, plain(text))
    return main.lower(), plain_form | {name: one_line(_joined(parts)) for name, parts in sections.items()} if sections else plain_form


def _joined(sections: Sections) -> str:
    """Continuations in order of their number; some senders cut encoded words into them, which no RFC allows."""
    charset, raw = "", b""
    for number, (text, extended) in sorted(sections.items()):
        if extended and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
    return decode_words(decode(raw, charset))
