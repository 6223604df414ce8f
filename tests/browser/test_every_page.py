"""Every page (tests/browser/views.py) in a real browser, at all sizes, light and dark: axe-core, contrast, fit, targets, focus, quiet.

Each page is opened once for each size, and all checks look at it then; a test names one promise and shows where it is broken.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.aws.conftest import PostOffice
from tests.browser.conftest import listen, sign_in
from tests.browser.sample import Sample, deliver_sample
from tests.browser.views import show, views

Findings = dict[str, list[str]]  # by check: what was found, and where

SIZES = ((390, 844), (820, 1180), (1440, 900))
SMALLER = {390: ((320, 256), (320, 640))}  # 320 px wide, and a screen of 1280 x 1024 at 400 %
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHECKS = (Path(__file__).parent / "checks.js").read_text()
IN_EACH_THEME = ("poorText", "poorFields", "poorSigns")
AT_EACH_SIZE = ("sideways", "smallTargets", "unevenRows", "cutAddresses")
ONCE = ("outOfOrder", "hiddenFocus")
RULES = {  # in the other theme nothing but colours is another
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
AXE = """async rules => {
    const found = await axe.run({ exclude: [['iframe']] }, { runOnly: rules, iframes: false, resultTypes: ['violations'] });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
}"""


@pytest.fixture(scope="module")
def sample(post_office: PostOffice) -> Sample:
    return deliver_sample(post_office)


@pytest.fixture(scope="module")
def findings(browser: Browser, post_office: PostOffice, sample: Sample) -> Findings:
    found: Findings = defaultdict(list)
    for width, height in SIZES:
        context = browser.new_context(base_url=post_office.web_url, viewport={"width": width, "height": height}, reduced_motion="reduce")
        page = sign_in(context, post_office)
        complaints = listen(page, post_office)
        for view in views(page, sample):
            complaints.clear()
            show(page, view)
            for check, what in look_at(page, width, height):
                found[check].append(f"{view.name} at {width}: {what}")
            found["complaints"] += [f"{view.name} at {width}: {complaint}" for complaint in complaints]
        context.close()
    return found


def look_at(page: Page, width: int, height: int) -> Iterator[tuple[str, str]]:
    page.evaluate(AXE_SCRIPT)
    page.evaluate(CHECKS)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        yield from (("axe", f"in {theme}: {line}") for line in page.evaluate(AXE, RULES[theme]))
        yield from results(page, IN_EACH_THEME, f"in {theme}: ")
    yield from results(page, ONCE)
    for size in (*SMALLER.get(width, ()), (width, height)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        yield from results(page, AT_EACH_SIZE, f"{size[0]} x {size[1]}: ")
        page.evaluate("checks.spaceOut(true)")
        yield from results(page, ("sideways",), f"{size[0]} x {size[1]}, text spaced out: ")
        page.evaluate("checks.spaceOut(false)")


def results(page: Page, checks: tuple[str, ...], where: str = "") -> list[tuple[str, str]]:
    answers: Findings = page.evaluate("names => Object.fromEntries(names.map(name => [name, checks[name]()]))", list(checks))
    return [(check, where + line) for check, lines in answers.items() for line in lines]


def test_axe_core_finds_no_violation(findings: Findings) -> None:
    assert findings["axe"] == []


def test_text_and_signs_can_be_read(findings: Findings) -> None:
    assert [*findings["poorText"], *findings["poorFields"], *findings["poorSigns"]] == []


def test_nothing_scrolls_sideways(findings: Findings) -> None:
    assert findings["sideways"] == []


def test_every_target_can_be_hit(findings: Findings) -> None:
    assert findings["smallTargets"] == []


def test_the_tab_key_follows_the_order_of_reading(findings: Findings) -> None:
    assert findings["outOfOrder"] == []


def test_no_bar_ever_hides_the_focus(findings: Findings) -> None:
    assert findings["hiddenFocus"] == []


def test_rows_keep_their_height_and_addresses_are_whole(findings: Findings) -> None:
    assert [*findings["unevenRows"], *findings["cutAddresses"]] == []


def test_no_page_complains_and_no_request_leaves_the_origin(findings: Findings) -> None:
    assert findings["complaints"] == []
