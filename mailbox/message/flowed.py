"""Plain text with its quotations, read and written: `>` marks, soft line breaks, the `-- ` above a signature. RFC 3676."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FLOWED_WIDTH = 74
SIGNATURE_MARK = "-- "

QUOTE_MARKS = re.compile(r"(?:>[ ]?)+")
SURROGATES = re.compile("[\ud800-\udfff]")
WORDS = re.compile(r"[^ ]+ *| +")


@dataclass(frozen=True, slots=True)
class Written:
    """A line as its writer wrote it: without its quote marks, and with soft line breaks undone."""

    depth: int
    text: str

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


def written_lines(text: str, *, flowed: bool, delsp: bool = False) -> Iterator[Written]:
    """The lines of plain text with their depth of quotation, soft breaks undone where the text is `format=flowed`. With `delsp` the
    space that marks a soft break is no part of the text, as for languages without spaces. RFC 3676 4; but an empty line always ends a
    paragraph, since many a program leaves a space before it."""
    depth = 0
    paragraph: list[str] = []
    for line in text.splitlines():
        written, is_soft = _flowed_line(line) if flowed else (_fixed_line(line), False)
        if paragraph and (written.depth != depth or written.text in (SIGNATURE_MARK, "")):
            yield Written(depth, "".join(paragraph))
            paragraph.clear()
        depth = written.depth
        paragraph.append(written.text[:-1] if is_soft and delsp else written.text)
        if not is_soft:
            yield Written(depth, "".join(paragraph))
            paragraph.clear()
    if paragraph:
        yield Written(depth, "".join(paragraph))


def _fixed_line(line: str) -> Written:
    marks = QUOTE_MARKS.match(line)
    return Written(marks[0].count(">"), line[marks.end() :]) if marks else Written(0, line)


def _flowed_line(line: str) -> tuple[Written, bool]:
    text = line.lstrip(">")
    depth = len(line) - len(text)
    text = text.removeprefix(" ")
    return Written(depth, text), text.endswith(" ") and text != SIGNATURE_MARK


def flowed_text(text: str) -> str:
    """Text with soft line breaks, as RFC 3676 has it: what starts with `>` is quoted, a `-- ` line begins the signature."""
    written = written_lines(SURROGATES.sub("\ufffd", text).replace("\0", ""), flowed=False)
    return "".join(f"{line}\n" for paragraph in written for line in _flowed_lines(paragraph.depth, paragraph.text))


def _flowed_lines(depth: int, text: str) -> Iterator[str]:
    text = text if text == SIGNATURE_MARK else text.rstrip(" ")
    line = ""
    for word in WORDS.findall(text):
        if line and len(line) + len(word.rstrip(" ")) > FLOWED_WIDTH - depth:
            yield _stuffed(depth, line)
            line = ""
        line += word
    yield _stuffed(depth, line)


def _stuffed(depth: int, line: str) -> str:
    """A leading space is taken away by the reader's program; it keeps `From `, `>` and spaces from being taken for something else."""
    is_stuffed = bool(line) if depth else line.startswith((" ", ">", "From "))
    return f"{'>' * depth}{' ' if is_stuffed else ''}{line}"
