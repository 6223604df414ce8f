"""Which receipt rule takes which recipient, as SES decides it."""

import pytest

from local.receive import takes


@pytest.mark.parametrize(
    ("recipients", "address", "taken"),
    [
        (["example.org"], "me@example.org", True),
        (["example.org"], "Me@EXAMPLE.org", True),
        (["example.org"], "me@sub.example.org", False),
        (["example.org"], "me@notexample.org", False),
        ([".example.org"], "me@sub.example.org", True),
        ([".example.org"], "me@example.org", False),
        (["me@example.org"], "me@example.org", True),
        (["me@example.org"], "you@example.org", False),
        ([], "anybody@anywhere.example", True),
        (["example.org"], "no-domain", False),
    ],
)
def test_a_rule_takes_an_address_a_domain_or_all_its_subdomains(recipients: list[str], address: str, taken: bool) -> None:
    assert takes({"Enabled": True, "Recipients": recipients}, address) is taken


def test_a_rule_that_is_off_takes_nothing() -> None:
    assert not takes({"Enabled": False, "Recipients": ["example.org"]}, "me@example.org")
