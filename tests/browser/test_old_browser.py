"""A browser of some years ago, which knows neither `:has()` nor `light-dark()` nor popovers: it still lists, reads, sorts and sends.

What it does not know is taken from a new one: from the style as such a browser drops it, from the elements, from the script's functions.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import tinycss2
from playwright.sync_api import Browser, Page, Route, expect

from tests.aws.conftest import PostOffice
from tests.browser.conftest import listen, sign_in
from tests.browser.test_acts import arrive
from tests.browser.test_story import sent_mail

UNKNOWN = (":has(", ":popover-open", "::backdrop", "light-dark(")
WITHOUT = """
for (const name of ['popover', 'showPopover', 'hidePopover', 'togglePopover']) delete HTMLElement.prototype[name];
CSS.supports = () => false;
delete Navigator.prototype.serviceWorker; // what a worker answers would pass by the routes below
for (const { prototype } of [Document, DocumentFragment, Element]) {
  for (const name of ['querySelector', 'querySelectorAll', 'closest', 'matches']) {
    const known = prototype[name];
    if (known) prototype[name] = function (selector) {
      if (/:has\\(|:popover-open/.test(selector)) throw new DOMException(selector, 'SyntaxError');
      return known.call(this, selector);
    };
  }
}
"""


def known_part(rules: list[Any]) -> list[Any]:
    """What is left of a style sheet: a rule goes for one selector that is not understood, a condition for what it asks."""
    left = []
    for rule in rules:
        if any(word in tinycss2.serialize(rule.prelude or []) for word in UNKNOWN):
            continue
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "container", "supports"):
            rule.content = known_part(tinycss2.parse_rule_list(rule.content, skip_whitespace=True, skip_comments=True))
        left.append(rule)
    return left


def old_style(route: Route) -> None:
    rules = tinycss2.parse_stylesheet(route.fetch().text(), skip_whitespace=True, skip_comments=True)
    style = tinycss2.serialize(known_part(rules)).replace("[popover", "[data-popover")
    assert not any(word in style for word in UNKNOWN)
    route.fulfill(content_type="text/css", body=style)


def old_page(route: Route) -> None:
    answer = route.fetch(max_redirects=0)
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    body = answer.text().replace(" popover", " data-popover") if is_page else None
    route.fulfill(response=answer, body=body) if is_page else route.fulfill(response=answer)


@pytest.fixture(params=[390, 1440])
def page(browser: Browser, post_office: PostOffice, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(base_url=post_office.web_url, viewport={"width": request.param, "height": 844}, color_scheme="dark")
    context.add_init_script(WITHOUT)
    context.route("**/static/*.css", old_style)
    context.route(lambda url: "/static/" not in url, old_page)
    yield sign_in(context, post_office)
    context.close()


def test_acceptance_18_a_browser_of_some_years_ago_lists_reads_sorts_and_sends(page: Page, post_office: PostOffice) -> None:
    complaints = listen(page, post_office)
    width = (page.viewport_size or {"width": 0})["width"]
    topic = f"Old{width}"
    subjects = arrive(post_office, page, topic, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for menu in page.locator(".menu").all():
        expect(menu).to_be_hidden()
    page.get_by_role("link", name=subjects[0]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subjects[0])
    expect(page.locator(".msg .body", has_text="Are they ready?")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.goto("/b/inbox/")
    page.locator(".row", has_text=subjects[1]).locator(".pick").check(force=True)
    page.locator(".bulk").get_by_role("button", name="Archive").click()
    expect(page.locator(".toast")).to_contain_text("Archived.")
    expect(page.locator(".row:visible", has_text=topic)).to_have_count(1)
    if width < 700:
        page.get_by_role("link", name="Mailboxes").click()
    page.get_by_role("link", name="Archive").click()
    expect(page.locator(".row", has_text=subjects[1])).to_be_visible()
    page.goto("/compose/")
    page.get_by_label("To", exact=True).fill("ann@example.org")
    page.get_by_label("Subject", exact=True).fill(topic)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/b/sent/**")
    sent_mail(post_office, topic)
    assert complaints == []
