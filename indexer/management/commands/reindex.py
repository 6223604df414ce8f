"""`reindex`: rebuilds the index from the bucket. It may be stopped and taken up again at any time."""

import shlex
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indexer.rebuild import Progress, changed_mails, every_mail, missing_mails, rebuild
from mailbox.store.errors import MailboxNotReachable


class Command(BaseCommand):
    help = "Rebuilds the index from the bucket: all of it, what is missing from it, or what changed in the bucket."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only mails the index does not know")
        parser.add_argument("--changed-since", type=moment, metavar="ISO", help="only mails the bucket says something newer of")
        parser.add_argument("--start-after", default="", metavar="KEY", help="go on after this key")
        parser.add_argument("--workers", type=at_least_one, default=8, metavar="N", help="threads (default: 8)")

    def handle(self, *_args: Any, **options: Any) -> None:
        progress = Progress(0, options["start_after"])
        try:
            keys = keys_for(options["missing"], options["changed_since"], options["start_after"])
            for progress in rebuild(keys, options["workers"]):
                self.stdout.write(f"{progress.count} messages, up to {progress.last_key}")
        except MailboxNotReachable as error:
            raise CommandError(f"The mailbox is not reachable ({error}). {summary_of(progress)}") from error
        self.stdout.write(f"Indexed {progress.count} messages. Nothing is left to do.")


def summary_of(progress: Progress) -> str:
    """Of a run that broke off."""
    where = (
        f"To go on from here: --start-after {shlex.quote(progress.last_key)}" if progress.last_key else "To begin again: no --start-after"
    )
    return f"Indexed {progress.count} messages. {where}"


def keys_for(missing: bool, changed_since: datetime | None, start_after: str) -> Iterable[str]:
    if missing and changed_since:
        return sorted({*missing_mails(start_after), *changed_mails(changed_since, start_after)})
    if missing:
        return missing_mails(start_after)
    return changed_mails(changed_since, start_after) if changed_since else every_mail(start_after)


def moment(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a time such as 2026-11-24T10:00:00Z") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("at least 1")
    return int(text)
