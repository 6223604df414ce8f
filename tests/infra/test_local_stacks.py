"""What CloudFormation makes of the templates, asked of the services themselves on the local AWS.

What the local AWS does not do is seen in the templates alone: nothing gets colder or expires, no alarm rings, no confirmation is asked
for by mail, and CloudFront serves nothing.
"""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.environment import ACCOUNT
from tests.deploy.local_aws import LocalAws
from tests.infra.conftest import destroy, make
from tests.infra.templates import Templates, synthesized


def test_the_bucket_is_set_up_as_the_template_says(aws: LocalAws, templates: Templates) -> None:
    s3, bucket = aws.client("s3"), templates.deployment.bucket
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]}
    assert rules["colder-with-age"]["Filter"] == {"ObjectSizeGreaterThan": 131_072}
    assert rules["uploads-for-a-day"]["Filter"] == {"Prefix": "uploads/"}
    assert rules["deleted-and-replaced"]["Expiration"] == {"ExpiredObjectDeleteMarker": True}
    (cors,) = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert cors["AllowedOrigins"] == ["https://webmail.example.org"]
    assert "SesStoresWhatArrives" in s3.get_bucket_policy(Bucket=bucket)["Policy"]


def test_the_table_forgets_what_expires_and_cannot_be_deleted_by_a_slip(aws: LocalAws, templates: Templates) -> None:
    dynamodb, table = aws.client("dynamodb"), templates.deployment.table
    assert dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["AttributeName"] == "expires"
    with pytest.raises(ClientError, match="deletion protection"):
        dynamodb.delete_table(TableName=table)


def test_mail_for_the_domain_has_a_rule_and_an_identity(aws: LocalAws, templates: Templates) -> None:
    (rule,) = aws.client("ses").describe_receipt_rule_set(RuleSetName="postamt")["Rules"]
    assert rule["Actions"][0]["S3Action"]["TopicArn"] == templates.deployment.topic_arn("postamt-receipts")
    identity = aws.client("sesv2").get_email_identity(EmailIdentity="example.org")
    assert identity["ConfigurationSetName"] == "postamt"
    assert identity["MailFromAttributes"]["MailFromDomain"] == "bounce.example.org"


def test_every_alarm_is_there_and_tells_the_owner(aws: LocalAws, templates: Templates) -> None:
    alarms = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert sorted(alarm["AlarmName"] for alarm in alarms) == sorted(templates.deployment.alarms)
    told = templates.deployment.topic_arn("postamt-alarms")
    assert {target for alarm in alarms for target in alarm["AlarmActions"]} == {told}
    (subscription,) = aws.client("sns").list_subscriptions_by_topic(TopicArn=told)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "me@elsewhere.example")


def test_the_last_thing_mail_and_index_outlive_their_stack_and_are_adopted_by_the_next(aws: LocalAws, templates: Templates) -> None:
    bucket, table = templates.deployment.bucket, templates.deployment.table
    aws.client("s3").put_object(Bucket=bucket, Key="incoming/x", Body=b"Subject: kept\r\n\r\n")
    destroy(aws, "EmailStack")
    destroy(aws, "StorageStack")
    assert aws.client("s3").get_object(Bucket=bucket, Key="incoming/x")["Body"].read() == b"Subject: kept\r\n\r\n"
    assert aws.client("dynamodb").describe_table(TableName=table)["Table"]["TableStatus"] == "ACTIVE"
    again = synthesized(account=ACCOUNT, adopt={"bucket": bucket, "table": table})
    make(aws, again, "StorageStack")
    assert sids(aws, bucket) == {"TlsOnly", "SesStoresWhatArrives"}


def sids(aws: LocalAws, bucket: str) -> set[str]:
    policy: dict[str, Any] = json.loads(aws.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    return {statement["Sid"] for statement in policy["Statement"]}
