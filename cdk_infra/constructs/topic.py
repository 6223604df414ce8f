"""A topic that one AWS service of this account publishes to, over TLS only.

It is not encrypted with the key AWS manages for SNS: SES and CloudWatch cannot use that one, and their messages would be lost in silence.
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_infra.deployment import Deployment


class ServiceTopic(Construct):
    def __init__(self, scope: Construct, id: str, deployment: Deployment, *, name: str, publisher: str) -> None:
        super().__init__(scope, id)
        self.topic = sns.Topic(self, "Topic", topic_name=name, enforce_ssl=True)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Publish",
                principals=[iam.ServicePrincipal(publisher)],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": deployment.account}},
            )
        )
        self.policy = self.topic.node.find_child("Policy")  # whoever publishes is told to wait for it
