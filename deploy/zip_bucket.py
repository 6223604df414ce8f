"""The bucket that Zappa hands its zips through. Made here before Zappa would: closed to everybody else, and of this account for sure."""

from deploy.looks import has_bucket
from deploy.work import Work

DAYS_KEPT = 7  # Lambda has a copy of its own
CLOSED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
UNNAMED = "us-east-1"  # the region that S3 takes for granted and refuses to be told


def zip_bucket(work: Work) -> str:
    s3, bucket, region = work.client("s3"), work.deployment.zappa_bucket, work.deployment.region
    is_new = not has_bucket(s3, bucket, work.account.number)
    if is_new:
        place = {} if region == UNNAMED else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **place)
    ours = {"Bucket": bucket, "ExpectedBucketOwner": work.account.number}
    s3.put_public_access_block(PublicAccessBlockConfiguration=dict.fromkeys(CLOSED, True), **ours)
    s3.put_bucket_ownership_controls(OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}, **ours)
    by_s3 = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(ServerSideEncryptionConfiguration={"Rules": [by_s3]}, **ours)
    gone = {"Expiration": {"Days": DAYS_KEPT}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
    old_zips = {"ID": "old-zips", "Status": "Enabled", "Filter": {"Prefix": ""}, **gone}
    s3.put_bucket_lifecycle_configuration(LifecycleConfiguration={"Rules": [old_zips]}, **ours)
    return f"Made {bucket}." if is_new else f"{bucket} is there."
