"""What a Lambda function is before it has code: the role it runs under and the group its log lines go to, named as Zappa will ask for.

Made here, so that destroying or redeploying a function changes neither what it may do nor how long its log is kept.
"""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_infra.acknowledged import acknowledge_wildcards
from cdk_infra.deployment import Deployment
from cdk_infra.grants import Document

LAMBDA = "lambda.amazonaws.com"


class FunctionIdentity(Construct):
    def __init__(
        self, scope: Construct, id: str, deployment: Deployment, *, role: str, grants: Document, trusted: Sequence[str] = (LAMBDA,)
    ) -> None:
        super().__init__(scope, id)
        made = iam.Role(
            self,
            "Role",
            role_name=deployment.role(role),
            description=f"Postamt: what the {role} function may do.",
            assumed_by=iam.CompositePrincipal(*(iam.ServicePrincipal(service) for service in trusted)),
            inline_policies={deployment.role(role): iam.PolicyDocument.from_json(grants)},
        )
        acknowledge_wildcards(made, grants)
        self.log = logs.LogGroup(
            self,
            "Log",
            log_group_name=deployment.log_group(deployment.function_of(role)),
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
