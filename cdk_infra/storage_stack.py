"""What mail is kept in, and who may touch it: receiving and indexing live on without the webmail."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from cdk_infra.constructs.alarms import Alarms, metric
from cdk_infra.constructs.function_identity import LAMBDA, FunctionIdentity
from cdk_infra.constructs.index_table import IndexTable
from cdk_infra.constructs.mail_bucket import MailBucket
from cdk_infra.constructs.outbox_queue import OutboxQueue
from cdk_infra.constructs.topic import ServiceTopic
from cdk_infra.deployment import Deployment
from cdk_infra.grants import grants_of

METRICS = "Postamt"
FLOOD = "SignInFlood"


class StorageStack(Stack):
    def __init__(self, scope: Construct, id: str, deployment: Deployment, **options: Any) -> None:
        super().__init__(scope, id, **options)
        self._deployment = deployment
        MailBucket(self, "MailBucket", deployment)
        if not deployment.adopted.table:
            IndexTable(self, "IndexTable", deployment)
        OutboxQueue(self, "Outbox", deployment)

        # Zappa's API calls the function under this very role. No condition on aws:SourceAccount: API Gateway says none when it takes the
        # role of an integration, so every page would be a 500. And it takes no role of another account than its API's.
        web = self._identity("web", trusted=(LAMBDA, "apigateway.amazonaws.com"))
        self._identity("indexer")
        self._identity("sender")
        self._add_alarms(web.log)

    def _identity(self, role: str, trusted: tuple[str, ...] = (LAMBDA,)) -> FunctionIdentity:
        grants = grants_of(role, self._deployment)
        return FunctionIdentity(self, role.title(), self._deployment, role=role, grants=grants, trusted=trusted)

    def _add_alarms(self, web_log: logs.ILogGroup) -> None:
        deployment = self._deployment
        topic = ServiceTopic(self, "AlarmTopic", deployment, name=deployment.alarms_topic, publisher="cloudwatch.amazonaws.com").topic
        topic.add_subscription(subscriptions.EmailSubscription(deployment.alerts))
        logs.MetricFilter(
            self,
            "SignInFlood",
            log_group=web_log,
            filter_pattern=logs.FilterPattern.string_value("$.alarm", "=", "sign_in_flood"),
            metric_namespace=METRICS,
            metric_name=FLOOD,
        )
        alarms = Alarms(self, "Alarms", topic)
        for function in (deployment.indexer_function, deployment.sender_function):
            errors = metric("AWS/Lambda", "Errors", {"FunctionName": function})
            alarms.add(deployment.errors_alarm(function), f"{function} failed; AWS tries again. Its log says why.", errors)
        dead = metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": deployment.dead_letter_queue}, "Maximum")
        alarms.add(
            deployment.dead_letters_alarm, "Something could not be indexed or sent. The Status page of the webmail shows what.", dead
        )
        alarms.add(deployment.sign_in_flood_alarm, "Somebody tries many sign-in secrets. Nobody is locked out.", metric(METRICS, FLOOD))
