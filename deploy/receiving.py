"""Which receipt rule set is in force. A region has one at a time: another's is never switched off, our rule goes into it instead."""

from dataclasses import replace
from typing import Any

from cdk_infra.deployment import Adopted, Deployment
from deploy.trouble import CannotDeploy


def own_rule_set(deployment: Deployment) -> str:
    """The one our stack makes where no other is in force."""
    return replace(deployment, adopted=Adopted()).rule_set


def active_rule_set(ses: Any) -> str:
    """Its name, or the empty string when none is."""
    return str(ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name", ""))


def foreign_rule_set(ses: Any, own: str) -> str:
    """The active rule set when it is not ours: the stack puts its rule in there."""
    active = active_rule_set(ses)
    return "" if active == own else active


def activate(ses: Any, own: str, rules: list[str]) -> str:
    """A sentence on which rule set receives from now on. Raises CannotDeploy when our rules are not in the one that does."""
    active = active_rule_set(ses)
    if not active:
        ses.set_active_receipt_rule_set(RuleSetName=own)
        return f"The rule set {own} is active from now on."
    present = {rule["Name"] for rule in ses.describe_receipt_rule_set(RuleSetName=active)["Rules"]}
    missing = [rule for rule in rules if rule not in present]
    if missing:
        raise CannotDeploy(f"The active receipt rule set {active} has no rule {missing[0]}: it was switched meanwhile, so run this again.")
    return f"The rule set {active} is active" + ("." if active == own else " and stays so; our rule is in it.")


def deactivate(ses: Any, own: str) -> bool:
    """Whether ours was active. CloudFormation cannot delete an active rule set."""
    if active_rule_set(ses) != own:
        return False
    ses.set_active_receipt_rule_set()
    return True
