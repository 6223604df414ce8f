"""`make shots`: a picture of every page at three sizes, light and dark, under build/shots/. A new page is in it without asking."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from postamt.settings import BASE_DIR
from tests.aws.conftest import PostOffice
from tests.browser.conftest import sign_in
from tests.browser.sample import Sample, deliver_sample
from tests.browser.test_every_page import SIZES, THEMES
from tests.browser.views import show, views

FOLDER = BASE_DIR / "build" / "shots"


@pytest.fixture(scope="module")
def sample(post_office: PostOffice) -> Sample:
    return deliver_sample(post_office)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_pictured(browser: Browser, post_office: PostOffice, sample: Sample, width: int, height: int) -> None:
    context = browser.new_context(base_url=post_office.web_url, viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = sign_in(context, post_office)
    for view in views(page, sample):
        show(page, view)
        page.wait_for_load_state("networkidle")
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=picture(view.name, width, theme))
    context.close()


def picture(name: str, width: int, theme: str) -> Path:
    return FOLDER / f"{name}-{width}-{theme}.png"
