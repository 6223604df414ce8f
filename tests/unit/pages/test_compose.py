"""The composer, as a browser without JavaScript uses it; what it queues is read from the outbox."""

import json
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client, RequestFactory

from mailbox import sessions
from mailbox.auth import as_owner
from mailbox.message.address import Address
from mailbox.pages.compose import restored
from mailbox.pages.compose_form import as_typed
from mailbox.store import bucket, conversations, outbox
from mailbox.store.aws import client as aws_client
from mailbox.store.facts import facts_of
from mailbox.store.outbox import QueuedMessage
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import toast
from tests.unit.pages.letters import letter

TOP = (
    "Return-Path: <ann@example.org>\r\nReceived: from mail.example.org by inbound-smtp.eu-west-1.amazonaws.com with SMTP id x\r\n"
    " for {}; Tue, 24 Nov 2026 10:00:00 +0000\r\n"
)
QUESTION = (
    'From: "Weber, Ann" <ann@example.org>\r\nTo: Garden <garden@example.com>\r\nCc: Bob <bob@example.org>, me@example.com\r\n'
    "Subject: Bowls\r\nMessage-ID: <two@example.org>\r\nIn-Reply-To: <one@example.org>\r\nReferences: <one@example.org>\r\n"
)
TEXT = "\r\nAre they ready?\r\n"
WITH_FILE = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the list.\r\n--b\r\n"
    'Content-Type: text/csv\r\nContent-Disposition: attachment; filename="../list.csv"\r\n\r\na,b\r\n--b--\r\n'
)


def question(to: str = "garden@example.com", body: str = TEXT) -> bytes:
    return (TOP.format(to) + QUESTION + body).encode()


@dataclass
class Page(HTMLParser):
    """The composer's form: what a browser would post, and what is said about it."""

    fields: dict[str, str] = field(default_factory=dict)
    senders: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    invalid: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    hidden: int = 0
    inside: str = ""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.fields, self.senders, self.errors, self.invalid, self.links = {}, [], {}, {}, []
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        name = found.get("name", "")
        if tag == "input" and found.get("type") in ("hidden", "text"):
            self.fields[name] = found.get("value", "")
        elif tag == "textarea":
            self.inside, self.fields[name] = name, ""
        elif tag == "option":
            self.senders.append(found["value"])
            self.fields.setdefault("from_", found["value"])
        elif tag == "p" and found.get("class") == "err":
            self.inside = found["id"]
            self.errors[self.inside] = ""
        elif tag == "a":
            self.links.append(found.get("href", ""))
        if "aria-invalid" in found:
            self.invalid[name] = found["aria-describedby"]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "p"):
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside in self.errors:
            self.errors[self.inside] += data
        elif self.inside:
            self.fields[self.inside] += data


def write(reader: Client, fields: dict[str, Any] | None = None, query: str = "", **headers: str) -> Any:
    """Opens the composer, changes some fields, presses Send."""
    page = Page(reader.get(f"/compose/{query}"))
    return reader.post("/compose/", {**page.fields, "do": "send", **(fields or {})}, headers=headers)


def queued() -> list[QueuedMessage]:
    found = [outbox.read_queued(key.removeprefix("outbox/")) for key in bucket.keys("outbox/")]
    return [one for one in found if one]


def the_mail() -> EmailMessage:
    (one,) = queued()
    return message_from_bytes(one.raw, _class=EmailMessage, policy=policy.default)


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    answer = write(reader, {"to": "Ann <ann@example.org>, bob@example.org", "subject": "Hello", "text": "A word."})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/b/sent/")
    assert toast(reader.get(answer["Location"]).text) == "Your mail is on its way."
    mail = the_mail()
    assert (mail["From"], mail["To"], mail["Subject"]) == ("me@example.com", "Ann <ann@example.org>, bob@example.org", "Hello")
    assert mail.get_content().split() == ["A", "word."]
    (one,) = queued()
    assert one.envelope.envelope_from == "me@example.com"
    assert one.envelope.envelope_recipients == ("ann@example.org", "bob@example.org")
    messages = aws_client("sqs").receive_message(QueueUrl=mailbox.queue_url)["Messages"]
    assert [f"outbox/{json.loads(message['Body'])['outbox']}" for message in messages] == list(bucket.keys("outbox/"))


