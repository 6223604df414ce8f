"""How to break the one thing that a line of the check looks at, and to mend it again: `BREAKS[name]` for each line.

What the local AWS does not let break (a confirmation that is missing, a record that SES has not seen) is broken in its answer.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from cdk_infra.deployment import CERTIFICATE_REGION
from cdk_infra.grants import grants_of
from mailbox.store.models import EXPIRES
from tests.aws import check_world as made
from tests.aws.check_world import DOMAIN, NAMES, World

Break = Callable[[World], AbstractContextManager[None]]


@contextmanager
def answer(world: World, service: str, operation: str, change: Callable[[dict[str, Any]], object], region: str = "") -> Iterator[None]:
    """The answers of one operation, changed on their way back."""
    client = world.deployed.global_client(service) if region else world.deployed.client(service)
    event = f"after-call.{service}.{operation}"

    def on_answer(parsed: dict[str, Any], **_rest: Any) -> None:
        change(parsed)

    client.meta.events.register(event, on_answer)
    yield
    client.meta.events.unregister(event, on_answer)


@contextmanager
def served(world: World, name: str, kind: str, *values: str) -> Iterator[None]:
    before = world.served.pop((name, kind))
    world.served[name, kind] = list(values)
    yield
    world.served[name, kind] = before


def dkim_name(world: World) -> AbstractContextManager[None]:
    return served(world, f"{made.tokens(world.client)[1]}._domainkey.{DOMAIN}", "CNAME", "elsewhere.example.")


@contextmanager
def page(world: World, **changes: Any) -> Iterator[None]:
    before = world.page
    world.page = replace(before, **changes)
    yield
    world.page = before


def without(header: str) -> dict[str, str]:
    return {name: value for name, value in made.HEADERS.items() if name != header}


def identity(**changes: Any) -> Break:
    return lambda world: answer(world, "sesv2", "GetEmailIdentity", lambda parsed: parsed.update(changes))


def dkim_pending(world: World) -> AbstractContextManager[None]:
    return answer(world, "sesv2", "GetEmailIdentity", lambda parsed: parsed["DkimAttributes"].update(Status="PENDING"))


@contextmanager
def events(world: World) -> Iterator[None]:
    change = partial(
        world.client("sesv2").update_configuration_set_event_destination,
        ConfigurationSetName=NAMES.configuration_set,
        EventDestinationName="topic",
    )
    change(EventDestination=made.reported("DELIVERY", "COMPLAINT"))
    yield
    change(EventDestination=made.reported("DELIVERY", "BOUNCE", "COMPLAINT"))


@contextmanager
def no_active_rule_set(world: World) -> Iterator[None]:
    ses = world.client("ses")
    ses.set_active_receipt_rule_set()
    yield
    ses.set_active_receipt_rule_set(RuleSetName=NAMES.rule_set)


def rule(**changes: Any) -> Break:
    @contextmanager
    def changed(world: World) -> Iterator[None]:
        ses = world.client("ses")
        ses.update_receipt_rule(RuleSetName=NAMES.rule_set, Rule=made.RULE | changes)
        yield
        ses.update_receipt_rule(RuleSetName=NAMES.rule_set, Rule=made.RULE)

    return changed


@contextmanager
def versioning(world: World) -> Iterator[None]:
    put = partial(world.client("s3").put_bucket_versioning, Bucket=NAMES.bucket)
    put(VersioningConfiguration={"Status": "Suspended"})
    yield
    put(VersioningConfiguration={"Status": "Enabled"})


@contextmanager
def public_access(world: World) -> Iterator[None]:
    put = partial(world.client("s3").put_public_access_block, Bucket=NAMES.bucket)
    put(PublicAccessBlockConfiguration=made.BLOCKED | {"BlockPublicPolicy": False})
    yield
    put(PublicAccessBlockConfiguration=made.BLOCKED)


@contextmanager
def bucket_policy(world: World) -> Iterator[None]:
    put = partial(world.client("s3").put_bucket_policy, Bucket=NAMES.bucket)
    whole = grants_of("bucket", NAMES)
    put(Policy=json.dumps(whole | {"Statement": whole["Statement"][1:]}))
    yield
    put(Policy=json.dumps(whole))


@contextmanager
def lifecycle(world: World) -> Iterator[None]:
    put = partial(world.client("s3").put_bucket_lifecycle_configuration, Bucket=NAMES.bucket)
    put(LifecycleConfiguration={"Rules": [made.GONE_AFTER | {"Filter": {"Prefix": "uploads/"}}]})
    yield
    put(LifecycleConfiguration={"Rules": [made.GONE_AFTER]})


@contextmanager
def table(world: World) -> Iterator[None]:
    """With an index of another name."""
    remake_table(world, index="by_subject")
    yield
    remake_table(world, index="by_id")


def remake_table(world: World, index: str) -> None:
    dynamodb = world.client("dynamodb")
    dynamodb.update_table(TableName=NAMES.table, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=NAMES.table)
    dynamodb.get_waiter("table_not_exists").wait(TableName=NAMES.table)
    made.make_table(world.client, index=index)


@contextmanager
def recovery(world: World) -> Iterator[None]:
    put = partial(world.client("dynamodb").update_continuous_backups, TableName=NAMES.table)
    put(PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})
    yield
    put(PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})


@contextmanager
def expiry(world: World) -> Iterator[None]:
    put = partial(world.client("dynamodb").update_time_to_live, TableName=NAMES.table)
    put(TimeToLiveSpecification={"AttributeName": EXPIRES, "Enabled": False})
    yield
    put(TimeToLiveSpecification={"AttributeName": EXPIRES, "Enabled": True})


@contextmanager
def deletion_protection(world: World) -> Iterator[None]:
    put = partial(world.client("dynamodb").update_table, TableName=NAMES.table)
    put(DeletionProtectionEnabled=False)
    yield
    put(DeletionProtectionEnabled=True)


def role(name: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Break:
    @contextmanager
    def changed(world: World) -> Iterator[None]:
        grants = grants_of(name, NAMES)
        made.put_grants(world.client("iam"), name, grants | {"Statement": change(grants["Statement"])})
        yield
        made.put_grants(world.client("iam"), name, grants)

    return changed


def and_send(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*statements, {"Sid": "SendToo", "Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}]


def but_the_first(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return statements[1:]


@contextmanager
def trusted_by_others(world: World) -> Iterator[None]:
    put = partial(world.client("iam").update_assume_role_policy, RoleName=NAMES.role("sender"))
    put(PolicyDocument=json.dumps(made.trust("lambda.amazonaws.com", "ec2.amazonaws.com")))
    yield
    put(PolicyDocument=json.dumps(made.trust("lambda.amazonaws.com")))


def function(name: str, broken: dict[str, Any], whole: dict[str, Any]) -> Break:
    @contextmanager
    def changed(world: World) -> Iterator[None]:
        put_and_wait(world.client("lambda"), name, broken)
        yield
        put_and_wait(world.client("lambda"), name, whole)

    return changed


def put_and_wait(functions: Any, name: str, changes: dict[str, Any]) -> None:
    functions.update_function_configuration(FunctionName=name, **changes)
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})


@contextmanager
def notification(world: World) -> Iterator[None]:
    """Narrowed to a prefix, as a person might in the console."""
    put = partial(world.client("s3").put_bucket_notification_configuration, Bucket=NAMES.bucket)
    rules = [{"Name": "prefix", "Value": "incoming/"}]
    put(NotificationConfiguration={"LambdaFunctionConfigurations": [made.NOTIFICATION | {"Filter": {"Key": {"FilterRules": rules}}}]})
    yield
    put(NotificationConfiguration={"LambdaFunctionConfigurations": [made.NOTIFICATION]})


@contextmanager
def topic(world: World) -> Iterator[None]:
    sns, arn = world.client("sns"), NAMES.topic_arn(NAMES.receipts_topic)
    for subscription in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    yield
    sns.subscribe(TopicArn=arn, Protocol="lambda", Endpoint=made.INDEXER)


@contextmanager
def failed_events(world: World) -> Iterator[None]:
    put = partial(world.client("lambda").put_function_event_invoke_config, FunctionName=NAMES.indexer_function)
    put(MaximumRetryAttempts=2)
    yield
    put(DestinationConfig={"OnFailure": {"Destination": made.DEAD_LETTERS}})


@contextmanager
def redrive(world: World) -> Iterator[None]:
    put = partial(world.client("sqs").set_queue_attributes, QueueUrl=made.queue_url(world.client))
    put(Attributes={"RedrivePolicy": ""})
    yield
    put(Attributes=made.REDRIVE)


@contextmanager
def mapping(world: World) -> Iterator[None]:
    functions = world.client("lambda")
    (found,) = functions.list_event_source_mappings(FunctionName=NAMES.sender_function)["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=found["UUID"], Enabled=False)
    yield
    functions.update_event_source_mapping(UUID=found["UUID"], Enabled=True)


@contextmanager
def clock(world: World) -> Iterator[None]:
    events = world.client("events")
    events.disable_rule(Name=f"{made.CLOCK}0")
    yield
    events.enable_rule(Name=f"{made.CLOCK}0")


def certificate_asked_for(world: World) -> AbstractContextManager[None]:
    def pending(parsed: dict[str, Any]) -> None:
        parsed["Certificate"]["Status"] = "PENDING_VALIDATION"

    return answer(world, "acm", "DescribeCertificate", pending, CERTIFICATE_REGION)


@contextmanager
def unlimited(world: World) -> Iterator[None]:
    made.throttle(world.client, "10000", "5000")
    yield
    made.throttle(world.client, "5", "10")


def parameter(name: str, value: str) -> Break:
    @contextmanager
    def changed(world: World) -> Iterator[None]:
        put = partial(world.client("ssm").put_parameter, Name=name, Type="SecureString", Overwrite=True)
        put(Value=value)
        yield
        put(Value=made.SECRETS[name])

    return changed


def origin_secret(world: World) -> AbstractContextManager[None]:
    def forgotten(parsed: dict[str, Any]) -> None:
        for origin in parsed["DistributionConfig"]["Origins"]["Items"]:
            origin["CustomHeaders"] = {"Quantity": 0}

    return answer(world, "cloudfront", "GetDistributionConfig", forgotten)


@contextmanager
def alarm(world: World) -> Iterator[None]:
    made.put_alarm(world.client, NAMES.dead_letters_alarm, [])
    yield
    made.put_alarm(world.client, NAMES.dead_letters_alarm, [NAMES.topic_arn(NAMES.alarms_topic)])


def unconfirmed(world: World) -> AbstractContextManager[None]:
    def pending(parsed: dict[str, Any]) -> None:
        for subscription in parsed["Subscriptions"]:
            if subscription["Protocol"] == "email":
                subscription["SubscriptionArn"] = "PendingConfirmation"

    return answer(world, "sns", "ListSubscriptionsByTopic", pending)


@contextmanager
def kept_for_ever(world: World) -> Iterator[None]:
    logs, name = world.client("logs"), NAMES.log_group(NAMES.sender_function)
    logs.delete_retention_policy(logGroupName=name)
    yield
    logs.put_retention_policy(logGroupName=name, retentionInDays=30)


SNS_ACTION = {"SNSAction": {"TopicArn": NAMES.topic_arn(NAMES.receipts_topic), "Encoding": "UTF-8"}}
ELSEWHERE = {"S3Action": {"BucketName": NAMES.bucket, "ObjectKeyPrefix": "mail/"}}

BREAKS: dict[str, Break] = {
    "mx": lambda world: served(world, DOMAIN, "MX", "10 mail.elsewhere.example."),
    "spf": lambda world: served(world, DOMAIN, "TXT", '"v=spf1 include:elsewhere.example ~all"'),
    "dkim-names": dkim_name,
    "dmarc": lambda world: served(world, f"_dmarc.{DOMAIN}", "TXT", '"a word"'),
    "mail-from-names": lambda world: served(world, NAMES.mail_from(DOMAIN), "MX"),
    "webmail-name": lambda world: served(world, NAMES.webmail_host, "A"),
    "identity": identity(VerifiedForSendingStatus=False),
    "dkim": dkim_pending,
    "mail-from": identity(MailFromAttributes={"MailFromDomain": NAMES.mail_from(DOMAIN), "MailFromDomainStatus": "PENDING"}),
    "configuration-set": identity(ConfigurationSetName="another"),
    "sending-events": events,
    "rule-set": no_active_rule_set,
    "rule-recipients": rule(Recipients=["elsewhere.example"]),
    "rule-stores": rule(Actions=[ELSEWHERE]),
    "rule-tls": rule(TlsPolicy="Optional"),
    "rule-scanning": rule(ScanEnabled=False),
    "rule-no-sns": rule(Actions=[*made.RULE["Actions"], SNS_ACTION]),
    "bucket-versioning": versioning,
    "bucket-public-access": public_access,
    "bucket-encryption": lambda world: answer(
        world, "s3", "GetBucketEncryption", lambda parsed: parsed.update(ServerSideEncryptionConfiguration={"Rules": []})
    ),
    "bucket-policy": bucket_policy,
    "bucket-lifecycle": lifecycle,
    "table": table,
    "table-recovery": recovery,
    "table-expiry": expiry,
    "table-protection": deletion_protection,
    "role-web": role("web", and_send),
    "role-indexer": role("indexer", but_the_first),
    "role-sender": trusted_by_others,
    "functions": function(NAMES.sender_function, {"Role": NAMES.role_arn("web")}, {"Role": NAMES.role_arn("sender")}),
    "function-settings": function(
        NAMES.indexer_function,
        {"Environment": {"Variables": made.VARIABLES | {"POSTAMT_TABLE": "postamt-1"}}},
        {"Environment": {"Variables": made.VARIABLES}},
    ),
    "bucket-notification": notification,
    "topics": topic,
    "failed-events": failed_events,
    "queue": redrive,
    "sender-mapping": mapping,
    "schedules": clock,
    "certificate": certificate_asked_for,
    "page": lambda world: page(world, status=502),
    "page-policy": lambda world: page(world, headers=without("content-security-policy")),
    "page-https": lambda world: page(world, headers=without("strict-transport-security")),
    "page-cookies": lambda world: page(world, cookies=(made.COOKIE.replace("HttpOnly; ", ""),)),
    "throttling": unlimited,
    "secret-login": parameter(NAMES.auth_secret, "short"),
    "secret-tokens": parameter(NAMES.jwt_secret, "short"),
    "secret-origin": lambda world: answer(world, "ssm", "GetParameter", in_the_clear(NAMES.origin_secret)),
    "origin": origin_secret,
    "alarms": alarm,
    "alarm-address": unconfirmed,
    "log-retention": kept_for_ever,
}


def in_the_clear(name: str) -> Callable[[dict[str, Any]], None]:
    def change(parsed: dict[str, Any]) -> None:
        if parsed["Parameter"]["Name"] == name:
            parsed["Parameter"]["Type"] = "String"

    return change
