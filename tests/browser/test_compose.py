"""The composer with its script: nothing typed is lost, and nothing is sent twice or by accident."""

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.aws.conftest import PostOffice
from tests.browser.conftest import enter_secret
from tests.browser.test_story import sent_mail

KEPT = "Kept on this device"


def write(page: Page, subject: str, to: str = "ann@example.org") -> None:
    page.goto("/compose/")
    page.get_by_label("To", exact=True).fill(to)
    page.get_by_label("Subject", exact=True).fill(subject)
    page.get_by_label("Message", exact=True).fill("A long thought.")


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()


def file(name: str, size: int) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": b"x" * size}


def test_it_works(page: Page, post_office: PostOffice) -> None:
    write(page, "Kiln")
    page.get_by_label("Message", exact=True).press("Control+Enter")
    page.wait_for_url("**/b/sent/**")
    _, mail = sent_mail(post_office, "Kiln")
    assert (mail["From"], mail["To"]) == ("me@postamt.localhost", "ann@example.org")
    page.goto("/compose/")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("")


def test_a_double_click_sends_one_mail(page: Page, post_office: PostOffice) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    write(page, "Twice")
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url("**/b/sent/**")
    sent_mail(post_office, "Twice")
    assert len(posts) == 1


def test_without_a_connection_the_text_stays_here_and_goes_out_later(page: Page, post_office: PostOffice) -> None:
    write(page, "Offline")
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_text("Not sent: the server did not answer.")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/b/inbox/")
    page.goto("/compose/")
    expect(page.get_by_label("Message", exact=True)).to_have_value("A long thought.")
    send(page)
    page.wait_for_url("**/b/sent/**")
    sent_mail(post_office, "Offline")


def test_another_tab_has_the_text_once_the_first_is_closed_and_not_before(page: Page) -> None:
    write(page, "Tabbed")
    expect(page.get_by_text(KEPT)).to_be_visible()
    other = page.context.new_page()
    other.goto("/compose/")
    other.get_by_label("Subject", exact=True).fill("Another mail")
    expect(other.get_by_text(KEPT)).to_be_visible()
    page.reload()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Tabbed")
    page.close()
    third = other.context.new_page()
    third.goto("/compose/")
    expect(third.get_by_label("Subject", exact=True)).to_have_value("Tabbed")
    expect(other.get_by_label("Subject", exact=True)).to_have_value("Another mail")


def kept_here(page: Page) -> list[str]:
    return [str(kept) for kept in page.evaluate("Object.values(localStorage)")]


def test_signing_out_takes_the_text_from_this_device(page: Page, post_office: PostOffice) -> None:
    write(page, "Signed out")
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert "Signed out" in kept_here(page)[0]
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    assert kept_here(page) == []
    enter_secret(page, post_office)
    page.wait_for_url("**/b/inbox/")
    page.goto("/compose/")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("")


def test_what_was_kept_for_a_week_is_not_brought_back(page: Page) -> None:
    write(page, "Old")
    expect(page.get_by_text(KEPT)).to_be_visible()
    page.evaluate(
        "for (const key of Object.keys(localStorage)) localStorage[key] = localStorage[key].replace(/\\d{13}/, at => at - 7 * 86400000)"
    )
    page.goto("/compose/")
    page.wait_for_function("!Object.keys(localStorage).length")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("")


def test_a_browser_that_keeps_nothing_says_so(page: Page) -> None:
    page.goto("/compose/")
    page.evaluate("void (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); })")
    page.get_by_label("Subject", exact=True).fill("No room")
    expect(page.locator(".saved")).to_have_text("Not kept: this browser has no room")


def test_what_was_kept_can_be_thrown_away(page: Page) -> None:
    write(page, "Away")
    page.reload()
    page.get_by_role("button", name="Start afresh").click()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("")
    page.reload()
    expect(page.get_by_label("Subject", exact=True)).to_have_value("")


def test_an_error_keeps_the_text_and_the_files(page: Page, post_office: PostOffice) -> None:
    write(page, "Corrected", to="ines@werkstatt")
    page.get_by_label(re.compile("choose files")).set_input_files([file("glaze.csv", 20), file("kiln.csv", 30)])
    page.get_by_role("button", name="Remove kiln.csv").click()
    send(page)
    expect(page.get_by_text("ines@werkstatt is not a complete address.")).to_be_visible()
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    page.get_by_label("To", exact=True).fill("ines@werkstatt.example")
    send(page)
    page.wait_for_url("**/b/sent/**")
    _, mail = sent_mail(post_office, "Corrected")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["glaze.csv"]


def test_too_large_files_are_told_before_they_are_sent(page: Page) -> None:
    write(page, "Large")
    page.get_by_label(re.compile("choose files")).set_input_files([file("film.mp4", 4_100_000)])
    send(page)
    expect(page.get_by_role("status").filter(has_text="A mail takes 4.0 MB.")).to_be_visible()
    assert page.url.endswith("/compose/")


def test_enter_in_a_line_does_not_send(page: Page) -> None:
    write(page, "By accident")
    page.get_by_label("Subject", exact=True).press("Enter")
    page.get_by_label("To", exact=True).press("Enter")
    expect(page.get_by_text(KEPT)).to_be_visible()
    assert page.url.endswith("/compose/")


def test_escape_closes_and_the_text_is_still_there(page: Page) -> None:
    write(page, "Escaped")
    page.get_by_label("Message", exact=True).press("Escape")
    page.wait_for_url("**/b/inbox/")
    page.goto("/compose/")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Escaped")


def test_a_session_that_ended_sends_nothing_and_loses_nothing(page: Page, post_office: PostOffice) -> None:
    write(page, "Ended")
    page.context.clear_cookies(name="session")
    send(page)
    page.wait_for_url("**/login/?next=*")
    enter_secret(page, post_office)
    page.wait_for_url("**/compose/")
    expect(page.get_by_label("Message", exact=True)).to_have_value("A long thought.")


def test_a_session_that_ended_loses_nothing_without_script_either(plain_page: Page, post_office: PostOffice) -> None:
    page = plain_page
    write(page, "Plain end")
    page.context.clear_cookies(name="session")
    send(page)
    enter_secret(page, post_office)
    expect(page.get_by_text("It was not sent.")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("A long thought.")
    send(page)
    page.wait_for_url("**/b/sent/**")
    sent_mail(post_office, "Plain end")
