"""One clear sentence for what is missing, before anything is made; and what is there already is found and kept."""

import io
import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from dns.exception import Timeout

from deploy.account import Account
from deploy.asked import asked_for
from deploy.preflight import preflight
from deploy.receiving import active_rule_set
from deploy.trouble import CannotDeploy
from deploy.undeploy import look_around
from deploy.work import Work
from local.environment import REGION
from tests.deploy.conftest import DOMAIN, Names, Rented, another_has, make_rule_set, make_zone, put_record

TABLE: dict[str, Any] = {
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def test_it_works(work: Work, names: Names, said: io.StringIO) -> None:
    zone = make_zone(work, names)
    assert preflight(work) == f"Account {work.account.number}, region {REGION}."
    assert f"its DNS is the Route 53 zone {zone}" in said.getvalue()
    assert work.adopt == {"hosted_zone": {DOMAIN: zone}}
    assert work.context == {"mx": "no", "keep": ""}


def refuse(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    class Refusing:
        def get_caller_identity(self) -> None:
            raise trouble

    monkeypatch.setattr(boto3.Session, "client", lambda *_arguments, **_options: Refusing())


def test_missing_credentials_are_said_in_a_sentence(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, NoCredentialsError())
    with pytest.raises(CannotDeploy, match="There are no AWS credentials here: run `aws configure`"):
        preflight(work)


def test_credentials_that_aws_refuses_are_said_in_a_sentence(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, ClientError({"Error": {"Code": "ExpiredToken"}}, "GetCallerIdentity"))
    with pytest.raises(CannotDeploy, match=r"AWS does not take these credentials \(ExpiredToken\): sign in again"):
        preflight(work)


def test_a_profile_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(CannotDeploy, match=r"profile \(nobody\) could not be found: set AWS_PROFILE"):
        assert Account(REGION).number


def test_a_region_where_ses_receives_nothing_is_refused(work: Work) -> None:
    work.settings["region"] = "eu-north-9"
    with pytest.raises(CannotDeploy, match="SES receives no mail in eu-north-9: take a region where it does"):
        preflight(work)


def test_a_dns_that_does_not_answer_is_said_in_a_sentence(work: Work, names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    def time_out(_name: str, _kind: str) -> list[str]:
        raise Timeout

    monkeypatch.setattr(names, "ask", time_out)
    with pytest.raises(CannotDeploy, match=r"The DNS does not answer .*: check the network"):
        preflight(work)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"domains": []}, "No domain is given"),
        ({"domains": ["https://example.org"]}, "is not a domain name"),
        ({"region": "Ireland"}, "is not an AWS region"),
        ({"alerts": ""}, "No address for alarms is given"),
        ({"alerts": f"me@{DOMAIN}"}, "they would not reach you when your own mail fails"),
    ],
)
def test_a_choice_that_cannot_work_is_said_in_a_sentence(settings: dict[str, Any], sentence: str, work: Work) -> None:
    work.settings |= settings
    with pytest.raises(CannotDeploy, match=sentence):
        preflight(work)


def test_a_zone_that_the_world_does_not_ask_is_refused_with_its_name_servers(work: Work, names: Names) -> None:
    make_zone(work, names, delegated=False)
    with pytest.raises(CannotDeploy, match=r"example\.org is not delegated to its Route 53 zone: .* at your registrar \(ns-"):
        preflight(work)


def test_a_domain_that_is_in_no_dns_is_refused(work: Work, names: Names) -> None:
    del names.served[DOMAIN, "NS"]
    with pytest.raises(CannotDeploy, match=r"example\.org is in no DNS: register it"):
        preflight(work)


def test_a_domain_whose_dns_is_elsewhere_goes_on(work: Work, said: io.StringIO) -> None:
    preflight(work)
    assert "its DNS is not in this account, so you set its records yourself" in said.getvalue()
    assert "hosted_zone" not in work.adopt


def test_a_name_below_a_domain_uses_the_zone_of_the_domain(work: Work, names: Names) -> None:
    zone = make_zone(work, names)
    work.settings["domains"] = [f"mail.{DOMAIN}"]
    preflight(work)
    assert work.adopt["hosted_zone"] == {f"mail.{DOMAIN}": zone}


def test_a_private_zone_of_the_same_name_is_left_alone(work: Work, names: Names) -> None:
    vpc = {"VPCRegion": REGION, "VPCId": work.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]}
    work.client("route53").create_hosted_zone(Name=DOMAIN, CallerReference="private", HostedZoneConfig={"PrivateZone": True}, VPC=vpc)
    preflight(work)
    assert "hosted_zone" not in work.adopt


def test_the_sandbox_of_ses_is_a_warning_and_no_end(work: Work, account: Rented, said: io.StringIO) -> None:
    account.sends_to_everybody = False
    preflight(work)
    assert "SES is in its sandbox here: mail comes in, but goes out to verified addresses only" in said.getvalue()


def test_another_active_rule_set_is_joined_and_never_switched_off(work: Work, said: io.StringIO) -> None:
    make_rule_set(work, "of-somebody-else")
    preflight(work)
    assert work.deployment.rule_set == "of-somebody-else"
    assert "it stays so, and our rule is added to it" in said.getvalue()
    assert active_rule_set(work.client("ses")) == "of-somebody-else"


