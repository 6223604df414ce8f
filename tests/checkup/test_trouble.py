"""A line that cannot look has failed, in a sentence that says why and what to do; nothing that lies outside ends the check."""

from collections.abc import Callable
from typing import Any

import boto3
import dns.resolver
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Result, results
from postamt.checkup.lines import LINES
from postamt.checkup.page import Page
from postamt.checkup.resolver import Resolver
from tests.checkup.world import DOMAIN, NAMES

ASK_THE_DNS = {"mx", "spf", "dmarc", "mail-from-names", "webmail-name"}
ASK_THE_PAGE = {"page", "page-policy", "page-https", "page-cookies"}


class NoAnswer(Resolver):
    def ask(self, name: str, kind: str) -> list[str]:
        raise dns.resolver.LifetimeTimeout(timeout=10, errors=[])  # type: ignore[no-untyped-call]


def no_page(url: str) -> Page:
    raise ConnectionRefusedError(111, "Connection refused")


def nobody(trouble: Callable[[str], Exception]) -> Deployed:
    """For whom every call of AWS ends in trouble, every question to the DNS and every page too."""

    def refuse(model: Any, **_rest: Any) -> None:
        raise trouble(model.name)

    session = boto3.Session("nobody", "nothing")
    session.events.register("before-call", refuse)
    return Deployed(NAMES, DOMAIN, session, NoAnswer({}), NAMES.webmail_url, no_page)


def looked(trouble: Callable[[str], Exception]) -> list[Result]:
    return list(results(LINES, nobody(trouble)))


def denied(operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "AccessDenied", "Message": "No."}}, operation)


@pytest.mark.parametrize(
    ("trouble", "says", "todo"),
    [
        (denied, "AWS does not let us ask (", "Try again as an identity that may "),
        (lambda _name: NoCredentialsError(), "There are no AWS credentials here.", "Set AWS_PROFILE"),
        (lambda _name: EndpointConnectionError(endpoint_url="https://sts.example"), "AWS was not reached: ", "Check the network"),
    ],
)
def test_a_line_that_aws_does_not_answer_fails_with_a_sentence(trouble: Callable[[str], Exception], says: str, todo: str) -> None:
    found = [result for result in looked(trouble) if result.name not in ASK_THE_DNS | ASK_THE_PAGE]
    assert len(found) == len(LINES) - len(ASK_THE_DNS | ASK_THE_PAGE)
    assert not any(result.ok for result in found)
    assert all(result.says.startswith(says) and result.todo.startswith(todo) for result in found)


def test_a_line_that_the_dns_does_not_answer_fails_with_a_sentence() -> None:
    found = [result for result in looked(denied) if result.name in ASK_THE_DNS]
    assert {result.says for result in found} == {"The DNS does not answer: The resolution lifetime expired after 10.000 seconds."}
    assert all("POSTAMT_RESOLVER" in result.todo for result in found)


def test_a_page_that_nobody_serves_fails_with_a_sentence() -> None:
    found = [result for result in looked(denied) if result.name in ASK_THE_PAGE]
    assert {result.says for result in found} == {"Nobody answers: [Errno 111] Connection refused."}


def test_what_is_missing_is_named_by_what_was_asked() -> None:
    missing = lambda operation: ClientError({"Error": {"Code": "NoSuchBucket", "Message": "There is none."}}, operation)  # noqa: E731
    says = {result.name: result.says for result in looked(missing)}
    assert says["bucket-policy"] == "AWS answers NoSuchBucket to GetBucketPolicy: There is none."
