"""What the deployment's templates need and the emulator lacks as it is shipped: asked for by CloudFormation, seen through the APIs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.aws.conftest import PostOffice, wait_until

STACK = "formation"
DOMAIN = "formation.example"


def template(prefix: str) -> str:
    rule = {
        "Name": "store",
        "Enabled": True,
        "Recipients": [DOMAIN],
        "Actions": [{"S3Action": {"BucketName": "formation-mail", "ObjectKeyPrefix": prefix}}],
    }
    resources = {
        "Identity": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": DOMAIN}},
        "Rules": {"Type": "AWS::SES::ReceiptRuleSet", "Properties": {"RuleSetName": "formation"}},
        "Rule": {"Type": "AWS::SES::ReceiptRule", "Properties": {"RuleSetName": {"Ref": "Rules"}, "Rule": rule}},
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": "formation",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            },
        },
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketName": "formation-mail",
                "LifecycleConfiguration": {
                    "Rules": [
                        {"Id": "uploads", "Status": "Enabled", "Prefix": "uploads/", "ExpirationInDays": 1},
                        {
                            "Id": "age",
                            "Status": "Enabled",
                            "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionInDays": 90}],
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
                        },
                    ]
                },
            },
        },
    }
    outputs = {"Token": {"Value": {"Fn::GetAtt": ["Identity", "DkimDNSTokenName1"]}}}
    return json.dumps({"Resources": resources, "Outputs": outputs})


def wait_for(cloudformation: Any, status: str) -> dict[str, Any]:
    def reached() -> dict[str, Any] | None:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        assert "ROLLBACK" not in stack["StackStatus"], stack.get("StackStatusReason")
        return stack if stack["StackStatus"] == status else None

    return wait_until(reached, f"the stack is not {status}")


@pytest.fixture(scope="module")
def stack(post_office: PostOffice) -> Iterator[dict[str, Any]]:
    cloudformation = post_office.client("cloudformation")
    cloudformation.create_stack(StackName=STACK, TemplateBody=template("incoming/"))
    yield wait_for(cloudformation, "CREATE_COMPLETE")
    cloudformation.delete_stack(StackName=STACK)


def test_it_works(stack: dict[str, Any]) -> None:
    (token,) = stack["Outputs"]
    assert token["OutputValue"].endswith(f"._domainkey.{DOMAIN}")


def test_a_receipt_rule_is_made_and_changed(stack: dict[str, Any], post_office: PostOffice) -> None:
    assert stack
    cloudformation, ses = post_office.client("cloudformation"), post_office.client("ses")

    def prefix() -> str:
        (rule,) = ses.describe_receipt_rule_set(RuleSetName="formation")["Rules"]
        assert rule["Recipients"] == [DOMAIN]
        return str(rule["Actions"][0]["S3Action"]["ObjectKeyPrefix"])

    assert prefix() == "incoming/"
    cloudformation.update_stack(StackName=STACK, TemplateBody=template("elsewhere/"))
    wait_for(cloudformation, "UPDATE_COMPLETE")
    assert prefix() == "elsewhere/"


def test_a_table_keeps_its_time_to_live_and_its_backups(stack: dict[str, Any], post_office: PostOffice) -> None:
    assert stack
    dynamodb = post_office.client("dynamodb")
    ttl = dynamodb.describe_time_to_live(TableName="formation")["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    backups = dynamodb.describe_continuous_backups(TableName="formation")["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_a_bucket_keeps_its_lifecycle(stack: dict[str, Any], post_office: PostOffice) -> None:
    assert stack
    uploads, age = post_office.client("s3").get_bucket_lifecycle_configuration(Bucket="formation-mail")["Rules"]
    assert uploads["Expiration"] == {"Days": 1}
    assert uploads["Filter"] == {"Prefix": "uploads/"}
    assert age["Transitions"] == [{"Days": 90, "StorageClass": "GLACIER_IR"}]
    assert age["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert age["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 2}


def test_binary_media_types_are_kept_as_zappa_names_them(post_office: PostOffice) -> None:
    gateway = post_office.client("apigateway")
    api = gateway.create_rest_api(name="formation")["id"]
    gateway.update_rest_api(restApiId=api, patchOperations=[{"op": "add", "path": "/binaryMediaTypes/*~1*"}])
    assert gateway.get_rest_api(restApiId=api)["binaryMediaTypes"] == ["*/*"]
    gateway.delete_rest_api(restApiId=api)
