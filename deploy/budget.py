"""A budget of $5 a month with a mail at 80 %. It belongs to the account, not to a stack: it stays when the stacks go."""

from typing import Any

from botocore.exceptions import ClientError

from deploy.trouble import AWS_TROUBLE, code_of

NAME = "postamt"
DOLLARS = "5"
ALERT_AT = 80.0  # per cent
ALERT = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": ALERT_AT, "ThresholdType": "PERCENTAGE"}


def budget() -> dict[str, Any]:
    return {"BudgetName": NAME, "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": DOLLARS, "Unit": "USD"}}


def set_budget(budgets: Any, account: str, alerts: str) -> str:
    """A sentence on what was done. Without a budget mail works as well, so trouble with it ends nothing."""
    subscriber = {"SubscriptionType": "EMAIL", "Address": alerts}
    try:
        budgets.create_budget(
            AccountId=account, Budget=budget(), NotificationsWithSubscribers=[{"Notification": ALERT, "Subscribers": [subscriber]}]
        )
    except ClientError as refusal:
        if code_of(refusal) == "DuplicateRecordException":
            return "The budget is there already and stays as it is."
        return _skipped(refusal)
    except AWS_TROUBLE as trouble:
        return _skipped(trouble)
    return f"Over ${DOLLARS} a month, at {ALERT_AT:.0f} %, {alerts} gets a mail."


def _skipped(trouble: Exception) -> str:
    return f"The budget was not made ({trouble}): make one of ${DOLLARS} in the Billing console."
