"""A mail that is probably not from whom it names: what its page says, and what it does not offer until the reader asks for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from mailbox.store import conversations
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import START, letter, opened, thread_of, written
from tests.unit.pages.seen import all_words, elements, link, words

RICH = (
    '<table><tr><td><a href="https://evil.example/login">https://bank.example</a><img src="https://evil.example/i.png"></td></tr></table>'
)
TEXT = "Log in at https://evil.example/login or write to bob@evil.example."
FORGED: dict[str, dict[str, Any]] = {
    "own domain in name": {"sender": '"Example.com Support" <help@evil.example>'},
    "DMARC fail": {"verdicts": {"dmarc": "fail"}},
    "answers elsewhere": {"headers": {"Reply-To": "ann@evil.example"}},
    "another address as name": {"sender": '"alice@bank.example" <bob@evil.example>'},
    "own domain, unproven": {"sender": "Boss <boss@example.com>", "verdicts": {"dmarc": "none", "dkim": "none"}},
    "domain like the own": {"sender": "Boss <boss@exarnple.com>"},
}


def targets(html: str) -> list[str]:
    return [a["href"] for a in elements(html, "a") if a.get("href", "").startswith(("http", "mailto:", "/compose/?to="))]


def answers(html: str) -> list[str]:
    return [a["data-key"] for a in elements(html, "a") if a.get("data-key") in ("r", "a", "f")]


def trusting(reader: Client, id: str) -> str:
    """The page after "Show links anyway"."""
    (button,) = (button for button in elements(opened(reader, id), "button") if button.get("formaction") == f"/m/{id}/trust")
    response = reader.post(button["formaction"], {"stay": f"/t/{thread_of(id)}/?in=inbox&open={id}#{id}"})
    assert response.status_code == 303
    return reader.get(response["Location"].partition("#")[0]).text


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_mail_has_a_red_note_links_as_text_and_no_reply(reader: Client, mailbox: Mailbox, forged: dict[str, Any]) -> None:
    text, rich = mailbox.arrive(letter(1, text=TEXT, **forged)), mailbox.arrive(letter(2, html=RICH, **forged))
    for id in (text, rich):
        page = opened(reader, id)
        assert len(words(page, "bad")) == 1
        assert (targets(page), answers(page)) == ([], ["f"])
    assert TEXT in words(opened(reader, text), "body")
    assert "remote image" not in all_words(opened(reader, rich))
    frame = reader.get(f"/m/{rich}/body").text
    assert elements(frame, "a") == [{}]
    assert "leads to evil.example" in all_words(frame)


def test_an_honest_mail_has_links_and_answers(reader: Client, mailbox: Mailbox) -> None:
    text, rich = mailbox.arrive(letter(1, text=TEXT)), mailbox.arrive(letter(2, html=RICH))
    assert words(opened(reader, text), "bad") == []
    assert targets(opened(reader, text)) == ["https://evil.example/login", "/compose/?to=bob%40evil.example"]
    assert answers(opened(reader, text)) == ["r", "f"]
    assert elements(reader.get(f"/m/{rich}/body").text, "a")[0]["href"] == "https://evil.example/login"
    assert "A remote image is not loaded" in all_words(opened(reader, rich))


def test_links_answers_and_images_of_a_forged_mail_come_when_the_reader_asks(reader: Client, mailbox: Mailbox) -> None:
    forged: dict[str, Any] = {"verdicts": {"dmarc": "fail"}}
    text, rich = mailbox.arrive(letter(1, text=TEXT, **forged)), mailbox.arrive(letter(2, html=RICH, **forged))
    page = trusting(reader, text)
    assert targets(page) == ["https://evil.example/login", "/compose/?to=bob%40evil.example"]
    assert answers(page) == ["r", "f"]
    assert "Its links work because you asked for them." in words(page, "bad")[0]
    page = trusting(reader, rich)
    assert "A remote image is not loaded" in all_words(page)
    assert elements(reader.get(elements(page, "iframe")[0]["src"]).text, "a")[0]["href"] == "https://evil.example/login"
    (images,) = (form["action"] for form in elements(page, "form") if "/images" in form.get("action", ""))
    frame = reader.post(images, follow=True).text
    assert elements(frame, "img")[0]["src"] == "https://evil.example/i.png"


def test_a_forged_mail_can_be_moved_to_spam_from_its_note(reader: Client, mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(letter(1)), mailbox.arrive(letter(2, answers=1, verdicts={"dmarc": "fail"}))]
    page = opened(reader, ids[1])
    fields = {field["name"]: field["value"] for field in elements(page, "input") if field.get("name") in ("t", "m", "next")}
    response = reader.post("/act/", {**fields, "m": ids[1], "do": "junk"}, follow=True)
    assert "Moved to Spam." in all_words(response.text)
    assert "Move to Spam" not in words(opened(reader, ids[1], "?in=junk"), "bad")[0]
    assert [str(getattr(conversations.find_message(id), "folder", "")) for id in ids] == ["inbox", "junk"]


def test_a_row_whose_sender_passes_for_another_carries_a_warning_and_the_true_address(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1, sender='"alice@bank.example" <bob@evil.example>'))
    row = words(reader.get("/b/inbox/").text, "row")[0]
    assert "bob@evil.example" in row
    assert "Warning." in row
    assert "alice@bank.example" not in row
    mailbox.arrive(letter(2, sender="Ann <ann@example.org>"))
    assert "Warning." not in words(reader.get("/b/inbox/").text, "row")[0]


def test_the_choice_is_for_one_message_and_nobody_can_make_it_by_a_link(reader: Client, mailbox: Mailbox) -> None:
    one, other = (mailbox.arrive(letter(n, text=TEXT, verdicts={"dmarc": "fail"})) for n in (1, 2))
    query = reader.post(f"/m/{one}/trust")["Location"].partition("?")[2].partition("#")[0]
    assert targets(opened(reader, other, f"?{query}")) == []
    assert targets(opened(reader, one, "?trust=1")) == []
    assert reader.get(f"/m/{one}/trust").status_code == 405
    assert reader.post("/m/incoming-none/trust").status_code == 404


@pytest.mark.parametrize(
    "target", ["", "//evil.example/", "https://evil.example/?in=inbox", "/t/x/?trust=x&open=y", "/?" + "a&" * 3000, "//[", "?%ff"]
)
def test_the_way_back_is_always_the_conversation(reader: Client, mailbox: Mailbox, target: str) -> None:
    id = mailbox.arrive(letter(text=TEXT, verdicts={"dmarc": "fail"}))
    response = reader.post(f"/m/{id}/trust", {"stay": target})
    assert response["Location"].startswith(f"/t/{thread_of(id)}/?")
    assert targets(reader.get(response["Location"].partition("#")[0]).text) != []


def test_what_was_sent_from_here_is_never_doubted(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(1))
    sent = written(2, sender="me@example.com", to="ann@example.org", text=TEXT, answers=1, at=START + timedelta(minutes=2))
    mailbox.tell(mailbox.put("sent/one", sent))
    page = opened(reader, id)
    assert words(page, "bad") == []
    assert "https://evil.example/login" in targets(page)


def test_the_first_mail_of_a_stranger_says_so_and_a_known_sender_is_not_mentioned(reader: Client, mailbox: Mailbox) -> None:
    first, second = mailbox.arrive(letter(1)), mailbox.arrive(letter(2))
    assert "First contact" in all_words(opened(reader, first))
    assert "This is the first mail with this address." in all_words(opened(reader, first))
    assert "First contact" not in all_words(opened(reader, second))
    assert "Mail with this address came before." in all_words(opened(reader, second))


def test_only_the_first_of_a_strangers_messages_in_a_conversation_says_so(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    assert all_words(opened(reader, mailbox.arrive(letter(2, answers=1)))).count("First contact") == 1


def test_mail_from_the_own_domain_is_no_first_contact(reader: Client, mailbox: Mailbox) -> None:
    assert "First contact" not in all_words(opened(reader, mailbox.arrive(letter(sender="me@example.com"))))


def test_a_newsletter_is_not_called_a_first_contact(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(headers={"List-Unsubscribe": "<https://example.org/>"}))
    assert words(opened(reader, id), "note") == []


def test_the_name_of_a_correspondent_from_elsewhere_is_doubtful(reader: Client, mailbox: Mailbox) -> None:
    mailbox.tell(mailbox.put("sent/one", written(1, sender="me@example.com", to="Ann Lee <ann@example.org>")))
    impostor = mailbox.arrive(letter(2, sender="Ann Lee <ann.lee@evil.example>", text=TEXT))
    page = opened(reader, impostor)
    assert "You know Ann Lee as ann@example.org, not as ann.lee@evil.example." in words(page, "bad")[0]
    assert targets(page) == []
    assert words(opened(reader, mailbox.arrive(letter(3, sender="Ann Lee <ann@example.org>"))), "bad") == []


def test_answers_may_go_where_the_owner_has_written_to(reader: Client, mailbox: Mailbox) -> None:
    elsewhere = letter(2, sender="Ann Lee <ann@work.example>", headers={"Reply-To": "ann@home.example"})
    assert len(words(opened(reader, mailbox.arrive(elsewhere)), "bad")) == 1
    mailbox.tell(mailbox.put("sent/one", written(1, sender="me@example.com", to="Ann Lee <ann@home.example>")))
    page = opened(reader, mailbox.arrive(elsewhere))
    assert "Your answer would go to" not in all_words(page)
    assert answers(page) == ["r", "f"]


def test_who_vouches_for_a_mail_is_among_the_details(reader: Client, mailbox: Mailbox) -> None:
    page = all_words(opened(reader, mailbox.arrive(letter())))
    assert "example.org vouches for it. It was sent by a server of example.org." in page


def test_several_senders_are_all_named(reader: Client, mailbox: Mailbox) -> None:
    raw = letter(sender="first@one.example").replace(b"From: ", b"From: second@two.example\r\nFrom: ", 1)
    page = opened(reader, mailbox.arrive(raw))
    assert "It names more than one sender: second@two.example, first@one.example." in words(page, "bad")[0]
    assert "From <second@two.example>, <first@one.example>" in all_words(page)


@pytest.mark.parametrize(
    ("domain", "shown"),
    [("xn--bcher-kva.example", "x@bücher.example"), ("xn--bnk-6cd.example", "x@xn--bnk-6cd.example")],
)
def test_a_domain_is_shown_in_its_letters_only_where_they_are_honest(reader: Client, mailbox: Mailbox, domain: str, shown: str) -> None:
    page = opened(reader, mailbox.arrive(letter(sender=f"x@{domain}")))
    assert (words(page, "addr"), words(page, "from")) == ([shown], [shown])
    assert f"From <{shown}>" in all_words(page)
    assert shown in all_words(reader.get("/b/inbox/").text)


def test_pretending_letters_are_shown_with_their_punycode(reader: Client, mailbox: Mailbox) -> None:
    raw = letter(sender="x@b_nk.example").replace(b"b_nk", "bаnk".encode())
    page = opened(reader, mailbox.arrive(raw))
    assert words(page, "addr") == ["x@bаnk.example (xn--bnk-6cd.example)"]
    assert "Letters of another alphabet imitate others in its domain bаnk.example." in words(page, "bad")[0]
    assert link(page, "Forward")
