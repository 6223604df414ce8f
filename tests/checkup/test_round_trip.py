"""`--round-trip` on a whole local post office: a mail leaves by SES, comes back by SMTP, and is read through the webmail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest

from cdk_infra.deployment import Adopted, Deployment
from local.environment import ACCOUNT, BUCKET, REGION, RULE_SET, TABLE
from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Result
from postamt.checkup.resolver import Resolver
from postamt.checkup.round_trip import PATIENCE, round_trip
from tests.aws.conftest import PostOffice

SOON = 2.0  # seconds, where nothing comes


@pytest.fixture(scope="module")
def deployed(post_office: PostOffice) -> Deployed:
    names = Deployment(ACCOUNT, REGION, (post_office.domain,), "me@elsewhere.example", adopted=Adopted(bucket=BUCKET, table=TABLE))
    keep_secret(post_office, post_office.auth_secret)
    return Deployed(names, post_office.domain, boto3.Session(), Resolver({}), post_office.web_url)


def keep_secret(post_office: PostOffice, value: str) -> None:
    post_office.client("ssm").put_parameter(Name=Deployment.auth_secret, Value=value, Type="SecureString", Overwrite=True)


def names(found: list[Result]) -> list[tuple[str, bool]]:
    return [(result.name.removeprefix("round-trip-"), result.ok) for result in found]


def test_it_works(deployed: Deployed) -> None:
    found = list(round_trip(deployed, PATIENCE))
    assert names(found) == [("sent", True), ("received", True), ("stored", True), ("indexed", True), ("shown", True)]
    assert found[0].says == f"SES took a mail to canary@{deployed.domain}."
    assert all(result.says.endswith("s after it was sent.") for result in found[1:])


def test_where_the_domain_takes_named_addresses_only_the_canary_is_one_of_them(deployed: Deployed) -> None:
    narrow = replace(deployed, deployment=replace(deployed.deployment, addresses=(f"me@{deployed.domain}",)))
    assert next(iter(round_trip(narrow))).says == f"SES took a mail to me@{deployed.domain}."


@contextmanager
def rule_for(post_office: PostOffice, *recipients: str) -> Iterator[None]:
    """Mail is taken in for these only, and nobody sends it on."""
    ses = post_office.client("ses")
    (rule,) = ses.describe_receipt_rule_set(RuleSetName=RULE_SET)["Rules"]
    ses.update_receipt_rule(RuleSetName=RULE_SET, Rule=rule | {"Recipients": list(recipients)})
    yield
    ses.update_receipt_rule(RuleSetName=RULE_SET, Rule=rule)


def test_a_mail_that_does_not_arrive_is_told_as_not_received(deployed: Deployed, post_office: PostOffice) -> None:
    with rule_for(post_office, "elsewhere.example"):
        found = list(round_trip(deployed, SOON))
    assert names(found) == [("sent", True), ("received", False)]
    assert "mx" in found[-1].todo


@contextmanager
def silent_bucket(post_office: PostOffice) -> Iterator[None]:
    s3 = post_office.client("s3")
    before: dict[str, Any] = s3.get_bucket_notification_configuration(Bucket=BUCKET)
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration={})
    yield
    del before["ResponseMetadata"]
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=before)


def test_a_mail_that_nobody_indexes_is_told_as_stored(deployed: Deployed, post_office: PostOffice) -> None:
    with silent_bucket(post_office):
        found = list(round_trip(deployed, 5 * SOON))
    assert names(found) == [("sent", True), ("stored", True), ("indexed", False)]
    assert "incoming/" in found[1].says
    assert "reindex --missing" in found[-1].todo


def test_a_webmail_that_takes_another_secret_is_told_as_not_letting_us_in(deployed: Deployed, post_office: PostOffice) -> None:
    keep_secret(post_office, "a-secret-of-somebody-else-altogether")
    try:
        found = list(round_trip(deployed, PATIENCE))
    finally:
        keep_secret(post_office, post_office.auth_secret)
    assert names(found)[-1] == ("shown", False)
    assert found[-1].says == "The webmail does not let us in: it answers 401."
    assert "somebody" not in str(found)


def test_what_ses_refuses_is_told_in_a_sentence(deployed: Deployed) -> None:
    stranger = replace(deployed, session=boto3.Session("nobody", "nothing"), clients={})
    (result,) = round_trip(stranger)
    assert (result.name, result.ok) == ("round-trip", False)
    assert result.says.startswith("AWS ")
