"""The bucket that is the mailbox. It outlives its stack: whatever else is lost is made again from it."""

from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_infra.acknowledged import acknowledge
from cdk_infra.deployment import Deployment
from cdk_infra.grants import grants_of

FOR_A_DAY = ("uploads/", "parts/")
SMALL = 128 * 1024  # below this the colder classes charge for 128 KB anyway


class MailBucket(Construct):
    """A bucket that is adopted keeps what is set on it, and gets the policy alone: without it SES could not store mail."""

    def __init__(self, scope: Construct, id: str, deployment: Deployment) -> None:
        super().__init__(scope, id)
        policy = s3.CfnBucketPolicy(self, "Policy", bucket=deployment.bucket, policy_document=grants_of("bucket", deployment))
        if not deployment.adopted.bucket:
            policy.node.add_dependency(self._bucket(deployment))

    def _bucket(self, deployment: Deployment) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=deployment.bucket,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            lifecycle_rules=[colder_with_age(), *(gone_after_a_day(prefix) for prefix in FOR_A_DAY), finished_jobs(), *leftovers()],
            cors=[uploads_from(deployment.webmail_url)],
            removal_policy=RemovalPolicy.RETAIN,
        )
        made = cast(s3.CfnBucket, bucket.node.default_child)
        made.add_property_override("LifecycleConfiguration.Rules.0.ObjectSizeGreaterThan", str(SMALL))  # CDK writes a number
        acknowledge(
            bucket, {"AwsSolutions-S1": "Access logs would be a second store of who wrote when, and cost money; nobody reads them."}
        )
        return bucket


def colder_with_age() -> s3.LifecycleRule:
    """Every message stays readable at once, also in the coldest of these classes."""
    return s3.LifecycleRule(
        id="colder-with-age",
        object_size_greater_than=SMALL,
        transitions=[
            s3.Transition(storage_class=s3.StorageClass.INFREQUENT_ACCESS, transition_after=Duration.days(30)),
            s3.Transition(storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transition_after=Duration.days(120)),
        ],
    )


def gone_after_a_day(prefix: str) -> s3.LifecycleRule:
    name = prefix.rstrip("/")
    day = Duration.days(1)
    return s3.LifecycleRule(id=f"{name}-for-a-day", prefix=prefix, expiration=day, noncurrent_version_expiration=day)


def finished_jobs() -> s3.LifecycleRule:
    return s3.LifecycleRule(id="finished-jobs", prefix="jobs/", expiration=Duration.days(30))


def leftovers() -> list[s3.LifecycleRule]:
    """What was deleted or replaced can be had back for thirty days."""
    return [
        s3.LifecycleRule(id="deleted-and-replaced", noncurrent_version_expiration=Duration.days(30), expired_object_delete_marker=True),
        s3.LifecycleRule(id="unfinished-uploads", abort_incomplete_multipart_upload_after=Duration.days(1)),
    ]


def uploads_from(origin: str) -> s3.CorsRule:
    return s3.CorsRule(
        allowed_origins=[origin],
        allowed_methods=[s3.HttpMethods.PUT, s3.HttpMethods.POST],
        allowed_headers=["content-type"],
        max_age=3600,
    )
