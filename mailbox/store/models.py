"""The table: one PynamoDB class a kind of item, all in one table, keyed `pk` and `sk` (docs/ARCHITECTURE.md, "The index").

There is no discriminator: the key says the kind, and every read names a prefix, so no class ever meets another's item. Facts (of the
bytes) and flags (what a person did) are separate attributes: of a `t#` item the web role may write the latter alone. Names of table
and region are read when they are used, so that tests and commands may change them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from pynamodb.attributes import (
    Attribute,
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE, STRING
from pynamodb.exceptions import TableError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from mailbox.store.aws import made_once
from mailbox.store.errors import code_of
from mailbox.store.patience import patience

HEAD = "#head"
MESSAGE = "m#"
EXPIRES = "expires"  # the table's time to live; DynamoDB may be days late, so readers check it too


@dataclass(frozen=True, slots=True)
class Flags:
    """What a person (or, once, a filter) did to a message. `clock` counts the changes; 0 is how the indexer filed it."""

    folder: str = "inbox"
    seen: bool = False
    flagged: bool = False
    keywords: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    clock: int = 0
    rule: str = field(default="", compare=False)  # what filed it; kept in the bucket alone


FlagChange = Callable[[Flags], Flags]


class Setting:
    """A setting of Django, looked up at each use."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        return getattr(settings, self.name)


class Waiting:
    """A bound of the patience of this process, likewise."""

    def __init__(self, name: str, less: int = 0) -> None:
        self.name, self.less = name, less

    def __get__(self, instance: object, owner: type) -> Any:
        return getattr(patience(), self.name) - self.less


class TableMeta:
    table_name = Setting("POSTAMT_TABLE")
    region = Setting("POSTAMT_REGION")
    billing_mode = PAY_PER_REQUEST_BILLING_MODE
    connect_timeout_seconds = Waiting("connect")
    read_timeout_seconds = Waiting("read")
    max_retry_attempts = Waiting("attempts", less=1)  # those after the first; botocore's standard mode: exponential with jitter
    max_pool_connections = 32


class InstantAttribute(Attribute[datetime]):
    """A second in UTC, written at fixed width, so that text sorts as time does."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return stamp(value)

    def deserialize(self, value: str) -> datetime:
        return instant(value)


class WordsAttribute(Attribute[tuple[str, ...]]):
    """A few sorted words with a space between them: cheaper than a list, and equal whenever the words are."""

    attr_type = STRING

    def serialize(self, value: tuple[str, ...]) -> str:
        return " ".join(value)

    def deserialize(self, value: str) -> tuple[str, ...]:
        return tuple(value.split())


class ById(GlobalSecondaryIndex["Message"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_id"
        projection = KeysOnlyProjection()

    id = UnicodeAttribute(hash_key=True)


class Head(Model):
    """`t#<thread_id>` / `#head`: the lock of a conversation, and the list rows it has now."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = UnicodeAttribute()  # random, never used again: equal means that nothing was committed in between
    rows = JSONAttribute()  # {listing: [sort key of its row, digest of its content]}


class Message(Model):
    """`t#<thread_id>` / `m#<received_at>#<id>`: the facts of a message and its flags."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    by_id = ById()
    id = UnicodeAttribute()
    key = UnicodeAttribute()
    received_at = InstantAttribute()
    message_id = UnicodeAttribute()
    subject = UnicodeAttribute()
    from_ = JSONAttribute(attr_name="from")  # [display_name, addr_spec] of the author
    to = JSONAttribute()  # the first [display_name, addr_spec]
    to_more = NumberAttribute()  # how many more there are
    cc = JSONAttribute(null=True)  # likewise, of what the owner sent; None where there are none
    preview = UnicodeAttribute()
    has_files = BooleanAttribute()
    verdicts = JSONAttribute()  # in SES's words; the receipt's where one is known
    size = NumberAttribute()
    digest = UnicodeAttribute()
    receipt = JSONAttribute(null=True)  # the envelope's recipients; None until known, then never taken back
    folder = UnicodeAttribute()
    seen = BooleanAttribute()
    flagged = BooleanAttribute()
    keywords = WordsAttribute()
    labels = WordsAttribute()
    clock = NumberAttribute()

    @property
    def thread_id(self) -> str:
        return self.pk.removeprefix("t#")

    @property
    def cursor(self) -> str:
        return self.sk.removeprefix(MESSAGE)

    @property
    def is_sent(self) -> bool:
        """A copy of what the owner sent."""
        return str(self.key).startswith("sent/")

    @property
    def is_infected(self) -> bool:
        """The scan on arrival found a virus: none of its files goes anywhere."""
        return bool(self.verdicts.get("virus") == "FAIL")

    @property
    def flags(self) -> Flags:
        return Flags(self.folder, self.seen, self.flagged, self.keywords, self.labels, int(self.clock))

    @flags.setter
    def flags(self, flags: Flags) -> None:
        self.folder, self.seen, self.flagged = flags.folder, flags.seen, flags.flagged
        self.keywords, self.labels, self.clock = flags.keywords, flags.labels, flags.clock


class ListRow(Model):
    """`v#<listing>` / `<received_at>#<thread_id>`: one line of a list page, stored in the order of the page."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    row = JSONAttribute()  # one attribute, so that writing it needs no right to any attribute of a message

    @property
    def listing(self) -> str:
        return self.pk.removeprefix("v#")


def stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def create_table() -> None:
    """Makes the table, its index and its time to live, if it is not there yet. On AWS the CDK does this (a test compares the two)."""
    try:
        Message.create_table(wait=True)
    except TableError as error:
        if code_of(error) != "ResourceInUseException":
            raise
    try:
        connection().update_time_to_live(settings.POSTAMT_TABLE, EXPIRES)
    except TableError as error:
        if "already enabled" not in str(error.cause_response_message):
            raise


def connection() -> Connection:
    """What transactions go through; single items go through the connection of their class."""
    made: Connection = made_once("transactions", new_connection)
    return made


def new_connection() -> Connection:
    return Connection(
        region=settings.POSTAMT_REGION,
        connect_timeout_seconds=TableMeta.connect_timeout_seconds,
        read_timeout_seconds=TableMeta.read_timeout_seconds,
        max_retry_attempts=TableMeta.max_retry_attempts,
        max_pool_connections=TableMeta.max_pool_connections,
    )
