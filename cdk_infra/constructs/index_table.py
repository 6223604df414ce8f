"""The index. It can be rebuilt from the bucket, but not in a minute: it outlives its stack, too.

Keys and indexes are those of mailbox/store/models.py; a test compares the two.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from cdk_infra.deployment import Deployment

EXPIRES = "expires"


class IndexTable(Construct):
    def __init__(self, scope: Construct, id: str, deployment: Deployment) -> None:
        super().__init__(scope, id)
        table = dynamodb.Table(
            self,
            "Table",
            table_name=deployment.table,
            partition_key=text("pk"),
            sort_key=text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True),
            deletion_protection=True,
            time_to_live_attribute=EXPIRES,
            removal_policy=RemovalPolicy.RETAIN,
        )
        table.add_global_secondary_index(index_name="by_id", partition_key=text("id"), projection_type=dynamodb.ProjectionType.KEYS_ONLY)


def text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
