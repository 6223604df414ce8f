"""Which resolver is asked, and how its answers read."""

import pytest
from dns.exception import DNSException
from dns.rdata import from_text

from postamt.checkup.resolver import Resolver, shown


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("MX", "10 Mail.Example.ORG.", "10 mail.example.org"),
        ("CNAME", "Token.dkim.amazonses.com.", "token.dkim.amazonses.com"),
        ("TXT", '"v=spf1 " "include:amazonses.com ~all"', "v=spf1 include:amazonses.com ~all"),
        ("TXT", '"a \\"word\\" \\195\\169"', 'a "word" é'),
    ],
)
def test_it_works(kind: str, text: str, read: str) -> None:
    assert shown(from_text("IN", kind, text)) == read


@pytest.mark.parametrize("place", ["127.0.0.1", "localhost:53", "127.0.0.1:dns"])
def test_what_is_no_address_and_port_is_refused_in_words(place: str) -> None:
    with pytest.raises(DNSException, match="is no address and port"):
        Resolver({"POSTAMT_RESOLVER": place})


def test_an_address_of_ipv6_stands_in_brackets() -> None:
    Resolver({"POSTAMT_RESOLVER": "[::1]:53"})
