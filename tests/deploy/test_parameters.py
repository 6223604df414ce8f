"""The secrets of a deployment: made once, encrypted, long enough, and never read by a deployment."""

from deploy.account import Account
from deploy.parameters import AUTH, JWT, ORIGIN, make_missing, read, renew
from mailbox.checks import secret_errors


def test_it_works(account: Account) -> None:
    ssm = account.client("ssm")
    assert make_missing(ssm) == [AUTH, JWT, ORIGIN]
    kinds = {name: ssm.get_parameter(Name=name)["Parameter"]["Type"] for name in (AUTH, JWT, ORIGIN)}
    assert set(kinds.values()) == {"SecureString"}
    assert not list(secret_errors(read(ssm, AUTH), read(ssm, JWT)))
    assert len({read(ssm, name) for name in (AUTH, JWT, ORIGIN)}) == 3


def test_what_is_there_stays_as_it_is(account: Account) -> None:
    ssm = account.client("ssm")
    ssm.put_parameter(Name=AUTH, Value="chosen-by-the-owner-himself", Type="SecureString")
    assert make_missing(ssm) == [JWT, ORIGIN]
    assert make_missing(ssm) == []
    assert read(ssm, AUTH) == "chosen-by-the-owner-himself"


def test_a_renewed_secret_is_another_one(account: Account) -> None:
    ssm = account.client("ssm")
    make_missing(ssm)
    before = read(ssm, AUTH)
    assert renew(ssm, AUTH) == read(ssm, AUTH) != before
