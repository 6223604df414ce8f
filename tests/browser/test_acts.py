"""Sorting mail in a real browser: by keys, by ticks, without JavaScript, and when the server does not answer."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from tests.aws.conftest import PostOffice
from tests.unit.pages.letters import written


def arrive(office: PostOffice, page: Page, topic: str, count: int = 4) -> list[str]:
    """Some mails of one topic; the page shows the rows of them alone, by a label. Answers with their subjects in order."""
    for n in range(count):
        office.deliver(written(f"{topic}{n}", subject=f"{topic} {n}"))
    page.goto("/b/inbox/")
    shown = page.locator(".row", has_text=topic)
    expect(shown).to_have_count(count)
    return shown.locator(".sub").all_inner_texts()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('.row')?.querySelector('.sub').innerText || ''"))


def focus(page: Page, subject: str) -> None:
    page.locator(".row a", has_text=subject).focus()


def test_e_archives_goes_on_to_the_next_row_and_z_brings_it_back(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Keyed")
    focus(page, subjects[1])
    press(page, "e")
    expect(page.locator(".row", has_text=subjects[1])).to_be_hidden()
    assert focused(page) == subjects[2]
    expect(page.locator(".toast")).to_contain_text("Archived.")
    press(page, "z")
    expect(page.locator(".toast")).to_have_text("Undone.")
    expect(page.locator(".row", has_text=subjects[1])).to_be_visible()
    page.reload()
    expect(page.locator(".row", has_text=subjects[1])).to_be_visible()


def test_x_selects_s_stars_and_u_marks_as_unread(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Marked")
    focus(page, subjects[0])
    press(page, "x")
    expect(page.locator("[data-count]")).to_have_text("1 selected")
    press(page, "Escape")
    expect(page.locator(".bulk")).to_be_hidden()
    focus(page, subjects[0])
    row = page.locator(".row", has_text=subjects[0])
    press(page, "s")
    expect(row.locator(".star")).to_have_attribute("aria-pressed", "true")
    press(page, "Shift+I")
    expect(row).not_to_contain_text("Unread.")
    press(page, "Shift+U")
    expect(page.locator(".toast")).to_contain_text("Marked as unread.")
    page.reload()
    expect(row.locator(".star")).to_have_attribute("aria-pressed", "true")
    expect(row).to_contain_text("Unread.")


def test_a_range_is_selected_with_shift_and_goes_in_one_post(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Ranged")
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    page.locator(".row", has_text=subjects[0]).locator(".pick").click()
    page.locator(".row", has_text=subjects[2]).locator(".pick").click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("3 selected")
    page.locator(".bulk").get_by_role("button", name="Archive").click()
    expect(page.locator(".toast")).to_contain_text("3 conversations archived.")
    assert [len(parse_qs(request.post_data or "").get("t", [])) or (request.post_data or "").count('name="t"') for request in posts] == [3]


def test_the_row_returns_when_the_server_does_not_answer(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Lost")
    page.route("**/act/", lambda route: route.abort())
    focus(page, subjects[0])
    press(page, "e")
    expect(page.locator(".toast.bad")).to_contain_text("Nothing was changed")
    expect(page.locator(".row", has_text=subjects[0])).to_be_visible()
    page.locator(".toast.bad").get_by_role("button", name="Close").click()
    expect(page.locator(".toast")).to_have_count(0)


def test_a_later_act_wins_and_the_page_tells_so(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Twice")
    focus(page, subjects[0])
    press(page, "e")
    expect(page.locator(".toast")).to_contain_text("Archived.")
    other = page.context.new_page()
    other.goto("/b/archive/")
    other.locator(".row", has_text=subjects[0]).locator(".pick").click()
    other.locator(".bulk").get_by_role("button", name="Delete").click()
    expect(other.locator(".toast")).to_contain_text("Moved to Trash.")
    press(page, "z")
    expect(page.locator(".toast")).to_have_text("Not undone: 1 message was changed meanwhile and stays.")
    expect(page.locator(".row", has_text=subjects[0])).to_have_count(0)


def test_a_label_is_given_through_the_menu(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Worn")
    focus(page, subjects[0])
    press(page, "v")
    page.get_by_label("New label").fill("Kiln")
    page.get_by_label("New label").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Labelled “Kiln”.")
    page.get_by_role("link", name="Kiln", exact=True).click()
    expect(page.locator(".row .sub")).to_have_text([subjects[0]])


@pytest.mark.parametrize(("key", "said"), [("e", "Archived."), ("#", "Moved to Trash."), ("!", "Moved to Spam.")])
def test_an_open_conversation_is_put_away_and_its_list_comes_back(page: Page, post_office: PostOffice, key: str, said: str) -> None:
    subjects = arrive(post_office, page, f"Open{ord(key)}", 1)
    page.locator(".row a", has_text=subjects[0]).click()
    page.wait_for_url("**/t/**")
    press(page, key)
    page.wait_for_url(re.compile(r"/b/inbox/"))
    expect(page.locator(".toast")).to_contain_text(said)


def test_without_javascript_the_bar_appears_on_the_first_tick_and_the_toast_comes_with_the_page(
    plain_page: Page, post_office: PostOffice
) -> None:
    subjects = arrive(post_office, plain_page, "Plainly")
    bar = plain_page.locator(".bulk")
    expect(bar).to_be_hidden()
    for subject in subjects[:2]:
        plain_page.locator(".row", has_text=subject).locator(".sel").tap()
        expect(bar).to_be_visible()
    bar.get_by_role("button", name="Archive").tap()
    expect(plain_page.locator(".toast")).to_contain_text("2 conversations archived.")
    expect(plain_page.locator(".row", has_text="Plainly")).to_have_count(2)
    plain_page.get_by_role("button", name="Undo").tap()
    expect(plain_page.locator(".toast")).to_have_text("Undone.")
    expect(plain_page.locator(".row", has_text="Plainly")).to_have_count(4)
    plain_page.locator(".row", has_text=subjects[0]).get_by_role("button", name="Star").tap()
    expect(plain_page.locator(".toast")).to_contain_text("Star added.")


def test_without_javascript_the_menu_opens_and_what_lies_in_trash_is_deleted_for_ever(plain_page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, plain_page, "Gone", 1)
    plain_page.locator(".row", has_text=subjects[0]).locator(".sel").tap()
    plain_page.get_by_role("button", name="Move, label and more").tap()
    expect(plain_page.get_by_role("button", name="Mark as read")).to_be_visible()
    plain_page.keyboard.press("Escape")
    plain_page.locator(".bulk").get_by_role("button", name="Delete").tap()
    expect(plain_page.locator(".toast")).to_contain_text("Moved to Trash.")
    plain_page.goto("/b/trash/")
    plain_page.locator(".row", has_text=subjects[0]).locator(".sel").tap()
    plain_page.locator(".bulk").get_by_role("button", name="Delete forever").tap()
    expect(plain_page.get_by_text("This cannot be undone.")).to_be_visible()
    plain_page.get_by_role("button", name="Delete forever").tap()
    expect(plain_page.locator(".toast")).to_contain_text("Deleted forever.")
    expect(plain_page.locator(".row", has_text=subjects[0])).to_have_count(0)


def unread_of(page: Page) -> tuple[str, str, str]:
    """As the rail, the head of the list and the title tell it."""
    rail = page.locator("[data-go=i] b")
    return (
        rail.inner_text().split()[0] if rail.count() else "",
        page.locator(".head .num").inner_text().removesuffix(" unread"),
        "".join(re.findall(r"\((.*?)\)", page.title())),
    )


def test_the_unread_counts_follow_an_act_and_its_undo(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Counted")
    before = unread_of(page)
    assert len(set(before)) == 1
    focus(page, subjects[0])
    press(page, "e")
    expect(page.locator(".toast")).to_contain_text("Archived.")
    assert unread_of(page) == (str(int(before[0]) - 1),) * 3
    press(page, "z")
    expect(page.locator(".toast")).to_have_text("Undone.")
    assert unread_of(page) == before


def test_an_undo_that_finds_no_server_can_be_tried_again(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Retried")
    focus(page, subjects[0])
    press(page, "e")
    expect(page.locator(".toast")).to_contain_text("Archived.")
    page.route("**/undo/", lambda route: route.abort(), times=1)
    press(page, "z")
    expect(page.locator(".toast.bad")).to_contain_text("the server did not answer")
    press(page, "z")
    expect(page.locator(".toast")).to_have_text("Undone.")
    expect(page.locator(".row", has_text=subjects[0])).to_be_visible()


def test_an_undo_after_the_end_of_the_session_is_refused_in_one_sentence(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Expired")
    focus(page, subjects[0])
    press(page, "e")
    expect(page.locator(".toast")).to_contain_text("Archived.")
    page.context.clear_cookies(name="session")
    press(page, "z")
    expect(page.locator(".notice")).to_contain_text("Your session ended. Nothing was changed.")
    expect(page.locator(".toast.bad")).to_have_count(0)


def test_a_page_tells_of_a_job_until_it_is_done_and_then_shows_what_it_did(page: Page, post_office: PostOffice) -> None:
    ids = [post_office.hand_over(written(f"job{n}", subject=f"Job {n}")) for n in range(51)]
    for id in ids:
        post_office.wait_for_row(id)
    page.goto("/b/inbox/?select=all")
    page.get_by_label("Select all in Inbox").check()
    page.locator(".bulk").get_by_role("button", name="Mark as unread").click()
    expect(page.locator(".toast[data-job]")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("conversations marked as unread.")
    expect(page.locator(".toast[data-job]")).to_have_count(0)
    expect(page.locator(".row:not(.new)")).to_have_count(0)
    press(page, "z")
    expect(page.locator(".toast")).to_contain_text("Undone: ")


def test_z_takes_back_what_was_told_last_also_once_its_toast_is_gone(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Told")
    page.locator(".row", has_text=subjects[0]).locator(".pick").click()
    press(page, "v")
    page.get_by_label("New label").fill("Glaze")
    page.get_by_label("New label").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Labelled “Glaze”.")
    page.evaluate("document.querySelector('.toast').remove()")  # as after ten seconds
    press(page, "z")
    expect(page.locator(".toast")).to_have_text("Undone.")
    expect(page.locator(".lbl", has_text="Glaze")).to_have_count(0)


def test_the_menu_offers_the_marks_that_fit_what_is_ticked(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Fitting", 2)
    rows = [page.locator(".row", has_text=subject) for subject in subjects]
    rows[0].locator(".star").click()
    menu = page.locator(".bulk .menu")

    def offered(*ticked: int) -> list[str]:
        for n, row in enumerate(rows):
            row.locator(".pick").set_checked(n in ticked, force=True)
        press(page, "v")
        expect(menu).to_be_visible()
        marks = [
            words
            for words in menu.locator("button[name=do]:visible").all_inner_texts()
            if words in ("Add star", "Remove star", "Mark as read")
        ]
        press(page, "Escape")
        return marks

    assert offered(0) == ["Mark as read", "Remove star"]
    assert offered(1) == ["Mark as read", "Add star"]
    assert offered(0, 1) == ["Mark as read", "Add star", "Remove star"]
    press(page, "Shift+I")
    expect(page.locator(".toast")).to_contain_text("marked as read")
    assert offered(1) == ["Add star"]
