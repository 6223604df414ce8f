"""The index: shaped as the code reads it, and kept safe. It can be rebuilt from the bucket, but that takes its time."""

from collections.abc import Iterable
from typing import Any

from pynamodb.attributes import Attribute

from mailbox.store.models import EXPIRES, ById, Message
from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.trouble import ADOPTED

Keys = dict[str, str]
NEW_SHAPE = "An index of another shape is a new table: docs/OPERATIONS.md, Upgrading, says how to go over to one."


def described(deployed: Deployed) -> dict[str, Any]:
    return dict(deployed.client("dynamodb").describe_table(TableName=deployed.deployment.table)["Table"])


def shape(deployed: Deployed) -> Finding:
    name, table = deployed.deployment.table, described(deployed)
    if keys_in(table["KeySchema"]) != keys_of(Message.get_attributes().values()):
        return bad(f"The keys of {name} are not those that the code reads by.", NEW_SHAPE)
    present = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}
    for index in (ById,):
        if not is_index(present.get(index.Meta.index_name), index):
            return bad(f"{name} has no index {index.Meta.index_name} as the code reads it.", NEW_SHAPE)
    return good(f"{name} has the keys and the index that the code reads by.")


def keys_in(schema: list[dict[str, str]]) -> Keys:
    return {key["KeyType"]: key["AttributeName"] for key in schema}


def keys_of(attributes: Iterable[Any]) -> Keys:
    return {
        "HASH" if attribute.is_hash_key else "RANGE": attribute.attr_name
        for attribute in attributes
        if attribute.is_hash_key or attribute.is_range_key
    }


def is_index(present: dict[str, Any] | None, index: type[ById]) -> bool:
    if present is None or present.get("IndexStatus", "ACTIVE") != "ACTIVE":
        return False
    attributes = [member for member in vars(index).values() if isinstance(member, Attribute)]
    projection = present["Projection"]["ProjectionType"]
    return keys_in(present["KeySchema"]) == keys_of(attributes) and projection == index.Meta.projection.projection_type


def recovery(deployed: Deployed) -> Finding:
    name = deployed.deployment.table
    backups = deployed.client("dynamodb").describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    if backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
        return bad(f"{name} cannot be set back to an earlier minute: point-in-time recovery is off.", ADOPTED)
    return good(f"{name} can be set back to any minute of the last days.")


def time_to_live(deployed: Deployed) -> Finding:
    name = deployed.deployment.table
    found = deployed.client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if found.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING") or found.get("AttributeName") != EXPIRES:
        return bad(f"{name} does not drop what has expired (time to live on `{EXPIRES}`).", ADOPTED)
    return good(f"{name} drops what has expired.")


def deletion_protection(deployed: Deployed) -> Finding:
    name = deployed.deployment.table
    if not described(deployed).get("DeletionProtectionEnabled"):
        return bad(f"{name} can be deleted by a slip: deletion protection is off.", ADOPTED)
    return good(f"{name} is protected against deletion.")


LINES = (
    Line("table", shape),
    Line("table-recovery", recovery),
    Line("table-expiry", time_to_live),
    Line("table-protection", deletion_protection),
)
