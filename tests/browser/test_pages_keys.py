"""The keys of the key map, pressed in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.aws.conftest import PostOffice
from tests.unit.pages.letters import written


@pytest.fixture(autouse=True)
def subjects(page: Page, post_office: PostOffice) -> list[str]:
    """The subjects of the rows before us, in their order: those of three mails that were searched for."""
    page.goto("/search/?q=keys:")
    if not page.locator(".row").count():
        for n in range(3):
            post_office.deliver(written(f"keys{n}", subject=f"Keys: {n}", to=f"me@{post_office.domain}, bob@example.org"))
        page.reload()
    found = page.locator(".row .sub").all_inner_texts()
    assert len(found) == 3
    return found


def focused_row(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('.row')?.querySelector('.sub').textContent || ''"))


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_j_and_k_go_from_row_to_row_and_stay_at_the_ends(page: Page, subjects: list[str]) -> None:
    press(page, "j", "j", "k")
    assert focused_row(page) == subjects[0]
    press(page, "k", "k")
    assert focused_row(page) == subjects[0]
    press(page, "j", "j", "j", "j")
    assert focused_row(page) == subjects[2]


@pytest.mark.parametrize("key", ["Enter", "o"])
def test_a_row_is_opened_and_left_again(page: Page, subjects: list[str], key: str) -> None:
    press(page, "j", "j", key)
    expect(page.get_by_role("heading", level=1)).to_have_text(subjects[1])
    press(page, "u")
    page.wait_for_url("**/search/?q=keys%3A")
    press(page, "j", key)
    expect(page.get_by_role("heading", level=1)).to_have_text(subjects[0])
    press(page, "Escape")
    page.wait_for_url("**/search/?q=keys%3A")


def test_after_slash_letters_are_typed(page: Page, subjects: list[str]) -> None:
    press(page, "/")
    expect(page.locator("input[name=q]:visible")).to_be_focused()
    press(page, "Control+a", "j", "g", "i", "c")
    expect(page.locator("input[name=q]:visible")).to_have_value("jgic")
    press(page, "Escape", "j")
    assert focused_row(page) == subjects[0]


@pytest.mark.parametrize(
    ("keys", "address"), [("gi", "/b/inbox/"), ("gs", "/b/sent/"), ("gj", "/b/junk/"), ("?", "/help/shortcuts/"), ("c", "/compose/")]
)
def test_places_are_reached(page: Page, keys: str, address: str) -> None:
    press(page, *keys)
    page.wait_for_url(f"**{address}")


@pytest.mark.parametrize(("key", "mode"), [("r", "reply"), ("a", "all"), ("f", "forward")])
def test_an_open_conversation_is_answered(page: Page, key: str, mode: str) -> None:
    press(page, "j", "Enter")
    page.wait_for_url("**/t/**")
    press(page, key)
    page.wait_for_url(re.compile(rf"/compose/\?re=[\w-]+&mode={mode}"))


def test_n_and_p_go_from_message_to_message(page: Page, post_office: PostOffice) -> None:
    for n in range(3):
        post_office.deliver(written(f"steps{n}", sender=f"Ann {n} <ann@example.org>", subject="Steps", answers="steps0" if n else None))
    page.goto("/b/inbox/")
    page.locator(".row a").filter(has_text="Steps").click()
    page.wait_for_url("**/t/**")
    senders = page.locator(".from").all_inner_texts()
    assert len(senders) == 3
    reached = []
    for key in ("n", "n", "p", "p", "n", "n", "n"):
        press(page, key)
        reached.append(page.evaluate("document.activeElement.querySelector('.from').innerText"))
    assert reached == [senders[place] for place in (0, 1, 0, 0, 1, 2, 2)]


def test_keys_of_the_browser_are_left_to_it(page: Page) -> None:
    press(page, "Control+j", "Alt+c", "Meta+r")
    assert focused_row(page) == ""
    expect(page).to_have_url(re.compile(r"/search/"))
