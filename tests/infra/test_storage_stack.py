"""What mail is kept in: bucket and table that outlive their stack, queues, roles, logs, and the alarms about them."""

import json
from typing import Any

import pytest
from moto import mock_aws
from pytest_django import Settings

from cdk_infra.deployment import ROLES
from cdk_infra.grants import grants_of
from mailbox.store.models import create_table
from tests.infra.templates import Properties, synthesized
from tests.unit.calls import watched_calls
from tests.unit.in_memory import clients_in_memory

STACK = "StorageStack"
BUCKET, TABLE = "AWS::S3::Bucket", "AWS::DynamoDB::Table"


def only(kind: str) -> Properties:
    return synthesized().only(STACK, kind)


@pytest.mark.parametrize("kind", [BUCKET, TABLE])
def test_mail_and_index_outlive_their_stack(kind: str) -> None:
    (resource,) = synthesized().resources(STACK, kind)
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_table_is_the_one_that_the_models_make(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, indexes, billing and time to live, against the very requests of `create_table`."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    settings.POSTAMT_TABLE = "postamt-test"  # PynamoDB keeps a connection for each name
    with mock_aws(), clients_in_memory(), watched_calls() as calls:
        create_table()
    asked = {operation: parameters for _service, operation, parameters in calls.made}
    template, made = only(TABLE), asked["CreateTable"]
    assert template["KeySchema"] == made["KeySchema"]
    assert by_name(template["AttributeDefinitions"]) == by_name(made["AttributeDefinitions"])
    assert template["BillingMode"] == made["BillingMode"] == "PAY_PER_REQUEST"
    assert template["GlobalSecondaryIndexes"] == [without_capacity(index) for index in made["GlobalSecondaryIndexes"]]
    assert not template.get("LocalSecondaryIndexes")
    assert template["TimeToLiveSpecification"] == asked["UpdateTimeToLive"]["TimeToLiveSpecification"]


def by_name(definitions: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(definitions, key=lambda definition: definition["AttributeName"])


def without_capacity(index: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in index.items() if name != "ProvisionedThroughput"}


def test_the_table_is_backed_up_and_protected() -> None:
    table = only(TABLE)
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True


def test_the_bucket_is_private_encrypted_and_keeps_versions() -> None:
    bucket = only(BUCKET)
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "NotificationConfiguration" not in bucket  # Zappa's; two managers would take turns at wiping it


def rules() -> dict[str, Properties]:
    return {rule["Id"]: rule for rule in only(BUCKET)["LifecycleConfiguration"]["Rules"]}


def test_mail_gets_colder_but_stays_readable_at_once_and_only_where_that_is_cheaper() -> None:
    rule = rules()["colder-with-age"]
    assert [step["StorageClass"] for step in rule["Transitions"]] == ["STANDARD_IA", "GLACIER_IR"]
    assert rule["ObjectSizeGreaterThan"] == "131072"
    assert "Prefix" not in rule


def test_only_what_is_passing_expires() -> None:
    expiring = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules().values() if "ExpirationInDays" in rule}
    assert expiring == {"uploads/": 1, "parts/": 1, "jobs/": 30}


def test_what_was_deleted_can_be_had_back_for_thirty_days() -> None:
    assert rules()["deleted-and-replaced"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rules()["unfinished-uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


def test_only_the_webmail_uploads_across_origins() -> None:
    (rule,) = only(BUCKET)["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["https://webmail.example.org"]
    assert sorted(rule["AllowedMethods"]) == ["POST", "PUT"]


def test_the_bucket_refuses_plain_http_and_lets_only_our_receipt_rules_store() -> None:
    tls, ses = only("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    assert (tls["Effect"], tls["Principal"], tls["Condition"]) == ("Deny", "*", {"Bool": {"aws:SecureTransport": "false"}})
    assert ses["Resource"] == "arn:aws:s3:::postamt-123456789012-eu-west-1/incoming/*"
    assert ses["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}


def test_an_adopted_bucket_and_table_are_used_as_they_are() -> None:
    adopted = synthesized(adopt={"bucket": "old-mail", "table": "old-index"})
    assert not list(adopted.resources(STACK, BUCKET))
    assert not list(adopted.resources(STACK, TABLE))
    assert adopted.only(STACK, "AWS::S3::BucketPolicy")["Bucket"] == "old-mail"
    text = json.dumps(adopted.of(STACK))
    assert "arn:aws:s3:::old-mail/incoming/*" in text
    assert "table/old-index/index/*" in text
    assert "postamt-2" not in text


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_its_file_says_and_no_more(role: str) -> None:
    (made,) = (made for made in synthesized().all_of(STACK, "AWS::IAM::Role") if made["RoleName"] == f"postamt-{role}")
    (policy,) = made["Policies"]
    assert unordered(policy["PolicyDocument"]) == unordered(grants_of(role, synthesized().deployment))
    assert "ManagedPolicyArns" not in made
    trusted = {statement["Principal"]["Service"] for statement in made["AssumeRolePolicyDocument"]["Statement"]}
    assert trusted == {"lambda.amazonaws.com"} | ({"apigateway.amazonaws.com"} if role == "web" else set())
    assert not [statement for statement in made["AssumeRolePolicyDocument"]["Statement"] if "Condition" in statement]


def unordered(document: dict[str, Any]) -> dict[str, Any]:
    """CDK sorts; the statements are the same."""
    statements = {statement["Sid"]: {name: as_set(value) for name, value in statement.items()} for statement in document["Statement"]}
    assert len(statements) == len(document["Statement"])
    return statements


def as_set(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


def test_no_other_role_is_made() -> None:
    assert len(synthesized().all_of(STACK, "AWS::IAM::Role")) == len(ROLES)


def test_logs_are_kept_thirty_days_under_the_names_lambda_uses() -> None:
    groups = {group["LogGroupName"]: group["RetentionInDays"] for group in synthesized().all_of(STACK, "AWS::Logs::LogGroup")}
    assert groups == dict.fromkeys(["/aws/lambda/postamt-production", "/aws/lambda/postamt-indexer", "/aws/lambda/postamt-sender"], 30)


def test_what_cannot_be_sent_goes_to_the_dead_letters() -> None:
    queues = {queue["QueueName"]: queue for queue in synthesized().all_of(STACK, "AWS::SQS::Queue")}
    assert set(queues) == {"postamt-outbox", "postamt-outbox-dead"}
    assert queues["postamt-outbox"]["RedrivePolicy"]["maxReceiveCount"] == 5
    assert queues["postamt-outbox"]["VisibilityTimeout"] == 720
    assert queues["postamt-outbox-dead"]["MessageRetentionPeriod"] == 1_209_600


def test_alarms_go_to_an_address_elsewhere() -> None:
    assert only("AWS::SNS::Subscription")["Protocol"] == "email"
    assert only("AWS::SNS::Subscription")["Endpoint"] == "me@elsewhere.example"
    for alarm in synthesized().all_of(STACK, "AWS::CloudWatch::Alarm"):
        assert alarm["AlarmActions"] == [{"Ref": topic()}], alarm["AlarmName"]


def topic() -> str:
    (id,) = (id for id, resource in synthesized().of(STACK)["Resources"].items() if resource["Type"] == "AWS::SNS::Topic")
    return str(id)


def test_an_error_of_indexer_or_sender_and_a_dead_letter_raise_an_alarm() -> None:
    alarms = {alarm["AlarmName"]: alarm for alarm in synthesized().all_of(STACK, "AWS::CloudWatch::Alarm")}
    assert set(alarms) == {"postamt-indexer-errors", "postamt-sender-errors", "postamt-dead-letters", "postamt-sign-in-flood"}
    assert alarms["postamt-indexer-errors"]["Dimensions"] == [{"Name": "FunctionName", "Value": "postamt-indexer"}]
    assert alarms["postamt-dead-letters"]["Dimensions"] == [{"Name": "QueueName", "Value": "postamt-outbox-dead"}]
    assert {alarm["Threshold"] for alarm in alarms.values()} == {1}
    assert {alarm["TreatMissingData"] for alarm in alarms.values()} == {"notBreaching"}


def test_a_flood_of_sign_ins_is_found_in_the_log_of_the_pages() -> None:
    found = only("AWS::Logs::MetricFilter")
    (metric,) = found["MetricTransformations"]
    (alarm,) = (alarm for alarm in synthesized().all_of(STACK, "AWS::CloudWatch::Alarm") if alarm["AlarmName"] == "postamt-sign-in-flood")
    assert found["FilterPattern"] == '{ $.alarm = "sign_in_flood" }'  # what mailbox/attempts.py writes
    assert (metric["MetricNamespace"], metric["MetricName"]) == (alarm["Namespace"], alarm["MetricName"])
