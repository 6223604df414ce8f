"""A domain whose DNS is elsewhere: the certificate is asked for once, its records are printed, and the next run goes on."""

import io
import re

import pytest

from cdk_infra.deployment import CERTIFICATE_REGION
from deploy.certificate import certificate
from deploy.outside import print_records
from deploy.preflight import preflight
from deploy.steps import webmail
from deploy.trouble import CannotDeploy
from deploy.work import Work
from tests.deploy.conftest import DOMAIN, Names, Noting, Rented, make_distribution, make_zone


def state(work: Work, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """moto issues a certificate at the second look; AWS does when it has seen the record."""
    acm = work.client("acm", CERTIFICATE_REGION)
    describe = acm.describe_certificate

    def describe_certificate(CertificateArn: str) -> dict[str, object]:
        answer: dict[str, dict[str, object]] = describe(CertificateArn=CertificateArn)
        return {"Certificate": answer["Certificate"] | {"Status": status}}

    monkeypatch.setattr(acm, "describe_certificate", describe_certificate, raising=False)


def test_it_works(work: Work, said: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything a person has to set is printed, then it ends with a sentence."""
    preflight(work)
    certificate(work)
    monkeypatch.setattr(work.client("sesv2"), "get_email_identity", lambda **_name: {"DkimAttributes": {"Tokens": ["one", "two"]}})
    state(work, monkeypatch, "PENDING_VALIDATION")
    with pytest.raises(CannotDeploy, match="The certificate is not issued yet: set the records above at your DNS provider"):
        print_records(work)
    printed = said.getvalue()
    assert f"Set these records for {DOMAIN}, the MX last" in printed
    assert "10 inbound-smtp.eu-west-1.amazonaws.com" in printed
    assert f"one._domainkey.{DOMAIN}" in printed
    assert "two.dkim.amazonses.com" in printed
    assert "proves the name of the certificate" in printed
    assert isinstance(work.cdk, Noting)
    assert not work.cdk.deployed


def test_the_next_run_finds_the_certificate_and_goes_on(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    preflight(work)
    certificate(work)
    asked_for = work.context["certificate"]
    certificate(work)
    assert work.context["certificate"] == asked_for
    state(work, monkeypatch, "ISSUED")
    assert print_records(work) == "The certificate is proven."


def test_the_name_of_the_webmail_is_printed_by_the_deployment_that_makes_it(
    work: Work, said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate(work)
    state(work, monkeypatch, "ISSUED")
    print_records(work)
    before = said.getvalue()
    host = make_distribution(work.client("cloudfront"), work.deployment.webmail_host)  # moto's CloudFormation knows none
    webmail(work)
    printed = said.getvalue().removeprefix(before)
    assert re.search(rf"{work.deployment.webmail_host} +CNAME +{host} ", printed)
    assert "inbound-smtp" not in printed  # that was printed before


def test_a_certificate_that_can_become_none_is_asked_for_again(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate(work)
    hopeless = work.context["certificate"]
    state(work, monkeypatch, "VALIDATION_TIMED_OUT")
    certificate(work)
    assert work.context["certificate"] != hopeless


def test_spf_of_the_domain_is_part_of_what_is_printed(work: Work, names: Names, said: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    names.served[DOMAIN, "TXT"] = ["v=spf1 include:spf.elsewhere.example -all"]
    certificate(work)
    state(work, monkeypatch, "ISSUED")
    print_records(work)
    assert "v=spf1 include:spf.elsewhere.example include:amazonses.com -all" in said.getvalue()


def test_with_a_zone_of_ours_a_stack_makes_it_and_nothing_is_printed(work: Work, account: Rented, names: Names, said: io.StringIO) -> None:
    make_zone(work, names)
    preflight(work)
    output = {"OutputKey": "CertificateArn", "OutputValue": "arn:of-the-stack"}
    account.stacks.templates[work.deployment.certificate_stack] = {"Resources": {}, "Outputs": [output]}
    certificate(work)
    assert work.context["certificate"] == "arn:of-the-stack"
    assert isinstance(work.cdk, Noting)
    assert [stack for stack, _context in work.cdk.deployed] == ["CertificateStack"]
    assert print_records(work) == "There are none: the zone is in this account."
    assert "Set these records" not in said.getvalue()
