"""What happens while a page stays open: new mail, the end of the session, a lost connection; and what the worker keeps."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.aws.conftest import PostOffice
from tests.browser.conftest import enter_secret, sign_in
from tests.unit.pages.letters import written

NOTICES = ".notice"
CONTROLLED = "navigator.serviceWorker.ready.then(known => known.active.state === 'activated')"
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push([request.url, await (await cache.match(request)).text()]);
  }
  return found;
}"""


@pytest.fixture
def context(browser: Browser, post_office: PostOffice) -> Iterator[BrowserContext]:
    """A browser whose pages have a clock that can be moved."""
    context = browser.new_context(base_url=post_office.web_url, viewport={"width": 1440, "height": 900})
    context.clock.install()
    yield context
    context.close()


@pytest.fixture
def open_page(context: BrowserContext, post_office: PostOffice) -> Page:
    return sign_in(context, post_office)


def with_worker(page: Page) -> None:
    """The page, once the worker that it registers has taken over."""
    page.clock.run_for(6_000)
    page.wait_for_function(CONTROLLED)


def cached(page: Page) -> list[tuple[str, str]]:
    found: Any = page.evaluate(CACHED)
    return [(url, text) for url, text in found]


def test_new_mail_is_told_and_nothing_moves(open_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(written("news1", subject="News: first"))
    open_page.reload()
    first = open_page.locator(".row").first
    place = first.bounding_box()
    for n in (2, 4):  # which stand above the first also where all came in one second: then the conversation's id decides
        post_office.deliver(written(f"news{n}", subject=f"News: {n}"))
    open_page.clock.run_for(61_000)
    expect(open_page.locator(NOTICES)).to_have_text("2 new messages")
    assert first.bounding_box() == place
    expect(first).to_contain_text("News: first")
    open_page.get_by_role("link", name="2 new messages").click()
    expect(open_page.locator(".row").first).to_contain_text(re.compile("News: [24]"))  # of one second, either may be first
    expect(open_page.locator(NOTICES)).to_have_count(0)


def test_the_end_of_a_session_is_announced_and_one_press_puts_it_off(open_page: Page) -> None:
    open_page.route("**/news/**", lambda route: route.fulfill(status=204, headers={"X-Session-Left": "40"}))
    open_page.clock.run_for(14 * 60_000 + 10_000)
    expect(open_page.locator(NOTICES)).to_contain_text("You will be signed out in a minute.")
    open_page.unroute("**/news/**")
    open_page.get_by_role("button", name="Stay signed in").click()
    expect(open_page.locator(NOTICES)).to_have_count(0)


def test_a_session_that_goes_on_in_another_tab_is_not_announced_here(open_page: Page) -> None:
    with open_page.expect_response("**/news/**"):
        open_page.clock.run_for(14 * 60_000 + 10_000)
    with open_page.expect_response("**/news/**"):
        open_page.clock.run_for(2 * 60_000)  # past the end that this page knew when it was opened
    open_page.clock.run_for(5_000)
    expect(open_page.locator(NOTICES)).to_have_count(0)
    expect(open_page).to_have_url(re.compile("/b/inbox/"))


def test_after_its_end_no_mail_stays_on_the_screen_and_the_way_back_leads_to_the_same_place(
    open_page: Page, context: BrowserContext, post_office: PostOffice
) -> None:
    open_page.goto("/b/inbox/?f=unread")
    context.clear_cookies(name="session")
    open_page.clock.run_for(61_000)
    open_page.wait_for_url("**/login/**")
    enter_secret(open_page, post_office)
    open_page.wait_for_url("**/b/inbox/?f=unread")


def test_a_composer_stays_open_after_the_end_and_keeps_its_text(open_page: Page, context: BrowserContext, post_office: PostOffice) -> None:
    open_page.goto("/compose/")
    open_page.get_by_label("Message", exact=True).fill("Half a thought")
    context.clear_cookies(name="session")
    open_page.clock.run_for(61_000)
    expect(open_page.locator(NOTICES)).to_contain_text("Your session ended. Nothing was changed.")
    open_page.get_by_role("link", name="Sign in").click()
    enter_secret(open_page, post_office)
    open_page.wait_for_url("**/compose/")
    expect(open_page.get_by_label("Message", exact=True)).to_have_value("Half a thought")


def test_an_act_after_the_end_changes_nothing_and_says_so(open_page: Page, context: BrowserContext, post_office: PostOffice) -> None:
    for n, subject in enumerate(("Ended: stays", "Ended: beside it")):
        post_office.deliver(written(f"ended{n}", subject=subject))
    open_page.reload()
    row = open_page.locator(".row").filter(has_text="Ended: stays")
    row.get_by_role("link").focus()
    context.clear_cookies(name="session")
    open_page.keyboard.press("e")
    expect(open_page.locator(NOTICES)).to_contain_text("Your session ended. Nothing was changed.")
    expect(row).to_be_visible()


def test_a_lost_connection_is_told_and_what_is_there_stays_readable(open_page: Page, context: BrowserContext) -> None:
    open_page.goto("/compose/")
    context.set_offline(True)
    expect(open_page.locator(NOTICES)).to_have_text("You are offline. Nothing was changed. Your text is kept on this device.")
    context.set_offline(False)
    expect(open_page.locator(NOTICES)).to_have_count(0)


def test_the_worker_keeps_the_shell_and_no_mail(open_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(written("worker1", subject="Worker: a secret subject", text="A secret text."))
    open_page.reload()
    with_worker(open_page)
    open_page.reload()
    open_page.get_by_role("link", name="Worker: a secret subject").click()
    expect(open_page.get_by_text("A secret text.").first).to_be_visible()
    found = cached(open_page)
    paths = {re.sub(r"^https?://[^/]+", "", url) for url, _ in found}
    assert {re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in paths} == {
        "/offline/",
        *(f"/static/{name}" for name in ("postamt.css", "postamt.js", "list.js", "reading.js", "compose.js", "icons.svg")),
    }
    assert not [url for url, text in found if "secret" in text]


def test_a_page_that_comes_through_the_worker_still_counts_as_opened_by_the_reader(open_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(written("worker2", subject="Worker: unread"))
    with_worker(open_page)
    open_page.reload()
    row = open_page.locator(".row").filter(has_text="Worker: unread")
    expect(row).to_contain_text("Unread.")
    row.get_by_role("link", name="Worker: unread").click()
    open_page.wait_for_url("**/t/**")
    open_page.goto("/b/inbox/")
    expect(row).not_to_contain_text("Unread.")


def test_a_download_comes_through_the_worker_whole(open_page: Page, post_office: PostOffice) -> None:
    id = post_office.deliver(written("worker3", subject="Worker: download", text="All of it."))
    with_worker(open_page)
    open_page.reload()
    with open_page.expect_download() as download:
        open_page.evaluate(f"location.assign('/m/{id}/raw')")
    assert b"All of it." in download.value.path().read_bytes()


def test_offline_the_worker_shows_its_page_and_comes_back(open_page: Page, context: BrowserContext, post_office: PostOffice) -> None:
    with_worker(open_page)
    open_page.reload()
    post_office.stop_web()
    try:
        open_page.goto("/b/sent/")
        expect(open_page.get_by_role("heading", level=1)).to_have_text("You are offline")
    finally:
        post_office.start_web()
    open_page.get_by_role("link", name="Try again").click()
    expect(open_page.get_by_role("heading", level=1)).to_have_text("Sent")


def test_signing_out_leaves_no_worker_and_no_cache(open_page: Page) -> None:
    with_worker(open_page)
    open_page.reload()
    assert cached(open_page)
    open_page.get_by_role("button", name="Sign out").click()
    open_page.wait_for_url("**/login/**")
    open_page.wait_for_function("caches.keys().then(names => !names.length)")
    open_page.wait_for_function("navigator.serviceWorker.getRegistrations().then(known => !known.length)")
