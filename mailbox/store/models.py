"""The table: one PynamoDB class a kind of item, all in one table, keyed `pk` and `sk` (docs/ARCHITECTURE.md, "The index").

There is no discriminator: the key says the kind, and every read names a prefix, so no class ever meets another's item. Facts (of the
bytes) and flags (what a person did) are separate attributes: of a `t#` item the web role may write the latter alone. Names of table
and region are read when they are used, so that tests and commands may change them.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

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
FOLDERS = ("inbox", "sent", "archive", "drafts", "trash", "junk", "purged")  # `purged` is shown by no page: the sweep's list of work
WORDS_MOST, RULE_MOST, CLOCK_MOST = 50, 100, 2**53
WORD = re.compile(r"[\w$.-]{1,60}")
LISTING = re.compile(r"[\w$.:-]{1,100}")
ROW_KEY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ#[0-9a-f]{32}")
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
FLAG_NAMES = frozenset({"folder", "seen", "flagged", "keywords", "labels", "clock"})
UNKNOWN = Flags(clock=-1)  # what a row says that no writer of ours wrote: whatever the state says is newer


def known_flags(fields: Mapping[str, Any]) -> Flags | None:
    """The one rule of which flags are readable, wherever they lie: known fields of the right kind and size, or None."""
    folder, seen, flagged = fields.get("folder"), fields.get("seen"), fields.get("flagged")
    clock, rule = fields.get("clock"), fields.get("rule", "")
    keywords, labels = words(fields.get("keywords", [])), words(fields.get("labels", []))
    if not isinstance(folder, str) or folder not in FOLDERS or not isinstance(seen, bool) or not isinstance(flagged, bool):
        return None
    if type(clock) is not int or not 0 <= clock <= CLOCK_MOST or keywords is None or labels is None or not isinstance(rule, str):
        return None
    return Flags(folder, seen, flagged, keywords, labels, clock, rule[:RULE_MOST])


def words(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple) or len(value) > WORDS_MOST:
        return None
    if not all(isinstance(word, str) and WORD.fullmatch(word) for word in value):
        return None
    return tuple(sorted(set(value)))


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


class VersionAttribute(UnicodeAttribute):
    """None where a broken writer left no text."""

    def get_value(self, value: dict[str, Any]) -> Any:
        return value.get(STRING) or None


class RowsAttribute(JSONAttribute):
    """Empty where a broken writer left what is no rows."""

    def get_value(self, value: dict[str, Any]) -> Any:
        return value.get(STRING, "")

    def deserialize(self, value: str) -> dict[str, list[str]]:
        try:
            rows = json.loads(value)
        except (ValueError, RecursionError):
            return {}
        return rows if isinstance(rows, dict) and all(is_row(*one) for one in rows.items()) else {}


def is_row(listing: str, row: Any) -> bool:
    """Whether the table can hold a list row under these keys."""
    is_pair = isinstance(row, list) and len(row) == 2 and all(isinstance(text, str) for text in row)
    return bool(is_pair and LISTING.fullmatch(listing) and ROW_KEY.fullmatch(row[0]))


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
    version = VersionAttribute()  # random, never used again: equal means that nothing was committed in between
    rows = RowsAttribute()  # {listing: [sort key of its row, digest of its content]}


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

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """The web role may write flags, so a broken one may write what is none: nobody who reads a conversation breaks at that."""
        try:
            message = super().from_raw_data(data)
            flags = known_flags(asdict(message.flags))
        except (TypeError, ValueError):
            message, flags = super().from_raw_data({name: value for name, value in data.items() if name not in FLAG_NAMES}), None
        message.flags = flags or UNKNOWN
        return message

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
