"""The bucket that is the mailbox: that nothing in it is lost by a slip, and that nobody else reads it."""

from dataclasses import replace

from botocore.exceptions import ClientError

from cdk_infra.grants import grants_of
from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.receiving import rule_set_of_ours
from postamt.checkup.statements import decoded, missing_from
from postamt.checkup.trouble import ADOPTED

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ENCRYPTED = frozenset({"AES256", "aws:kms", "aws:kms:dsse"})


def versioning(deployed: Deployed) -> Finding:
    bucket = deployed.deployment.bucket
    if deployed.client("s3").get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        return bad(f"{bucket} keeps no versions: a mail that is deleted by mistake cannot be had back.", ADOPTED)
    return good(f"{bucket} keeps versions of every object.")


def public_access(deployed: Deployed) -> Finding:
    bucket = deployed.deployment.bucket
    blocked = deployed.client("s3").get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    if not all(blocked.get(name) for name in BLOCKS):
        return bad(f"{bucket} may be made public.", f"Block all public access. {ADOPTED}")
    return good(f"{bucket} cannot be made public.")


def encryption(deployed: Deployed) -> Finding:
    bucket = deployed.deployment.bucket
    rules = deployed.client("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    if not any(rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm") in ENCRYPTED for rule in rules):
        return bad(f"{bucket} does not encrypt what it stores.", ADOPTED)
    return good(f"{bucket} encrypts what it stores.")


def policy(deployed: Deployed) -> Finding:
    bucket = deployed.deployment.bucket
    present = decoded(deployed.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    adopted = replace(deployed.deployment.adopted, rule_set=rule_set_of_ours(deployed))  # SES may store for rules of that set alone
    missing = missing_from(present, grants_of("bucket", replace(deployed.deployment, adopted=adopted)))
    if missing:
        return bad(f"The policy of {bucket} lacks {', '.join(missing)}.", f"See cdk_infra/policies/bucket.json. {ADOPTED}")
    return good(f"SES may store mail in {bucket}, and nobody reads it without TLS.")


def lifecycle(deployed: Deployed) -> Finding:
    bucket = deployed.deployment.bucket
    try:
        rules = deployed.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as refusal:
        if refusal.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        rules = []
    if not any(rule["Status"] == "Enabled" and "NoncurrentVersionExpiration" in rule and is_for_all(rule) for rule in rules):
        return bad(f"{bucket} keeps what was deleted for ever, and you pay for it.", ADOPTED)
    return good(f"What is deleted from {bucket} is gone for good after a while.")


def is_for_all(rule: dict[str, object]) -> bool:
    return not rule.get("Prefix") and rule.get("Filter") in (None, {}, {"Prefix": ""})


LINES = (
    Line("bucket-versioning", versioning),
    Line("bucket-public-access", public_access),
    Line("bucket-encryption", encryption),
    Line("bucket-policy", policy),
    Line("bucket-lifecycle", lifecycle),
)
