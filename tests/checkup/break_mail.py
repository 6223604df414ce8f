"""Breaks what the DNS and SES say, and what mail is kept in."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from cdk_infra.grants import grants_of
from mailbox.store.models import EXPIRES
from tests.checkup import world as made
from tests.checkup.broken import Break, answer
from tests.checkup.world import DOMAIN, NAMES, World


@contextmanager
def served(world: World, name: str, kind: str, *values: str) -> Iterator[None]:
    before = world.served.pop((name, kind))
    world.served[name, kind] = list(values)
    yield
    world.served[name, kind] = before


def dkim_name(world: World) -> AbstractContextManager[None]:
    return served(world, f"{made.tokens(world.client)[1]}._domainkey.{DOMAIN}", "CNAME", "elsewhere.example.")


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
