"""A real Chromium before the local post office: `page` is signed in, `plain_page` is signed in and has no JavaScript.

Playwright drives the browser of the machine (Debian's `chromium`); it never downloads one.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.aws.conftest import PostOffice

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 20_000

expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next((path for path in map(shutil.which, BROWSERS) if path), None)
    assert executable, "The browser tests need Chromium: install it with `apt-get install chromium`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


def sign_in(context: BrowserContext, office: PostOffice) -> Page:
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    page.goto("/login/")
    enter_secret(page, office)
    page.wait_for_url("**/b/inbox/")
    return page


def enter_secret(page: Page, office: PostOffice) -> None:
    """On the sign-in page."""
    page.get_by_label("Password").fill(office.auth_secret)
    page.get_by_label("Password").press("Enter")


def listen(page: Page, office: PostOffice) -> list[str]:
    """What goes wrong from now on: errors and policy reports of the console, requests that leave the origin or fail."""
    heard: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        is_refusal = message.location["url"] == page.url and "responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not is_refusal:  # a page of its own says what was refused
            heard.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith(f"{office.web_url}/"):
            heard.append(f"a request to {request.url}")

    def on_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the icon of a page that was left before it came
            heard.append(f"{request.url} failed: {request.failure}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", on_failure)
    return heard


@pytest.fixture
def page(browser: Browser, post_office: PostOffice) -> Iterator[Page]:
    """Signed in, on the inbox, 1440 px wide."""
    context = browser.new_context(base_url=post_office.web_url, viewport={"width": 1440, "height": 900})
    yield sign_in(context, post_office)
    context.close()


@pytest.fixture
def plain_page(browser: Browser, post_office: PostOffice) -> Iterator[Page]:
    """Signed in, on the inbox, as a phone of 390 px that runs no script."""
    context = browser.new_context(
        base_url=post_office.web_url, viewport={"width": 390, "height": 844}, java_script_enabled=False, has_touch=True
    )
    yield sign_in(context, post_office)
    context.close()
