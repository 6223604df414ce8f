"""Which domains could be taken for one that is known, and which only share letters with it."""

import pytest

from mailbox.message.domains import ascii_domain
from mailbox.message.lookalike import names, resembles


@pytest.mark.parametrize(
    "domain",
    [
        "examp1e.com",
        "exarnple.com",
        "exmaple.com",
        "exampel.com",
        "exampe.com",
        "exxample.com",
        "exanple.com",
        "example.co",
        "3xample.com",
        "exаmple.com",
        "éxample.com",
        "mail.examp1e.com",
        "example.com.evil.example",
        "mail-example.com.evil.example",
        "example.com-login.example",
        "secure-example-com.example",
    ],
)
def test_a_domain_that_could_be_taken_for_it(domain: str) -> None:
    assert resembles(ascii_domain(domain), "example.com")


@pytest.mark.parametrize(
    ("domain", "known"),
    [
        ("example.com", "example.com"),
        ("mail.example.com", "example.com"),
        ("example.com", "mail.example.com"),
        ("sample.net", "example.com"),
        ("example.net", "example.com"),
        ("examples-of-art.com", "example.com"),
        ("gmail.com", "mail.com"),
        ("ibn.org", "ibm.org"),
        ("", "example.com"),
        ("example.com", ""),
    ],
)
def test_a_domain_that_is_itself_or_its_own(domain: str, known: str) -> None:
    assert not resembles(domain, known)


def test_letters_that_stand_for_two_are_seen_through() -> None:
    assert resembles("rnail.com", "mail.com")
    assert resembles("vvikipedia.org", "wikipedia.org")


@pytest.mark.parametrize(
    "name", ["Example.com Support", "the EXAMPLE.COM team", "ceo@example.com", "mail.example.com", "Exаmple.com", "ехample.com"]
)
def test_a_name_that_holds_the_domain(name: str) -> None:
    assert names(name, "example.com")


@pytest.mark.parametrize("name", ["Ann Lee", "notexample.com", "example.community", "Example Com", ""])
def test_a_name_that_does_not(name: str) -> None:
    assert not names(name, "example.com")
