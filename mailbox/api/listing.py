"""`GET /api/emails`: a page of a box or a label, newest first, as the list page has it. One Query, whatever the size of the mailbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from mailbox.api.answers import Refused
from mailbox.api.bearer import ApiRequest
from mailbox.api.endpoint import Operation
from mailbox.api.people import Person
from mailbox.api.shapes import rule
from mailbox.pages.place import Place, name_of
from mailbox.store import conversations
from mailbox.store.listings import ListedRow

BOX = r"^(inbox|starred|sent|archive|junk|trash|label-[a-z0-9-]{1,50})$"
CURSOR = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z#[0-9a-f]{32}$"
ROWS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class ListQuery:
    box: Annotated[str, rule("One of inbox, starred, sent, archive, junk, trash, or label- and the label.", pattern=BOX)] = "inbox"
    filter: Literal["all", "unread", "starred", "files"] = "all"
    before: Annotated[str, rule("A cursor: what `older` said on the page before.", pattern=CURSOR)] = ""
    limit: Annotated[int, rule("How many rows.", minimum=1, maximum=ROWS_AT_MOST)] = conversations.PAGE


@dataclass(frozen=True, slots=True)
class Writer:
    display_name: str
    addr_spec: str
    is_me: Annotated[bool, rule("The owner, whatever address it was sent from.")]


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation, as a line of the list."""

    thread_id: str
    last: Annotated[str, rule("The id of its newest message in this box, for GET /api/emails/{id}.")]
    received_at: datetime
    subject: str
    preview: str
    count: int
    senders: Annotated[tuple[Writer, ...], rule("Who wrote last, the newest at the end.")]
    more_senders: int
    to: tuple[Person, ...]
    unread: bool
    flagged: bool
    files: bool
    labels: tuple[str, ...]
    warning: Annotated[bool, rule("A scan or the check of its sender failed.")]


@dataclass(frozen=True, slots=True)
class EmailList:
    rows: tuple[Row, ...]
    older: Annotated[str | None, rule("The cursor of the next page, for `before`; null on the last.")]


def list_emails(request: ApiRequest, query: ListQuery) -> EmailList:
    if name_of(query.box, request.labels) is None:
        raise Refused(404, "There is no such label.", "box")
    place = Place(query.box, "" if query.filter == "all" else query.filter)
    page = conversations.list_page(place.listing, query.before or None, limit=query.limit)
    known = {label.slug for label in request.labels}
    return EmailList(tuple(row_of(row, known) for row in page.rows), page.older)


def row_of(row: ListedRow, known: set[str]) -> Row:
    return Row(
        thread_id=row.thread_id,
        last=row.last,
        received_at=row.received_at,
        subject=row.subject,
        preview=row.preview,
        count=row.count,
        senders=tuple(Writer(*sender) for sender in row.senders),
        more_senders=row.more,
        to=tuple(Person(*one) for one in row.to),
        unread=row.unread,
        flagged=row.flagged,
        files=row.files,
        labels=tuple(slug for slug in row.labels if slug in known),
        warning=row.warning,
    )


listing = Operation(
    act=list_emails,
    summary="List the conversations of a box or a label, newest first.",
    query=ListQuery,
    gives=EmailList,
    refusals=(404,),
)
