"""The response that holds a sender's HTML: its headers, and what turns its images on."""

from urllib.parse import urlsplit

from django.core import signing
from django.test import Client
from pytest_django import Settings

from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter

HTML = "<table><tr><td>Bowls</td></tr></table><img src='https://shop.example/bowl.png' width=300><script>alert(1)</script>"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


def test_it_works(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(html=HTML))
    response = reader.get(f"/m/{id}/body")
    assert response.status_code == 200
    assert b"<td>Bowls</td>" in response.content
    assert b"script" not in response.content
    assert b"shop.example" not in response.content


def test_a48_the_response_is_as_safe_on_its_own(mailbox: Mailbox, reader: Client) -> None:
    headers = reader.get(f"/m/{mailbox.arrive(letter(html=HTML))}/body").headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Access-Control-Allow-Origin" not in headers


def test_a34_images_are_shown_once_they_are_asked_for(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(html=HTML))
    asked = reader.post(f"/m/{id}/images")
    assert asked.status_code == 303
    shown = reader.get(asked["Location"])
    assert b'src="https://shop.example/bowl.png"' in shown.content
    assert "img-src data: https:;" in shown["Content-Security-Policy"]


def test_no_address_turns_images_on_by_itself(mailbox: Mailbox, reader: Client) -> None:
    id, other = mailbox.arrive(letter(1, html=HTML)), mailbox.arrive(letter(2, html=HTML))
    of_the_other = urlsplit(reader.post(f"/m/{other}/images")["Location"]).query
    for query in ("images=1", "img=1", "images=", of_the_other, f"images={signing.dumps(id)}"):
        response = reader.get(f"/m/{id}/body?{query}")
        assert b"shop.example" not in response.content
        assert response["Content-Security-Policy"] == POLICY
    assert reader.get(f"/m/{id}/images").status_code == 405


def test_links_to_the_webmail_itself_lose_their_target(mailbox: Mailbox, reader: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "webmail.example.com"]
    id = mailbox.arrive(letter(html="<table><tr><td><a href='https://webmail.example.com/sign-out/'>x</a></table>"))
    assert b"sign-out" not in reader.get(f"/m/{id}/body").content


def test_what_cannot_be_laid_out_is_shown_as_text(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(text="Are they ready?", html="<div>" * 5_000))
    content = reader.get(f"/m/{id}/body").content
    assert b"too deeply nested to be laid out here" in content
    assert b"<pre>Are they ready?" in content


def test_a_stranger_sees_nothing(mailbox: Mailbox, reader: Client) -> None:
    id, stranger = mailbox.arrive(letter(html=HTML)), Client()
    assert stranger.get(f"/m/{id}/body").status_code == 303
    assert stranger.post(f"/m/{id}/images").status_code == 401


def test_a16_what_is_absent_is_the_same_404(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(html=HTML))
    absent = [reader.get(f"/m/{name}/body") for name in ("incoming-nobody", "drafts-x", "nonsense", id.upper())]
    assert {response.status_code for response in absent} == {404}
    assert len({response.content for response in absent}) == 1
