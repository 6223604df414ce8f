"""A deployment in which every line of the check passes: what the stacks, Zappa and `make deploy` leave behind, made by hand.

Names and contents come from where the deployment takes them (cdk_infra, zappa_settings.json, cdk_infra/dns.py), so that the two agree.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from csp.utils import build_policy

from cdk_infra.deployment import CERTIFICATE_REGION, ROLES, Deployment
from cdk_infra.dns import Known, records, zone_value
from cdk_infra.grants import grants_of
from local.environment import ACCOUNT, REGION
from local.provision import zipped_function
from mailbox.store.models import EXPIRES
from postamt.checkup.deployed import Deployed
from postamt.checkup.page import Page
from postamt.checkup.resolver import Resolver
from postamt.checkup.roles import TRUSTED
from postamt.checkup.stages import stage_of
from tests.aws.conftest import wait_until
from tests.deploy.local_aws import LocalAws
from tests.deploy.name_server import NameServer

DOMAIN = "check.example.org"
NAMES = Deployment(ACCOUNT, REGION, (DOMAIN,), "me@elsewhere.example")
SECRETS = {
    NAMES.auth_secret: "login-secret-of-the-world-that-is-well",
    NAMES.jwt_secret: "token-secret-of-the-world-that-is-well",
    NAMES.origin_secret: "origin-secret-of-the-world-that-is-well",
}
COOKIE = "__Host-csrf=0123456789; Secure; HttpOnly; SameSite=Strict; Path=/"
HEADERS = {"content-security-policy": build_policy(), "strict-transport-security": "max-age=63072000"}
BLOCKED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
GONE_AFTER = {"ID": "gone", "Status": "Enabled", "Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
RULE: dict[str, Any] = {
    "Name": NAMES.rule(DOMAIN),
    "Enabled": True,
    "TlsPolicy": "Require",
    "ScanEnabled": True,
    "Recipients": [DOMAIN],
    "Actions": [
        {
            "S3Action": {
                "BucketName": NAMES.bucket,
                "ObjectKeyPrefix": "incoming/",
                "TopicArn": NAMES.topic_arn(NAMES.receipts_topic),
            }
        }
    ],
}
VARIABLES = {"POSTAMT_DOMAIN": DOMAIN, "POSTAMT_BUCKET": NAMES.bucket, "POSTAMT_TABLE": NAMES.table}
INDEXER = NAMES.function_arn(NAMES.indexer_function)
NOTIFICATION = {"LambdaFunctionArn": INDEXER, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}
DEAD_LETTERS = NAMES.queue_arn(NAMES.dead_letter_queue)
REDRIVE = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": DEAD_LETTERS, "maxReceiveCount": 5})}
CLOCK = "postamt-indexer-sweep"


class World:
    """What a test may break: the account through its clients, the answers of the DNS, and the first page."""

    def __init__(self, aws: LocalAws) -> None:
        self.client = aws.client
        self.served: dict[tuple[str, str], list[str]] = {}
        self.page = Page(200, HEADERS, (COOKIE,))
        self.name_server = NameServer(aws.client("route53"), self.served)
        session = boto3.Session(aws.owner["AWS_ACCESS_KEY_ID"], aws.owner["AWS_SECRET_ACCESS_KEY"])
        resolver = Resolver({"POSTAMT_RESOLVER": self.name_server.address})
        self.deployed = Deployed(NAMES, DOMAIN, session, resolver, NAMES.webmail_url, lambda _url: self.page)


@contextmanager
def healthy_world(aws: LocalAws) -> Iterator[World]:
    world = World(aws)
    for make in (make_bucket, make_table, make_ses, make_functions, make_roads, make_front, make_watch):
        make(aws.client)
    wanted = Known(dkim_tokens=tokens(aws.client))
    for record in records(NAMES, DOMAIN, wanted):
        world.served.setdefault((record.name, record.kind), []).append(zone_value(record))
    world.served[NAMES.webmail_host, "A"] = ["192.0.2.1"]
    world.name_server.start()
    yield world
    world.name_server.stop()


def make_bucket(client: Any) -> None:
    s3, bucket = client("s3"), NAMES.bucket
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=BLOCKED)
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=ENCRYPTED)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(grants_of("bucket", NAMES)))
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [GONE_AFTER]})


def make_table(client: Any, name: str = NAMES.table, *, index: str = "by_id") -> None:
    dynamodb = client("dynamodb")
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    by_id = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "id")],
        KeySchema=keys,
        GlobalSecondaryIndexes=[{"IndexName": index, **by_id}],
        DeletionProtectionEnabled=True,
    )
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"AttributeName": EXPIRES, "Enabled": True})
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})


def make_ses(client: Any) -> None:
    for topic in (NAMES.receipts_topic, NAMES.events_topic, NAMES.alarms_topic):
        client("sns").create_topic(Name=topic)
    v2 = client("sesv2")
    v2.create_configuration_set(ConfigurationSetName=NAMES.configuration_set)
    v2.create_configuration_set_event_destination(
        ConfigurationSetName=NAMES.configuration_set,
        EventDestinationName="topic",
        EventDestination=reported("DELIVERY", "BOUNCE", "COMPLAINT"),
    )
    make_identity(client("cloudformation"))
    ses = client("ses")
    ses.create_receipt_rule_set(RuleSetName=NAMES.rule_set)
    ses.create_receipt_rule(RuleSetName=NAMES.rule_set, Rule=RULE)
    ses.set_active_receipt_rule_set(RuleSetName=NAMES.rule_set)


def reported(*kinds: str) -> dict[str, Any]:
    destination = {"TopicArn": NAMES.topic_arn(NAMES.events_topic)}
    return {"Enabled": True, "MatchingEventTypes": list(kinds), "SnsDestination": destination}


def make_identity(cloudformation: Any) -> None:
    """By a template, as on AWS: the local SES takes MAIL FROM and configuration set from nowhere else."""
    properties = {
        "EmailIdentity": DOMAIN,
        "ConfigurationSetAttributes": {"ConfigurationSetName": NAMES.configuration_set},
        "MailFromAttributes": {"MailFromDomain": NAMES.mail_from(DOMAIN)},
    }
    template = {"Resources": {"Identity": {"Type": "AWS::SES::EmailIdentity", "Properties": properties}}}
    cloudformation.create_stack(StackName="identity", TemplateBody=json.dumps(template))
    wait_until(lambda: "CREATE_COMPLETE" in str(cloudformation.describe_stacks(StackName="identity")), "there is no identity")


def tokens(client: Any) -> list[str]:
    return list(client("sesv2").get_email_identity(EmailIdentity=DOMAIN)["DkimAttributes"]["Tokens"])


def make_functions(client: Any) -> None:
    for role in ROLES:
        make_role(client("iam"), role)
        client("lambda").create_function(
            FunctionName=NAMES.function_of(role),
            Runtime="python3.11",
            Role=NAMES.role_arn(role),
            Handler="function.nothing",
            Environment={"Variables": VARIABLES},
            Code={"ZipFile": zipped_function()},
        )


def make_role(iam: Any, role: str) -> None:
    iam.create_role(RoleName=NAMES.role(role), AssumeRolePolicyDocument=json.dumps(trust(*sorted(TRUSTED[role]))))
    put_grants(iam, role, grants_of(role, NAMES))


def trust(*services: str) -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"} for service in services]
    return {"Version": "2012-10-17", "Statement": statements}


def put_grants(iam: Any, role: str, grants: dict[str, Any]) -> None:
    iam.put_role_policy(RoleName=NAMES.role(role), PolicyName=NAMES.role(role), PolicyDocument=json.dumps(grants))


def make_roads(client: Any) -> None:
    sqs, functions = client("sqs"), client("lambda")
    for queue in (NAMES.dead_letter_queue, NAMES.queue):
        sqs.create_queue(QueueName=queue)
    sqs.set_queue_attributes(QueueUrl=queue_url(client), Attributes=REDRIVE)
    functions.create_event_source_mapping(FunctionName=NAMES.sender_function, EventSourceArn=NAMES.queue_arn(NAMES.queue))
    destination = {"OnFailure": {"Destination": DEAD_LETTERS}}
    functions.put_function_event_invoke_config(FunctionName=NAMES.indexer_function, DestinationConfig=destination)
    client("s3").put_bucket_notification_configuration(
        Bucket=NAMES.bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [NOTIFICATION]}
    )
    for topic in (NAMES.receipts_topic, NAMES.events_topic):
        client("sns").subscribe(TopicArn=NAMES.topic_arn(topic), Protocol="lambda", Endpoint=INDEXER)
    for number, event in enumerate(event for event in stage_of(NAMES.indexer_function)["events"] if "expression" in event):
        client("events").put_rule(Name=f"{CLOCK}{number}", ScheduleExpression=event["expression"], State="ENABLED")
        client("events").put_targets(Rule=f"{CLOCK}{number}", Targets=[{"Id": "indexer", "Arn": INDEXER}])


def queue_url(client: Any) -> str:
    return str(client("sqs").get_queue_url(QueueName=NAMES.queue)["QueueUrl"])


def make_front(client: Any) -> None:
    ssm, gateway = client("ssm"), client("apigateway")
    for name, value in SECRETS.items():
        ssm.put_parameter(Name=name, Value=value, Type="SecureString")
    client("acm", CERTIFICATE_REGION).request_certificate(DomainName=NAMES.webmail_host, ValidationMethod="DNS")
    api = gateway.create_rest_api(name=NAMES.web_function)["id"]
    gateway.create_deployment(restApiId=api, stageName=NAMES.api_stage)
    ssm.put_parameter(Name=NAMES.api_id_parameter, Value=api, Type="String")
    throttle(client, "5", "10")
    client("cloudfront").create_distribution(DistributionConfig=distribution(SECRETS[NAMES.origin_secret]))


def throttle(client: Any, rate: str, burst: str) -> None:
    api = client("ssm").get_parameter(Name=NAMES.api_id_parameter)["Parameter"]["Value"]
    limits = {"rateLimit": rate, "burstLimit": burst}
    patches = [{"op": "replace", "path": f"/*/*/throttling/{name}", "value": value} for name, value in limits.items()]
    client("apigateway").update_stage(restApiId=api, stageName=NAMES.api_stage, patchOperations=patches)


def distribution(shown: str) -> dict[str, Any]:
    origin = {
        "Id": "api",
        "DomainName": "api.example.org",
        "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "X-Origin-Secret", "HeaderValue": shown}]},
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    return {
        "CallerReference": "check",
        "Comment": "",
        "Enabled": True,
        "Aliases": {"Quantity": 1, "Items": [NAMES.webmail_host]},
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "api", "ViewerProtocolPolicy": "redirect-to-https"},
    }


def make_watch(client: Any) -> None:
    for name in NAMES.alarms:
        put_alarm(client, name, [NAMES.topic_arn(NAMES.alarms_topic)])
    client("sns").subscribe(TopicArn=NAMES.topic_arn(NAMES.alarms_topic), Protocol="email", Endpoint=NAMES.alerts)
    for function in NAMES.functions:
        client("logs").create_log_group(logGroupName=NAMES.log_group(function))
        client("logs").put_retention_policy(logGroupName=NAMES.log_group(function), retentionInDays=30)


def put_alarm(client: Any, name: str, actions: list[str]) -> None:
    client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=actions,
    )
