"""Swiping a row on a touch screen: right archives, left deletes, and every other way of moving a finger changes nothing."""

from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.aws.conftest import PostOffice
from tests.browser.conftest import sign_in
from tests.browser.test_acts import arrive

WIDTH = 390
numbers = count()


@pytest.fixture
def phone(browser: Browser, post_office: PostOffice) -> Iterator[Page]:
    context = browser.new_context(
        base_url=post_office.web_url, viewport={"width": WIDTH, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=1
    )
    yield sign_in(context, post_office)
    context.close()


@pytest.fixture
def row(phone: Page, post_office: PostOffice) -> Locator:
    return phone.locator(".row", has_text=arrive(post_office, phone, f"Swiped{next(numbers)}x", 2)[0])


def drag(row: Locator, *way: tuple[float, float], start: float = WIDTH / 2, let_go: bool = True) -> None:
    """A finger goes down on the row, moves by each of these steps, and is lifted."""
    box, touch = row.bounding_box(), row.page.context.new_cdp_session(row.page)
    assert box
    x, y = start, box["y"] + box["height"] / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for across, down in way:
        for _ in range(10):
            x, y = x + across / 10, y + down / 10
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    if let_go:
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize(("across", "said"), [(170, "Archived."), (-170, "Moved to Trash.")])
def test_a_row_is_swiped_away_and_comes_back_by_undo(phone: Page, row: Locator, across: int, said: str) -> None:
    drag(row, (across, 5))
    expect(phone.locator(".toast")).to_contain_text(said)
    expect(row).to_be_hidden()
    phone.locator(".toast").get_by_role("button", name="Undo").click()  # a tap at once would only stop the fling
    expect(phone.locator(".toast")).to_have_text("Undone.")
    expect(row).to_be_visible()
    phone.reload()
    expect(row).to_be_visible()


@pytest.mark.parametrize(("across", "verb"), [(150, "Archive"), (-150, "Delete")])
def test_the_verb_stands_beside_the_row_that_is_pulled(row: Locator, across: int, verb: str) -> None:
    drag(row, (across, 0), let_go=False)
    expect(row.locator(".verb.far")).to_have_text(verb)
    expect(row.locator(".verb svg")).to_be_visible()
    drag(row, let_go=True)
    expect(row.locator(".verb")).to_have_count(0)


@pytest.mark.parametrize(
    ("way", "start"),
    [
        (((120, 0),), WIDTH / 2),  # less than 35 % of the width
        (((170, 0), (-120, 0)), WIDTH / 2),  # pulled back
        (((60, 0), (60, 90)), WIDTH / 2),  # down
        (((170, 0),), 20),  # from the edge, which is the system's
        (((-170, 0),), WIDTH - 20),
    ],
    ids=["too short", "pulled back", "downwards", "left edge", "right edge"],
)
def test_nothing_happens(phone: Page, row: Locator, way: tuple[tuple[float, float], ...], start: float) -> None:
    drag(row, *way, start=start)
    expect(row.locator(".verb")).to_have_count(0)
    expect(row).to_be_visible()
    expect(phone.locator(".toast")).to_have_count(0)
    assert phone.url.endswith("/b/inbox/")


def test_a_finger_that_goes_up_scrolls(phone: Page, post_office: PostOffice) -> None:
    arrive(post_office, phone, "Scrolled", 12)
    drag(phone.locator(".row").nth(5), (0, -300))
    phone.wait_for_function("scrollY > 100")
    assert phone.locator(".row[hidden]").count() == 0  # an act hides its row at once
    expect(phone.locator(".toast")).to_have_count(0)


def switch(page: Page, *, on: bool) -> None:
    page.goto("/settings/reading/")
    for box in ("Work with keys", "Swipe in lists"):
        page.get_by_label(box).set_checked(on)
    page.get_by_role("button", name="Save").tap()
    expect(page.locator(".toast")).to_contain_text("Saved.")


def test_swipes_and_keys_can_be_switched_off(phone: Page, row: Locator) -> None:
    switch(phone, on=False)
    try:
        phone.goto("/b/inbox/")
        drag(row, (170, 0))
        row.get_by_role("link").focus()
        phone.keyboard.press("e")
        expect(phone.locator(".toast")).to_have_count(0)
        expect(row).to_be_visible()
    finally:
        switch(phone, on=True)
