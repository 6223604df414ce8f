"""Makes in the local AWS what CDK and Zappa make in a real account. Every step may run again, at every start.

Roles and policies are the deployment's own (cdk_infra/policies/), and so are the roads: S3 event, SNS topic and queue end in
Lambda functions. Only their zip differs: instead of the project's files it holds a module that finds them here.
"""

import io
import json
import sys
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.exceptions import ClientError

from cdk_infra.deployment import Adopted, Deployment
from cdk_infra.grants import grants_of
from local.environment import (
    ACCOUNT,
    BUCKET,
    DEAD_LETTER_QUEUE,
    PROJECT,
    QUEUE,
    QUEUE_URL,
    REGION,
    RULE_SET,
    TABLE,
    TOPIC,
)

FUNCTIONS = ("indexer", "sender")
WARM = ("indexer", "indexer", "sender")
WEB_USER = "postamt-web"
TOPIC_ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:{TOPIC}"
TIMEOUTS = {"indexer": 900, "sender": 120}  # seconds, as in zappa_settings.json
VISIBILITY = 6 * TIMEOUTS["sender"]  # what AWS asks of a queue that feeds a function
RECEIVES = 5


def function_name(name: str) -> str:
    return f"postamt-{name}"


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function_name(name)}"


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def policy_of(identity: str, domain: str) -> str:
    """The policy document of `web`, `indexer` or `sender`, as a deployment for `domain` has it."""
    deployment = Deployment(ACCOUNT, REGION, (domain,), adopted=Adopted(bucket=BUCKET, table=TABLE))
    return json.dumps(grants_of(identity, deployment))


