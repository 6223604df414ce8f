"""The names of a deployment, and the sentences about one that cannot work."""

import dataclasses
from typing import Any

import pytest

from cdk_infra.deployment import ROLES, Adopted, Deployment, DeploymentRefused, complaints_about, deployment_of

ACCOUNT = "123456789012"
SETTINGS: dict[str, Any] = {"domains": ["Example.org"], "region": "eu-west-1", "alerts": "me@elsewhere.example"}


def made(**settings: Any) -> Deployment:
    return deployment_of(SETTINGS | settings, ACCOUNT)


def test_names_carry_account_and_region_where_all_accounts_share_one_namespace() -> None:
    deployment = made()
    assert deployment.bucket == "postamt-123456789012-eu-west-1"
    assert deployment.static_bucket == "postamt-static-123456789012-eu-west-1"
    assert deployment.zappa_bucket == "postamt-zappa-123456789012-eu-west-1"


def test_a_suffix_ends_the_names_of_the_buckets_of_code_alone() -> None:
    deployment = made(suffix="-k7")
    assert deployment.bucket == "postamt-123456789012-eu-west-1"
    assert deployment.static_bucket == "postamt-static-123456789012-eu-west-1-k7"
    assert deployment.zappa_bucket == "postamt-zappa-123456789012-eu-west-1-k7"


def test_the_first_domain_gives_the_webmail_its_address() -> None:
    deployment = made(domains=["example.org", "example.net"])
    assert deployment.webmail_url == "https://webmail.example.org"
    assert [deployment.mail_from(domain) for domain in deployment.domains] == ["bounce.example.org", "bounce.example.net"]


def test_each_role_has_its_function_and_log_group() -> None:
    deployment = made()
    assert [deployment.log_group(deployment.function_of(role)) for role in ROLES] == [
        "/aws/lambda/postamt-production",
        "/aws/lambda/postamt-indexer",
        "/aws/lambda/postamt-sender",
    ]


def test_a_rule_takes_the_whole_domain_unless_addresses_are_named() -> None:
    assert made().recipients("example.org") == ("example.org",)
    narrowed = made(domains=["example.org", "example.net"], addresses=["Me@example.org"])
    assert narrowed.recipients("example.org") == ("me@example.org",)
    assert narrowed.recipients("example.net") == ("example.net",)


def test_what_exists_is_adopted_by_name() -> None:
    adopted = made(
        adopt={"bucket": "old-mail", "table": "old-index", "rule_set": "default", "identity": True, "hosted_zone": "/hostedzone/Z1"}
    )
    assert (adopted.bucket, adopted.table, adopted.rule_set) == ("old-mail", "old-index", "default")
    assert adopted.hosted_zone("example.org") == "Z1"
    assert adopted.adopted.identities == ("example.org",)


def test_each_of_several_domains_may_have_its_own_zone() -> None:
    both = made(domains=["example.org", "example.net"], adopt={"hosted_zone": {"example.net": "Z2"}})
    assert (both.hosted_zone("example.org"), both.hosted_zone("example.net")) == ("", "Z2")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"domains": []}, "DOMAIN=example.org"),
        ({"domains": ["https://example.org"]}, "without @ or https://"),
        ({"domains": ["localhost"]}, "is not a domain name"),
        ({"region": ""}, "write it like eu-west-1"),
        ({"addresses": ["me@example.com"]}, "not an address of your domains"),
        ({"alerts": ""}, "ALERTS=me@elsewhere.example"),
        ({"alerts": "me@EXAMPLE.org"}, "Name an address elsewhere"),
        ({"adopt": {"bucket": "with.dots"}}, "no dots"),
        ({"suffix": ".mine"}, "cannot end the name of a bucket"),
        ({"suffix": "-" + "x" * 40}, "cannot end the name of a bucket"),
        ({"adopt": {"hosted_zone": {"example.com": "Z1"}}}, "none of your domains"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(DeploymentRefused, match=words):
        made(**settings)


def test_what_is_made_already_needs_no_address_for_its_alarms() -> None:
    assert deployment_of(SETTINGS | {"alerts": ""}, ACCOUNT, is_made=True).domain == "example.org"


def test_a_deployment_without_a_flaw_has_no_complaint() -> None:
    whole = dataclasses.replace(made(), adopted=Adopted(table="old-index"))
    assert list(complaints_about(whole)) == []
