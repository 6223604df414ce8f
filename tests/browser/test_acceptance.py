"""What the webmail is accepted by, in the words and numbers of its list. Looks, budgets and hostile mail have files of their own:
07 and 10 to 13 test_every_page.py, 08 test_hostile_html.py, 15 test_wire.py, 16 test_first_paint.py, 18 test_old_browser.py.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.aws.conftest import PostOffice
from tests.browser.conftest import enter_secret, sign_in
from tests.browser.test_acts import arrive, focus, focused, press
from tests.browser.test_story import sent_mail
from tests.unit.pages.letters import written

QUOTING = "It is.\n\nOn Monday Me wrote:\n> Is it ready?\n"
LINKING = "Log in at https://evil.example/login now."
FORGED: dict[str, dict[str, Any]] = {
    "own-domain": {"sender": '"postamt.localhost Support" <help@evil.example>'},
    "dmarc": {"sender": "Bank <service@bank.example>"},
    "elsewhere": {"sender": "Ann <ann@example.org>", "headers": {"Reply-To": "ann@evil.example"}},
}


def test_acceptance_01_the_whole_round_without_javascript_on_a_phone(plain_page: Page, post_office: PostOffice) -> None:
    page = plain_page  # has signed in
    post_office.deliver(written("round", subject="Round: quoted", text=QUOTING))
    subjects = arrive(post_office, page, "Rounds", 3)
    page.get_by_role("link", name="Round: quoted").tap()
    page.get_by_text("Show quoted text").tap()
    expect(page.get_by_text("Is it ready?")).to_be_visible()
    page.get_by_role("link", name="Back to Inbox").tap()
    for subject in subjects[:2]:
        page.locator(".row", has_text=subject).locator(".sel").tap()
    page.locator(".bulk").get_by_role("button", name="Archive").tap()
    expect(page.locator(".row", has_text="Rounds")).to_have_count(1)
    page.get_by_role("button", name="Undo").tap()
    expect(page.locator(".row", has_text="Rounds")).to_have_count(3)
    page.get_by_role("link", name="Compose").tap()
    page.get_by_label("To", exact=True).fill("ann@example.org")
    page.get_by_label("Subject", exact=True).fill("Round: sent")
    page.get_by_role("button", name="Send").tap()
    page.wait_for_url("**/b/sent/**")
    sent_mail(post_office, "Round: sent")
    page.get_by_role("searchbox").fill("rounds")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".row")).to_have_count(3)
    page.get_by_role("button", name="Mailboxes").tap()
    page.get_by_role("button", name="Sign out", exact=True).tap()
    enter_secret(page, post_office)
    page.wait_for_url("**/b/inbox/")


def test_acceptance_02_without_javascript_the_drawer_and_the_bar_come_when_they_are_asked_for(
    plain_page: Page, post_office: PostOffice
) -> None:
    arrive(post_office, plain_page, "Drawn", 2)
    drawer, bar = plain_page.get_by_role("link", name="Sent"), plain_page.locator(".bulk")
    opener = plain_page.get_by_role("button", name="Mailboxes")
    opener.tap()
    expect(drawer).to_be_visible()
    plain_page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    opener.tap()
    expect(drawer).to_be_visible()
    plain_page.touchscreen.tap(380, 500)
    expect(drawer).to_be_hidden()
    expect(bar).to_be_hidden()
    pick = plain_page.locator(".row .sel").first
    pick.tap()
    expect(bar).to_be_visible()
    pick.tap()
    expect(bar).to_be_hidden()


def test_acceptance_03_the_keys(page: Page, post_office: PostOffice) -> None:
    arrive(post_office, page, "Pressed", 3)
    subjects = page.locator(".row .sub").all_inner_texts()
    press(page, "j", "j", "k")
    assert focused(page) == subjects[0]
    press(page, "x")
    expect(page.locator("[data-count]")).to_have_text("1 selected")
    first = page.locator(".row").first
    press(page, "e")
    expect(first).to_be_hidden()
    assert focused(page) == subjects[1]
    expect(page.locator(".toast")).to_contain_text("Archived.")
    press(page, "z")
    expect(page.locator(".toast")).to_have_text("Undone.")
    expect(first).to_be_visible()
    press(page, "/", "j", "e")
    expect(page.locator("input[name=q]:visible")).to_have_value("je")
    press(page, "Escape", "c")
    page.wait_for_url("**/compose/")
    page.get_by_label("To", exact=True).fill("ann@example.org")
    page.get_by_label("Subject", exact=True).fill("Pressed: sent")
    press(page, "Control+Enter")
    page.wait_for_url("**/b/sent/**")
    sent_mail(post_office, "Pressed: sent")


def test_acceptance_04_a_range_and_a_whole_page_go_in_one_post_each(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Posted", 5)
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    page.locator(".row", has_text=subjects[1]).locator(".pick").click()
    page.locator(".row", has_text=subjects[3]).locator(".pick").click(modifiers=["Shift"])
    expect(page.locator(".row", has_text="Posted").locator(".pick:checked")).to_have_count(3)
    page.get_by_role("link", name="Clear selection").click()
    page.get_by_role("link", name="Select all").click()
    ticked = page.locator(".pick:checked").count()
    assert ticked >= 5
    page.locator(".bulk").get_by_role("button", name="Archive").click()
    expect(page.locator(".toast")).to_contain_text(f"{ticked} conversations archived.")
    assert [len(re.findall(r"(?:^|&)t=", request.post_data or "")) for request in posts] == [ticked]
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".row", has_text="Posted")).to_have_count(5)


def test_acceptance_05_when_the_server_is_gone_the_row_returns_and_nothing_was_changed(page: Page, post_office: PostOffice) -> None:
    subjects = arrive(post_office, page, "Killed", 2)
    focus(page, subjects[0])
    post_office.stop_web()
    try:
        press(page, "e")
        expect(page.locator(".toast.bad")).to_contain_text("Nothing was changed")
        expect(page.locator(".row", has_text=subjects[0])).to_be_visible()
        assert focused(page) == subjects[0]
    finally:
        post_office.start_web()
    press(page, "e")
    expect(page.locator(".toast")).to_contain_text("Archived.")


def test_acceptance_06_what_is_written_offline_is_kept_on_this_device_and_there_after_a_reload(page: Page) -> None:
    page.goto("/compose/")
    page.context.set_offline(True)
    page.get_by_label("Subject", exact=True).fill("On the train")
    page.get_by_label("Message", exact=True).fill("A tunnel.")
    expect(page.locator(".saved")).to_have_text("Kept on this device")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("On the train")
    expect(page.get_by_label("Message", exact=True)).to_have_value("A tunnel.")


@pytest.fixture(params=["with", "without"])
def either_page(browser: Browser, post_office: PostOffice, request: pytest.FixtureRequest) -> Iterator[Page]:
    """With JavaScript, and without."""
    context = browser.new_context(base_url=post_office.web_url, java_script_enabled=request.param == "with")
    yield sign_in(context, post_office)
    context.close()


@pytest.mark.parametrize("name", FORGED)
def test_acceptance_09_a_forged_mail_has_a_note_links_as_text_and_no_reply(either_page: Page, post_office: PostOffice, name: str) -> None:
    page, subject = either_page, f"Forged: {name}"
    verdicts = {"dmarc": "FAIL"} if name == "dmarc" else {}
    post_office.deliver(written(f"forged-{name}", subject=subject, text=LINKING, **FORGED[name]), **verdicts)
    page.goto("/b/inbox/")
    page.get_by_role("link", name=subject).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    expect(page.locator(".note.bad")).to_be_visible()
    expect(page.locator(".msg .body")).to_contain_text(LINKING)
    expect(page.locator(".msg .body a")).to_have_count(0)
    expect(page.get_by_role("link", name=re.compile("^Reply"))).to_have_count(0)


def test_acceptance_14_a_row_is_read_out_as_one_sentence_after_the_other(page: Page, post_office: PostOffice) -> None:
    for n in range(3):
        raw = written(f"read{n}", sender="Jonas Weber <jonas@werkstatt.example>", subject="Read out", answers="read0" if n else None)
        post_office.deliver(raw)
    page.goto("/b/inbox/")
    name = re.compile(r"^Unread\. Jonas Weber ?, 3 messages \d\d:\d\d Read out Are they ready\?$")
    expect(page.get_by_role("link", name=name)).to_be_visible()
    expect(page.locator("[role=status][aria-live=polite]")).to_have_count(1)


@pytest.mark.parametrize("way", ["Print", "Control+p"])
def test_acceptance_17_a_conversation_of_three_is_printed_open_and_without_chrome(page: Page, post_office: PostOffice, way: str) -> None:
    topic = f"Printed by {way}"
    names = [f"printed-{way.lower().replace('+', '-')}-{n}" for n in range(3)]
    for n, name in enumerate(names):
        post_office.deliver(written(name, subject=topic, text=f"Letter {n}", answers=names[0] if n else None))
    page.goto("/b/inbox/")
    page.locator(".row a", has_text=topic).click()
    page.wait_for_url("**/t/**")
    page.reload()
    expect(page.locator("a.lead")).to_have_count(2)  # of three that are read, the newest is open
    page.emulate_media(media="print")
    expect(page.get_by_text("Some messages are printed as one line")).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name=way, exact=True).click() if way == "Print" else page.keyboard.press(way)
    page.wait_for_url(re.compile(r"print=1"))
    page.emulate_media(media="print")
    for n in range(3):
        expect(page.locator(".body", has_text=f"Letter {n}")).to_be_visible()
    for chrome in (".rail", ".list", ".top", ".reply", ".print-note"):
        expect(page.locator(f"{chrome}:visible")).to_have_count(0)
