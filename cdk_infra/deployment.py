"""What one deployment is called: every name that CDK, Zappa, `make deploy` and `check` share, computed in one place.

Pure: no CDK, no boto3. What a person chooses stands in cdk.json under `postamt`; account and region come from the caller. A choice
that cannot work is refused with a sentence that says what to write instead.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DOMAIN = re.compile(r"(?=.{4,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
ACCOUNT = re.compile(r"\d{12}")
BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")  # no dots: Zappa cannot read them in an ARN, and TLS not in a host name
ROLES = ("web", "indexer", "sender")
CERTIFICATE_REGION = "us-east-1"  # where CloudFront looks for certificates
WEBMAIL_LABEL = "webmail"
MAIL_FROM_LABEL = "bounce"


class DeploymentRefused(ValueError):
    """The configuration cannot work; the text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What is in the account already and is used as it is, by name. An empty name means: make one."""

    bucket: str = ""
    table: str = ""
    rule_set: str = ""
    identities: tuple[str, ...] = ()  # domains that SES knows already
    hosted_zones: Mapping[str, str] = field(default_factory=dict)  # id of the Route 53 zone that holds the records of a domain


@dataclass(frozen=True, slots=True)
class Deployment:
    """One post office in one account and region, for one or several domains; the first gives the webmail its address."""

    account: str
    region: str
    domains: tuple[str, ...]
    alerts: str = ""
    addresses: tuple[str, ...] = ()
    adopted: Adopted = Adopted()
    suffix: str = ""  # of the buckets of code, where another account has their names

    # Stacks as CloudFormation calls them; their construct ids are CertificateStack, StorageStack, EmailStack, WebmailStack.
    certificate_stack = "postamt-certificate"
    storage_stack = "postamt-storage"
    email_stack = "postamt-email"
    webmail_stack = "postamt-webmail"

    queue = "postamt-outbox"
    dead_letter_queue = "postamt-outbox-dead"
    receipts_topic = "postamt-receipts"
    events_topic = "postamt-events"
    alarms_topic = "postamt-alarms"
    configuration_set = "postamt"
    smtp_user = "postamt-smtp"
    sync_user = "postamt-sync"

    auth_secret = "/webmail/auth-secret"  # noqa: S105  names of parameters, not their values
    jwt_secret = "/webmail/jwt-secret"  # noqa: S105
    origin_secret = "/webmail/origin-secret"  # noqa: S105
    api_id_parameter = "/webmail/api-id"

    dead_letters_alarm = "postamt-dead-letters"
    sign_in_flood_alarm = "postamt-sign-in-flood"
    bounces_alarm = "postamt-bounces"
    bounce_rate_alarm = "postamt-bounce-rate"
    complaint_rate_alarm = "postamt-complaint-rate"

    api_stage = "production"
    web_function = "postamt-production"
    indexer_function = "postamt-indexer"
    sender_function = "postamt-sender"

    @property
    def domain(self) -> str:
        return self.domains[0]

    @property
    def words(self) -> str:
        """By which `make` is told that it is this one."""
        return f"DOMAIN={','.join(self.domains)} REGION={self.region}"

    @property
    def bucket(self) -> str:
        return self.adopted.bucket or f"postamt-{self.account}-{self.region}"

    @property
    def static_bucket(self) -> str:
        return f"postamt-static-{self.account}-{self.region}{self.suffix}"

    @property
    def zappa_bucket(self) -> str:
        return f"postamt-zappa-{self.account}-{self.region}{self.suffix}"

    @property
    def table(self) -> str:
        return self.adopted.table or "postamt-2"  # an index of a new shape is a new table

    @property
    def rule_set(self) -> str:
        return self.adopted.rule_set or "postamt"

    @property
    def functions(self) -> tuple[str, ...]:
        return (self.web_function, self.indexer_function, self.sender_function)

    @property
    def webmail_host(self) -> str:
        return f"{WEBMAIL_LABEL}.{self.domain}"

    @property
    def webmail_url(self) -> str:
        return f"https://{self.webmail_host}"

    @property
    def receiving_host(self) -> str:
        """Where the MX of each domain points."""
        return f"inbound-smtp.{self.region}.amazonaws.com"

    @property
    def feedback_host(self) -> str:
        """Where the MX of each MAIL FROM domain points."""
        return f"feedback-smtp.{self.region}.amazonses.com"

    def role(self, name: str) -> str:
        return f"postamt-{name}"

    def role_arn(self, name: str) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.role(name)}"

    def function_of(self, role: str) -> str:
        """The function that a role of ROLES is for."""
        return dict(zip(ROLES, self.functions, strict=True))[role]

    def function_arn(self, function: str) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{function}"

    def queue_arn(self, queue: str) -> str:
        return f"arn:aws:sqs:{self.region}:{self.account}:{queue}"

    def queue_url(self, queue: str) -> str:
        return f"https://sqs.{self.region}.amazonaws.com/{self.account}/{queue}"

    def topic_arn(self, topic: str) -> str:
        return f"arn:aws:sns:{self.region}:{self.account}:{topic}"

    def log_group(self, function: str) -> str:
        """As Lambda names it."""
        return f"/aws/lambda/{function}"

    def rule(self, domain: str) -> str:
        return f"postamt-{domain}"

    def errors_alarm(self, function: str) -> str:
        return f"{function}-errors"

    def publish_failure_alarm(self, domain: str) -> str:
        return f"postamt-publish-failure-{domain}"

    def publish_expired_alarm(self, domain: str) -> str:
        return f"postamt-publish-expired-{domain}"

    @property
    def alarms(self) -> tuple[str, ...]:
        """Every alarm there is once all stacks stand."""
        return (
            self.errors_alarm(self.indexer_function),
            self.errors_alarm(self.sender_function),
            self.dead_letters_alarm,
            self.sign_in_flood_alarm,
            self.bounces_alarm,
            self.bounce_rate_alarm,
            self.complaint_rate_alarm,
            *(self.publish_failure_alarm(domain) for domain in self.domains),
            *(self.publish_expired_alarm(domain) for domain in self.domains),
        )

    def recipients(self, domain: str) -> tuple[str, ...]:
        """What its receipt rule takes: the addresses named for it, or all of the domain."""
        return tuple(address for address in self.addresses if address.endswith(f"@{domain}")) or (domain,)

    def mail_from(self, domain: str) -> str:
        return f"{MAIL_FROM_LABEL}.{domain}"

    def hosted_zone(self, domain: str) -> str:
        """The id of the Route 53 zone its records go into; empty when its DNS is elsewhere."""
        return self.adopted.hosted_zones.get(domain, "")


def deployment_of(settings: Mapping[str, Any], account: str, *, is_made: bool = False) -> Deployment:
    """The deployment that the object `postamt` of cdk.json describes. Raises DeploymentRefused.

    Where `is_made`, its alarms go somewhere already: nobody need say where.
    """
    adopt = settings.get("adopt") or {}
    domains = tuple(domain.strip().lower() for domain in settings.get("domains") or ())
    deployment = Deployment(
        account=account,
        region=str(settings.get("region") or ""),
        domains=domains,
        alerts=str(settings.get("alerts") or ""),
        addresses=tuple(address.strip().lower() for address in settings.get("addresses") or ()),
        adopted=Adopted(
            bucket=str(adopt.get("bucket") or ""),
            table=str(adopt.get("table") or ""),
            rule_set=str(adopt.get("rule_set") or ""),
            identities=_identities(adopt.get("identity") or (), domains),
            hosted_zones=_hosted_zones(adopt.get("hosted_zone") or {}, domains),
        ),
        suffix=str(settings.get("suffix") or ""),
    )
    for complaint in complaints_about(deployment, is_made=is_made):
        raise DeploymentRefused(complaint)
    return deployment


def _identities(given: bool | Sequence[str], domains: tuple[str, ...]) -> tuple[str, ...]:
    """`true` stands for all domains."""
    return domains if given is True else tuple(domain.lower() for domain in given or ())


def _hosted_zones(given: str | Mapping[str, str], domains: tuple[str, ...]) -> dict[str, str]:
    """One id stands for the zone of the first domain; several domains are named."""
    zones = dict.fromkeys(domains[:1], given) if isinstance(given, str) else dict(given)
    return {domain.lower(): zone.removeprefix("/hostedzone/") for domain, zone in zones.items() if zone}


def complaints_about(deployment: Deployment, *, is_made: bool = False) -> Iterable[str]:
    """Sentences for the person who wrote the configuration, the most important one first."""
    if not deployment.domains:
        yield "No domain is given: write the domain your mail is for, for example DOMAIN=example.org."
    for domain in deployment.domains:
        if not DOMAIN.fullmatch(domain):
            yield f"{domain!r} is not a domain name: write it like example.org, without @ or https://."
    if not REGION.fullmatch(deployment.region):
        yield f"{deployment.region!r} is not an AWS region: write it like eu-west-1."
    if not ACCOUNT.fullmatch(deployment.account):
        yield f"{deployment.account!r} is not an AWS account: it has twelve digits."
    yield from _complaints_about_addresses(deployment)
    yield from () if is_made and not deployment.alerts else _complaints_about_alerts(deployment)
    yield from _complaints_about_buckets(deployment)
    for domain in deployment.adopted.hosted_zones:
        if domain not in deployment.domains:
            yield f"A hosted zone is named for {domain!r}, which is none of your domains: write it under one of them."


def _complaints_about_addresses(deployment: Deployment) -> Iterable[str]:
    for address in deployment.addresses:
        name, _, domain = address.rpartition("@")
        if not name or domain not in deployment.domains:
            yield f"{address!r} is not an address of your domains: write it like you@{deployment.domain}."


def _complaints_about_buckets(deployment: Deployment) -> Iterable[str]:
    if not BUCKET.fullmatch(deployment.bucket):
        yield f"{deployment.bucket!r} cannot be the bucket: its name needs 3 to 63 lowercase letters, digits and hyphens, and no dots."
    if not BUCKET.fullmatch(deployment.static_bucket):
        yield f"{deployment.suffix!r} cannot end the name of a bucket: write a few lowercase letters, digits and hyphens."


def _complaints_about_alerts(deployment: Deployment) -> Iterable[str]:
    name, _, domain = deployment.alerts.rpartition("@")
    if not name or not DOMAIN.fullmatch(domain.lower()):
        yield "No address for alarms is given: write one that is not on this domain, for example ALERTS=me@elsewhere.example."
    elif domain.lower() in deployment.domains:
        yield f"Alarms cannot go to {deployment.alerts}: they would not reach you when your own mail fails. Name an address elsewhere."
