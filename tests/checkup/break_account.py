"""Breaks roles, functions, what wakes them, the front of the webmail, and the watch over it all."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from cdk_infra.deployment import CERTIFICATE_REGION
from cdk_infra.grants import grants_of
from tests.checkup import world as made
from tests.checkup.broken import Break, answer
from tests.checkup.world import NAMES, World


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


@contextmanager
def page(world: World, **changes: Any) -> Iterator[None]:
    before = world.page
    world.page = replace(before, **changes)
    yield
    world.page = before


def without(header: str) -> dict[str, str]:
    return {name: value for name, value in made.HEADERS.items() if name != header}


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


def in_the_clear(name: str) -> Callable[[dict[str, Any]], None]:
    def change(parsed: dict[str, Any]) -> None:
        if parsed["Parameter"]["Name"] == name:
            parsed["Parameter"]["Type"] = "String"

    return change
