"""New secrets for an account: told once, and to the person at the terminal alone. What they end is tried in test_whole_road.py."""

import io

from deploy.parameters import AUTH, JWT, ORIGIN, make_missing, read
from deploy.secret import rotate
from deploy.work import Work


def test_it_works(work: Work, said: io.StringIO) -> None:
    ssm = work.client("ssm")
    make_missing(ssm)
    before = {name: read(ssm, name) for name in (AUTH, JWT, ORIGIN)}
    rotate(work)
    after = {name: read(ssm, name) for name in (AUTH, JWT, ORIGIN)}
    assert said.getvalue().count(after[AUTH]) == 1
    assert not [secret for secret in (*before.values(), after[JWT], after[ORIGIN]) if secret in said.getvalue()]
    assert [name for name in after if after[name] != before[name]] == [AUTH, JWT]


def test_before_the_first_deployment_they_are_made_and_wait(work: Work, said: io.StringIO) -> None:
    rotate(work)
    assert "The webmail is not deployed here; it takes the new secrets when it is." in said.getvalue()
    assert read(work.client("ssm"), AUTH) in said.getvalue()
