"""Every page as a reader can meet it: what the URL map answers with a page, and by name the states that no URL shows by itself.

The tests of the looks and `make shots` go through the same table. A new URL and a new error page are in it without asking; a new state
gets one line. The views of a stranger come last, because the session ends on the way to them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect

from mailbox.pages.place import BOXES
from postamt.settings import BASE_DIR
from tests.browser.sample import Sample
from tests.unit.auth.conftest import routes

SHOWN_BY_EVERY_ADDRESS = "thread"  # the mail whose ids fill in the URL map: it has files, and a conversation
LONG_AGO = "2000-01-01T00:00:00Z%23" + "0" * 32
NOT_PAGES = {"message_body"}  # the frame's document: a mail in the hands of its sender
ERRORS = sorted(path.name for path in (BASE_DIR / "templates").glob("[45]??.html"))
ERROR_WORDS = {"minutes": 15, "most": 25, "most_text": 5_000_000, "domain": "postamt.localhost", "kept": [("kept.text", "A long thought.")]}


def look(page: Page) -> None:
    """Nothing is done before the page is looked at."""


@dataclass(frozen=True, slots=True)
class View:
    name: str
    address: str
    prepare: Callable[[Page], None] = look
    template: str = ""  # of an error page that nobody can provoke at will


def views(page: Page, sample: Sample) -> list[View]:
    """The views before the page of a signed-in reader, each once: the URL map names some that have a name here too."""
    return list({(view.address, view.prepare, view.template): view for view in every_view(page, sample)}.values())


def every_view(page: Page, sample: Sample) -> Iterator[View]:
    yield from views_of_url_map(page, sample)
    yield from views_of_lists()
    yield from views_of_conversations(sample)
    yield from views_of_composer(sample)
    yield from (View(f"error-{template[:3]}", "/error/", template=template) for template in ERRORS)
    yield View("sign-in-ended", "/compose/", let_the_session_end)
    yield View("sign-in", "/login/")
    yield View("sign-in-wrong", "/login/", enter_a_wrong_secret)


def views_of_url_map(page: Page, sample: Sample) -> Iterator[View]:
    thread_id, message_id = sample.threads[SHOWN_BY_EVERY_ADDRESS], sample.messages[SHOWN_BY_EVERY_ADDRESS]
    for route in routes():
        address = route.of(thread_id, message_id)
        if route.name not in NOT_PAGES and is_page(page, address):
            yield View(route.name.replace("_", "-"), address)


def is_page(page: Page, address: str) -> bool:
    """Whether a GET shows a page. What takes only posts, hands out a file or leads on is none; what is not there is a hole in the table."""
    answer = page.request.get(address, max_redirects=0)
    assert answer.status != 404, f"{address} shows nothing: give the sample what it asks for."
    return answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")


def views_of_lists() -> Iterator[View]:
    for box in BOXES:
        yield View(f"list-{box}", f"/b/{box}/")
        yield View(f"list-{box}-empty", f"/b/{box}/?before={LONG_AGO}")
    yield View("list-unread", "/b/inbox/?f=unread")
    yield View("list-files", "/b/inbox/?f=files")
    yield View("list-toast", "/b/inbox/", mark_a_row)
    yield View("list-selected", "/b/inbox/", select_two_rows)
    yield View("drawer", "/b/inbox/", open_drawer)
    yield View("search-odd", "/search/?q=odd")
    yield View("search-nothing", "/search/?q=nothing+like+it")


def views_of_conversations(sample: Sample) -> Iterator[View]:
    for name, thread_id in sample.threads.items():
        if not name[-1].isdigit():
            yield View(f"read-{name}", f"/t/{thread_id}/", open_everything)
    yield View("read-eight", f"/t/{sample.threads['long-thread-7']}/")
    yield View("read-eight-open", f"/t/{sample.threads['long-thread-7']}/?print", open_everything)
    yield View("read-infected-file", f"/m/{sample.messages['infected']}/a/0")


def views_of_composer(sample: Sample) -> Iterator[View]:
    for mode in ("reply", "all", "forward"):
        yield View(f"compose-{mode}", f"/compose/?re={sample.messages['thread']}&mode={mode}")
    yield View("compose-refused", "/compose/", send_to_nobody)


def show(page: Page, view: View) -> None:
    if view.template:
        page.route("**/error/", lambda route: answer_with(route, view.template), times=1)
    page.goto(view.address)
    view.prepare(page)


def answer_with(route: Route, template: str) -> None:
    page = render_to_string(template, ERROR_WORDS, RequestFactory().get("/error/"))
    route.fulfill(content_type="text/html; charset=utf-8", body=page)


def select_two_rows(page: Page) -> None:
    for box in page.locator(".row input[type=checkbox]").all()[:2]:
        box.check(force=True)  # its label, the avatar, stands over it


def mark_a_row(page: Page) -> None:
    page.locator(".row a").first.focus()
    for key, said in (("Shift+I", re.compile("read|changed")), ("Shift+U", "Marked as unread.")):  # it may be read already
        page.keyboard.press(key)
        expect(page.locator(".toast")).to_contain_text(said)


def open_drawer(page: Page) -> None:
    button = page.get_by_role("button", name="Mailboxes")
    if button.is_visible():
        button.click()


def open_everything(page: Page) -> None:
    for details in page.locator("details:not([open]) > summary").all():
        if details.is_visible():
            details.click()


def send_to_nobody(page: Page) -> None:
    page.get_by_label("To", exact=True).fill(f"{'X' * 60}@{'y' * 60}.example, ines@werkstatt")
    page.get_by_label("Subject", exact=True).fill(f"A subject that is longer than any line {'W' * 200}")
    page.get_by_role("button", name="Cc Bcc").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("ines@werkstatt is not a complete address.")).to_be_visible()


def let_the_session_end(page: Page) -> None:
    page.get_by_label("Message", exact=True).fill("A long thought.")
    page.context.clear_cookies(name="session")
    page.locator("form[data-compose]").evaluate("form => HTMLFormElement.prototype.submit.call(form)")  # as without the script
    expect(page.get_by_text("Your session ended")).to_be_visible()


def enter_a_wrong_secret(page: Page) -> None:
    page.get_by_label("Password").fill("not the secret")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_text("That did not match")).to_be_visible()
