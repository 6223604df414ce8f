"""The page of a conversation: what is open, what is folded, what is marked as seen, and what stands there when something is missing."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from mailbox.store import bucket
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.keys import key_of
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import is_unread, letter, opened, thread_of
from tests.unit.pages.seen import all_words, elements, link, words

NOT_A_READER = (
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Site", "same-site"),
    ("Sec-Fetch-Site", ""),
    ("Sec-Fetch-Dest", "image"),
    ("Sec-Fetch-Dest", "iframe"),
    ("Sec-Fetch-Dest", "empty"),
    ("Sec-Purpose", "prefetch;prerender"),
    ("Purpose", "prefetch"),
    ("X-Moz", "prefetch"),
)


def conversation_of(mailbox: Mailbox, number: int) -> list[str]:
    return [mailbox.arrive(letter(n, text=f"Text {n}.", answers=0 if n else None)) for n in range(number)]


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(letter()))
    assert words(page, "from") == ["Ann Lee"]
    assert words(page, "addr") == ["ann@example.org"]
    assert words(page, "body") == ["Are they ready?"]
    assert "<title>Bowls · Postamt</title>" in page
    assert "1 message, in Inbox" in all_words(page)


def test_the_newest_and_all_unread_messages_are_open(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 3)
    assert words(opened(reader, ids[0]), "body") == ["Text 0.", "Text 1.", "Text 2."]
    assert words(opened(reader, ids[0]), "body") == ["Text 2."]


def test_a_folded_message_shows_name_preview_and_date_and_opens_by_its_link(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 3)
    opened(reader, ids[0])
    page = opened(reader, ids[0])
    assert words(page, "peek") == ["Text 0.", "Text 1.", "Text 2."]
    address = next(a["href"] for a in elements(page, "a") if ids[1] in a["href"] and "data-unfold" in a)
    assert words(reader.get(address).text, "body") == ["Text 1.", "Text 2."]


def test_at_most_six_are_open_and_the_rest_stays_unread(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 9)
    assert words(opened(reader, ids[0]), "body") == [f"Text {n}." for n in range(3, 9)]
    assert [is_unread(id) for id in ids] == [True] * 3 + [False] * 6


def test_the_middle_of_a_long_conversation_is_folded(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 9)
    for _ in range(2):
        opened(reader, ids[0])
    page = opened(reader, ids[0])
    assert "6 older messages" in all_words(page)
    assert words(page, "peek") == [f"Text {n}." for n in range(9)]


def test_of_more_than_fifty_the_newest_are_shown_and_a_link_leads_to_the_older(reader: Client, mailbox: Mailbox) -> None:
    ids = ["incoming-0"]
    for n in range(53):
        mailbox.put(f"incoming/{n}", letter(n, text=f"Text {n}.", answers=0 if n else None))
    call_command("reindex", stdout=StringIO())
    newest = opened(reader, ids[0])
    older = reader.get(link(newest, "Show older messages")).text
    assert words(newest, "peek") == [f"Text {n}." for n in range(3, 53)]
    assert words(older, "peek") == ["Text 0.", "Text 1.", "Text 2."]
    assert words(older, "reply") == []
    assert link(older, "Back to the newest messages") == f"/t/{thread_of(ids[0])}/"


def test_print_opens_every_message_as_text(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 8)
    mailbox.arrive(letter(8, text="A table.", html="<table><tr><td>A table.</td></tr></table>", answers=0))
    page = reader.get(link(opened(reader, ids[0]), "Print")).text
    assert words(page, "body") == [*(f"Text {n}." for n in range(8)), "A table. Show as its sender laid it out"]
    assert elements(page, "iframe") == []


def test_only_a_reader_who_opens_it_marks_a_message_as_seen(reader: Client, mailbox: Mailbox) -> None:
    """A14: the one change that a GET makes is not another site's to make."""
    id = mailbox.arrive(letter())
    for name, value in NOT_A_READER:
        opened(reader, id, **{name: value})
        assert is_unread(id), f"{name}: {value} marks as seen"
    opened(reader, id, **{"Sec-Fetch-Site": "none"})
    assert not is_unread(id)
    assert "(1)" not in reader.get("/b/inbox/").text


