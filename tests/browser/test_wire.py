"""What a visit of the inbox costs a bad line: requests and bytes as the browser sees them come, files included.

Pages come compressed by the app. Files come compressed by WhiteNoise at the same quality; CloudFront, which does it on AWS, keeps its own
level to itself. What the service worker fetches in the background, once nobody waits, is not counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.correspondence import conversations
from tests.aws.conftest import PostOffice
from tests.browser.conftest import sign_in
from tests.unit.pages.letters import written

ROWS = 25
FIRST_BYTES, FIRST_REQUESTS = 22_000, 5
REPEAT_BYTES = 8_000


@pytest.fixture(scope="module", autouse=True)
def full_inbox(post_office: PostOffice) -> None:
    ids = []
    for n, row in enumerate(conversations(ROWS)):
        name, address, _ = row["senders"][0]
        ids.append(post_office.hand_over(written(f"wire{n}", sender=f"{name} <{address}>", subject=row["subject"], text=row["preview"])))
    for id in ids:
        post_office.wait_for_row(id)


@pytest.fixture
def new_page(browser: Browser, post_office: PostOffice) -> Iterator[Page]:
    """Of a signed-in reader whose browser has nothing of ours in its cache."""
    signed_in = browser.new_context(base_url=post_office.web_url)
    sign_in(signed_in, post_office)
    context = browser.new_context(
        base_url=post_office.web_url, storage_state=signed_in.storage_state(), viewport={"width": 390, "height": 844}
    )
    signed_in.close()
    yield context.new_page()
    context.close()


@contextmanager
def traffic(page: Page) -> Iterator[dict[str, int]]:
    """The bytes of each body that came over the wire."""
    wire = page.context.new_cdp_session(page)
    cached: set[str] = set()
    came: dict[str, int] = {}

    def on_response(event: dict[str, Any]) -> None:
        response = event["response"]
        if event["requestId"] not in cached and not response.get("fromDiskCache") and not response.get("fromServiceWorker"):
            headers = {name.lower(): value for name, value in response["headers"].items()}
            came[response["url"]] = int(headers["content-length"])

    wire.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    wire.on("Network.responseReceived", on_response)
    wire.send("Network.enable")
    yield came
    wire.detach()


def test_a_first_visit_is_small(new_page: Page) -> None:
    with traffic(new_page) as came:
        new_page.goto("/b/inbox/", wait_until="networkidle")
    assert new_page.locator(".row").count() == ROWS
    assert len(came) <= FIRST_REQUESTS, list(came)
    assert sum(came.values()) <= FIRST_BYTES, came


def test_a_repeat_visit_is_the_page_alone(new_page: Page) -> None:
    new_page.goto("/b/inbox/", wait_until="networkidle")
    with traffic(new_page) as came:
        new_page.goto("/b/inbox/?f=", wait_until="networkidle")
    assert [address.partition("/b/")[2] for address in came] == ["inbox/?f="], came
    assert sum(came.values()) <= REPEAT_BYTES
