"""`empty_trash`: erases what has lain in Trash for 30 days, and what was deleted forever a day ago. On AWS the indexer does so once a day
by itself. `--rescue` is the way back for what was deleted forever and is not erased yet.
"""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indexer.erase import MARK_KEEPS, rescue, sweep
from mailbox.store.errors import MailboxNotReachable


class Command(BaseCommand):
    help = "Erases what has lain in Trash for 30 days or was deleted forever a day ago, with all its versions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--now", action="store_true", help="also what was deleted forever just now")
        either.add_argument("--rescue", action="store_true", help="erase nothing; put back into Trash what was deleted forever")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["rescue"]:
                return self.stdout.write(f"Put {rescue()} messages back into Trash. What is not in this number is erased already.")
            count = sweep(datetime.now(UTC), timedelta(0) if options["now"] else MARK_KEEPS)
        except MailboxNotReachable as error:
            raise CommandError(f"The mailbox is not reachable ({error}). Run it again: it goes on where it broke off.") from error
        return self.stdout.write(f"Erased {count} messages. Nothing else is due.")
