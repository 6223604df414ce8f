"""The order of a deployment, and how a person follows it."""

import io

import pytest

from deploy.step import Step, take
from deploy.steps import STEPS
from deploy.trouble import CannotDeploy
from deploy.work import Work

ORDER = ["Preflight", "Secrets", "Toolkit", "Certificate", "Storage", "Email", "Indexer", "Sender", "Pages", "Webmail"]
LAST = ["Origin", "Static files", "Receiving", "MX", "Budget", "Check"]


def test_it_works(work: Work, said: io.StringIO) -> None:
    take([Step("Storage", "bucket and table", lambda _work: "They are there."), Step("Email", "rules", lambda _work: "Made.")], work)
    assert said.getvalue().splitlines() == [
        "[1/18] Storage: bucket and table",
        "    They are there.",
        "[2/18] Email: rules",
        "    Made.",
    ]


def test_the_first_step_that_cannot_be_taken_ends_it(work: Work, said: io.StringIO) -> None:
    def fail(_work: Work) -> str:
        raise CannotDeploy("Something is missing: bring it.")

    with pytest.raises(CannotDeploy):
        take([Step("Storage", "bucket", fail), Step("Email", "rules", lambda _work: "Made.")], work)
    assert "Email" not in said.getvalue()


def test_mail_is_brought_here_only_when_all_that_takes_it_stands() -> None:
    titles = [step.title for step in STEPS]
    assert [title for title in titles if title in ORDER] == ORDER
    assert titles[-len(LAST) :] == LAST
    assert titles.index("Static files") < titles.index("Pages")  # pages must not name files that are not there yet
