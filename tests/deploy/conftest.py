"""`work`: a deployment about to begin, in an account that moto keeps in memory, with a DNS and a CDK that a test decides on."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from deploy.account import Account
from deploy.asked import Asked
from deploy.cdk import Cdk
from deploy.progress import Progress
from deploy.work import Work
from local.environment import REGION
from postamt.checkup.resolver import Resolver

DOMAIN = "example.org"
ANOTHER = "666666666666"  # an account that is not ours
SETTINGS = {"domains": [DOMAIN], "region": REGION, "alerts": "me@elsewhere.example"}


PAGES: dict[str, Any] = {  # CloudFront's way to them
    "Id": "pages",
    "DomainName": "abc.execute-api.eu-west-1.amazonaws.com",
    "CustomHeaders": {"Quantity": 1, "Items": [{"HeaderName": "X-Other", "HeaderValue": "stays"}]},
    "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
}


class Names(Resolver):
    """The DNS of the world: what is not served does not exist."""

    def __init__(self) -> None:
        super().__init__({"POSTAMT_RESOLVER": "127.0.0.1:9"})
        self.served = {(f"inbound-smtp.{REGION}.amazonaws.com", "A"): ["192.0.2.1"], (DOMAIN, "NS"): ["ns1.elsewhere.example"]}

    def ask(self, name: str, kind: str) -> list[str]:
        return self.served.get((name, kind), [])


@dataclass
class Refused:
    """An answer of AWS, as far as boto3 looks at one."""

    status_code: int


@dataclass
class Stacks:
    """CloudFormation, as far as a deployment asks it: which stacks stand, from which templates, and what they hand out."""

    templates: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get_template(self, StackName: str) -> dict[str, Any]:
        return {"TemplateBody": self._template(StackName, "GetTemplate")}

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        return {"Stacks": [{"Outputs": self._template(StackName, "DescribeStacks").get("Outputs", [])}]}

    def get_paginator(self, _operation: str) -> "Stacks":
        return self

    def paginate(self, StackName: str) -> Iterator[dict[str, Any]]:
        resources = self._template(StackName, "ListStackResources")["Resources"]
        yield {"StackResourceSummaries": [summary(name, held) for name, held in resources.items()]}

    def _template(self, stack: str, operation: str) -> dict[str, Any]:
        if stack not in self.templates:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": f"{stack} does not exist"}}, operation)
        return self.templates[stack]


def summary(name: str, held: dict[str, Any]) -> dict[str, str]:
    return {"ResourceType": held["Type"], "PhysicalResourceId": name, "ResourceStatus": held.get("Status", "CREATE_COMPLETE")}


class Rented(Account):
    """An account in moto. Its CloudFormation would need packages that nothing else here does, and it knows no sandbox."""

    def __init__(self) -> None:
        super().__init__(REGION)
        self.stacks = Stacks()
        self.sends_to_everybody = True

    def client(self, service: str, region: str = "") -> Any:
        made: Any = super().client(service, region) if service != "cloudformation" else self.stacks
        if service == "sesv2":
            made.get_account = lambda: {"ProductionAccessEnabled": self.sends_to_everybody}
        return made


@dataclass
class Noting(Cdk):
    """Makes nothing, and remembers what it was to make."""

    deployed: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def deploy(self, stack: str, context: Mapping[str, str]) -> None:
        self.deployed.append((stack, dict(context)))


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rented]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # of a local post office that runs beside
    with mock_aws():
        yield Rented()


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def work(account: Rented, said: io.StringIO, names: Names) -> Work:
    asked = Asked("deploy", dict(SETTINGS))
    return Work(asked, account, Noting(), Progress(18, said), names, dict(SETTINGS))


def make_zone(work: Work, names: Names, name: str = DOMAIN, *, delegated: bool = True) -> str:
    """The id of a zone in the account."""
    made = work.client("route53").create_hosted_zone(Name=name, CallerReference=name)
    servers = [server.rstrip(".").lower() for server in made["DelegationSet"]["NameServers"]]
    names.served[name, "NS"] = servers if delegated else ["ns1.elsewhere.example"]
    return str(made["HostedZone"]["Id"]).removeprefix("/hostedzone/")


def put_record(work: Work, zone: str, kind: str, *values: str, name: str = DOMAIN) -> None:
    records = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value} for value in values]}
    changes = [{"Action": "CREATE", "ResourceRecordSet": records}]
    work.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def values_of(work: Work, zone: str, kind: str, name: str = DOMAIN) -> list[str]:
    found = work.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return [
        value["Value"] for record in found if (record["Name"], record["Type"]) == (f"{name}.", kind) for value in record["ResourceRecords"]
    ]


def another_has(work: Work, *buckets: str) -> None:
    """Another account has these buckets, and lets everybody in. S3 refuses who expects the owner to be someone else; moto does not."""
    events = work.client("s3").meta.events

    def refuse(params: dict[str, Any], **_said: Any) -> tuple[Any, dict[str, Any]] | None:
        asked_for = params["headers"].get("x-amz-expected-bucket-owner")
        if params["context"]["input_params"].get("Bucket") not in buckets or asked_for in (None, ANOTHER):
            return None
        refused = {"Error": {"Code": "403", "Message": "Forbidden"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        return Refused(403), refused

    events.register("before-call.s3", refuse)


def make_distribution(cloudfront: Any, host: str, *origins: dict[str, Any]) -> str:
    """The host it is reached at."""
    of = list(origins) or [PAGES]
    config = {
        "CallerReference": "one",
        "Comment": "",
        "Enabled": True,
        "Aliases": {"Quantity": 1, "Items": [host]},
        "Origins": {"Quantity": len(of), "Items": of},
        "DefaultCacheBehavior": {"TargetOriginId": "pages", "ViewerProtocolPolicy": "https-only"},
    }
    return str(cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["DomainName"])


def make_rule_set(work: Work, name: str, *rules: str, active: bool = True) -> None:
    ses = boto3.client("ses", region_name=REGION)
    ses.create_receipt_rule_set(RuleSetName=name)
    for rule in rules:
        ses.create_receipt_rule(RuleSetName=name, Rule={"Name": rule, "Recipients": [], "Actions": []})
    if active:
        ses.set_active_receipt_rule_set(RuleSetName=name)
