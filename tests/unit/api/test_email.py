"""`GET /api/emails/<id>` and `/raw`."""

from dataclasses import fields

import pytest

from mailbox.api.email import Email
from mailbox.pages import attachment
from tests.unit.api.conftest import Program, change
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox, mail

RICH = b"""From: "Weber, Ann" <ann@example.org>\r
To: me@postamt.localhost\r
Cc: Bob <bob@example.org>\r
Subject: =?utf-8?q?Sch=C3=BCsseln?=\r
Date: Tue, 24 Nov 2026 09:00:00 +0100\r
Message-ID: <two@example.org>\r
In-Reply-To: <one@example.org>\r
References: <one@example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/html\r
\r
<p>See <b>the</b> list.<script>alert(1)</script><img src="https://tracker.example/x.png"></p>\r
--b\r
Content-Type: text/csv\r
Content-Disposition: attachment; filename="../list.csv"\r
\r
a,b\r
--b--\r
"""


def test_it_works(program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(RICH, "bowls")
    mailbox.put_receipt("bowls", spam="PASS", dmarc="FAIL")
    mailbox.tell("receipts/bowls.json")
    answer = program.get(f"/api/emails/{id}")
    email = answer.json()
    assert answer.status_code == 200
    assert set(email) == {field.name.rstrip("_") for field in fields(Email)}
    assert (email["id"], email["subject"], email["folder"]) == (id, "Schüsseln", "inbox")
    assert email["from"] == [{"display_name": "Weber, Ann", "addr_spec": "ann@example.org"}]
    assert email["cc"] == [{"display_name": "Bob", "addr_spec": "bob@example.org"}]
    assert (email["date"], email["message_id"], email["references"]) == ("2026-11-24T08:00:00Z", "two@example.org", ["one@example.org"])
    assert email["verdicts"] == {"spam": "PASS", "virus": None, "spf": None, "dkim": None, "dmarc": "FAIL"}
    assert email["flags"] == {"seen": False, "flagged": False, "answered": False, "labels": []}
    assert [(file["number"], file["filename"], file["content_type"], file["size"]) for file in email["attachments"]] == [
        (0, "list.csv", "text/csv", 3)
    ]


def test_html_is_given_as_its_words(program: Program, mailbox: Mailbox) -> None:
    email = program.get(f"/api/emails/{mailbox.arrive(RICH)}").json()
    assert (email["text"].strip(), email["has_html"]) == ("See the list.", True)
    assert "tracker" not in str(email)
    assert "alert" not in str(email)


def test_a_message_names_its_whole_conversation(program: Program, mailbox: Mailbox) -> None:
    first, second, third = (mailbox.arrive(mail(n, parent=n - 1 if n else None, root=0 if n else None)) for n in range(3))
    assert program.get(f"/api/emails/{second}").json()["conversation"] == [first, second, third]
    assert program.get("/api/emails").json()["rows"][0]["last"] == third


def test_reading_marks_nothing_as_seen(program: Program, mailbox: Mailbox) -> None:
    id, before = mailbox.arrive(RICH), mailbox.items()
    for path in (f"/api/emails/{id}", f"/api/emails/{id}/raw"):
        assert program.get(path, Sec_Fetch_Site="same-origin", Sec_Fetch_Dest="document").status_code == 200
    assert mailbox.items() == before


def test_a_long_text_is_cut_and_says_so(program: Program, mailbox: Mailbox) -> None:
    email = program.get(f"/api/emails/{mailbox.arrive(mail(1, body='word ' * 60_000))}").json()
    assert (len(email["text"]), email["text_cut"]) == (200_000, True)


def test_what_is_absent_is_one_and_the_same_404(program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(RICH)
    answers = [program.get(f"/api/emails/{absent}{part}") for absent in ("incoming-absent", "drafts-one", "x") for part in ("", "/raw")]
    answers.append(program.get(f"/api/emails/{id}/html"))
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert answers[0].json()["detail"] == "There is nothing here: the address is wrong, or what it named is gone."


def test_a18_no_parameter_names_an_object(program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(RICH)
    for name in ("key", "bucket", "versionId"):
        assert program.get(f"/api/emails/{id}?{name}=settings/labels.json").status_code == 400


def test_the_raw_mail_is_a_download_of_the_same_bytes(program: Program, mailbox: Mailbox) -> None:
    answer = program.get(f"/api/emails/{mailbox.arrive(RICH)}/raw")
    assert (answer.status_code, answer.content) == (200, RICH)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_large_raw_mail_is_fetched_from_the_bucket(program: Program, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachment, "SERVED_AT_MOST", 100)
    answer = program.get(f"/api/emails/{mailbox.arrive(RICH)}/raw")
    assert answer.status_code == 302
    assert "X-Amz-Signature=" in answer["Location"]


def test_a_message_costs_four_reads_of_the_table_and_one_of_the_bucket(program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(RICH)
    with watched_calls() as calls:
        program.get(f"/api/emails/{id}")
    assert sorted(calls.names("dynamodb")) == ["BatchGetItem", "GetItem", "Query", "Query"]
    assert calls.names("s3") == ["GetObject"]


def test_what_was_erased_is_gone(program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(RICH)
    change(id, folder="trash")
    assert program.get(f"/api/emails/{id}").json()["folder"] == "trash"
    change(id, folder="purged")
    assert program.get(f"/api/emails/{id}").status_code == 404
