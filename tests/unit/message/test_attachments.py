"""Names of attachments as they may be offered. A28 of the abuse cases."""

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.attachments import content_disposition, safe_filename, told_apart
from mailbox.message.parameters import parse_parameters

PIECES = ["x" * 129, "x" * 19, "xx", ".", " ", "  ", "con", "/", "\\", "\u202e", "\u3000", ".exe", ":", "é"]


def test_it_works() -> None:
    assert safe_filename("Report 2025.pdf") == "Report 2025.pdf"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/", "attachment"),
        ("..", "attachment"),
        ("", "attachment"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: b.txt", "aSet-Cookie_ b.txt"),
        ("a\0.txt", "a.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"b<c>d|e?f*g.txt', "a_b_c_d_e_f_g.txt"),
        ("file.txt. . .", "file.txt"),
        ("CON.txt", "_CON.txt"),
        ("x" * 5_000 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 149 + " and more", "x" * 149),
        ("a." + "x" * 200, "a." + "x" * 148),
        ("invoice.pdf" + " " * 90 + ".exe", "invoice.pdf  .exe"),
        ("bowl\u2800\u3164\U000e0041.png", "bowl.png"),
    ],
)
def test_a_name_becomes_one_harmless_basename(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


def test_the_header_has_both_forms_of_the_name() -> None:
    assert content_disposition("Übersicht 50%.pdf") == (
        "attachment; filename=\"_bersicht 50_.pdf\"; filename*=UTF-8''%C3%9Cbersicht%2050%25.pdf"
    )


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_name_is_safe_in_a_header_and_on_a_disk(name: str) -> None:
    safe = safe_filename(name)
    assert 0 < len(safe) <= 150
    assert not re.search(r'[\x00-\x1f/\\:*?"<>|\x7f]', safe)
    assert not safe.startswith(".")
    assert safe == safe.strip(" .")
    assert re.fullmatch(r"attachment; filename=\"[ -~]+\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", content_disposition(name))


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_a_safe_name_stays_as_it_is_and_comes_through_the_header(name: str) -> None:
    safe = safe_filename(name)
    assert safe_filename(safe) == safe
    assert PurePosixPath(safe).name == PureWindowsPath(safe).name == safe
    value, parameters = parse_parameters(content_disposition(name))
    assert (value, parameters["filename"]) == ("attachment", safe)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a.txt", "A.TXT", "a (2).txt", "a (3).txt", "b", "B", "ä.txt", "a\u0308.txt"])))
def test_names_are_told_apart_on_every_disk(names: list[str]) -> None:
    apart = list(told_apart(names))
    assert len(apart) == len(names)
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in apart}) == len(names)
    assert apart[:1] == names[:1]
