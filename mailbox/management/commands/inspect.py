"""`manage.py inspect`: what the parser reads from raw messages, one JSON object a line. Needs no environment and no AWS."""

import hashlib
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mailbox.message.address import Address
from mailbox.message.attachments import Attachment
from mailbox.message.parse import ParsedMessage, parse, thread_root


class Command(BaseCommand):
    help = "Print what is read from raw messages, one JSON object a line."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="raw messages; - reads file names from standard input")

    def handle(self, *_args: object, files: list[str], **_options: object) -> None:
        for name in _names(files):
            try:
                raw = Path(name).read_bytes()
            except OSError as error:
                raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
            self.stdout.write(json.dumps({"file": name} | facts_of(parse(raw))))


def _names(files: Iterable[str]) -> Iterator[str]:
    for name in files:
        if name == "-":
            yield from (line.rstrip("\n") for line in sys.stdin if line.strip())
        else:
            yield name


def facts_of(parsed: ParsedMessage) -> dict[str, object]:
    """The facts of a message as `inspect` prints them."""
    root = thread_root(parsed, parsed.message_id)
    return {
        "subject": parsed.subject,
        "from": _pairs(parsed.from_),
        "to": _pairs(parsed.to),
        "cc": _pairs(parsed.cc),
        "reply_to": _pairs(parsed.reply_to),
        "date": parsed.date.strftime("%Y-%m-%dT%H:%M:%SZ") if parsed.date else None,
        "message_id": parsed.message_id,
        "in_reply_to": list(parsed.in_reply_to),
        "references": list(parsed.references),
        "thread_id": hashlib.sha256(root.encode()).hexdigest()[:32] if root else None,
        "text": parsed.text,
        "has_html": bool(parsed.html),
        "attachments": [_attachment(attachment) for attachment in parsed.attachments],
        "inline_cids": [attachment.content_id for attachment in parsed.attachments if attachment.content_id],
        "verdicts": parsed.ses.verdicts if parsed.ses else {},
        "defects": list(parsed.defects),
    }


def _pairs(addresses: Iterable[Address]) -> list[list[str]]:
    return [[address.display_name, address.addr_spec] for address in addresses]


def _attachment(attachment: Attachment) -> dict[str, object]:
    content = attachment.content
    if attachment.content_type.startswith(("text/", "message/")):
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
    return {
        "filename": attachment.filename or None,
        "content_type": attachment.content_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
