"""Pages travel compressed, mail and attachments as they are."""

import gzip

from django.http import HttpResponse
from django.test import RequestFactory

from mailbox.compression import CompressPages
from tests.unit.auth.conftest import Browser


def test_it_works(stranger: Browser) -> None:
    answer = stranger.get("/login/", Accept_Encoding="gzip, br")
    assert answer["Content-Encoding"] == "gzip"
    assert "Sign in to your mail" in gzip.decompress(answer.content).decode()


def test_whoever_does_not_ask_gets_it_plain(stranger: Browser) -> None:
    assert "Content-Encoding" not in stranger.get("/login/")


def test_a_page_of_one_length_does_not_always_travel_at_one_length(stranger: Browser) -> None:
    assert len({len(stranger.get("/login/", Accept_Encoding="gzip").content) for _ in range(12)}) > 1


def test_mail_and_attachments_stay_as_they_are() -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    for content_type in ("application/octet-stream", "message/rfc822", "image/png"):
        answer = CompressPages(lambda _request, kind=content_type: HttpResponse(b"x" * 1_000, content_type=kind))(request)
        assert answer.content == b"x" * 1_000
