"""The list pages: what a row says, how pages follow each other, what an empty box looks like."""

from django.test import Client

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter
from tests.unit.pages.seen import all_words, elements, link, words


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter())
    page = reader.get("/b/inbox/").text
    assert words(page, "who") == ["Unread. Ann Lee"]
    assert words(page, "sub") == ["Bowls"]
    assert words(page, "snip") == ["Are they ready?"]
    assert "<title>Inbox (1) · Postamt</title>" in page


def test_the_root_leads_to_the_inbox(reader: Client) -> None:
    assert reader.get("/").headers["Location"] == "/b/inbox/"


def test_there_are_only_the_boxes_that_work(reader: Client) -> None:
    for box in ("drafts", "nonsense", "label-unknown", "inbox.unread", "purged"):
        assert reader.get(f"/b/{box}/").status_code == 404


def test_mail_that_the_scan_calls_spam_or_a_virus_is_in_spam_with_a_warning(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1, subject="Pills", verdicts={"spam": "FAIL"}))
    mailbox.arrive(letter(2, subject="Invoice", verdicts={"virus": "FAIL"}))
    page = reader.get("/b/junk/").text
    assert words(page, "sub") == ["Invoice", "Pills"]
    assert page.count("Warning. ") == 2
    assert "Nothing is waiting" in reader.get("/b/inbox/").text


def test_a_mail_that_fails_dmarc_is_listed_with_a_warning(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(verdicts={"dmarc": "fail"}))
    assert "Warning. " in reader.get("/b/inbox/").text


def test_what_a_sender_wrote_is_text_and_never_markup(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(
        letter(sender='"<b>Ann</b>" <ann@example.org>', subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    )
    page = reader.get("/b/inbox/").text
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_conversation_is_one_row_with_the_names_of_those_who_write(reader: Client, mailbox: Mailbox) -> None:
    for n, name in enumerate(["Ann", "Bob", "Cid", "Dan", "Eve"]):
        mailbox.arrive(letter(n, sender=f"{name} <{name}@example.org>", answers=0 if n else None))
    page = reader.get("/b/inbox/").text
    assert words(page, "who") == ["Unread. Dan, Eve +3, 5 messages"]


def test_a_stranger_who_calls_himself_me_goes_by_his_address(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(sender="Me <stranger@evil.example>"))
    page = reader.get("/b/inbox/").text
    assert words(page, "who") == ["Unread. stranger@evil.example"]
    opened = reader.get(next(a["href"] for a in elements(page, "a") if a["href"].startswith("/t/"))).text
    assert words(opened, "from") == ["stranger@evil.example"]


def test_sent_shows_whom_it_went_to(reader: Client, mailbox: Mailbox) -> None:
    mailbox.tell(mailbox.put("sent/one", letter(sender="me@example.com", to="Bob <bob@example.org>, cid@example.org")))
    page = reader.get("/b/sent/").text
    assert words(page, "who") == ["To: Bob, cid@example.org"]


def test_older_and_newer_lead_through_all_rows_and_back(reader: Client, mailbox: Mailbox) -> None:
    for n in range(55):
        mailbox.arrive(letter(n, subject=f"Letter {n}"))
    first = reader.get("/b/inbox/").text
    second = reader.get(link(first, "Older")).text
    third = reader.get(link(second, "Older")).text
    pages = [words(page, "sub") for page in (first, second, third)]
    assert [subject for page in pages for subject in page] == [f"Letter {n}" for n in reversed(range(55))]
    assert "Older" not in words(third, "btn")
    assert "Newer" not in words(first, "btn")
    assert words(reader.get(link(third, "Newer")).text, "sub") == pages[1]


def test_a_row_of_an_older_page_leads_back_to_that_page(reader: Client, mailbox: Mailbox) -> None:
    for n in range(30):
        mailbox.arrive(letter(n))
    address = link(reader.get("/b/inbox/").text, "Older")
    row = next(a["href"] for a in elements(reader.get(address).text, "a") if a["href"].startswith("/t/"))
    assert link(reader.get(row).text, "Back to Inbox") == address


def test_a_cursor_that_is_none_shows_the_first_page(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter())
    for cursor in ("", "x", "2026-11-24T10:00:00Z#../../x", "9" * 5000, "\x00", "'; --"):
        for name in ("before", "after", "f"):
            assert words(reader.get("/b/inbox/", {name: cursor}).text, "sub") == ["Bowls"]


def test_the_chips_narrow_the_inbox(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1, subject="With a file", files={"plan.pdf": b"%PDF"}))
    mailbox.arrive(letter(2, subject="Without"))
    assert words(reader.get("/b/inbox/?f=files").text, "sub") == ["With a file"]
    assert words(reader.get("/b/inbox/?f=unread").text, "sub") == ["Without", "With a file"]
    assert 'aria-label="Filter"' not in reader.get("/b/sent/").text


def test_an_empty_box_says_so(reader: Client) -> None:
    for url, sentence in {"/b/inbox/": "All sorted", "/b/sent/": "Nothing sent yet", "/b/junk/": "No spam"}.items():
        assert sentence in all_words(reader.get(url).text)


def test_a_mail_without_sender_and_subject_is_listed(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(b"")
    page = reader.get("/b/inbox/").text
    assert words(page, "who") == ["Unread. Unknown sender"]
    assert words(page, "sub") == ["(no subject)"]


def test_nothing_is_shown_to_a_stranger(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter())
    for address in ("/", "/b/inbox/", "/search/?q=bowls", "/help/shortcuts/"):
        response = Client().get(address, follow=True)
        assert "Bowls" not in response.text
        assert "Sign in to your mail" in response.text
