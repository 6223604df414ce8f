"""Whether something is in the account, and whose it is."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from deploy.trouble import CannotDeploy, code_of

GONE = frozenset({"404", "NoSuchBucket", "NotFound", "NotFoundException", "ResourceNotFoundException"})
FORBIDDEN = frozenset({"403", "AccessDenied", "Forbidden"})
NO_STACK = "ValidationError"
TAKEN = (
    "The bucket {bucket} belongs to another AWS account, or these credentials may not look at it: choose another name as "
    'docs/OPERATIONS.md says under "A name is taken", and run this again.'
)


class BucketTaken(CannotDeploy):
    """All accounts share the names of buckets, and ours can be guessed: whoever made one first would be handed mail or code."""


def found(look: Callable[..., Any], **name: str) -> Any:
    """What AWS says of it; None if it is not there."""
    try:
        return look(**name)
    except ClientError as refusal:
        if code_of(refusal) not in GONE:
            raise
        return None


def exists(look: Callable[..., Any], **name: str) -> bool:
    return found(look, **name) is not None


def has_bucket(s3: Any, bucket: str, account: str) -> bool:
    """Raises BucketTaken when it is another account's, even one that lets us in."""
    try:
        return exists(s3.head_bucket, Bucket=bucket, ExpectedBucketOwner=account)
    except ClientError as refusal:
        if code_of(refusal) in FORBIDDEN:
            raise BucketTaken(TAKEN.format(bucket=bucket)) from refusal
        raise


def resources_of(formation: Any, stack: str) -> set[tuple[str, str]]:
    """(type, name) of what a stack holds; none when there is no such stack, and nothing of what it failed to make or let go."""
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=stack)
    try:
        entries = [entry for page in pages for entry in page["StackResourceSummaries"]]
    except ClientError as refusal:
        if code_of(refusal) == NO_STACK:
            return set()
        raise
    return {(str(entry["ResourceType"]), str(entry.get("PhysicalResourceId"))) for entry in entries if is_held(entry)}


def is_held(entry: dict[str, Any]) -> bool:
    """Also a stack that is gone lists its resources, with those that it left behind."""
    status = str(entry["ResourceStatus"])
    return status != "CREATE_FAILED" and not status.startswith("DELETE_")


def dns_records_of(formation: Any, stack: str) -> set[tuple[str, str]]:
    """(name, type) of the DNS records that a stack holds."""
    try:
        body = formation.get_template(StackName=stack)["TemplateBody"]
    except ClientError as refusal:
        if code_of(refusal) == NO_STACK:
            return set()
        raise
    return set(_records_in(json.loads(body) if isinstance(body, str) else body))


def _records_in(template: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for resource in template.get("Resources", {}).values():
        if resource["Type"] == "AWS::Route53::RecordSet":
            properties = resource["Properties"]
            yield str(properties["Name"]).rstrip(".").lower(), str(properties["Type"])


def status_of(formation: Any, stack: str) -> str:
    """Empty when there is no such stack."""
    try:
        return str(formation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
    except ClientError as refusal:
        if code_of(refusal) == NO_STACK:
            return ""
        raise


def output_of(formation: Any, stack: str, name: str) -> str:
    """An output of a stack that is there; empty when it has none of this name."""
    outputs = formation.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
    return next((str(output["OutputValue"]) for output in outputs if output["OutputKey"] == name), "")