def test_a_message_is_shown_even_if_it_cannot_be_marked_as_seen(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bool:
        raise MailboxNotReachable("the bucket: AWS is too busy")

    id = mailbox.arrive(letter())
    monkeypatch.setattr(bucket, "put", refuse)
    assert words(opened(reader, id), "body") == ["Are they ready?"]
    assert is_unread(id)


def test_a_fragment_is_one_message_alone_and_marks_it_as_seen(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 3)
    page = opened(reader, ids[0], f"?open={ids[1]}", **{"X-Fragment": "1", "Sec-Fetch-Dest": "empty"})
    assert words(page, "body") == ["Text 1."]
    assert elements(page, "html") == []
    assert [is_unread(id) for id in ids] == [True, False, True]


def test_a_fragment_of_a_message_from_elsewhere_is_not_found(reader: Client, mailbox: Mailbox) -> None:
    ours, elsewhere = mailbox.arrive(letter(1)), mailbox.arrive(letter(2))
    response = reader.get(f"/t/{thread_of(ours)}/", {"open": elsewhere}, headers={"X-Fragment": "1"})
    assert response.status_code == 404


def test_an_unknown_conversation_is_not_found(reader: Client) -> None:
    """A16: one and the same page for whatever is not there."""
    for thread_id in ("0" * 32, "0" * 31, "G" * 32, "..", "%00", "🎉", "a" * 5000):
        response = reader.get(f"/t/{thread_id}/")
        assert response.status_code == 404
        assert "There is nothing here" in response.text


def test_a_message_that_the_bucket_lost_is_named_in_its_place(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 2)
    bucket.delete(key_of(ids[0]))
    page = opened(reader, ids[0])
    assert "This message is not in the mailbox any more" in all_words(page)
    assert words(page, "body") == ["Text 1."]
    assert is_unread(ids[0])


def test_the_details_name_everyone_and_the_verdicts_in_words(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(
        letter(to="Me <me@example.com>, Bob <bob@example.org>", headers={"Cc": "cid@example.org", "Reply-To": "list@example.org"})
    )
    page = all_words(opened(reader, id))
    assert "to me, Bob, cid@example.org" in page
    assert "Reply to <list@example.org>" in page
    assert "SPF passed, DKIM passed, DMARC passed, spam scan passed, virus scan passed" in page


def test_of_many_recipients_some_are_named_and_the_rest_counted(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(to=", ".join(f"p{n}@example.org" for n in range(300))))
    page = all_words(opened(reader, id))
    assert "to p0@example.org, p1@example.org, p2@example.org +297" in page
    assert "and 200 more" in page


def test_the_end_of_a_very_long_address_can_be_seen(reader: Client, mailbox: Mailbox) -> None:
    """A row cuts it, and what it leaves would name another domain."""
    address = f"service@bank.example.{'a.' * 150}evil.example"
    assert words(opened(reader, mailbox.arrive(letter(sender=f"Bank <{address}>"))), "addr") == [address]


def test_a_sent_message_is_from_me(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter())
    mailbox.tell(mailbox.put("sent/one", letter(2, sender="me@example.com", to="Ann <ann@example.org>", text="They are.", answers=1)))
    page = opened(reader, id)
    assert words(page, "from") == ["Ann Lee", "me"]
    assert "2 messages, in Inbox and Sent" in all_words(page)


def test_a_mail_that_fails_dmarc_carries_a_red_note_with_the_reasons(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(sender='"Example.com Support" <help@evil.example>', verdicts={"dmarc": "fail"}))
    (note,) = words(opened(reader, id), "bad")
    assert "probably not from example.com" in note
    assert "evil.example does not vouch for it: the sender did not pass DMARC." in note


def test_a_forged_mail_in_a_trusted_conversation_carries_its_own_note(reader: Client, mailbox: Mailbox) -> None:
    """A49: nothing is inherited from the messages before it."""
    id = mailbox.arrive(letter(1))
    mailbox.arrive(letter(2, answers=1, verdicts={"dmarc": "fail"}))
    page = opened(reader, id)
    assert len(words(page, "bad")) == 1
    assert page.index("probably not from example.org") > page.index("incoming-ses2")


def test_a_virus_and_spam_are_named(reader: Client, mailbox: Mailbox) -> None:
    assert "A virus was found" in all_words(opened(reader, mailbox.arrive(letter(1, verdicts={"virus": "FAIL"}))))
    assert "The scan calls this spam" in all_words(opened(reader, mailbox.arrive(letter(2, verdicts={"spam": "FAIL"}))))


def test_a_mail_that_is_not_well_formed_says_so_and_offers_its_source(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(b'Subject: Torn\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nThe first half')
    page = opened(reader, id)
    assert "This message is not well formed" in all_words(page)
    assert link(page, "Download the source") == f"/m/{id}/raw"
    assert "The first half" in words(page, "body")[0]


def test_whatever_arrives_can_be_opened(reader: Client, mailbox: Mailbox) -> None:
    for raw in (b"", b"\x00\xff" * 500, b"\r\n" * 50, b"Subject: \xc3\x28\r\nFrom: \x00\r\n\r\n\xff", b"{}", b"From: " + b"(" * 3000):
        assert opened(reader, mailbox.arrive(raw))


def test_a_very_long_text_is_cut_and_says_so(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(text="All work and no play.\n" * 20_000))
    page = opened(reader, id)
    assert "This message is very large" in all_words(page)
    assert len(page) < 1_000_000


def test_rich_html_stands_in_a_frame_without_scripts(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(html="<table><tr><td>Bowls</td></tr></table>"))
    page = opened(reader, id)
    (frame,) = elements(page, "iframe")
    assert frame["src"] == f"/m/{id}/body"
    assert frame["sandbox"] == "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    assert frame["referrerpolicy"] == "no-referrer"
    assert frame["loading"] == "lazy"
    assert frame["title"] == "Message from Ann Lee"
    assert elements(page, "table") == []


def test_at_most_three_frames_are_on_a_page_and_the_newest_have_them(reader: Client, mailbox: Mailbox) -> None:
    rich = "<table><tr><td>Bowls</td></tr></table>"
    ids = [mailbox.arrive(letter(n, html=rich, answers=0 if n else None)) for n in range(5)]
    page = opened(reader, ids[0])
    assert [frame["src"] for frame in elements(page, "iframe")] == [f"/m/{id}/body" for id in ids[2:]]
    assert len(words(page, "hint")) == 2


def test_the_images_a_frame_leaves_out_are_counted_and_may_be_asked_for(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(html='<img src="https://a.example/1.png"><img src="https://a.example/2.png">'))
    page = opened(reader, id)
    assert "2 remote images are not loaded" in all_words(page)
    (form,) = (form for form in elements(page, "form") if "images" in form["action"])
    assert form["method"] == "post"
    assert form["data-images"] == elements(page, "iframe")[0]["name"]
    assert "not loaded" not in all_words(opened(reader, id, "?print=1"))


def test_plain_html_is_shown_as_its_text(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(letter(text="", html="<p>Are <b>they</b> ready?</p><script>alert(1)</script>")))
    assert elements(page, "iframe") == []
    assert words(page, "body") == ["Are they ready?"]


def test_links_open_apart_and_tell_nothing_of_us(reader: Client, mailbox: Mailbox) -> None:
    page = opened(reader, mailbox.arrive(letter(text="See https://example.org/a?b=1&c=2 or write to bob@example.org.")))
    web = next(a for a in elements(page, "a") if a["href"].startswith("https:"))
    assert web == {"href": "https://example.org/a?b=1&c=2", "target": "_blank", "rel": "noopener noreferrer"}
    assert link(page, "bob@example.org") == "/compose/?to=bob%40example.org"


def test_quoted_text_is_folded_and_the_signature_quiet(reader: Client, mailbox: Mailbox) -> None:
    text = "Yes.\n\n-- \nAnn\n\nOn Tue, 24 Nov 2026, Me wrote:\n> Ready?\n"
    page = opened(reader, mailbox.arrive(letter(text=text)))
    assert words(page, "sig") == ["Ann"]
    assert words(page, "quote") == ["Show quoted text On Tue, 24 Nov 2026, Me wrote: Ready?"]


def test_markup_in_any_field_stays_text(reader: Client, mailbox: Mailbox) -> None:
    bad = "<img src=x onerror=alert(1)>"
    files = {f"{bad}.pdf": b"%PDF"}
    raw = letter(sender=f'"{bad}" <ann@example.org>', subject=f"{bad}{{{{ x }}}}", text=bad, to=f'"{bad}" <me@example.com>', files=files)
    page = opened(reader, mailbox.arrive(raw))
    assert elements(page, "img") == []
    assert words(page, "body") == [bad]


def test_attachments_are_listed_with_name_size_and_link(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(files={"plan.pdf": b"%PDF" * 500, "noname": b""}))
    page = opened(reader, id)
    assert words(page, "file") == ["PDFplan.pdf2 KB", "OCTEnoname0 bytes"]
    files = [a for a in elements(page, "a") if a.get("class") == "file"]
    assert [(file["href"], "download" in file) for file in files] == [(f"/m/{id}/a/0", True), (f"/m/{id}/a/1", True)]


def test_a_file_that_the_frame_shows_as_a_picture_is_not_listed_and_every_other_is(reader: Client, mailbox: Mailbox) -> None:
    html = '<img src="cid:bowl.gif"><img src="cid:program.exe">'
    inline = {"bowl.gif": b"GIF89a bowl", "unused.gif": b"GIF89a unused", "program.exe": b"MZ"}
    id = mailbox.arrive(letter(html=html, inline=inline))
    unused, program = words(opened(reader, id), "file")
    assert unused == "GIFunused.gif13 bytes"
    assert program.startswith("EXEprogram.exe2 bytes, program")
    assert len(words(opened(reader, id, "?print=1"), "file")) == 3


def test_answers_go_to_the_newest_message(reader: Client, mailbox: Mailbox) -> None:
    ids = conversation_of(mailbox, 2)
    page = opened(reader, ids[0])
    assert link(page, "Reply") == f"/compose/?re={ids[1]}&mode=reply"
    assert link(page, "Forward") == f"/compose/?re={ids[1]}&mode=forward"
    assert "Reply all" not in words(page, "btn")


def test_reply_all_is_offered_when_there_are_others(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(to="me@example.com, bob@example.org"))
    assert link(opened(reader, id), "Reply all") == f"/compose/?re={id}&mode=all"


def test_the_list_stands_beside_it_only_where_there_is_room(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter())
    assert words(opened(reader, id), "row") == []
    reader.cookies["pane"] = "split"
    page = opened(reader, id)
    assert words(page, "sub") == ["Bowls"]
    assert [a["href"] for a in elements(page, "a") if a.get("aria-current") == "true"][-1] == f"/t/{thread_of(id)}/"
    assert words(opened(reader, id, "?q=bowls"), "row") == []


def test_back_leads_to_the_list_it_was_opened_from(reader: Client, mailbox: Mailbox) -> None:
    ways = {
        "": "/b/inbox/",
        "?in=sent": "/b/sent/",
        "?f=unread": "/b/inbox/?f=unread",
        "?in=nonsense": "/b/inbox/",
        "?q=two+words": "/search/?q=two+words",
        "?in=//evil.example": "/b/inbox/",
    }
    id = mailbox.arrive(letter())
    for query, back in ways.items():
        page = opened(reader, id, query)
        assert next(a["href"] for a in elements(page, "a") if "back" in a.get("class", "").split()) == back


def test_the_language_of_a_message_is_passed_on_if_it_is_one(reader: Client, mailbox: Mailbox) -> None:
    german = opened(reader, mailbox.arrive(letter(1, headers={"Content-Language": "de-DE"})))
    nonsense = opened(reader, mailbox.arrive(letter(2, headers={"Content-Language": '"><script>'})))
    assert next(div["lang"] for div in elements(german, "div") if div.get("class") == "body") == "de-DE"
    assert all("lang" not in div for div in elements(nonsense, "div"))
