"""What a reader does on the pages, in a real browser. How every page looks is in test_every_page.py."""

import pytest
from playwright.sync_api import Page, expect

from tests.aws.conftest import PostOffice
from tests.browser.conftest import listen
from tests.unit.pages.letters import written

NEWSLETTER = (
    '<style>td{padding:20px}</style><table width="600"><tr><td><h1>Five quiet blues</h1>'
    '<img src="https://images.example/wash.png" alt="A wash">'
    '<p style="height:900px">Begin with the thin wash.</p><a href="https://shop.example/">Read on</a></td></tr></table>'
)


@pytest.fixture
def complaints(page: Page, post_office: PostOffice) -> list[str]:
    return listen(page, post_office)


@pytest.fixture(scope="module")
def mail(post_office: PostOffice) -> None:
    post_office.deliver(written("look1", subject="Look: plain"))
    post_office.deliver(written("look2", subject="Look: newsletter", html=NEWSLETTER))
    post_office.deliver(written("look9", subject="Look: short", html="<table><tr><td>Short.</td></tr></table>"))
    for n in range(8):
        post_office.deliver(written(f"look8-{n}", subject="Look: thread", answers="look8-0" if n else None))


def test_a_rich_body_is_as_high_as_its_content_and_loads_nothing(page: Page, mail: None, complaints: list[str]) -> None:
    page.locator(".row a").filter(has_text="Look: newsletter").click()
    expect(page.frame_locator("iframe").get_by_text("Begin with the thin wash.")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').clientHeight > 900")
    inner = page.frames[1].evaluate("document.documentElement.scrollHeight")
    assert abs(page.locator("iframe").evaluate("frame => frame.clientHeight") - inner) <= 24
    assert complaints == []


def test_the_frame_of_a_short_body_is_short(page: Page, mail: None) -> None:
    page.locator(".row a").filter(has_text="Look: short").click()
    expect(page.frame_locator("iframe").get_by_text("Short.")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').clientHeight < 120")


def test_images_come_into_the_frame_when_they_are_asked_for(page: Page, mail: None) -> None:
    page.route("https://images.example/**", lambda route: route.abort())
    page.locator(".row a").filter(has_text="Look: newsletter").click()
    note = page.get_by_text("A remote image is not loaded")
    expect(note).to_be_visible()
    with page.expect_request("https://images.example/wash.png") as request:
        page.get_by_role("button", name="Show images").click()
    assert "referer" not in request.value.headers
    expect(note).to_be_hidden()


def test_there_is_a_list_beside_the_conversation_only_where_there_is_room(page: Page, mail: None) -> None:
    page.locator(".row a").filter(has_text="Look: plain").click()
    expect(page.locator(".row.on")).to_contain_text("Look: plain")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.reload()  # the first one still says what the browser was when it asked
    expect(page.locator(".row")).to_have_count(0)
    page.get_by_role("link", name="Back to Inbox").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def test_a_folded_message_opens_in_place(page: Page, mail: None, complaints: list[str]) -> None:
    page.locator(".row a").filter(has_text="Look: thread").click()
    page.reload()
    page.reload()
    address = page.url
    page.get_by_text("5 older messages").click()
    page.locator("a[data-unfold]").nth(2).click()
    expect(page.locator("details.msg")).to_have_count(2)
    expect(page.locator("details.msg .lead").first).to_be_focused()
    assert page.url == address
    assert complaints == []


def test_what_is_printed_is_the_whole_conversation_and_nothing_else(page: Page, mail: None) -> None:
    page.locator(".row a").filter(has_text="Look: thread").click()
    page.get_by_role("link", name="Print").click()
    page.emulate_media(media="print")
    expect(page.locator(".msg .body")).to_have_count(8)
    for element in page.locator(".msg .body").all():
        expect(element).to_be_visible()
    for chrome in (".rail", ".list", ".top", ".reply"):
        expect(page.locator(chrome).first).to_be_hidden()
