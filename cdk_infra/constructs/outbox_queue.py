"""What wakes the sender, and where lies what sender and indexer could not do."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk_infra.deployment import Deployment

SENDER_TIMEOUT = Duration.seconds(120)
RECEIVES = 5


class OutboxQueue(Construct):
    def __init__(self, scope: Construct, id: str, deployment: Deployment) -> None:
        super().__init__(scope, id)
        dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=deployment.dead_letter_queue,
            retention_period=Duration.days(14),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
        sqs.Queue(
            self,
            "Queue",
            queue_name=deployment.queue,
            visibility_timeout=Duration.seconds(6 * SENDER_TIMEOUT.to_seconds()),  # what AWS asks of a queue that feeds a function
            retention_period=Duration.days(14),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=RECEIVES),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
