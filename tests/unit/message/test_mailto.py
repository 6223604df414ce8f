"""`mailto:` addresses: what they may ask for, and what is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.mailto import ADDRESSES_MOST, BODY_MOST, Mailto, mailto_of, unsubscribe_mailto


def test_it_works() -> None:
    asked = mailto_of("mailto:leave@lists.example.org?subject=unsubscribe%20bowls&body=Please%0D%0Astop")
    assert asked == Mailto(("leave@lists.example.org",), (), "unsubscribe bowls", "Please\nstop")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("MAILTO:a@example.org", Mailto(("a@example.org",))),
        ("mailto:a@example.org,b@example.org", Mailto(("a@example.org", "b@example.org"))),
        ("mailto:?to=a@example.org&cc=b@example.org", Mailto(("a@example.org",), ("b@example.org",))),
        ("mailto:list%2Bleave@example.org", Mailto(("list+leave@example.org",))),
        ("mailto:a@example.org,nobody", Mailto(("a@example.org",))),
        ("mailto:a@exam\r\n ple.org", Mailto(("a@example.org",))),
        ("mailto:a@example.org?subject=a+b", Mailto(("a@example.org",), subject="a+b")),
    ],
)
def test_addresses_are_read_as_rfc_6068_says(uri: str, expected: Mailto) -> None:
    assert mailto_of(uri) == expected


@pytest.mark.parametrize(
    "uri", ["", "https://example.org/leave", "mailto:", "mailto:nobody", "javascript:alert(1)", "mailto:a@b%0d%0aBcc:x@y.z"]
)
def test_what_names_nobody_is_none(uri: str) -> None:
    assert mailto_of(uri) is None


def test_a55_bcc_files_and_other_headers_are_left_out() -> None:
    asked = mailto_of("mailto:a@example.org?bcc=spy@evil.example&attach=/etc/passwd&attachment=x&from=boss@example.org&In-Reply-To=%3Cx%3E")
    assert asked == Mailto(("a@example.org",))


def test_a55_line_breaks_and_controls_do_not_leave_the_body() -> None:
    asked = mailto_of("mailto:a@example.org?subject=x%0D%0ABcc:%20spy@evil.example%00&body=a%00b%0Ac%1B")
    assert asked
    assert asked.subject.isprintable()
    assert asked.body == "ab\nc"


def test_it_is_bounded() -> None:
    many = ",".join(f"a{n}@example.org" for n in range(50))
    asked = mailto_of(f"mailto:{many}?body={'x' * 3_000}")
    assert asked
    assert len(asked.to) == ADDRESSES_MOST
    assert len(asked.body) == BODY_MOST
    assert mailto_of("mailto:a@example.org?body=" + "x" * 10_000) is None


@pytest.mark.parametrize(
    ("value", "to"),
    [
        ("<mailto:leave@example.org>", "leave@example.org"),
        ("<https://example.org/u?1>, <mailto:leave@example.org?subject=x>", "leave@example.org"),
        ("<mailto:nobody>, <mailto:leave@example.org>", "leave@example.org"),
        ("<https://example.org/u>", None),
        ("mailto:without-brackets@example.org", None),
        ("<" * 5_000, None),
    ],
)
def test_the_first_address_of_list_unsubscribe_counts(value: str, to: str | None) -> None:
    asked = unsubscribe_mailto([("Subject", "x"), ("list-unsubscribe", value)])
    assert (asked.to[0] if asked else None) == to


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    asked = mailto_of("mailto:" + text)
    assert asked is None or asked.to
