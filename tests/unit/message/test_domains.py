"""Domains as people read them: honest letters are shown as they are, pretending ones never without their punycode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.domains import ascii_domain, domain_of, pretends, shown_address


@pytest.mark.parametrize(
    ("addr_spec", "shown"),
    [
        ("ann@example.org", "ann@example.org"),
        ("ann@bücher.example", "ann@bücher.example"),
        ("ann@xn--bcher-kva.example", "ann@bücher.example"),
        ("ann@москва.example", "ann@москва.example"),
        ("ann@xn--80adxhks.example", "ann@москва.example"),
        ("ann@президент.рф", "ann@президент.рф"),
        ("ann@хор.рф", "ann@хор.рф"),
        ("ann@例えばテストabc.example", "ann@例えばテストabc.example"),
        ("ann@한국어abc.example", "ann@한국어abc.example"),
        ("ann", "ann"),
        ("", ""),
    ],
)
def test_honest_letters_are_shown_as_they_are(addr_spec: str, shown: str) -> None:
    assert shown_address(addr_spec) == shown


@pytest.mark.parametrize(
    ("addr_spec", "shown"),
    [
        ("x@bаnk.example", "x@bаnk.example (xn--bnk-6cd.example)"),
        ("x@xn--bnk-6cd.example", "x@xn--bnk-6cd.example"),
        ("x@аррӏе.example", "x@аррӏе.example (xn--80ak6aa92e.example)"),
        ("x@xn--80ak6aa92e.example", "x@xn--80ak6aa92e.example"),
        ("x@login.bаnk.example", "x@login.bаnk.example (login.xn--bnk-6cd.example)"),
        ("x@ɡoogle.example", "x@ɡoogle.example (xn--oogle-qmc.example)"),
    ],
)
def test_letters_that_pretend_are_never_shown_without_their_punycode(addr_spec: str, shown: str) -> None:
    assert shown_address(addr_spec) == shown


def test_a_domain_is_compared_as_dns_knows_it() -> None:
    assert domain_of("ann@BÜCHER.example") == domain_of("bob@xn--bcher-kva.example") == "xn--bcher-kva.example"
    assert domain_of("ann@Example.ORG.") == "example.org"
    assert domain_of("nobody") == ""


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    assert isinstance(ascii_domain(text) + shown_address(f"x@{text}"), str)
    assert pretends(text) in (True, False)
