"""Letters of HTML: how they come into the mailbox, and the harm a browser does when one is opened and clicked."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from itertools import islice

from playwright.sync_api import Dialog, ElementHandle, Error, Frame, Page, Request

from mailbox.pages.conversation import FRAMES_AT_MOST
from tests.aws.conftest import PostOffice, wait_until
from tests.browser.canary import Canary, Control

RICH = "<style></style>"  # a letter without any style would be shown as text, and show nothing of the frame
FRAME = "iframe[data-fit]"
CLICKABLE = "a, button:not(#toolbar *), input, rect, area, img, summary, text, p"
CLICKS = 3
IS_UNCOVERED = """bar => {
    scrollTo({ top: 0, behavior: 'instant' })
    const box = bar.getBoundingClientRect()
    return box.height > 0 && bar.contains(document.elementFromPoint(box.left + 20, box.top + box.height / 2))
}"""


@dataclass(frozen=True)
class Place:
    """Where a letter stands on a page, and up to where it may show anything."""

    frame: Frame
    left: float
    top: float
    right: float
    bottom: float

    def spot_on(self, target: ElementHandle) -> tuple[float, float] | None:
        """Where to click; None for what has no size or lies outside."""
        box = target.bounding_box()
        if not box or not box["width"] or not box["height"]:
            return None
        x, y = box["x"] + min(box["width"] / 2, 200), box["y"] + min(box["height"] / 2, 60)
        return (x, y) if self.left < x < self.right and self.top < y < self.bottom else None


@dataclass(frozen=True)
class Way:
    """One way to open letters: the pages, with the labels of the letters on each, and the bar above them."""

    name: str
    origin: str
    pages: dict[str, tuple[str, ...]]
    toolbar: str = ""
    framed: bool = False

    def places(self, page: Page) -> Iterator[Place]:
        """Where the letters stand, each loaded and in view."""
        if not self.framed:
            size = page.viewport_size or {"width": 0, "height": 0}
            yield Place(page.main_frame, 0, 0, size["width"], size["height"])
            return
        for element in page.query_selector_all(FRAME):
            element.evaluate("frame => frame.scrollIntoView({block: 'center', behavior: 'instant'})")
            frame, box = element.content_frame(), element.bounding_box()
            assert frame
            assert box
            frame.wait_for_url("**/body")
            yield Place(frame, box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])


def bare(control: Control, letters: dict[str, str]) -> Way:
    control.letters.update(letters)
    return Way("bare", control.url, {f"/control/{label}": (label,) for label in letters}, "#toolbar")


def pages_of(office: PostOffice, labels: Iterable[str]) -> Way:
    return Way(
        "page", office.web_url, {f"/t/{thread_id(group[0])}/": group for group in conversations(labels)}, ".read > .top", framed=True
    )


def bodies_of(office: PostOffice, labels: Iterable[str]) -> Way:
    ids = {label: id for group in conversations(labels) for label, id in listed(office, group).items()}
    return Way("body", office.web_url, {f"/m/{id}/body": (label,) for label, id in ids.items()})


def conversations(labels: Iterable[str]) -> list[tuple[str, ...]]:
    """As many letters to a page as it has frames."""
    rest = iter(labels)
    return list(iter(lambda: tuple(islice(rest, FRAMES_AT_MOST)), ()))


def letter(label: str, html: str, answers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "ann@example.org", "me@postamt.localhost", label, f"<{label}@letters>"
    mail["References"] = f"<{answers}@letters>"
    mail.set_content((RICH + html).encode(), "text", "html", params={"charset": "utf-8"}, cte="base64")
    return mail.as_bytes()


def thread_id(label: str) -> str:
    return hashlib.sha256(f"{label}@letters".encode()).hexdigest()[:32]


def deliver(office: PostOffice, letters: dict[str, str]) -> None:
    """By SMTP; returns once all are listed."""
    for group in conversations(letters):
        for label in group:
            office.send(letter(label, letters[label], group[0]))
    for group in conversations(letters):
        wait_until(partial(are_listed, office, group), f"{group} were not listed")


def are_listed(office: PostOffice, group: tuple[str, ...]) -> bool:
    return len(listed(office, group)) == len(group)


def listed(office: PostOffice, group: tuple[str, ...]) -> dict[str, str]:
    """The ids of those letters of a conversation that are listed."""
    values = {":pk": {"S": f"t#{thread_id(group[0])}"}, ":m": {"S": "m#"}}
    query = {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :m)", "ExpressionAttributeValues": values}
    items = office.client("dynamodb").query(TableName=office.table, **query)["Items"]
    return {item["subject"]["S"]: item["id"]["S"] for item in items}


@dataclass(eq=False)
class Visit:
    """A page with one letter or more, and the harm they did that can be seen from outside."""

    path: str
    way: Way
    page: Page
    canary: Canary
    seen: list[str] = field(default_factory=list)
    popups: list[Page] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.way.origin + self.path

    def open(self) -> None:
        self.page.on("dialog", self._see_dialog)
        self.page.on("popup", self._see_popup)
        self.page.on("request", self._see_request)
        try:
            self.page.goto(self.url, wait_until="domcontentloaded")
        except Error as error:  # the letter led the page elsewhere while it was loading
            self.seen.append(error.message[:60])

    def _see_dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog {dialog.type}")
        dialog.dismiss()

    def _see_popup(self, popup: Page) -> None:
        self.popups.append(popup)
        popup.on("request", self._see_request)

    def _see_request(self, request: Request) -> None:
        if request.url.startswith(f"{self.way.origin}/own/"):
            self.seen.append(f"{request.method} {request.url}")

    def click(self) -> None:
        """On what the letters invite to, within the letters."""
        for place in self.way.places(self.page):
            with suppress(Error):  # a click may lead away and take the rest with it
                for target in place.frame.query_selector_all(CLICKABLE)[:CLICKS]:
                    if spot := place.spot_on(target):
                        self.page.mouse.click(*spot)

    def harm(self) -> list[str]:
        leads_away = [self.page.url] if self.page.url.partition("#")[0] not in (self.url, "about:blank") else []
        asked = [
            hit for label in self.way.pages[self.path] for hit in self.canary.hits[label] if not self.popups or not is_plain_visit(hit)
        ]
        return [*self.seen, *leads_away, *asked, *self._covered()]

    def _covered(self) -> list[str]:
        bar = self.page.query_selector(self.way.toolbar) if self.way.toolbar else None
        return [] if not self.way.toolbar or (bar and bar.evaluate(IS_UNCOVERED)) else ["toolbar covered"]

    def leave(self) -> None:
        self.page.remove_listener("dialog", self._see_dialog)
        self.page.remove_listener("popup", self._see_popup)
        self.page.remove_listener("request", self._see_request)
        for popup in self.popups:
            popup.close()


def is_plain_visit(hit: str) -> bool:
    """What a click on a link may do: a new tab asks for the page, without cookie and Referer, and then for the icon of that page."""
    return hit == "GET /" or (hit.startswith("GET /favicon.ico") and "127.0.0.1" not in hit)
