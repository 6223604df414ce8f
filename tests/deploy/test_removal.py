"""Taking stacks and buckets away: what cannot be deleted is told with its reason."""

from typing import Any

import pytest
from botocore.exceptions import WaiterError

from deploy.account import Account
from deploy.removal import delete_stack, empty_bucket
from deploy.trouble import CannotDeploy
from deploy.work import Work
from local.environment import REGION
from tests.deploy.conftest import another_has


class Stuck:
    """CloudFormation with a stack that does not go."""

    def delete_stack(self, StackName: str) -> None:
        self.deleted = StackName

    def get_waiter(self, _name: str) -> "Stuck":
        return self

    def wait(self, **_options: Any) -> None:
        raise WaiterError("StackDeleteComplete", "terminal state", {})

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:
        event = {"LogicalResourceId": "Bucket", "ResourceStatus": "DELETE_FAILED", "ResourceStatusReason": "The bucket is not empty"}
        return {"StackEvents": [{"LogicalResourceId": "Rule", "ResourceStatus": "DELETE_COMPLETE"}, event]}


def test_a_stack_that_does_not_go_is_told_with_its_reason() -> None:
    with pytest.raises(CannotDeploy, match=r"could not delete postamt-webmail \(Bucket: The bucket is not empty\): mend that"):
        delete_stack(Stuck(), "postamt-webmail")


def test_a_bucket_is_emptied_of_every_version(account: Account) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="zips", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="zips", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"one", b"two"):
        s3.put_object(Bucket="zips", Key="web.zip", Body=body)
    s3.delete_object(Bucket="zips", Key="web.zip")
    empty_bucket(s3, "zips", account.number)
    s3.delete_bucket(Bucket="zips")  # refused while anything is in it


def test_a_bucket_that_is_not_there_needs_no_emptying(account: Account) -> None:
    empty_bucket(account.client("s3"), "never-made", account.number)
    assert not account.client("s3").list_buckets()["Buckets"]


def test_a_bucket_of_another_account_is_left_alone(work: Work) -> None:
    s3 = work.client("s3")
    s3.create_bucket(Bucket="zips", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="zips", Key="web.zip", Body=b"theirs")
    another_has(work, "zips")
    empty_bucket(s3, "zips", work.account.number)
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="zips")["Contents"]] == ["web.zip"]
