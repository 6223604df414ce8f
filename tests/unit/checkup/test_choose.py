"""Which deployment a domain means."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from moto import mock_aws

from local.environment import PROJECT
from postamt.checkup.choose import NoDeployment, chosen


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # a local post office of other tests may be open
    with mock_aws():
        yield


def test_it_works() -> None:
    found = chosen("example.org", {"AWS_REGION": "eu-central-1"})
    assert (found.domains, found.region, found.account) == (("example.org",), "eu-central-1", "123456789012")


def test_without_a_region_in_the_environment_cdk_json_says_it() -> None:
    assert chosen("example.org", {}).region == "eu-west-1"


def test_a_domain_that_stands_nowhere_is_a_deployment_of_its_own() -> None:
    assert chosen("another.example", {"POSTAMT_DOMAINS": "example.net"}).domains == ("another.example",)


def test_of_several_domains_that_were_deployed_together_the_first_stays_the_first() -> None:
    assert chosen("second.example", {"POSTAMT_DOMAINS": "first.example,second.example"}).domain == "first.example"


def test_what_cannot_be_a_deployment_is_refused_with_a_sentence() -> None:
    with pytest.raises(NoDeployment, match="is not an AWS region"):
        chosen("example.org", {"AWS_REGION": "moon"})


def test_where_the_needed_packages_are_missing_it_says_which_python_has_them() -> None:
    """As in the virtual environment of `make run`."""
    without = "import sys; sys.modules['dns'] = None; from django.core.management import execute_from_command_line as run; run(sys.argv)"
    command = [sys.executable, "-c", without, "check", "example.org", "--settings=tests.settings"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "use .venv-deploy/bin/python, which `make deploy` makes" in done.stderr
