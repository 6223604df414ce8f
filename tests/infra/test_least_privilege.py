"""Least privilege, executed: the stacks are made on the local AWS, and every identity tries what it must not do under its very policy.

The local AWS evaluates actions, resources, denials and `dynamodb:EnclosingOperation` by itself. `dynamodb:LeadingKeys`,
`dynamodb:Attributes`, `s3:if-match`, `s3:if-none-match` and `ses:FromAddress` it does not know: local/emulator/authorization.py
supplies them. Conditions of resource policies (TLS only, only our receipt rules) are checked in the templates instead.
"""

import json
from functools import partial
from itertools import count
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from cdk_infra.deployment import Deployment
from cdk_infra.grants import Document
from local.environment import REGION
from tests.deploy.local_aws import LocalAws
from tests.infra.forbidden import ACTS, MAIL, MESSAGE, OTHER_DOMAIN, SECRET, Account, Forbidden, twin_of
from tests.infra.templates import Templates

BY_THE_LOCAL_AWS = {"dynamodb:EnclosingOperation"}
BY_US = {"dynamodb:LeadingKeys", "dynamodb:Attributes", "s3:if-match", "s3:if-none-match", "ses:FromAddress"}
IDENTITIES = ("web", "indexer", "sender", "smtp", "sync")
DENIED = {"AccessDenied", "AccessDeniedException", "AccessDeniedError"}
STANDING = ("incoming/x", "sent/x", "drafts/x", "state/x.json", "sync/x", "outbox/x", "settings/labels.json")

numbers = count()


@pytest.fixture(scope="module", autouse=True)
def laid_out(aws: LocalAws, templates: Templates) -> None:
    """Something to misuse."""
    aws.client("sesv2").create_email_identity(EmailIdentity=OTHER_DOMAIN)
    aws.client("ssm").put_parameter(Name=SECRET, Value="x", Type="SecureString")
    aws.client("dynamodb").put_item(TableName=templates.deployment.table, Item=MESSAGE)


@pytest.fixture(autouse=True)
def standing(aws: LocalAws, templates: Templates) -> None:
    """Every twin may have deleted something."""
    for key in STANDING:
        aws.client("s3").put_object(Bucket=templates.deployment.bucket, Key=key, Body=MAIL)


def policy_of(templates: Templates, identity: str) -> Document:
    """As the template has it: of a role, or of a user outside AWS."""
    name = templates.deployment.role(identity)
    for role in templates.all_of("StorageStack", "AWS::IAM::Role"):
        if role["RoleName"] == name:
            return dict(role["Policies"][0]["PolicyDocument"])
    (policy,) = (policy for policy in templates.all_of("EmailStack", "AWS::IAM::Policy") if policy["PolicyName"] == name)
    return dict(policy["PolicyDocument"])


def wearing(document: Document, aws: LocalAws, deployment: Deployment) -> Account:
    """The account under this policy, worn by a user that the test may hold the key of."""
    iam, user = aws.client("iam"), f"wearing-{next(numbers)}"
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName=user, PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)
    client: Any = partial(session.client, endpoint_url=aws.endpoint)
    return Account(deployment, client, aws.client("sqs").get_queue_url(QueueName=deployment.queue)["QueueUrl"])


@pytest.mark.parametrize("forbidden", ACTS, ids=str)
def test_it_is_denied_and_only_by_the_policy(forbidden: Forbidden, aws: LocalAws, templates: Templates) -> None:
    document = policy_of(templates, forbidden.identity)
    with pytest.raises(ClientError) as refusal:
        forbidden.tries(wearing(document, aws, templates.deployment))
    assert refusal.value.response["Error"]["Code"] in DENIED
    forbidden.tries(wearing(twin_of(document, forbidden.twin), aws, templates.deployment))


@pytest.mark.parametrize("identity", IDENTITIES)
def test_each_identity_tries_something(identity: str) -> None:
    assert len({act.act for act in ACTS if act.identity == identity}) >= 3


def test_every_condition_key_of_our_policies_is_evaluated_here(templates: Templates) -> None:
    statements = [statement for identity in IDENTITIES for statement in policy_of(templates, identity)["Statement"]]
    keys = {key for statement in statements for condition in statement.get("Condition", {}).values() for key in condition}
    assert keys == BY_THE_LOCAL_AWS | BY_US


def test_the_policies_that_are_tried_are_those_that_cloudformation_attached(aws: LocalAws, templates: Templates) -> None:
    iam = aws.client("iam")
    for identity in IDENTITIES:
        name = templates.deployment.role(identity)
        if identity in ("smtp", "sync"):
            attached = iam.get_user_policy(UserName=name, PolicyName=name)
        else:
            attached = iam.get_role_policy(RoleName=name, PolicyName=name)
        assert attached["PolicyDocument"] == policy_of(templates, identity)
