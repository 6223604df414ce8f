"""What a line says of states between well and broken: of what was there before a deployment, and of what a person may have meant."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cdk_infra.deployment import CERTIFICATE_REGION, Adopted
from cdk_infra.grants import grants_of
from postamt.checkup.line import Finding, results
from postamt.checkup.lines import LINES
from tests.checkup import world as made
from tests.checkup.break_mail import served
from tests.checkup.broken import answer
from tests.checkup.world import DOMAIN, NAMES, World

LINE = {line.name: line for line in LINES}


def look(world: World, name: str) -> Finding:
    return LINE[name].look(world.deployed)


def test_it_works(world: World) -> None:
    assert look(world, "spf") == Finding(True, f"SES may send for {DOMAIN}: v=spf1 include:amazonses.com ~all")


@pytest.mark.parametrize(
    ("line", "name", "kind", "values", "says"),
    [
        ("mx", DOMAIN, "MX", [], "has nowhere to go: there is no MX record"),
        ("mx", DOMAIN, "MX", ["5 mail.example.", "10 inbound-smtp.eu-west-1.amazonaws.com."], "goes to mail.example too"),
        ("spf", DOMAIN, "TXT", ['"another text"'], "has no SPF record"),
        ("spf", DOMAIN, "TXT", ['"v=spf1 include:amazonses.com ~all"', '"v=spf1 mx -all"'], "has 2 SPF records, which count as none"),
        ("dmarc", f"_dmarc.{DOMAIN}", "TXT", ['"v=DMARC1; p=reject"', '"v=DMARC1; p=none"'], "has 2 DMARC records"),
        ("dmarc", f"_dmarc.{DOMAIN}", "TXT", ['"v=DMARC1; rua=mailto:a@b.example"'], "says no policy"),
        (
            "mail-from-names",
            NAMES.mail_from(DOMAIN),
            "TXT",
            ['"v=spf1 -all"'],
            f"of {NAMES.mail_from(DOMAIN)} does not name SES",
        ),
    ],
)
def test_records_that_do_not_do_what_they_are_for_are_told_apart(
    world: World, line: str, name: str, kind: str, values: list[str], says: str
) -> None:
    with served(world, name, kind, *values):
        found = look(world, line)
    assert not found.ok
    assert says in found.says


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("spf", DOMAIN, '"v=spf1 mx +include:amazonses.com -all"'),
        ("dmarc", f"_dmarc.{DOMAIN}", '"v=DMARC1;p=reject;rua=mailto:a@b.example"'),
        ("dmarc", f"_dmarc.{DOMAIN}", '"v=DMARC1; " "p=quarantine"'),
    ],
)
def test_records_may_be_written_otherwise(world: World, line: str, name: str, value: str) -> None:
    with served(world, name, "TXT", value):
        assert look(world, line).ok


def test_dmarc_that_asks_for_nothing_passes_with_a_note(world: World) -> None:
    with served(world, f"_dmarc.{DOMAIN}", "TXT", '"v=DMARC1; p=none"'):
        found = look(world, "dmarc")
    assert found.ok
    assert "p=none protects nobody" in found.todo


def test_dkim_that_was_switched_off_is_not_told_as_missing_records(world: World) -> None:
    with answer(world, "sesv2", "GetEmailIdentity", lambda parsed: parsed["DkimAttributes"].update(SigningEnabled=False)):
        assert look(world, "dkim").says == f"SES does not sign mail from {DOMAIN}."


@contextmanager
def adopted_rule_set(world: World) -> Iterator[None]:
    """The rule set of somebody else is active; our rule was added to it, and the bucket says so."""
    ses, s3 = world.client("ses"), world.client("s3")
    ses.create_receipt_rule_set(RuleSetName="company")
    ses.create_receipt_rule(RuleSetName="company", Rule=made.RULE)
    ses.set_active_receipt_rule_set(RuleSetName="company")
    there = replace(NAMES, adopted=Adopted(rule_set="company"))
    s3.put_bucket_policy(Bucket=NAMES.bucket, Policy=json.dumps(grants_of("bucket", there)))
    yield
    s3.put_bucket_policy(Bucket=NAMES.bucket, Policy=json.dumps(grants_of("bucket", NAMES)))
    ses.set_active_receipt_rule_set(RuleSetName=NAMES.rule_set)


def test_a_rule_set_that_was_active_before_is_as_good_as_our_own(world: World) -> None:
    with adopted_rule_set(world):
        assert [result.name for result in results(LINES, world.deployed) if not result.ok] == []
        assert look(world, "rule-set").says.startswith("The receipt rule set company is active")


@pytest.mark.parametrize(
    ("line", "service", "operation", "member"),
    [
        ("mail-from", "sesv2", "GetEmailIdentity", "MailFromAttributes"),
        ("configuration-set", "sesv2", "GetEmailIdentity", "ConfigurationSetName"),
        ("table-expiry", "dynamodb", "DescribeTimeToLive", "TimeToLiveDescription"),
        ("table-protection", "dynamodb", "DescribeTable", "Table"),
    ],
)
def test_what_a_deployment_adopted_is_for_its_owner_to_set(world: World, line: str, service: str, operation: str, member: str) -> None:
    with answer(world, service, operation, lambda parsed: parsed.update({member: {}})):
        found = look(world, line)
    assert not found.ok
    assert "was there before this deployment, `make deploy` leaves alone" in found.todo


def ends_in(days: int) -> Callable[[dict[str, Any]], object]:
    end = datetime.now(UTC) + timedelta(days=days)
    return lambda parsed: parsed["Certificate"].update(NotAfter=end)


@pytest.mark.parametrize(("days", "ok"), [(29, False), (31, True)])
def test_a_certificate_must_be_good_for_another_month(world: World, days: int, ok: bool) -> None:
    with answer(world, "acm", "DescribeCertificate", ends_in(days), CERTIFICATE_REGION):
        assert look(world, "certificate").ok is ok


def test_alarms_that_come_by_the_mail_they_are_about_reach_nobody(world: World) -> None:
    def at_home(parsed: dict[str, Any]) -> None:
        for subscription in parsed["Subscriptions"]:
            subscription["Endpoint"] = f"me@{DOMAIN}"

    with answer(world, "sns", "ListSubscriptionsByTopic", at_home):
        found = look(world, "alarm-address")
    assert not found.ok
    assert "which is on the domain they are about" in found.says


def test_a_question_that_was_never_answered_can_be_asked_again_by_the_command_it_names(world: World) -> None:
    def nobody(parsed: dict[str, Any]) -> None:
        parsed["Subscriptions"] = []

    with answer(world, "sns", "ListSubscriptionsByTopic", nobody):
        todo = look(world, "alarm-address").todo
    words = dict(zip(todo.split()[3::2], todo.split()[4::2], strict=True))
    assert words["--topic-arn"] == NAMES.topic_arn(NAMES.alarms_topic)
    assert words["--notification-endpoint"] == NAMES.alerts


@pytest.mark.parametrize(
    ("cookies", "ok"),
    [
        ((), False),
        ((made.COOKIE.replace("__Host-", ""),), False),
        ((made.COOKIE.replace("Strict", "Lax"),), False),
        ((made.COOKIE.replace("Secure; ", ""),), False),
        ((made.COOKIE, "__Host-device=a; Secure; HttpOnly; SameSite=Strict; Path=/"), True),
    ],
)
def test_every_cookie_is_closed(world: World, cookies: tuple[str, ...], ok: bool) -> None:
    before = world.page
    world.page = replace(before, cookies=cookies)
    assert look(world, "page-cookies").ok is ok
    world.page = before


@pytest.mark.parametrize("header", ["max-age=3600", "max-age=soon", "includeSubDomains"])
def test_a_promise_of_https_for_less_than_a_year_is_none(world: World, header: str) -> None:
    before = world.page
    world.page = replace(before, headers={**made.HEADERS, "strict-transport-security": header})
    assert not look(world, "page-https").ok
    world.page = before
