"""What holds for every template: the checks of others find nothing, nothing secret is in it, nothing needs another stack to stand."""

import json
import re
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from cdk_infra.acknowledged import acknowledge_wildcards
from cdk_infra.app import check_stacks
from tests.infra.templates import CERTIFICATE, STACKS, Templates, in_route_53, synthesized

CONTEXT = json.dumps({"certificate": CERTIFICATE, "mx": "yes"})


def whole() -> Templates:
    """Every resource there can be; the synthesis ends with an error when cdk-nag finds something."""
    return in_route_53("example.org", "example.net", check=True, context=CONTEXT)


@pytest.mark.parametrize("stack", STACKS)
def test_cfn_lint_finds_nothing(stack: str) -> None:
    region = "us-east-1" if stack == "CertificateStack" else "eu-west-1"
    assert lint(whole().file(stack).read_text(), config=ManualArgs(regions=[region])) == []


def test_cfn_lint_would_find_something() -> None:
    template = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketNam": "x"}}}}
    assert lint(json.dumps(template))


def test_cdk_nag_finds_nothing_in_the_smallest_deployment_either() -> None:
    assert synthesized(check=True).names == ["StorageStack", "EmailStack", "WebmailStack"]


def test_a_finding_ends_the_synthesis(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    s3.Bucket(Stack(app, "Careless"), "Bucket")
    check_stacks(app)
    with pytest.raises(RuntimeError, match="AwsSolutions-S1'"):
        app.synth()


def test_a_wildcard_of_a_new_shape_is_a_finding(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    grants = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*"}]}
    role = iam.Role(
        Stack(app, "Careless"),
        "Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"all": iam.PolicyDocument.from_json(grants)},
    )
    acknowledge_wildcards(role, grants)
    check_stacks(app)
    with pytest.raises(RuntimeError, match="AwsSolutions-IAM5"):
        app.synth()


def test_no_template_holds_a_secret_or_asks_for_a_key() -> None:
    for stack in STACKS:
        text = whole().file(stack).read_text()
        assert "AWS::IAM::AccessKey" not in text
        assert "X-Origin-Secret" not in text
        assert not re.search(r"resolve:(ssm|ssm-secure|secretsmanager):", text)
        assert not re.search(r'"(Password|SecretString|SecretAccessKey|GenerateSecretString)"', text)


def test_secrets_are_named_only_where_the_web_role_reads_them() -> None:
    for stack in ("CertificateStack", "EmailStack", "WebmailStack"):
        assert "-secret" not in whole().file(stack).read_text()
    storage = json.dumps(whole().of("StorageStack"))
    assert storage.count("/webmail/auth-secret") == 1


def test_each_stack_can_be_destroyed_while_the_others_stay() -> None:
    for stack in STACKS:
        text = whole().file(stack).read_text()
        assert "Fn::ImportValue" not in text
        assert '"Export"' not in text
        assert "Custom::" not in text


def test_stacks_have_the_names_that_everybody_expects() -> None:
    manifest = json.loads((whole().folder / "manifest.json").read_text())["artifacts"]
    names = {id: artifact["properties"].get("stackName") for id, artifact in manifest.items() if id in STACKS}
    assert names == dict(zip(STACKS, ["postamt-certificate", "postamt-storage", "postamt-email", "postamt-webmail"], strict=True))
