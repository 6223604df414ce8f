"""Deletes what a deployment made: stacks, and buckets whose content every deployment makes anew."""

from typing import Any

from botocore.exceptions import WaiterError

from deploy.looks import BucketTaken, has_bucket
from deploy.trouble import CannotDeploy

FAILED = "DELETE_FAILED"


def delete_stack(formation: Any, stack: str) -> None:
    """Nothing happens when there is none."""
    formation.delete_stack(StackName=stack)
    try:
        formation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig={"Delay": 5, "MaxAttempts": 360})
    except WaiterError as trouble:
        raise CannotDeploy(
            f"CloudFormation could not delete {stack} ({reason(formation, stack)}): mend that and run this again."
        ) from trouble


def reason(formation: Any, stack: str) -> str:
    events = formation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = (
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in events if event["ResourceStatus"] == FAILED
    )
    return next(failed, "it does not say why")


def empty_bucket(s3: Any, bucket: str, account: str) -> None:
    """Nothing happens when the account has none of this name. Never to be called with the one that holds mail."""
    try:
        if not has_bucket(s3, bucket, account):
            return
    except BucketTaken:
        return
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
        if objects:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}, ExpectedBucketOwner=account)
