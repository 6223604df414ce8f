"""Downloads: always files, under safe names, and large ones by a link that lives a minute."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from mailbox.store import bucket
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter

LARGE = bytes(range(256)) * 20_000


def test_it_works(mailbox: Mailbox, reader: Client) -> None:
    raw = letter(files={"bowl.pdf": b"%PDF-1.7"})
    id = mailbox.arrive(raw)
    assert reader.get(f"/m/{id}/a/0").content == b"%PDF-1.7"
    assert reader.get(f"/m/{id}/raw").content == raw


def test_a27_a_browser_shows_none_of_it(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(
        letter(files={"page.html": b"<script>alert(1)</script>", "pixel.svg": b"<svg onload=alert(1)>", "a.js": b"alert(1)"})
    )
    for path in ("a/0", "a/1", "a/2", "raw"):
        headers = reader.get(f"/m/{id}/{path}").headers
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["Content-Disposition"].startswith("attachment; ")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert headers["Content-Security-Policy"].endswith("; sandbox")
        assert headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("filename", "disposition"),
    [
        ("bowl.pdf", "attachment; filename=\"bowl.pdf\"; filename*=UTF-8''bowl.pdf"),
        ("../../etc/passwd", "attachment; filename=\"passwd\"; filename*=UTF-8''passwd"),
        ("Schüssel.pdf", "attachment; filename=\"Sch_ssel.pdf\"; filename*=UTF-8''Sch%C3%BCssel.pdf"),
        ("invoice\u202efdp.exe", "attachment; filename=\"invoicefdp.exe\"; filename*=UTF-8''invoicefdp.exe"),
    ],
)
def test_a28_names_are_one_safe_basename(mailbox: Mailbox, reader: Client, filename: str, disposition: str) -> None:
    id = mailbox.arrive(letter(files={filename: b"x"}))
    assert reader.get(f"/m/{id}/a/0")["Content-Disposition"] == disposition


def test_the_source_is_named_after_its_subject(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(subject="Bowls / plates"))
    assert 'filename="Bowls - plates.eml"' in reader.get(f"/m/{id}/raw")["Content-Disposition"]


def test_a_large_file_is_fetched_from_the_bucket(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"../large.bin": LARGE}))
    for _ in range(2):
        response = reader.get(f"/m/{id}/a/0")
        assert response.status_code == 302
    stored = bucket.get(f"parts/{id}/0")
    assert stored is not None
    assert stored.body == LARGE
    link = urlsplit(response["Location"])
    query = parse_qs(link.query)
    assert link.path.endswith(f"parts/{id}/0")
    assert query["X-Amz-Expires"] == ["60"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["response-content-disposition"] == ["attachment; filename=\"large.bin\"; filename*=UTF-8''large.bin"]
    assert query["response-content-type"] == ["application/octet-stream"]


def test_a_large_source_is_fetched_as_it_lies_in_the_bucket(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"large.bin": LARGE}))
    link = urlsplit(reader.get(f"/m/{id}/raw")["Location"])
    assert link.path.endswith(f"/incoming/{id.removeprefix('incoming-')}")
    assert parse_qs(link.query)["response-content-disposition"][0].startswith('attachment; filename="Bowls.eml"')


def test_files_of_an_infected_message_are_refused(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"bowl.exe": b"MZ"}, verdicts={"virus": "FAIL"}))
    refused = reader.get(f"/m/{id}/a/0")
    assert refused.status_code == 403
    assert b"A virus was found" in refused.content
    assert b"MZ" not in refused.content
    assert reader.get(f"/m/{id}/raw").status_code == 200


@pytest.mark.parametrize("number", ["1", "999999", "-1", "1;x", "0/", "10000000000000000000000000000000", "%00"])
def test_a17_what_is_no_file_of_the_message_is_a_404(mailbox: Mailbox, reader: Client, number: str) -> None:
    id = mailbox.arrive(letter(files={"bowl.pdf": b"x"}))
    assert reader.get(f"/m/{id}/a/{number}").status_code == 404


def test_a_stranger_gets_nothing(mailbox: Mailbox, client: Client) -> None:
    id = mailbox.arrive(letter(files={"bowl.pdf": b"x"}))
    for path in ("a/0", "raw"):
        assert client.get(f"/m/{id}/{path}").status_code == 303
