"""Static files as the local post office serves them: headers as CloudFront would add them, names that never change their content."""

import json
import urllib.error
import urllib.request
from email.message import Message

import pytest

from tests.aws.conftest import PostOffice


def headers_of(post_office: PostOffice, path: str, **asked: str) -> "Message[str, str]":
    with urllib.request.urlopen(urllib.request.Request(f"{post_office.web_url}{path}", headers=asked), timeout=60) as answer:
        headers: Message[str, str] = answer.headers
        return headers


def hashed(post_office: PostOffice, suffix: str) -> str:
    names = json.loads((post_office.state / "static" / "staticfiles.json").read_text())["paths"]
    return str(next(name for plain, name in names.items() if plain.endswith(suffix)))


def test_it_works(post_office: PostOffice) -> None:
    headers = headers_of(post_office, f"/static/{hashed(post_office, '.css')}")
    assert headers["Content-Type"].startswith("text/css")
    assert {word.strip() for word in headers["Cache-Control"].split(",")} == {"public", "max-age=31536000", "immutable"}


def test_they_travel_compressed(post_office: PostOffice) -> None:
    path = f"/static/{hashed(post_office, '.css')}"
    plain, compressed = headers_of(post_office, path), headers_of(post_office, path, **{"Accept-Encoding": "gzip, br"})
    assert (plain["Content-Encoding"], compressed["Content-Encoding"]) == (None, "br")
    assert int(compressed["Content-Length"]) < int(plain["Content-Length"]) / 2


@pytest.mark.parametrize("suffix", ["postamt.css", "postamt.js", "list.js"])
def test_they_travel_without_lines_of_comment(post_office: PostOffice, suffix: str) -> None:
    with urllib.request.urlopen(f"{post_office.web_url}/static/{hashed(post_office, suffix)}", timeout=60) as answer:
        lines = [line.strip() for line in answer.read().decode().splitlines()]
    assert len(lines) > 50
    assert not [line for line in lines if line.startswith("//") or (line.startswith("/*") and line.endswith("*/"))]


def test_a_name_without_its_hash_is_kept_briefly(post_office: PostOffice) -> None:
    plain = hashed(post_office, ".css").split(".")
    headers = headers_of(post_office, f"/static/{plain[0]}.{plain[-1]}")
    assert headers["Cache-Control"] == "max-age=60, public"


def test_static_files_carry_the_security_headers(post_office: PostOffice) -> None:
    headers = headers_of(post_office, f"/static/{hashed(post_office, '.js')}")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Access-Control-Allow-Origin"] is None
    assert headers["Server"] is None


def test_what_is_not_there_is_the_pages_404(post_office: PostOffice) -> None:
    with pytest.raises(urllib.error.HTTPError) as missing:
        headers_of(post_office, "/static/../settings.py")
    assert missing.value.code == 404
    assert missing.value.headers["Cache-Control"] == "private, no-store"
