"""How long a phone on a bad line (400 ms there and back, 400 kbit/s) looks at nothing, counted from what the first paint needs.

Time itself would tell how busy this machine is. What is counted is what a warm server and such a line cannot do without: the journeys
before the first paint, those of a new connection among them, and the bytes that come with them. The measured time is in the log.
"""

import logging
from typing import Any

from playwright.sync_api import Browser, Page

from tests.aws.conftest import PostOffice
from tests.browser.test_wire import full_inbox, new_page
from tests.unit.pages.letters import thread_of, written

log = logging.getLogger(__name__)

__all__ = ["full_inbox", "new_page"]

JOURNEY, BYTES_A_SECOND, MOST = 0.4, 50_000, 2.0  # seconds, bytes, seconds
CONNECTING = 2  # journeys: TCP and TLS 1.3
PAINTED = """async () => {
  const first = () => performance.getEntriesByName('first-contentful-paint')[0];
  while (!first()) await new Promise(done => setTimeout(done, 50));
  const [page] = performance.getEntriesByType('navigation');
  const needed = performance.getEntriesByType('resource').filter(found => found.renderBlockingStatus === 'blocking');
  const weights = needed.map(found => [found.initiatorType, found.encodedBodySize]);
  return { at: first().startTime / 1000, page: page.encodedBodySize, needed: weights };
}"""


def first_paint(page: Page, path: str) -> tuple[float, float]:
    """(as counted, as measured), in seconds."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    speed = {"latency": 1000 * JOURNEY, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    line.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    page.goto(path)
    painted: dict[str, Any] = page.evaluate(PAINTED)
    assert {asked_by for asked_by, _ in painted["needed"]} == {"link"}, painted  # what a style sheet asked for would be one more journey
    total = painted["page"] + sum(size for _, size in painted["needed"])
    return (CONNECTING + 2) * JOURNEY + total / BYTES_A_SECOND, painted["at"]


def judge(page: Page, path: str) -> None:
    counted, measured = first_paint(page, path)
    log.info("%s: first paint after %.2f s as counted; %.2f s here, without connecting", path, counted, measured)
    assert counted < MOST


def test_acceptance_16_sign_in_is_there_within_two_seconds(browser: Browser, post_office: PostOffice) -> None:
    context = browser.new_context(base_url=post_office.web_url, viewport={"width": 390, "height": 844})
    judge(context.new_page(), "/login/")
    context.close()


def test_acceptance_16_a_full_inbox_is_there_within_two_seconds(new_page: Page) -> None:
    judge(new_page, "/b/inbox/")
    assert new_page.locator(".row").count() == 25


def test_acceptance_16_a_conversation_is_there_within_two_seconds(new_page: Page, post_office: PostOffice) -> None:
    ids = [
        post_office.deliver(written(f"paint{n}", subject="Painted", text="A line of text.\n" * 60, answers="paint0" if n else None))
        for n in range(3)
    ]
    judge(new_page, f"/t/{thread_of(ids[0])}/")
    assert new_page.locator(".msg").count() == 3