def test_a_reply_goes_to_its_author_and_comes_from_the_address_the_mail_was_sent_to(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(question("garden@example.com"))
    answer = write(reader, {"text": "Yes.\n"}, f"?re={id}&mode=reply")
    assert answer.status_code == 303
    assert answer["Location"].startswith("/t/")
    assert reader.get(answer["Location"]).status_code == 200
    mail = the_mail()
    assert (mail["From"], mail["To"], mail["Cc"]) == ("garden@example.com", '"Weber, Ann" <ann@example.org>', None)
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Re: Bowls", "<two@example.org>")
    assert mail["References"].split() == ["<one@example.org>", "<two@example.org>"]


def test_a_reply_to_a_mail_without_a_message_id_stands_in_its_conversation(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(b"From: Script <script@example.org>\r\nTo: garden@example.com\r\nSubject: Backup\r\n\r\nDone.\r\n")
    write(reader, {"text": "Thank you."}, f"?re={id}&mode=reply")
    (one,) = queued()
    mail = the_mail()
    assert mail["In-Reply-To"] == mail["References"]
    original = conversations.find_message(id)
    assert original
    assert facts_of("sent/s1", one.raw, region="eu-west-1").thread_id == original.thread_id


def test_the_envelope_says_it_where_the_header_names_another(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(question("hidden@example.com"))
    assert Page(reader.get(f"/compose/?re={id}")).senders == ["hidden@example.com", "garden@example.com", "me@example.com"]
    mailbox.put("receipts/ses1.json", json.dumps({"envelope_recipients": ["receipt@example.com", "else@example.org"]}).encode())
    mailbox.tell("receipts/ses1.json")
    assert Page(reader.get(f"/compose/?re={id}")).senders == ["receipt@example.com", "garden@example.com", "me@example.com"]


def test_a_reply_to_all_names_everybody_but_the_owner(reader: Client, mailbox: Mailbox) -> None:
    page = Page(reader.get(f"/compose/?re={mailbox.arrive(question())}&mode=all"))
    assert (page.fields["to"], page.fields["cc"]) == ('"Weber, Ann" <ann@example.org>', "Bob <bob@example.org>")


def test_the_quotation_is_plain_text_below_the_cursor(reader: Client, mailbox: Mailbox) -> None:
    html = "Content-Type: text/html\r\n\r\n<b>Ready?</b><script>alert(1)</script><img src=x onerror=alert(2)>\r\n"
    answer = reader.get(f"/compose/?re={mailbox.arrive(question(body=html))}")
    text = Page(answer).fields["text"]
    assert text.lstrip("\r\n") != text
    assert "> Ready?" in text
    assert b"<script>alert" not in answer.content
    assert b"onerror" not in answer.content


def test_a_forward_carries_the_files_of_its_original(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(question(body=WITH_FILE))
    assert b"list.csv" in reader.get(f"/compose/?re={id}&mode=forward").content
    assert write(reader, {"to": "bob@example.org"}, f"?re={id}&mode=forward").status_code == 303
    (attachment,) = the_mail().iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("list.csv", "a,b")
    assert the_mail()["Subject"] == "Fwd: Bowls"


def test_a_forward_leaves_the_files_of_an_infected_message_behind(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter(files={"list.csv": b"a,b"}, verdicts={"virus": "FAIL"}))
    page = reader.get(f"/compose/?re={id}&mode=forward").text
    assert "its files do not go along" in page
    assert "list.csv" not in page
    assert write(reader, {"to": "bob@example.org"}, f"?re={id}&mode=forward").status_code == 303
    assert list(the_mail().iter_attachments()) == []


def test_a_forward_names_the_files_that_have_no_name(reader: Client, mailbox: Mailbox) -> None:
    nameless = "--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: Plates\r\n\r\nx\r\n--B--\r\n"
    id = mailbox.arrive(b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nwords\r\n" + nameless.encode())
    assert "Plates.eml" in reader.get(f"/compose/?re={id}&mode=forward").text
    assert write(reader, {"to": "bob@example.org"}, f"?re={id}&mode=forward").status_code == 303
    assert [file.get_filename() for file in the_mail().iter_attachments()] == ["Plates.eml"]


def test_chosen_files_go_along_under_harmless_names(reader: Client) -> None:
    file = SimpleUploadedFile("käse.html", b"<script>", content_type='text/html\r\nX-Evil: "1"')
    assert write(reader, {"to": "ann@example.org", "file": [file, SimpleUploadedFile("empty.bin", b"")]}).status_code == 303
    first, second = the_mail().iter_attachments()
    assert (first.get_content_type(), first.get_payload(decode=True)) == ("text/html", b"<script>")
    assert str(first.get_filename()).startswith("käse")
    assert (second.get_content_type(), second.get_filename()) == ("application/octet-stream", "empty.bin")
    assert the_mail()["X-Evil"] is None


def test_files_over_the_limit_are_refused_by_its_name_and_the_text_stays(reader: Client) -> None:
    files = [SimpleUploadedFile(f"{number}.bin", b"x" * 2_000_001) for number in (1, 2)]
    answer = write(reader, {"to": "ann@example.org", "text": "Long thought.", "file": files})
    page = Page(answer)
    assert answer.status_code == 422
    assert "4 MB" in page.errors["file_error"]
    assert page.fields["text"].strip() == "Long thought."
    assert queued() == []


def test_a_bad_address_is_reported_under_its_field_and_everything_typed_is_kept(reader: Client) -> None:
    typed = {"to": "ann@example.org, ines@werkstatt", "bcc": "bob@example.org", "subject": "A <b> & c", "text": "<i>Hm</i>\n\nso"}
    answer = write(reader, typed)
    page = Page(answer)
    assert answer.status_code == 422
    assert page.invalid == {"to": "to_error"}
    assert page.errors == {"to_error": "ines@werkstatt is not a complete address."}
    assert {name: page.fields[name].replace("\r", "").lstrip("\n") for name in typed} == typed
    assert queued() == []


NOT_ADDRESSES = (
    "Bob",
    "jonas weber@example.org",
    "ann@example.org bob",
    "ann@",
    "@example.org",
    "<>",
    "ann@example",
    "ann@[127.0.0.1]",
    '"a b"@example.org',
    "Weber, Ann <ann@example.org>",
    "Ann <ann@example.org> bob@example.org",
    "Ann <ann@example.org",
    "cy@example.org ann@example.org <bob@example.org>",
    "Friends: ann@example.org;",
)


def test_an_address_is_never_guessed(reader: Client) -> None:
    for typed in NOT_ADDRESSES:
        assert list(Page(write(reader, {"to": typed})).errors) == ["to_error"], typed
    assert queued() == []


def test_without_any_recipient_nothing_is_queued(reader: Client) -> None:
    page = Page(write(reader, {"text": "To nobody."}))
    assert page.errors == {"to_error": "To whom? Please write at least one address."}
    assert queued() == []


def test_bcc_stands_in_the_envelope_and_nowhere_in_the_mail(reader: Client) -> None:
    assert (
        write(reader, {"to": "ann@example.org", "cc": "Cy <cy@example.org>", "bcc": "bob@example.org, ann@example.org"}).status_code == 303
    )
    (one,) = queued()
    assert one.envelope.envelope_recipients == ("ann@example.org", "cy@example.org", "bob@example.org")
    assert one.envelope.bcc == ("bob@example.org", "ann@example.org")
    assert b"bob@example.org" not in one.raw


@pytest.mark.parametrize("name", ["to", "cc", "bcc", "subject"])
def test_a29_control_characters_in_a_header_field_are_refused(reader: Client, name: str) -> None:
    for control in ("\r\nBcc: eve@evil.example\r\n", "\nx", "\rx", "\0", "\x1b[31m", "\u2028x"):
        answer = write(reader, {"to": "ann@example.org", name: f"ann@example.org{control} end"})
        assert list(Page(answer).errors) == [f"{name}_error"], repr(control)
    assert queued() == []


def test_a30_at_most_fifty_recipients_and_the_same_one_counts_once(reader: Client) -> None:
    many = [f"r{number}@example.org" for number in range(51)]
    assert "50" in Page(write(reader, {"to": ", ".join(many)})).errors["to_error"]
    assert "50" in Page(write(reader, {"to": ", ".join(many[:30]), "cc": ", ".join(many[30:])})).errors["to_error"]
    assert "50" in Page(write(reader, {"to": ", ".join(f"r{number}@example.org" for number in range(5000))})).errors["to_error"]
    assert queued() == []
    assert write(reader, {"to": ", ".join(["ann@example.org"] * 500)}).status_code == 303
    assert queued()[0].envelope.envelope_recipients == ("ann@example.org",)


def test_a30_what_a_name_says_is_no_recipient(reader: Client) -> None:
    typed = '"eve@evil.example, x" <ann@example.org>; bob@example.org <bob@example.org>, cy@example.org;'
    assert write(reader, {"to": typed}).status_code == 303
    assert queued()[0].envelope.envelope_recipients == ("ann@example.org", "bob@example.org", "cy@example.org")


def test_a30_a_from_that_is_not_offered_is_refused(reader: Client) -> None:
    for sender in ("ceo@bank.example", "other@example.com", "me@example.com, ceo@bank.example", "me@example.com\r\nX: y", ""):
        answer = write(reader, {"to": "ann@example.org", "from_": sender})
        assert (answer.status_code, list(Page(answer).errors)) == (422, ["from__error"]), sender
    assert queued() == []


def test_a31_the_same_form_posted_twice_is_one_mail(reader: Client) -> None:
    fields = {**Page(reader.get("/compose/")).fields, "do": "send", "to": "ann@example.org", "text": "Once."}
    first, second = reader.post("/compose/", fields), reader.post("/compose/", fields)
    assert first["Location"] == second["Location"]
    assert len(queued()) == 1


def test_a_form_that_was_changed_after_it_was_sent_is_another_mail(reader: Client) -> None:
    fields = {**Page(reader.get("/compose/")).fields, "do": "send", "to": "ann@example.org", "text": "Once."}
    reader.post("/compose/", fields)
    reader.post("/compose/", {**fields, "text": "Twice."})
    assert len(queued()) == 2


def test_references_are_not_the_forms_to_say(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(question())
    write(reader, {"in_reply_to": "<forged@evil.example>", "references": "<forged@evil.example>", "message_id": "x"}, f"?re={id}")
    assert b"forged" not in queued()[0].raw


def test_an_original_that_is_not_there_is_a_404(reader: Client) -> None:
    for re in ("incoming-absent", "../../x", "incoming/x", "sent-absent", "0", "\0", "x" * 5000):
        assert reader.get("/compose/", {"re": re}).status_code == 404
        assert reader.post("/compose/", {"re": re, "do": "send", "to": "ann@example.org"}).status_code == 404
    assert queued() == []


def test_cc_and_bcc_are_shown_on_request_with_all_that_was_typed(reader: Client) -> None:
    assert reader.get("/compose/").text.count('class="line" hidden') == 2
    assert reader.get("/compose/?cc=1").text.count('class="line" hidden') == 0
    page = Page(reader.post("/compose/", {"do": "copies", "to": "ann@", "subject": "S", "text": "T", "token": "t"}))
    assert (page.fields["to"], page.fields["subject"], page.fields["text"].strip(), page.fields["token"]) == ("ann@", "S", "T", "t")
    assert page.errors == {}
    assert queued() == []


def test_an_address_in_the_link_is_filled_in(reader: Client) -> None:
    assert Page(reader.get("/compose/", {"to": 'A "b" <c@example.org>'})).fields["to"] == 'A "b" <c@example.org>'


def test_closing_leads_back_to_where_the_reader_was(reader: Client, mailbox: Mailbox) -> None:
    assert "/b/inbox/" in Page(reader.get("/compose/")).links
    answer = reader.get(f"/compose/?re={mailbox.arrive(question())}")
    assert [link for link in Page(answer).links if link.startswith("/t/")]


def test_script_is_told_where_to_go_instead_of_being_redirected(reader: Client) -> None:
    answer = write(reader, {"to": "ann@example.org"}, x_fragment="1")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (201, "/b/sent/")


def test_what_was_posted_after_the_session_ended_opens_as_an_unsaved_draft(reader: Client, mailbox: Mailbox, rf: RequestFactory) -> None:
    posted = QueryDict(mutable=True)
    posted.update({"re": mailbox.arrive(question()), "mode": "all", "do": "send", "to": "ann@", "bcc": "bob@example.org", "text": "Mine."})
    page = Page(restored(as_owner(rf.post("/login/"), sessions.begin()), posted))
    assert (page.fields["to"], page.fields["bcc"], page.fields["text"].strip(), page.fields["mode"]) == (
        "ann@",
        "bob@example.org",
        "Mine.",
        "all",
    )
    assert queued() == []


def test_a_restored_draft_outlives_its_original(reader: Client, rf: RequestFactory) -> None:
    page = Page(restored(as_owner(rf.post("/login/"), sessions.begin()), QueryDict("re=incoming-gone&text=Mine.")))
    assert page.fields["text"].strip() == "Mine."
    assert "re" not in page.fields


def test_an_address_reads_again_as_it_was_written(reader: Client) -> None:
    names = ["", "Ann", "Weber, Ann", 'The "boss"', "a@b.example", "Jürgen Ö", "back\\slash", "O'Neil (work)"]
    typed = as_typed(Address(name, f"a{number}@example.org") for number, name in enumerate(names))
    assert write(reader, {"to": typed}).status_code == 303
    assert [address.display_name for address in the_mail()["To"].addresses] == names


def test_a_domain_with_letters_of_its_language_is_sent_to_as_dns_knows_it(reader: Client) -> None:
    assert write(reader, {"to": "Jürgen <j@bücher.example>"}).status_code == 303
    assert queued()[0].envelope.envelope_recipients == ("j@xn--bcher-kva.example",)
    assert "ü@example.org" in Page(write(reader, {"to": "ü@example.org"})).errors["to_error"]
