"""What a reader is warned of. Few false alarms: what people send each other every day has no warning."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.attachments import Attachment
from mailbox.message.filetypes import file_type
from mailbox.message.hazards import Hazard, hazards_of
from tests.unit.message.containers import old_rar_of, ole_of, rar_of, zip_of

HTML, PDF, PNG, TEXT = b"<html><form>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"words"
PE = b"MZ\x90\0".ljust(64, b"\0")
SEVENZIP = b"7z\xbc\xaf\x27\x1c\0\4crc." + bytes(8) + b"\x07".ljust(8, b"\0") + b"crc."
DOCX = ("[Content_Types].xml", "word/document.xml")


def hazards(filename: str, content: bytes, content_type: str = "application/octet-stream") -> tuple[Hazard, ...]:
    return hazards_of(Attachment("2", filename, content_type, "", inline=False, content=content), file_type(content))


def labels(filename: str, content: bytes, content_type: str = "application/octet-stream") -> list[str]:
    return [hazard.label for hazard in hazards(filename, content, content_type)]


def test_it_works() -> None:
    assert [hazard.words for hazard in hazards("bowl.exe", PE)] == [
        "It is a program. It can run on your computer and do there whatever you can."
    ]


@pytest.mark.parametrize(
    ("filename", "content", "content_type"),
    [
        ("bowl.pdf", PDF, "application/pdf"),
        ("bowl.pdf", PDF, "image/png"),
        ("bowl.PNG", PNG, "image/png"),
        ("bowl.jpg", PNG, "image/jpeg"),
        ("bowl.docx", zip_of(*DOCX), "application/zip"),
        ("bowl.doc", ole_of("WordDocument"), "application/msword"),
        ("bowl.doc", b"{\\rtf1", "application/msword"),
        ("bowl.zip", zip_of("bowl.pdf", "a.b/readme"), "application/zip"),
        ("bowl.zip", zip_of(*DOCX), "application/zip"),
        ("plan.pages", zip_of("Index/Document.iwa"), "application/octet-stream"),
        ("report.example.com!me!1.xml.gz", b"\x1f\x8b\x08", "application/gzip"),
        ("bowls.tar.gz", b"\x1f\x8b\x08", "application/gzip"),
        ("notes.txt", HTML, "text/plain"),
        ("notes.md", b"#!/bin/sh", "text/plain"),
        ("fix.patch", b"From: a\nSubject: b\n", "text/x-diff"),
        ("table.csv", TEXT, "application/vnd.ms-excel"),
        ("bowl.png", TEXT, "image/png"),
        ("invite.ics", b"BEGIN:VCALENDAR", "text/calendar"),
        ("data.xml", b"<?xml version='1.0'?><a/>", "text/xml"),
        ("bowl.rar", rar_of("a.pdf"), "application/vnd.rar"),
        ("bowl.rar", old_rar_of("a.pdf"), "application/vnd.rar"),
        ("bowl.7z", SEVENZIP + b"\x17\6\3\1\1\0\0", "application/x-7z-compressed"),
        ("report.xml.gz", gzip.compress(b"<?xml version='1.0'?><feedback/>"), "application/gzip"),
        ("winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef"),
        ("smime.p7s", b"0\x80\6\t", "application/pkcs7-signature"),
        ("Rechnung Nr. 3.4 vom 1.2.2026.pdf", PDF, "application/pdf"),
        ("Scan    001.pdf", PDF, "application/pdf"),
        ("Raport firma.pl", TEXT, "text/plain"),
        ("Plan    final", PDF, "application/pdf"),
        ("نامه\u200cها.pdf", PDF, "application/pdf"),
        ("", b"Received: a\nSubject: b\n\n<html>", "message/rfc822"),
        ("", TEXT, "text/plain"),
        ("", b"", "application/octet-stream"),
    ],
)
def test_ordinary_files_have_no_warning(filename: str, content: bytes, content_type: str) -> None:
    assert labels(filename, content, content_type) == []


TAR_OF_PROGRAM = b"b.exe".ljust(124, b"\0") + b"00000000001 ".ljust(133, b"\0") + b"ustar".ljust(255, b"\0") + b"x".ljust(512, b"\0")


@pytest.mark.parametrize(
    ("filename", "content", "expected"),
    [
        ("bowl.js", TEXT, ["program"]),
        ("bowl.SCR", TEXT, ["program"]),
        ("setup.msi", ole_of(root_class=bytes.fromhex("84100c0000000000c000000000000046")), ["program"]),
        ("setup", b"\x7fELF", ["program"]),
        ("run", b"#!/bin/sh", ["program"]),
        ("photo.png", PE, ["program", "not what it says"]),
        ("app.zip", zip_of("META-INF/MANIFEST.MF"), ["program", "not what it says"]),
        ("bowl.lnk", TEXT, ["shortcut"]),
        ("invoice.pdf.lnk", TEXT, ["shortcut", "disguised name"]),
        ("invoice.pdf.exe", PE, ["program", "disguised name"]),
        ("invoice.pdf .exe", PE, ["program", "disguised name"]),
        ("invoice.pdf" + " " * 80 + ".exe", PE, ["program", "disguised name"]),
        ("invoice" + " " * 80 + ".zip", zip_of("a"), ["disguised name"]),
        ("invoice\u202efdp.exe", PE, ["program", "disguised name"]),
        ("invoice\u2066fdp\u2069.pdf", PDF, ["disguised name"]),
        ("invoice.pd\u200bf", PDF, ["disguised name"]),
        ("disk.iso", TEXT, ["disk image"]),
        ("scan.pdf", bytes(32_769) + b"CD001", ["disk image", "not what it says"]),
        ("scan.pdf", zip_of("a"), ["not what it says"]),
        ("scan.png", HTML, ["not what it says"]),
        ("table.xls", HTML, ["not what it says"]),
        ("page.html", HTML, ["web page"]),
        ("page.html", TEXT, ["web page"]),
        ("logo.svg", b"<svg>", ["web page"]),
        ("page", HTML, ["web page"]),
        ("invoice.pdf.html", HTML, ["disguised name", "web page"]),
        ("mail.mht", TEXT, ["web page"]),
        ("bowl.docm", zip_of(*DOCX, "word/vbaProject.bin"), ["macros"]),
        ("bowl.doc", ole_of("WordDocument", "Macros", "_VBA_PROJECT"), ["macros"]),
        ("bowl.xlsx", ole_of("EncryptedPackage"), ["locked"]),
        ("bowl.zip", zip_of("a.pdf", locked=True), ["locked"]),
        ("bowl.rar", rar_of("a.pdf", "deep/b.exe"), ["holds a program"]),
        ("bowl.rar", rar_of("a.pdf", locked=True), ["locked"]),
        ("bowl.rar", old_rar_of("a.pdf", "b.scr", locked=True), ["holds a program", "locked"]),
        ("bowl.rar", b"Rar!\x1a\7\1\0" + b"crc.\x05\4\0\0\0\0", ["locked"]),
        ("bowl.7z", SEVENZIP + b"\x17\6\x06\xf1\x07\x01\0", ["locked"]),
        ("invoice.gz", gzip.compress(PE), ["holds a program"]),
        ("invoice.tgz", gzip.compress(TAR_OF_PROGRAM), ["holds a program"]),
        ("bowl.zip", zip_of("b.exe. "), ["holds a program"]),
        ("bowl.accde", TEXT, ["program"]),
        ("bowl.zip", zip_of("a.pdf", "deep/b.exe", locked=True), ["holds a program", "locked"]),
    ],
)
def test_what_can_do_harm_is_said_worst_first(filename: str, content: bytes, expected: list[str]) -> None:
    assert labels(filename, content) == expected


def test_a_file_without_a_name_is_judged_by_what_its_sender_says() -> None:
    assert labels("", HTML, "text/html") == ["web page"]
    assert [hazard.words for hazard in hazards("picture", PDF, "image/png")] == ["Its sender says it is a picture, but it is a PDF."]


def test_a_name_from_inside_an_archive_is_made_safe() -> None:
    (hazard,) = hazards("a.zip", zip_of("x/../\u202egpj.exe"))
    assert hazard.words == "It holds a program that can run on your computer: gpj.exe"


@given(
    st.binary(),
    st.sampled_from([zip_of("a"), ole_of("b"), rar_of("c"), old_rar_of("d"), SEVENZIP, gzip.compress(b"e"), b"<?xml", b"MZ", b""]),
)
def test_any_bytes_can_be_looked_into(content: bytes, start: bytes) -> None:
    for cut in (start, start[:30], start[:8]):
        assert len(hazards("a.zip", cut + content)) <= 2
