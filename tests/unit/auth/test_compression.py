"""Pages travel compressed, mail and attachments as they are."""

import gzip

import brotli
import pytest

from tests.unit.auth.conftest import Browser
from tests.unit.in_memory import Mailbox


def test_it_works(stranger: Browser) -> None:
    answer = stranger.get("/login/", Accept_Encoding="gzip, deflate, br, zstd")
    assert (answer["Content-Encoding"], answer["Vary"]) == ("br", "Cookie, Accept-Encoding")
    assert int(answer["Content-Length"]) == len(answer.content)
    assert "Sign in to your mail" in brotli.decompress(answer.content).decode()


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate", "GZIP;q=0.5", "gzip, br;q=0", "br; q=0.0, gzip; q=1"])
def test_a_browser_without_brotli_gets_gzip(stranger: Browser, accepted: str) -> None:
    answer = stranger.get("/login/", Accept_Encoding=accepted)
    assert answer["Content-Encoding"] == "gzip"
    assert "Sign in to your mail" in gzip.decompress(answer.content).decode()


@pytest.mark.parametrize("accepted", ["", "identity", "*;q=0", "gzip;q=0, br;q=0", "x-brotli", "zstd"])
def test_whoever_takes_neither_gets_it_plain(stranger: Browser, accepted: str) -> None:
    answer = stranger.get("/login/", Accept_Encoding=accepted)
    assert "Content-Encoding" not in answer
    assert "Sign in to your mail" in answer.text


@pytest.mark.parametrize("accepted", ["gzip", "br"])
def test_a_page_of_one_length_does_not_always_travel_at_one_length(stranger: Browser, accepted: str) -> None:
    assert len({len(stranger.get("/login/", Accept_Encoding=accepted).content) for _ in range(12)}) > 3


def test_mail_and_attachments_stay_as_they_are(owner: Browser, mailbox: Mailbox) -> None:
    raw = b"From: ann@example.org\r\nSubject: long\r\n\r\n" + b"x" * 1_000 + b"\r\n"
    id = mailbox.arrive(raw)
    answer = owner.get(f"/m/{id}/raw", Accept_Encoding="gzip, br")
    assert "Content-Encoding" not in answer
    assert answer.content == raw
