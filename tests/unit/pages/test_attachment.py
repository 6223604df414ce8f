"""Downloads: always files, under safe names, and large ones by a link that lives a minute."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client

from mailbox.store import bucket
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened

LARGE = bytes(range(256)) * 20_000
SAFE = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def with_part(fields: str, content: bytes) -> bytes:
    """A mail with one more part after its text."""
    top = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nwords\r\n--B\r\n"
    return top + fields.encode() + b"\r\n\r\n" + content + b"\r\n--B--\r\n"


def test_it_works(mailbox: Mailbox, reader: Client) -> None:
    raw = letter(files={"bowl.pdf": b"%PDF-1.7"})
    id = mailbox.arrive(raw)
    assert reader.get(f"/m/{id}/a/0").content == b"%PDF-1.7"
    assert reader.get(f"/m/{id}/raw").content == raw


@pytest.mark.parametrize("disposition", ["attachment", "inline"])
@pytest.mark.parametrize(
    ("content_type", "filename", "content"),
    [
        ("text/html", "x.html", b"<script>alert(1)</script>"),
        ("text/html; charset=utf-7", "x.html", b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
        ("image/svg+xml", "x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("text/xml", "x.xml", b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><x/>'),
        ("application/xhtml+xml", "x.xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>'),
        ("text/javascript", "x.js", b"alert(1)"),
        ("text/css", "x.css", b"*{background:url(https://tracker.example/)}"),
        ("application/x-shockwave-flash", "x.swf", b"FWS\x09"),
        ("image/png", "x.png", b"<script>alert(1)</script>"),
        ("application/pdf", "x.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"),
        ("text/calendar", "x.ics", b"BEGIN:VCALENDAR\r\nX-ALT-DESC;FMTTYPE=text/html:<script>alert(1)</script>"),
        ("message/rfc822", "x.mht", b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>"),
        ("text/html\r\n\t;x=1", "x", b"<script>alert(1)</script>"),
        ("x/y", "x", b"<script>alert(1)</script>"),
    ],
)
def test_a27_a_browser_shows_none_of_it(
    mailbox: Mailbox, reader: Client, content_type: str, filename: str, content: bytes, disposition: str
) -> None:
    id = mailbox.arrive(with_part(f'Content-Type: {content_type}\r\nContent-Disposition: {disposition}; filename="{filename}"', content))
    for answer in (reader.get(f"/m/{id}/{path}") for path in ("a/0", "raw")):
        assert answer.status_code == 200
        assert {name: answer[name] for name in SAFE} == SAFE
        assert answer["Content-Disposition"].startswith("attachment; ")
    assert "alert(1)" not in opened(reader, id)


def test_a27_a_stream_that_replaces_itself_is_read_as_its_parts(mailbox: Mailbox, reader: Client) -> None:
    stream = b"--R\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>Bowls\r\n--R--"
    id = mailbox.arrive(with_part("Content-Type: multipart/x-mixed-replace; boundary=R\r\nContent-Disposition: inline", stream))
    assert "alert(1)" not in opened(reader, id)
    assert reader.get(f"/m/{id}/a/0").status_code == 404


@pytest.mark.parametrize(
    ("parameter", "plain", "encoded"),
    [
        ('filename="bowl.pdf"', "bowl.pdf", "bowl.pdf"),
        ('filename="../../etc/passwd"', "passwd", "passwd"),
        (r'filename="..\\..\\boot.ini"', "boot.ini", "boot.ini"),
        ("filename*=utf-8''..%2F..%2Fetc%2Fpasswd", "passwd", "passwd"),
        ("filename*=utf-8''a%0D%0ASet-Cookie:%20b.txt", "a Set-Cookie_ b.txt", "a%20Set-Cookie_%20b.txt"),
        (r'filename="a\".html; x=\".txt"', "a_.html; x=_.txt", "a_.html%3B%20x%3D_.txt"),
        ('filename="=?utf-8?Q?a=22=0D=0Ab.pdf?="', "a_ b.pdf", "a_%20b.pdf"),
        ("filename*=utf-8''Sch%C3%BCssel%20%22%25.pdf", "Sch_ssel __.pdf", "Sch%C3%BCssel%20_%25.pdf"),
        ("filename*=utf-8''invoice%E2%80%AEfdp.exe", "invoicefdp.exe", "invoicefdp.exe"),
        ("filename*=utf-8''a%00.exe%00.pdf", "a.exe.pdf", "a.exe.pdf"),
        ('filename="."', "attachment.dat", "attachment.dat"),
        ('filename=".htaccess"', "htaccess", "htaccess"),
        ('filename="NUL.txt"', "_NUL.txt", "_NUL.txt"),
        (f'filename="{"x" * 5_000}.pdf"', "x" * 146 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a28_names_are_one_safe_basename(mailbox: Mailbox, reader: Client, parameter: str, plain: str, encoded: str) -> None:
    id = mailbox.arrive(with_part(f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; {parameter}", b"\0\1"))
    assert reader.get(f"/m/{id}/a/0")["Content-Disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def test_a28_the_key_of_a_copy_does_not_depend_on_the_name(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"../../settings/x.json": LARGE}))
    assert urlsplit(reader.get(f"/m/{id}/a/0")["Location"]).path == f"/parts/{id}/0"


def test_a_message_is_named_by_its_subject_and_a_nameless_file_by_what_it_is(mailbox: Mailbox, reader: Client) -> None:
    parts = {
        "Content-Type: message/rfc822": (b"Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= / more\r\n\r\nx", "Grüße - more.eml"),
        "Content-Type: message/rfc822\r\nX: y": (b"From: a@example.org\r\n\r\nx", "message.eml"),
        "Content-Type: image/jpeg": (b"\x89PNG\r\n\x1a\n", "image.png"),
        "Content-Type: application/octet-stream": (b"%PDF-1.7", "document.pdf"),
    }
    for fields, (content, name) in parts.items():
        disposition = reader.get(f"/m/{mailbox.arrive(with_part(fields, content))}/a/0")["Content-Disposition"]
        assert disposition.endswith(f"filename*=UTF-8''{quote(name)}")


def test_a_download_is_whole_or_not_at_all(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"bowl.pdf": b"%PDF-1.7"}))
    whole = reader.get(f"/m/{id}/a/0", headers={"Range": "bytes=2-3"})
    assert (whole.status_code, whole.content, whole["Content-Length"]) == (200, b"%PDF-1.7", "8")
    assert reader.head(f"/m/{id}/a/0").status_code == 405


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
