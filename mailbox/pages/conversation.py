"""The page of a conversation: `/t/<thread_id>/`. One Query, and one S3 read for each open message, at most six; printing
opens up to 50. What is known of a sender costs up to two Queries more, and whose images are shown one read where there are any.

Open are the newest message and the unread ones; the others stand folded, from their rows. Opening marks what is shown as seen: the one
change that a GET makes. It is idempotent, and made only for a reader who opens the page here, never for another site's link or a prefetch.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mailbox.auth import reading_of, signed_in
from mailbox.message.authentication import Acquaintance
from mailbox.pages.body import images_in, own_hosts
from mailbox.pages.controls import controls_of
from mailbox.pages.folder import list_context
from mailbox.pages.frame import frame
from mailbox.pages.place import BOXES, Place, known_labels, name_of, place_of_conversation, with_query
from mailbox.pages.reading import Manner, MessageView, folded, opened
from mailbox.pages.trust import acquaintance_of, acquaintances_of, trust_in
from mailbox.store import conversations, flags, preferences
from mailbox.store.acts import in_sight, is_muted
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.models import Flags, Message

SHOWN_AT_MOST = 50
OPEN_AT_MOST = 6
FRAMES_AT_MOST = 3
FOLDED_FROM = 7  # a conversation of so many messages hides its middle


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbours in a conversation; `hidden` ones wait behind "8 older messages"."""

    hidden: bool
    views: list[MessageView]


@require_GET
@signed_in
def conversation(request: HttpRequest, thread_id: str) -> HttpResponse:
    found = conversations.get_conversation(thread_id, SHOWN_AT_MOST + 1, before=request.GET.get("earlier"))
    place = place_of_conversation(request.GET, _box_of(found))
    shown = in_sight(found[-SHOWN_AT_MOST:], place.box)
    if not shown:
        raise Http404
    if request.headers.get("X-Fragment"):
        return _one_message(request, shown, place)
    views = _views(request, shown, place)
    _mark_seen(request, views)
    context = _context(request, views, place)
    if len(found) > SHOWN_AT_MOST:
        context["earlier_url"] = _url(shown[0], place, earlier=found[-SHOWN_AT_MOST].cursor)
    return render(request, "conversation.html", context)


def _one_message(request: HttpRequest, shown: Sequence[Message], place: Place) -> HttpResponse:
    """A folded message, opened without the rest of its page."""
    asked = next((message for message in shown if message.id == request.GET.get("open")), None)
    if asked is None:
        raise Http404
    may_frame = not reading_of(request).text_first
    asked_for = trust_in(request, asked.id), images_in(request, asked.id)
    manner = Manner(own_hosts(request), may_frame, acquaintance_of(asked), preferences.senders, *asked_for)
    view = opened(asked, _url(asked, place), manner)
    _mark_seen(request, [view])
    return render(request, "_message.html", {"view": view})


def _views(request: HttpRequest, shown: Sequence[Message], place: Place) -> list[MessageView]:
    """Newest first, because the newest rich bodies get the frames; then in the order of reading."""
    parameters, hosts = request.GET, own_hosts(request)
    printed = "print" in parameters
    to_open = {message.id for message in shown} if printed else _to_open(shown, parameters.get("open"))
    known = acquaintances_of(message for message in shown if message.id in to_open)
    frames = 0 if printed or reading_of(request).text_first else FRAMES_AT_MOST
    senders = cache(preferences.senders)
    views = []
    for message in reversed(shown):
        url = _url(message, place, earlier=parameters.get("earlier", ""), open=message.id)
        acquaintance = known.get(message.id, Acquaintance())
        manner = Manner(hosts, frames > 0, acquaintance, senders, trust_in(request, message.id), images_in(request, message.id))
        view = opened(message, url, manner) if message.id in to_open else folded(message, url)
        frames -= bool(view.content and view.content.framed)
        views.append(view)
    return views[::-1]


def _to_open(shown: Sequence[Message], asked: str | None) -> set[str]:
    """The one that was asked for, the newest, and the newest unread ones."""
    wanted = [message.id for message in shown if message.id == asked] + [shown[-1].id]
    wanted += [message.id for message in reversed(shown) if not message.seen]
    return set(list(dict.fromkeys(wanted))[:OPEN_AT_MOST])


def _mark_seen(request: HttpRequest, views: Sequence[MessageView]) -> None:
    read = [view.message for view in views if view.content and not view.message.seen]
    if read and _is_opened_by_the_reader(request):
        with suppress(MailboxNotReachable):  # it is in the log; reading matters more than remembering what was read
            flags.act(read[0].thread_id, [message.id for message in read], _seen)


def _seen(flags: Flags) -> Flags:
    return replace(flags, seen=True)


def _is_opened_by_the_reader(request: HttpRequest) -> bool:
    """From here or typed in, to be shown now: no other site's link, no picture in a mail, no guess of a browser at what comes next."""
    headers = request.headers
    if any(headers.get(name) for name in ("Sec-Purpose", "Purpose", "X-Moz")):
        return False
    if headers.get("Sec-Fetch-Site") not in ("same-origin", "none"):
        return False
    return headers.get("Sec-Fetch-Dest") == "document" or headers.get("X-Fragment") == "1"


def _context(request: HttpRequest, views: Sequence[MessageView], place: Place) -> dict[str, object]:
    messages, labels = [view.message for view in views], known_labels(request)
    worn = {slug for message in messages for slug in message.labels}
    thread_id = messages[0].thread_id
    split = request.COOKIES.get("pane") == "split" and not place.query  # results would have to be searched for again
    return {
        **(list_context(request, place) if split else {}),
        **frame(request, box=place.box),
        "subject": messages[0].subject,
        "boxes": [name for box, name in BOXES.items() if any(message.folder == box for message in messages)],
        "tools": controls_of(place, labels, mute="unmute" if is_muted(messages) else "mute", worn=worn),
        "flagged": any(message.flagged for message in messages),
        "worn": [label for label in labels if label.slug in worn],
        "ids": [message.id for message in messages],
        "place": place,
        "stretches": _stretches(views),
        "number": len(views),
        "newest": None if "earlier" in request.GET else views[-1],
        "open_thread": thread_id,
        "back_url": place.url,
        "back_name": "the results" if place.query else name_of(place.box, labels) or place.label,
        "split": split,
        "printed": "print" in request.GET,
        "is_folded": any(not view.open for view in views),
        "print_url": _url(messages[0], place, print="1", earlier=request.GET.get("earlier", "")),
        "newest_url": _url(messages[0], place) if "earlier" in request.GET else "",
    }


def _stretches(views: Sequence[MessageView]) -> list[Stretch]:
    """The middle of a long conversation is hidden: all but the first, the last two and the open ones."""
    ends = {0, len(views) - 2, len(views) - 1}

    def is_hidden(place_and_view: tuple[int, MessageView]) -> bool:
        place, view = place_and_view
        return len(views) >= FOLDED_FROM and place not in ends and not view.open

    stretches = [Stretch(hidden, [view for _, view in run]) for hidden, run in groupby(enumerate(views), is_hidden)]
    return [Stretch(stretch.hidden and len(stretch.views) > 1, stretch.views) for stretch in stretches]


def _box_of(messages: Sequence[Message]) -> str:
    return next(
        (box for box in ("inbox", "archive", "sent", "junk", "trash") if any(message.folder == box for message in messages)), "inbox"
    )


def _url(message: Message, place: Place, **parameters: str) -> str:
    url = with_query(reverse("conversation", args=[message.thread_id]), **place.trail, **parameters)
    return f"{url}#{message.id}" if "open" in parameters else url
