"""`empty_trash`: erases what has lain in Trash for 30 days. On AWS the indexer does so once a day by itself."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indexer.erase import sweep
from mailbox.store.errors import MailboxNotReachable


class Command(BaseCommand):
    help = "Erases what has lain in Trash for 30 days, with all its versions."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = sweep(datetime.now(UTC))
        except MailboxNotReachable as error:
            raise CommandError(f"The mailbox is not reachable ({error}). Run it again: it goes on where it broke off.") from error
        self.stdout.write(f"Erased {count} messages. Nothing else has lain in Trash for 30 days.")
