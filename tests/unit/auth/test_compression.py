"""Pages travel compressed, mail and attachments as they are."""

import gzip

from tests.unit.auth.conftest import Browser
from tests.unit.in_memory import Mailbox


def test_it_works(stranger: Browser) -> None:
    answer = stranger.get("/login/", Accept_Encoding="gzip, br")
    assert answer["Content-Encoding"] == "gzip"
    assert "Sign in to your mail" in gzip.decompress(answer.content).decode()


def test_whoever_does_not_ask_gets_it_plain(stranger: Browser) -> None:
    assert "Content-Encoding" not in stranger.get("/login/")


def test_a_page_of_one_length_does_not_always_travel_at_one_length(stranger: Browser) -> None:
    assert len({len(stranger.get("/login/", Accept_Encoding="gzip").content) for _ in range(12)}) > 1


def test_mail_and_attachments_stay_as_they_are(owner: Browser, mailbox: Mailbox) -> None:
    raw = b"From: ann@example.org\r\nSubject: long\r\n\r\n" + b"x" * 1_000 + b"\r\n"
    id = mailbox.arrive(raw)
    answer = owner.get(f"/m/{id}/raw", Accept_Encoding="gzip")
    assert "Content-Encoding" not in answer
    assert answer.content == raw
