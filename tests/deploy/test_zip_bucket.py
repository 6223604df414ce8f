"""The bucket of Zappa's zips: closed to everybody else, of this account, and rid of what is old."""

import pytest

from deploy.looks import BucketTaken
from deploy.work import Work
from deploy.zip_bucket import zip_bucket
from local.environment import REGION
from tests.deploy.conftest import another_has


def test_it_works(work: Work) -> None:
    bucket, s3 = work.deployment.zappa_bucket, work.client("s3")
    assert zip_bucket(work) == f"Made {bucket}."
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == REGION
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    (ownership,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert ownership["ObjectOwnership"] == "BucketOwnerEnforced"
    (encryption,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert (rule["Status"], rule["Expiration"]["Days"]) == ("Enabled", 7)


def test_one_that_zappa_made_before_is_closed_too(work: Work) -> None:
    bucket, s3 = work.deployment.zappa_bucket, work.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="web.zip", Body=b"zip")
    assert zip_bucket(work) == zip_bucket(work) == f"{bucket} is there."
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"]
    assert [found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["web.zip"]


def test_it_is_made_where_s3_takes_the_region_for_granted(work: Work) -> None:
    work.settings["region"] = "us-east-1"
    work.account.region = "us-east-1"
    assert zip_bucket(work) == f"Made {work.deployment.zappa_bucket}."


def test_one_of_another_account_gets_nothing(work: Work) -> None:
    bucket = work.deployment.zappa_bucket
    another_has(work, bucket)
    with pytest.raises(BucketTaken, match=f"The bucket {bucket} belongs to another AWS account"):
        zip_bucket(work)
