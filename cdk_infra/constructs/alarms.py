"""Alarms that send a mail to the owner's address elsewhere. Each is named after what it says; silence of a metric is no alarm."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

SOON = Duration.minutes(5)


def metric(
    namespace: str, name: str, dimensions: dict[str, str] | None = None, statistic: str = "Sum", period: Duration = SOON
) -> cloudwatch.Metric:
    return cloudwatch.Metric(namespace=namespace, metric_name=name, dimensions_map=dimensions or {}, statistic=statistic, period=period)


class Alarms(Construct):
    def __init__(self, scope: Construct, id: str, topic: sns.ITopic) -> None:
        super().__init__(scope, id)
        self._topic = actions.SnsAction(topic)

    def add(self, name: str, says: str, watched: cloudwatch.IMetric, threshold: float = 1) -> None:
        """An alarm called `name` as soon as one period of the metric reaches the threshold."""
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=name,
            alarm_description=says,
            metric=watched,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._topic)
