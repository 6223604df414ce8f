"""The functions as Lambda runs them: out of their unpacked zips, in a fresh process, on a Python that has no package of ours.

`Account` is a local AWS that holds what a deployment's stacks would make of it, as far as the functions read it; each function is asked by
`ask`, under the environment that zappa_settings.json gives it. The zips are kept in build/tried and packed again when they would differ.
"""

import json
import os
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import fresh_process
from cdk_infra.deployment import Deployment
from deploy.places import BUILD
from deploy.zappa import package
from local.environment import ACCOUNT, REGION
from tests.deploy.local_aws import BARE_PYTHON, LocalAws

NAMES = Deployment(ACCOUNT, REGION, ("example.org",), "me@elsewhere.example")
TRIED = BUILD / "tried"
SECRETS = {
    NAMES.auth_secret: "correct horse battery staple",
    NAMES.jwt_secret: "0123456789abcdef" * 4,
    NAMES.origin_secret: "fedcba9876543210" * 4,
}
IN_ENVIRONMENT = {
    "AWS_SECRET_ACCESS_KEY": "secret-key-of-the-owner",
    "POSTAMT_AUTH_SECRET": SECRETS[NAMES.auth_secret],
    "POSTAMT_JWT_SECRET": SECRETS[NAMES.jwt_secret],
    "POSTAMT_ORIGIN_SECRET": SECRETS[NAMES.origin_secret],
}
KEY = {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}
INDEX = {"IndexName": "by_id", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}


@dataclass(frozen=True, slots=True)
class Outcome:
    answers: list[Any]
    cpu: float  # seconds until the first event was answered
    compiled: list[str]
    log: str


def settings_of(stage: str, build: Path = TRIED) -> dict[str, Any]:
    """As they were filled in when the stage was packed."""
    settings: dict[str, Any] = json.loads((build / "zappa_settings.json").read_text())[stage]
    return settings


def pack(stage: str) -> Path:
    """With every secret in the environment, as on the machine of somebody who also runs a local post office."""
    TRIED.mkdir(parents=True, exist_ok=True)
    here = {name: value for name, value in os.environ.items() if name != "AWS_ENDPOINT_URL"}  # of a post office that runs beside
    return package(NAMES, stage, here | IN_ENVIRONMENT, build=TRIED)


def unpack(zipped: Path, folder: Path) -> Path:
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(folder)
    return folder


class Account:
    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws

    def fill(self) -> None:
        self.aws.client("s3").create_bucket(Bucket=NAMES.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        for queue in (NAMES.queue, NAMES.dead_letter_queue):
            self.aws.client("sqs").create_queue(QueueName=queue)
        for name, secret in SECRETS.items():
            self.aws.client("ssm").put_parameter(Name=name, Value=secret, Type="SecureString")
        self.aws.client("sesv2").create_email_identity(EmailIdentity=NAMES.domain)
        attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "id")]
        self.aws.client("dynamodb").create_table(
            TableName=NAMES.table,
            KeySchema=KEY,
            AttributeDefinitions=attributes,
            GlobalSecondaryIndexes=[INDEX],
            BillingMode="PAY_PER_REQUEST",
        )

    def put(self, key: str, body: bytes) -> None:
        self.aws.client("s3").put_object(Bucket=NAMES.bucket, Key=key, Body=body)

    def keys(self, prefix: str) -> list[str]:
        found = self.aws.client("s3").list_objects_v2(Bucket=NAMES.bucket, Prefix=prefix)
        return [entry["Key"] for entry in found.get("Contents", [])]

    def rows(self, prefix: str) -> list[dict[str, Any]]:
        items = self.aws.client("dynamodb").scan(TableName=NAMES.table)["Items"]
        return [item for item in items if item["pk"]["S"].startswith(prefix)]

    def ask(self, folder: Path, settings: Mapping[str, Any], *events: Any) -> Outcome:
        """What the function in `folder` makes of the events, one after the other. As the owner: its rights are tested elsewhere."""
        handler = settings.get("lambda_handler", "handler.lambda_handler")
        variables = {**self.aws.owner, **settings["aws_environment_variables"], "_HANDLER": handler}
        command = [str(BARE_PYTHON), "-I", "-S", "-B", fresh_process.__file__, str(folder), handler]
        done = subprocess.run(command, input=json.dumps(events), env=variables, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        told = json.loads(done.stdout.splitlines()[-1])
        return Outcome(told["answers"], told["cpu"], told["compiled"], "\n".join([*done.stdout.splitlines()[:-1], done.stderr]))


def page(path: str = "/login/", **headers: str) -> dict[str, Any]:
    """A request as API Gateway hands it on for CloudFront."""
    sent = {
        "Host": "abcdef.execute-api.eu-west-1.amazonaws.com",
        "X-Forwarded-Host": NAMES.webmail_host,
        "X-Origin-Secret": SECRETS[NAMES.origin_secret],
        **headers,
    }
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": "GET",
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "requestContext": {"stage": "production", "identity": {"sourceIp": "192.0.2.1"}},
        "body": None,
        "isBase64Encoded": False,
    }


def put_event(key: str) -> dict[str, Any]:
    """A record as S3 sends it, by the notification that Zappa makes."""
    bucket = {"name": NAMES.bucket, "arn": f"arn:aws:s3:::{NAMES.bucket}"}
    about = {"configurationId": NAMES.indexer_function, "bucket": bucket, "object": {"key": key, "size": 1}}
    return {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "awsRegion": REGION, "s3": about}]}


def told_by(topic: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """A record as SNS sends it."""
    sns = {"TopicArn": NAMES.topic_arn(topic), "MessageId": "00000000-0000-0000-0000-000000000000", "Message": json.dumps(message)}
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": sns}]}


def queued(body: str) -> dict[str, Any]:
    """A record as SQS sends it."""
    return {"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": body, "eventSourceARN": NAMES.queue_arn(NAMES.queue)}]}


SCHEDULED = {
    "version": "0",
    "id": "1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": ACCOUNT,
    "time": "2026-11-24T15:00:00Z",
    "region": REGION,
    "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/postamt-indexer-sweep-postamt.lambdas.indexer"],
    "detail": {},
    "kwargs": {},
}
