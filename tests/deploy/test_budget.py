"""A budget that writes before it gets dear, and that ends no deployment."""

from botocore.exceptions import ClientError, EndpointConnectionError

from deploy.account import Account
from deploy.budget import set_budget

ALERTS = "me@elsewhere.example"


def test_it_works(account: Account) -> None:
    budgets = account.client("budgets", "us-east-1")
    assert set_budget(budgets, account.number, ALERTS) == f"Over $5 a month, at 80 %, {ALERTS} gets a mail."
    (made,) = budgets.describe_budgets(AccountId=account.number)["Budgets"]
    assert (made["BudgetLimit"]["Amount"], made["BudgetLimit"]["Unit"]) == ("5", "USD")
    (alert,) = budgets.describe_notifications_for_budget(AccountId=account.number, BudgetName="postamt")["Notifications"]
    assert alert["Threshold"] == 80
    assert set_budget(budgets, account.number, ALERTS) == "The budget is there already and stays as it is."


class Refusing:
    def __init__(self, trouble: Exception) -> None:
        self._trouble = trouble

    def create_budget(self, **_budget: object) -> None:
        raise self._trouble


def test_an_account_that_may_make_none_is_told_so_and_goes_on() -> None:
    for trouble in (
        ClientError({"Error": {"Code": "AccessDeniedException"}}, "CreateBudget"),
        EndpointConnectionError(endpoint_url="https://budgets"),
    ):
        assert "make one of $5 in the Billing console" in set_budget(Refusing(trouble), "000000000000", ALERTS)
