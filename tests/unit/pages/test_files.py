"""The files below a message, and all of them in one download."""

import hashlib
import io
import zipfile

import pytest
from django.test import Client

from mailbox.store import bucket
from tests.unit.in_memory import Mailbox
from tests.unit.pages.letters import letter, opened
from tests.unit.pages.seen import all_words, elements, link, words

PNG, GIF = b"\x89PNG\r\n\x1a\nbowl", b"GIF89a bowl"
PROGRAM = b"MZ\x90\0".ljust(64, b"\0")


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def downloads(page: str) -> list[str]:
    return [a["href"] for a in elements(page, "a") if "download" in a]


def test_it_works(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(subject="Bowls / plates", files={"plan.pdf": b"%PDF-1.7", "bowl.png": PNG}))
    page = opened(reader, id)
    assert link(page, "Download all (2 files, 20 bytes)") == f"/m/{id}/files.zip"
    answer = reader.get(f"/m/{id}/files.zip")
    assert unzipped(answer.content) == {"plan.pdf": b"%PDF-1.7", "bowl.png": PNG}
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment; filename=\"Bowls - plates.zip\"; filename*=UTF-8''Bowls%20-%20plates.zip"


def test_one_file_needs_no_zip(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"plan.pdf": b"%PDF-1.7"}))
    assert "Download all" not in all_words(opened(reader, id))
    assert reader.get(f"/m/{id}/files.zip").status_code == 404


def test_names_in_the_zip_are_safe_and_each_there_once_on_any_disk(mailbox: Mailbox, reader: Client) -> None:
    files = {
        "Plan.pdf": b"1",
        "PLAN.PDF": b"2",
        "a/plan.pdf": b"3",
        "../plan (2).pdf": b"4",
        "plan": b"5",
        "x\\plan": b"6",
        "ü": b"7",
        "u\u0308": b"8",
    }
    id = mailbox.arrive(letter(files=files))
    assert list(unzipped(reader.get(f"/m/{id}/files.zip").content)) == [
        "Plan.pdf",
        "PLAN (2).PDF",
        "plan (3).pdf",
        "plan (2) (2).pdf",
        "plan",
        "plan (2)",
        "ü",
        "u\u0308 (2)",
    ]


def test_files_of_the_zip_are_dated_as_the_message_came_and_stored_as_they_are(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(7, files={"a.txt": b"a" * 1_000, "b.txt": b"b"}))
    with zipfile.ZipFile(io.BytesIO(reader.get(f"/m/{id}/files.zip").content)) as archive:
        first = archive.infolist()[0]
    assert first.date_time == (2026, 11, 24, 10, 7, 0)
    assert (first.compress_type, first.compress_size) == (zipfile.ZIP_STORED, 1_000)
    assert first.external_attr >> 16 == 0o644


def test_a_large_zip_is_fetched_from_the_bucket_and_holds_the_same_bytes(mailbox: Mailbox, reader: Client) -> None:
    files = {f"{n}.bin": bytes([n]) * 1_500_000 for n in range(3)}
    id = mailbox.arrive(letter(files=files))
    for _ in range(2):
        answer = reader.get(f"/m/{id}/files.zip")
        assert (answer.status_code, answer["Cache-Control"]) == (302, "private, no-store")
    assert f"/parts/{id}/files-3.zip?" in answer["Location"]
    assert "response-content-disposition=attachment%3B%20filename%3D%22Bowls.zip%22" in answer["Location"]
    stored = bucket.get(f"parts/{id}/files-3.zip")
    assert stored is not None
    got = {name: hashlib.sha256(content).hexdigest() for name, content in unzipped(stored.body).items()}
    assert got == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_pictures_of_the_text_are_in_the_zip_only_where_they_are_listed(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(html='<img src="cid:bowl.gif">', inline={"bowl.gif": GIF}, files={"a.pdf": b"%PDF-1", "b.pdf": b"%PDF-2"}))
    for query, names in (("", ["a.pdf", "b.pdf"]), ("?print=1", ["bowl.gif", "a.pdf", "b.pdf"])):
        page = opened(reader, id, query)
        assert [name.removeprefix("PDF").removeprefix("GIF").split(".")[0] for name in words(page, "file")] == [
            name.split(".")[0] for name in names
        ]
        assert list(unzipped(reader.get(downloads(page)[-1]).content)) == names


