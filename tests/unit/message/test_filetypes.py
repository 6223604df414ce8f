"""What a file is, by its content: the kinds that mail carries, and what only looks like one of them."""

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.archives import names_in_tar, names_in_zip
from mailbox.message.filetypes import FAMILIES, FAMILY_OF, extension_of, file_type
from tests.unit.message.containers import OLE, ole_of, zip_of

MSI_CLASS = bytes.fromhex("84100c0000000000c000000000000046")
PE = b"MZ\x90\0\3\0\0\0".ljust(64, b"\0") + b"PE\0\0"


def test_it_works() -> None:
    kind = file_type(b"\x89PNG\r\n\x1a\n....")
    assert (kind.extension, kind.family) == ("png", "image")


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"\xff\xd8\xff\xe0..JFIF", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF....WEBPVP8 ", "webp"),
        (b"....ftypheic", "heic"),
        (b"....ftypavif", "avif"),
        (b"II*\0", "tif"),
        (b"MM\0*", "tif"),
        (b"BM\x36\0\0\0\0\0", "bmp"),
        (b"\0\0\1\0\1\0", "ico"),
        (b"%PDF-1.7", "pdf"),
        (b"\r\njunk\n%PDF-1.4", "pdf"),
        (b"{\\rtf1", "rtf"),
        (b"Rar!\x1a\7\1\0", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b\x08\0", "gz"),
        (b"BZh91AY", "bz2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"MSCF\0\0", "cab"),
        (bytes(32_769) + b"CD001", "iso"),
        (b"conectix", "vhd"),
        (b"\x78\x9f\x3e\x22", "tnef"),
        (PE, "exe"),
        (b"\x7fELF\2\1", "elf"),
        (b"\xcf\xfa\xed\xfe", "macho"),
        (b"\xca\xfe\xba\xbe\0\0", "class"),
        (b"L\0\0\0\x01\x14\x02\0", "lnk"),
        (b"[InternetShortcut]\r\nURL=x", "url"),
        (b"#!/bin/sh\n", "sh"),
        (b"ID3\4", "mp3"),
        (b"RIFF....WAVEfmt ", "wav"),
        (b"....ftypisom", "mp4"),
        (b"\x1aE\xdf\xa3", "mkv"),
        (b"#!AMR\n", "amr"),
        (b"BEGIN:VCALENDAR\r\n", "ics"),
        (b"BEGIN:VCARD\r\n", "vcf"),
        (b"Received: by x\r\n with y\r\nSubject: z\r\n\r\n", "eml"),
        (b"<?xml version='1.0'?><invoice/>", "xml"),
        (b"Bowls are ready.\n", "txt"),
        ("Grüße".encode("latin-1"), "txt"),
        ("Grüße".encode("utf-16"), "txt"),
        (zip_of("a.txt"), "zip"),
        (zip_of("[Content_Types].xml", "word/document.xml"), "docx"),
        (zip_of("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (zip_of("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (zip_of("META-INF/MANIFEST.MF", "A.class"), "jar"),
        (zip_of("AndroidManifest.xml"), "apk"),
        (zip_of("mimetype").replace(b"mimetype itself", b"application/vnd.oasis.opendocument.text"), "odt"),
        (zip_of("mimetype").replace(b"mimetype itself", b"application/epub+zip"), "epub"),
        (ole_of("WordDocument"), "doc"),
        (ole_of("Workbook"), "xls"),
        (ole_of("PowerPoint Document"), "ppt"),
        (ole_of("__properties_version1.0"), "msg"),
        (ole_of(root_class=MSI_CLASS), "msi"),
        (OLE, "ole"),
        (b"", ""),
        (b"\0\1\2\3", ""),
    ],
)
def test_a_kind_is_told_by_its_content(content: bytes, extension: str) -> None:
    assert file_type(content).extension == extension


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>",
        b" \r\n\t<HTML>",
        b"\xef\xbb\xbf<script>alert(1)</script>",
        "<html><body>".encode("utf-16"),
        b"<!-- saved -->\n<!-- twice --><html>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">',
        b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><a/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">',
        b'<?xml version="1.0"?><x:svg xmlns:x="http://www.w3.org/2000/svg">',
    ],
)
def test_what_a_browser_runs_is_a_web_page(content: bytes) -> None:
    assert file_type(content).family == "web page"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ was here, and left a note.\n",
        b"BM is a town in Bermuda\n",
        b"PK meets at nine\n",
        b"<ann@example.org> wrote:\n",
        b"<b.lee@example.org>, <a@example.org>",
        b"#! what a day\n",
        b"Note: a\nB: c\n",
    ],
)
def test_words_are_no_programs_and_no_pages(content: bytes) -> None:
    assert file_type(content).extension == "txt"


def test_an_extension_belongs_to_one_family() -> None:
    assert len(FAMILY_OF) == sum(len(extensions.split()) for extensions in FAMILIES.values())


def test_an_extension_is_what_a_computer_opens_it_by() -> None:
    assert [extension_of(name) for name in ("a.PDF", "a.b.Exe", ".htaccess", "none", "a.", "a.txt ")] == ["pdf", "exe", "", "", "", "txt"]


def test_names_of_a_zip_are_read_behind_a_comment_before_other_bytes_and_where_the_list_is_missing() -> None:
    content = zip_of("a.txt", "b/ü.exe", comment=b"c" * 60_000)
    assert names_in_zip(content).names == ("a.txt", "b/ü.exe")
    assert names_in_zip(b"MZ junk before" + content).names == ("a.txt", "b/ü.exe")
    assert names_in_zip(content[: content.find(b"PK\1\2")]).names == ("a.txt", "b/ü.exe")


def test_names_of_a_tar_are_read() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, size in (("a.txt", 0), ("b.exe", 700), ("c", 512)):
            info = tarfile.TarInfo(name)
            info.size = size
            archive.addfile(info, io.BytesIO(bytes(size)))
    assert names_in_tar(out.getvalue()).names == ("a.txt", "b.exe", "c")
    assert names_in_tar(b"a".ljust(124, b"\0") + b"99999999").names == ("a",)


@given(st.binary())
def test_any_bytes_have_a_kind(content: bytes) -> None:
    for start in (b"", b"PK\3\4", OLE, b"<?xml", b"BM", b"MZ"):
        assert file_type(start + content).family in {"", *FAMILIES}
