"""A user for a program outside AWS: an SMTP client, or the home server that copies mail. `manage.py credentials` makes its key."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_infra.acknowledged import acknowledge_wildcards
from cdk_infra.grants import Document


class MailUser(Construct):
    def __init__(self, scope: Construct, id: str, *, name: str, grants: Document) -> None:
        super().__init__(scope, id)
        user = iam.User(self, "User", user_name=name)
        policy = iam.Policy(self, "Grants", policy_name=name, document=iam.PolicyDocument.from_json(grants), users=[user])
        acknowledge_wildcards(policy, grants)