def test_a_file_that_can_do_harm_says_so_before_it_can_be_fetched(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"invoice.pdf.exe": PROGRAM, "bowl.png": PNG}))
    page = opened(reader, id)
    warned = next(words for words in words(page, "file") if "invoice" in words)
    assert warned.startswith("EXEinvoice.pdf.exe64 bytes, program, disguised name It is a program.")
    assert warned.endswith("it ends in .exe. Download anyway")
    assert link(page, "Download anyway") == f"/m/{id}/a/0"
    assert link(page, "Download all anyway") == f"/m/{id}/files.zip"
    assert downloads(page.partition('<details class="file">')[0]) == []
    assert len([a for a in elements(page, "a") if a.get("class") == "file"]) == 1


def test_every_file_of_a_forged_message_asks_for_a_second_click_until_the_reader_trusts_it(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"plan.pdf": b"%PDF-1.7", "bowl.png": PNG}, verdicts={"dmarc": "fail"}))
    page = opened(reader, id)
    assert [a for a in elements(page, "a") if a.get("class") == "file"] == []
    assert words(page, "file")[0] == "PDFplan.pdf8 bytes The message is probably not from whom it says. Download anyway"
    assert link(page, "Download all anyway") == f"/m/{id}/files.zip"
    trusted = reader.post(f"/m/{id}/trust")["Location"]
    assert words(reader.get(trusted).text, "file")[0] == "PDFplan.pdf8 bytes"


def test_the_tile_shows_what_a_file_is_and_not_what_it_is_called(mailbox: Mailbox, reader: Client) -> None:
    files = {
        "bowl.png": b"<html><script>",
        "plan.pdf": b"%PDF-1.7",
        "data.csv": b"a,b\n",
        "scan": b"%PDF-1.7",
        "x.docx": b"",
        "odd.2026": b"\0",
    }
    page = opened(reader, mailbox.arrive(letter(files=files)))
    assert words(page, "sq") == ["HTML", "PDF", "CSV", "PDF", "DOCX", "2026"]


def test_files_of_an_infected_message_are_listed_with_the_reason_and_without_a_link(mailbox: Mailbox, reader: Client) -> None:
    id = mailbox.arrive(letter(files={"bowl.exe": PROGRAM, "plan.pdf": b"%PDF-1.7"}, verdicts={"virus": "FAIL"}))
    page = opened(reader, id)
    assert [name.split(" ")[0] for name in words(page, "file")] == ["EXEbowl.exe64", "PDFplan.pdf8"]
    assert "so its files cannot be downloaded" in all_words(page)
    assert downloads(page) == []
    refused = reader.get(f"/m/{id}/files.zip")
    assert (refused.status_code, PROGRAM in refused.content) == (403, False)


def test_a32_of_a_thousand_files_some_are_listed_and_all_are_fetched_together(mailbox: Mailbox, reader: Client) -> None:
    part = b"--B\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=same.txt\r\n\r\nx\r\n"
    id = mailbox.arrive(b"Subject: Many\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n" + part * 900 + b"--B--\r\n")
    page = opened(reader, id)
    assert len(words(page, "file")) == 100
    assert "Only the first 100 of 900 files are listed here." in all_words(page)
    assert "Download all (900 files, 900 bytes)" in all_words(page)
    assert len(page) < 120_000
    assert list(unzipped(reader.get(f"/m/{id}/files.zip").content))[-1] == "same (900).txt"


@pytest.mark.parametrize("way", ["files.zip/", "files.zip/..", "files.ZIP", "a/files.zip"])
def test_a17_there_is_one_way_to_all_files(mailbox: Mailbox, reader: Client, way: str) -> None:
    id = mailbox.arrive(letter(files={"a.pdf": b"1", "b.pdf": b"2"}))
    assert reader.get(f"/m/{id}/{way}").status_code == 404


def test_a_stranger_gets_no_files(mailbox: Mailbox, client: Client) -> None:
    id = mailbox.arrive(letter(files={"a.pdf": b"1", "b.pdf": b"2"}))
    assert client.get(f"/m/{id}/files.zip").status_code == 303
    assert client.post(f"/m/{id}/files.zip").status_code in (303, 403, 405)
