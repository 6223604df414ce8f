"""Names of attachments as they may be offered. A28 of the abuse cases."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.attachments import content_disposition, safe_filename


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
    ],
)
def test_a_name_becomes_one_harmless_basename(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


def test_the_header_has_both_forms_of_the_name() -> None:
    assert content_disposition("Übersicht 50%.pdf") == (
        "attachment; filename=\"_bersicht 50_.pdf\"; filename*=UTF-8''%C3%9Cbersicht%2050%25.pdf"
    )


@settings(deadline=None)
@given(st.text())
def test_any_name_is_safe_in_a_header_and_on_a_disk(name: str) -> None:
    safe = safe_filename(name)
    assert 0 < len(safe) <= 150
    assert not re.search(r'[\x00-\x1f/\\:*?"<>|\x7f]', safe)
    assert not safe.startswith(".")
    assert safe == safe.strip(" .")
    assert re.fullmatch(r"attachment; filename=\"[ -~]+\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", content_disposition(name))
