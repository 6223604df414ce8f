"""`aws`: an account on the local AWS in which CloudFormation made the two stacks that mail needs, from the templates that are tested."""

from collections.abc import Iterator

import pytest

from local.environment import ACCOUNT
from tests.aws.conftest import wait_until
from tests.deploy.local_aws import LocalAws
from tests.infra.templates import Templates, synthesized

BOOTSTRAPPED = "/cdk-bootstrap/hnb659fds/version"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return synthesized(account=ACCOUNT)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[LocalAws]:
    running = LocalAws(tmp_path_factory.mktemp("account"))
    running.start()
    try:
        running.client("ssm").put_parameter(Name=BOOTSTRAPPED, Value="30", Type="String")
        for stack in ("StorageStack", "EmailStack"):
            make(running, templates, stack)
        yield running
    finally:
        running.stop()


def make(aws: LocalAws, templates: Templates, stack: str) -> None:
    template = templates.file(stack).read_text()
    aws.client("cloudformation").create_stack(StackName=stack, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
    wait_until(lambda: state_of(aws, stack) == "CREATE_COMPLETE", f"{stack} was not made")


def destroy(aws: LocalAws, stack: str) -> None:
    aws.client("cloudformation").delete_stack(StackName=stack)
    wait_until(lambda: state_of(aws, stack) == "DELETE_COMPLETE", f"{stack} was not destroyed")


def state_of(aws: LocalAws, stack: str) -> str:
    """The newest of this name."""
    stacks = aws.client("cloudformation").list_stacks()["StackSummaries"]
    newest = max((known for known in stacks if known["StackName"] == stack), key=lambda known: known["CreationTime"])
    assert "ROLLBACK" not in newest["StackStatus"], newest
    return str(newest["StackStatus"])