def test_our_own_active_rule_set_is_no_other(work: Work) -> None:
    make_rule_set(work, "postamt")
    preflight(work)
    assert "rule_set" not in work.adopt


def test_a_bucket_a_table_and_an_identity_that_were_left_are_used_again(work: Work, said: io.StringIO) -> None:
    bucket = work.deployment.bucket
    work.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    work.client("dynamodb").create_table(TableName=work.deployment.table, **TABLE)
    work.client("sesv2").create_email_identity(EmailIdentity=DOMAIN)
    preflight(work)
    assert work.adopt == {"bucket": bucket, "table": "postamt-2", "identity": [DOMAIN]}
    assert "its mail stays" in said.getvalue()


def test_what_a_stack_of_ours_holds_is_the_stacks(work: Work, account: Rented) -> None:
    bucket = work.deployment.bucket
    work.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    account.stacks.templates[work.deployment.storage_stack] = {"Resources": {bucket: {"Type": "AWS::S3::Bucket"}}}
    preflight(work)
    assert "bucket" not in work.adopt


def test_a_record_of_our_stack_does_not_pass_for_the_identity_of_the_same_name(work: Work, account: Rented) -> None:
    work.client("sesv2").create_email_identity(EmailIdentity=DOMAIN)
    record = {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": DOMAIN, "Type": "TXT"}}
    account.stacks.templates[work.deployment.email_stack] = {"Resources": {DOMAIN: record}}
    preflight(work)
    assert work.adopt["identity"] == [DOMAIN]


def test_of_several_domains_those_that_ses_knows_are_used_again(work: Work, names: Names) -> None:
    work.settings["domains"] = [DOMAIN, "second.example"]
    names.served["second.example", "NS"] = ["ns1.elsewhere.example"]
    work.client("sesv2").create_email_identity(EmailIdentity="second.example")
    preflight(work)
    assert work.deployment.adopted.identities == ("second.example",)


@pytest.mark.parametrize("status", ["CREATE_FAILED", "DELETE_COMPLETE", "DELETE_SKIPPED"])
def test_what_stayed_of_a_deployment_that_failed_is_used_again(status: str, work: Work, account: Rented) -> None:
    bucket = work.deployment.bucket
    work.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    held = {"Type": "AWS::S3::Bucket", "Status": status}
    account.stacks.templates[work.deployment.storage_stack] = {"Resources": {bucket: held}}
    preflight(work)
    assert work.adopt["bucket"] == bucket


@pytest.mark.parametrize("which", ["bucket", "zappa_bucket", "static_bucket"])
def test_a_bucket_of_our_name_in_another_account_is_never_used(which: str, work: Work) -> None:
    bucket = getattr(work.deployment, which)
    work.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    another_has(work, bucket)
    with pytest.raises(CannotDeploy, match=rf"The bucket {bucket} belongs to another AWS account, .*: choose another name"):
        preflight(work)
    assert "bucket" not in work.adopt


def test_records_that_the_zone_has_already_are_kept(work: Work, names: Names) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "MX", "10 mail.elsewhere.example.")
    put_record(work, zone, "TXT", '"v=DMARC1; p=reject"', name=f"_dmarc.{DOMAIN}")
    preflight(work)
    assert set(work.context["keep"].split(",")) == {f"MX {DOMAIN}", f"TXT _dmarc.{DOMAIN}"}
    assert work.context["mx"] == "no"


def deploy_pages(work: Work, domain: str) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    work.client("iam").create_role(RoleName=work.deployment.role("web"), AssumeRolePolicyDocument=trust)
    work.client("lambda").create_function(
        FunctionName=work.deployment.web_function,
        Runtime="python3.11",
        Role=work.deployment.role_arn("web"),
        Handler="none.none",
        Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
        Environment={"Variables": {"POSTAMT_DOMAIN": domain}},
    )


def test_another_domain_than_the_one_deployed_here_is_refused(work: Work) -> None:
    deploy_pages(work, "example.net")
    with pytest.raises(CannotDeploy, match=r"example\.net is deployed here, and example\.org is not: type DOMAIN=example\.net"):
        preflight(work)
    with pytest.raises(CannotDeploy, match=r"example\.net is deployed here"):
        look_around(work)  # before it takes anything away


def test_a_domain_is_added_to_the_one_deployed_here(work: Work, names: Names) -> None:
    deploy_pages(work, DOMAIN)
    work.settings["domains"] = [DOMAIN, "example.net"]
    names.served["example.net", "NS"] = ["ns1.elsewhere.example"]
    assert preflight(work) == f"Account {work.account.number}, region {REGION}."


def test_what_this_folder_ships_deploys_no_domain(work: Work) -> None:
    work.settings = asked_for(["TAKE_MX=yes"]).settings
    with pytest.raises(CannotDeploy, match="No domain is given: write the domain your mail is for"):
        preflight(work)
    work.settings["domains"] = [DOMAIN]
    with pytest.raises(CannotDeploy, match="No address for alarms is given"):
        preflight(work)