class Provisioning:
    """One run over an emulator that answers at the endpoint of `environment`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._domain = environment["POSTAMT_DOMAIN"]
        self._session = boto3.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        )

    def client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self._environment["AWS_ENDPOINT_URL"])  # type: ignore[call-overload]

    def warm_functions(self) -> None:
        """The first mail does not wait for a cold start: an event without records starts a worker and asks for nothing."""
        functions = self.client("lambda")
        with ThreadPoolExecutor(len(WARM)) as threads:
            for name in WARM:
                threads.submit(functions.invoke, FunctionName=function_name(name), Payload=b'{"Records": []}')

    def run(self) -> dict[str, str]:
        """Makes everything; answers with the environment of the web identity."""
        self.make_bucket()
        self.make_table()
        self.make_queues()
        for name in FUNCTIONS:
            self.make_role(name)
            self.make_function(name)
        self.make_topic()
        self.connect_bucket()
        self.connect_queue()
        self.make_receiving()
        return self.make_web_identity()

    def make_bucket(self) -> None:
        s3 = self.client("s3")
        unless_present(s3.create_bucket, Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
        s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=block)

    def make_table(self) -> None:
        from mailbox.store.models import create_table  # PynamoDB reads the settings at import, and they the environment

        create_table()

    def make_queues(self) -> None:
        sqs = self.client("sqs")
        sqs.create_queue(QueueName=DEAD_LETTER_QUEUE, Attributes={"MessageRetentionPeriod": "1209600"})
        sqs.create_queue(QueueName=QUEUE)
        redrive = json.dumps({"deadLetterTargetArn": queue_arn(DEAD_LETTER_QUEUE), "maxReceiveCount": RECEIVES})
        sqs.set_queue_attributes(QueueUrl=QUEUE_URL, Attributes={"VisibilityTimeout": str(VISIBILITY), "RedrivePolicy": redrive})

    def make_role(self, name: str) -> None:
        iam = self.client("iam")
        role = function_name(name)
        trust = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
        }
        unless_present(iam.create_role, RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName=role, PolicyName=role, PolicyDocument=policy_of(name, self._domain))

    def make_function(self, name: str) -> None:
        """A new function, or the present one with today's code and settings."""
        functions = self.client("lambda")
        settings = {
            "FunctionName": function_name(name),
            "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
            "Role": f"arn:aws:iam::{ACCOUNT}:role/{function_name(name)}",
            "Handler": f"function.{name}",
            "Timeout": TIMEOUTS[name],
            "MemorySize": 512,
            "Environment": {"Variables": self._function_environment()},
        }
        code = zipped_function()
        if not unless_present(functions.create_function, **settings, Code={"ZipFile": code}):
            functions.update_function_configuration(**settings)
            functions.update_function_code(FunctionName=function_name(name), ZipFile=code)
        dead_letters = {"OnFailure": {"Destination": queue_arn(DEAD_LETTER_QUEUE)}}
        functions.put_function_event_invoke_config(FunctionName=function_name(name), DestinationConfig=dead_letters)

    def _function_environment(self) -> dict[str, str]:
        """No secrets: only the web process signs people in. What AWS reserves (keys and region) comes from the role, as on AWS."""
        given = {name: value for name, value in self._environment.items() if name.startswith("POSTAMT_") and not name.endswith("_SECRET")}
        return given | {"POSTAMT_PROJECT": str(PROJECT), "AWS_ENDPOINT_URL": self._environment["AWS_ENDPOINT_URL"]}

    def make_topic(self) -> None:
        sns = self.client("sns")
        sns.create_topic(Name=TOPIC)
        self._allow("indexer", "sns", TOPIC_ARN)
        sns.subscribe(TopicArn=TOPIC_ARN, Protocol="lambda", Endpoint=function_arn("indexer"))

    def connect_bucket(self) -> None:
        self._allow("indexer", "s3", f"arn:aws:s3:::{BUCKET}")
        road = {
            "Id": function_name("indexer"),
            "LambdaFunctionArn": function_arn("indexer"),
            "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
        }
        self.client("s3").put_bucket_notification_configuration(
            Bucket=BUCKET, NotificationConfiguration={"LambdaFunctionConfigurations": [road]}
        )

    def connect_queue(self) -> None:
        functions = self.client("lambda")
        known = functions.list_event_source_mappings(FunctionName=function_name("sender"), EventSourceArn=queue_arn(QUEUE))
        if not known["EventSourceMappings"]:
            functions.create_event_source_mapping(
                FunctionName=function_name("sender"),
                EventSourceArn=queue_arn(QUEUE),
                BatchSize=1,
                FunctionResponseTypes=["ReportBatchItemFailures"],
            )

    def _allow(self, name: str, service: str, source: str) -> None:
        unless_present(
            self.client("lambda").add_permission,
            FunctionName=function_name(name),
            StatementId=service,
            Action="lambda:InvokeFunction",
            Principal=f"{service}.amazonaws.com",
            SourceArn=source,
        )

    def make_receiving(self) -> None:
        """The identity, and an active rule set with one rule: put into the bucket, tell the topic."""
        unless_present(self.client("sesv2").create_email_identity, EmailIdentity=self._domain)
        ses = self.client("ses")
        unless_present(ses.create_receipt_rule_set, RuleSetName=RULE_SET)
        action = {"BucketName": BUCKET, "ObjectKeyPrefix": "incoming/", "TopicArn": TOPIC_ARN}
        rule = {
            "Name": "store",
            "Enabled": True,
            "TlsPolicy": "Optional",
            "ScanEnabled": True,
            "Recipients": [self._domain],
            "Actions": [{"S3Action": action}],
        }
        if not unless_present(ses.create_receipt_rule, RuleSetName=RULE_SET, Rule=rule):
            ses.update_receipt_rule(RuleSetName=RULE_SET, Rule=rule)
        ses.set_active_receipt_rule_set(RuleSetName=RULE_SET)

    def make_web_identity(self) -> dict[str, str]:
        """A user with the web policy and one new key; on AWS it is the role of the web function."""
        iam = self.client("iam")
        unless_present(iam.create_user, UserName=WEB_USER)
        iam.put_user_policy(UserName=WEB_USER, PolicyName=WEB_USER, PolicyDocument=policy_of("web", self._domain))
        for old in iam.list_access_keys(UserName=WEB_USER)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=WEB_USER, AccessKeyId=old["AccessKeyId"])
        key = iam.create_access_key(UserName=WEB_USER)["AccessKey"]
        return {**self._environment, "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


PRESENT = frozenset(
    {
        "AlreadyExists",
        "AlreadyExistsException",
        "BucketAlreadyOwnedByYou",
        "EntityAlreadyExists",
        "ResourceConflictException",
        "ResourceInUseException",
    }
)


def unless_present(create: Any, **arguments: Any) -> bool:
    """Whether `create` made it; False when it was there already. Any other refusal is an error."""
    try:
        create(**arguments)
    except ClientError as refusal:
        if refusal.response["Error"]["Code"] not in PRESENT:
            raise
        return False
    return True


def zipped_function() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(PROJECT / "local" / "function.py", "function.py")
    return archive.getvalue()
