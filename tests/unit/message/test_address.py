"""Address lists as people and attackers write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.address import Address, is_addr_spec, parse_addresses
from mailbox.message.parse import parse
from tests.mails import mail


def test_it_works() -> None:
    assert parse_addresses("Ann Author <ann@example.org>, bob@example.org") == (
        Address("Ann Author", "ann@example.org"),
        Address("", "bob@example.org"),
    )


def test_groups_comments_routes_and_quoted_pairs_are_undone() -> None:
    assert parse(mail("group-and-comments")).to == (
        Address("Bob", "bob@example.org"),
        Address("Carol (the tall) one", "carol@example.org"),
        Address('Doe, "JD" John', "jd@example.org"),
        Address("Smith, Jän", "jan@example.org"),
    )


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("alice@example.com <bob@evil.example>", [("alice@example.com", "bob@evil.example")]),
        ('"alice@example.com" <bob@evil.example>', [("alice@example.com", "bob@evil.example")]),
        ("<bob@evil.example> alice@example.com", [("alice@example.com", "bob@evil.example")]),
        ("<bob@evil.example><alice@example.com>", [("", "bob@evil.example"), ("", "alice@example.com")]),
        ("<alice@example.com>\\, <bob@evil.example>", [("", "alice@example.com"), ("", "bob@evil.example")]),
        ("=?utf-8?q?alice=40example.com?= <bob@evil.example>", [("alice@example.com", "bob@evil.example")]),
        ("=?utf-8?q?alice=40example.com=20=3Ca=40b=3E?=", [("alice@example.com <a@b>", "")]),
        ("Ann Author ann@example.org", [("Ann Author", "ann@example.org")]),
        ("ann@example.org (Ann Author)", [("Ann Author", "ann@example.org")]),
        ("a@example.org; b@example.org", [("", "a@example.org"), ("", "b@example.org")]),
        ("1234 @ example . org", [("", "1234@example"), ("", "")][:1]),
        ('"ann author"@example.org', [("", '"ann author"@example.org')]),
        ("x@[IPv6:::1]", [("", "x@[IPv6:::1]")]),
        ("[List] Ann <ann@example.org>", [("[List] Ann", "ann@example.org")]),
        ("MAILER-DAEMON <>", [("MAILER-DAEMON", "")]),
        ("undisclosed-recipients:;", []),
        ('"Ann <ann@example.org>', [("Ann", "ann@example.org")]),
        ("Ann <ann@example.org", [("Ann", "ann@example.org")]),
        ("RLO \u202egro.elpmaxe@nna <x@example.org>", [("RLO gro.elpmaxe@nna", "x@example.org")]),
        ("", []),
        (",,;,", []),
    ],
)
def test_what_stands_in_brackets_is_the_address(value: str, addresses: list[tuple[str, str]]) -> None:
    assert [(address.display_name, address.addr_spec) for address in parse_addresses(value)] == addresses


ADDR_SPECS = st.from_regex(r"[a-z.=]{1,5}@[a-z.]{1,5}", fullmatch=True)
NAMES = st.text("ab .=?'[]\t", max_size=10)
MAILBOXES = st.builds("{} <{}>".format, NAMES | NAMES.map('"{}"'.format), ADDR_SPECS) | ADDR_SPECS


@settings(deadline=None)
@given(st.lists(MAILBOXES).map(", ".join))
def test_a_list_reads_the_same_with_a_comment_in_it(value: str) -> None:
    assert parse_addresses(value) == parse_addresses(f"{value}, ()")


@pytest.mark.parametrize("addr_spec", ["ann@example.org", "a.b+c=d@sub.example.org", "o'brien@example.org", "ann@münchen.example"])
def test_it_knows_addresses_that_mail_can_go_to(addr_spec: str) -> None:
    assert is_addr_spec(addr_spec)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@localhost",
        ".ann@example.org",
        "a..b@example.org",
        '"a b"@example.org',
        "a b@example.org",
        "ann@[192.0.2.1]",
        "ann@192.0.2.1",
        "ann@-a.example",
        "ann@example.org.",
        "ann@example.org\n",
        "ann@example.org,bob@example.org",
        "ann@exa\u00admple.org",
        "a" * 65 + "@example.org",
        "ann@" + "a." * 130 + "org",
    ],
)
def test_it_refuses_what_only_looks_like_an_address(text: str) -> None:
    assert not is_addr_spec(text)


def test_a_name_is_the_address_when_there_is_no_other() -> None:
    assert [address.name for address in parse_addresses("ann@example.org, Bob <bob@example.org>")] == ["ann@example.org", "Bob"]
