"""Which receipt rule set is in force: ours when there is none, and never another's switched off."""

import pytest

from deploy.receiving import activate, active_rule_set, deactivate
from deploy.trouble import CannotDeploy
from deploy.work import Work
from tests.deploy.conftest import make_rule_set

RULE = "postamt-example.org"


def test_it_works(work: Work) -> None:
    make_rule_set(work, "postamt", RULE, active=False)
    ses = work.client("ses")
    assert activate(ses, "postamt", [RULE]) == "The rule set postamt is active from now on."
    assert active_rule_set(ses) == "postamt"
    assert activate(ses, "postamt", [RULE]) == "The rule set postamt is active."


def test_another_active_rule_set_stays_in_force(work: Work) -> None:
    make_rule_set(work, "postamt", RULE, active=False)
    make_rule_set(work, "of-somebody-else", RULE)
    assert activate(work.client("ses"), "postamt", [RULE]) == "The rule set of-somebody-else is active and stays so; our rule is in it."
    assert active_rule_set(work.client("ses")) == "of-somebody-else"


def test_an_active_rule_set_without_our_rule_is_said_in_a_sentence(work: Work) -> None:
    make_rule_set(work, "of-somebody-else", "theirs")
    with pytest.raises(CannotDeploy, match=r"The active receipt rule set of-somebody-else has no rule postamt-example\.org"):
        activate(work.client("ses"), "postamt", [RULE])


@pytest.mark.parametrize(("active", "left"), [("postamt", ""), ("of-somebody-else", "of-somebody-else")])
def test_leaving_switches_off_our_own_alone(active: str, left: str, work: Work) -> None:
    make_rule_set(work, active)
    assert deactivate(work.client("ses"), "postamt") == (active == "postamt")
    assert active_rule_set(work.client("ses")) == left
