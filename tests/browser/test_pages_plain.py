"""Without JavaScript, on a phone: everything is a link or a form."""

from playwright.sync_api import Page, expect

from tests.aws.conftest import PostOffice, wait_until
from tests.unit.pages.letters import written

ANSWER = "It is.\n\nOn Monday Me wrote:\n> Is it ready?\n"


def test_it_works(plain_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(written("plain1", subject="Plain: hello", text=ANSWER))
    plain_page.reload()
    plain_page.get_by_role("link", name="Plain: hello").tap()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Plain: hello")
    expect(plain_page.get_by_text("ann@example.org").first).to_be_visible()
    expect(plain_page.get_by_text("Is it ready?")).to_be_hidden()
    plain_page.get_by_text("Show quoted text").tap()
    expect(plain_page.get_by_text("Is it ready?")).to_be_visible()
    plain_page.get_by_text("to Me").tap()
    expect(plain_page.get_by_text("spam scan passed")).to_be_visible()


def test_opening_has_marked_it_as_seen(plain_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(written("plain2", subject="Plain: unread"))
    plain_page.reload()
    row = plain_page.locator(".row").filter(has_text="Plain: unread")
    expect(row).to_contain_text("Unread.")
    row.get_by_role("link").tap()
    plain_page.get_by_role("link", name="Back to Inbox").tap()
    expect(row).not_to_contain_text("Unread.")


def test_a_folded_message_opens_by_its_link(plain_page: Page, post_office: PostOffice) -> None:
    for n in range(3):
        post_office.deliver(written(f"plain3-{n}", subject="Plain: three", text=f"Letter {n}", answers="plain3-0" if n else None))
    plain_page.reload()
    plain_page.get_by_role("link", name="Plain: three").tap()
    plain_page.wait_for_url("**/t/**")
    plain_page.reload()
    expect(plain_page.locator(".body")).to_have_count(1)
    folded = plain_page.locator("a.lead").first
    letter = next(f"Letter {n}" for n in range(3) if f"Letter {n}" in folded.inner_text())  # within one second any may be first
    folded.tap()
    expect(plain_page.locator(".body").first).to_have_text(letter)


def test_the_drawer_opens_by_a_tap_and_leads_to_the_boxes(plain_page: Page) -> None:
    sent = plain_page.get_by_role("link", name="Sent")
    expect(sent).to_be_hidden()
    plain_page.get_by_role("button", name="Mailboxes").tap()
    expect(sent).to_be_visible()
    plain_page.keyboard.press("Escape")
    expect(sent).to_be_hidden()
    plain_page.get_by_role("button", name="Account and sign out").tap()
    sent.tap()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Sent")


def test_search_is_a_form(plain_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(written("plain4", subject="Plain: needle"))
    field = plain_page.get_by_role("searchbox")
    field.fill("needle")
    field.press("Enter")
    expect(plain_page.locator(".row")).to_have_count(1)
    expect(plain_page.get_by_text("newest 1,000 conversations")).to_be_visible()


def test_images_are_shown_by_a_form_into_the_frame(plain_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(
        written("plain5", subject="Plain: picture", html='<img src="https://images.example/plain.png" alt="A bowl"><p>Below</p>')
    )
    plain_page.route("https://images.example/**", lambda route: route.abort())
    plain_page.reload()
    plain_page.get_by_role("link", name="Plain: picture").tap()
    expect(plain_page.frame_locator("iframe").get_by_text("Below")).to_be_visible()
    with plain_page.expect_request("https://images.example/plain.png"):
        plain_page.get_by_role("button", name="Show images").tap()
    expect(plain_page.get_by_role("button", name="Show images")).to_have_count(0)
    expect(plain_page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_after_a_choice_the_subject_is_still_in_sight(plain_page: Page, post_office: PostOffice) -> None:
    post_office.deliver(written("plain7", sender="Bo <bo@example.org>", subject="Plain: block me", text="Long.\n\n" * 60))
    plain_page.reload()
    plain_page.get_by_role("link", name="Plain: block me").tap()
    plain_page.get_by_text("to Me").tap()
    plain_page.get_by_role("button", name="Block this sender").tap()
    expect(plain_page.locator(".toast")).to_contain_text("goes to Spam.")
    expect(plain_page.get_by_role("heading", level=1)).to_be_in_viewport()
    plain_page.get_by_role("button", name="Undo").tap()
    expect(plain_page.locator(".toast")).to_have_text("New mail from bo@example.org is no longer filed in Spam.")


def test_compose_never_covers_the_last_row(plain_page: Page, post_office: PostOffice) -> None:
    for n in range(10):
        post_office.deliver(written(f"plain6-{n}", subject=f"Plain: row {n}"))
    plain_page.goto("/b/inbox/")
    plain_page.mouse.move(100, 400)

    def is_free() -> bool:
        plain_page.mouse.wheel(0, 10_000)
        last, button = plain_page.locator(".row").last.bounding_box(), plain_page.locator(".fab").bounding_box()
        return bool(last and button and last["y"] + last["height"] <= button["y"])

    wait_until(is_free, "the Compose button stands on the last row")


def test_sign_out_ends_the_session(plain_page: Page) -> None:
    plain_page.get_by_role("button", name="Mailboxes").tap()
    plain_page.get_by_role("button", name="Sign out", exact=True).tap()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Sign in to your mail")
    plain_page.goto("/b/inbox/")
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Sign in to your mail")
