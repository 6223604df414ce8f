"""Mail in and out: identities, the receipt rules, what SES tells about both, and the two users outside AWS."""

from collections.abc import Collection
from typing import Any

from aws_cdk import Duration, Stack
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_infra.constructs.alarms import Alarms, metric
from cdk_infra.constructs.dns_records import DnsRecords
from cdk_infra.constructs.mail_user import MailUser
from cdk_infra.constructs.receiving import Receiving
from cdk_infra.constructs.sending import Sending
from cdk_infra.constructs.topic import ServiceTopic
from cdk_infra.deployment import Deployment
from cdk_infra.grants import grants_of

SES = "ses.amazonaws.com"
DAY = Duration.days(1)


class EmailStack(Stack):
    def __init__(self, scope: Construct, id: str, deployment: Deployment, *, mx: bool, kept: Collection[str], **options: Any) -> None:
        super().__init__(scope, id, **options)
        self._deployment = deployment
        receipts = ServiceTopic(self, "Receipts", deployment, name=deployment.receipts_topic, publisher=SES)
        events = ServiceTopic(self, "Events", deployment, name=deployment.events_topic, publisher=SES)

        Receiving(self, "Receiving", deployment, receipts.topic.topic_arn).node.add_dependency(receipts.policy)
        sending = Sending(self, "Sending", deployment, events.topic.topic_arn)
        sending.node.add_dependency(events.policy)
        records = DnsRecords(self, "Records", deployment, mx=mx, kept=kept)
        for domain, identity in sending.identities.items():
            if zone := deployment.hosted_zone(domain):
                records.add_dkim(zone, domain, identity)

        MailUser(self, "SmtpUser", name=deployment.smtp_user, grants=grants_of("smtp", deployment))
        MailUser(self, "SyncUser", name=deployment.sync_user, grants=grants_of("sync", deployment))
        self._add_alarms()

    def _add_alarms(self) -> None:
        deployment = self._deployment
        alarms = Alarms(self, "Alarms", sns.Topic.from_topic_arn(self, "AlarmTopic", deployment.topic_arn(deployment.alarms_topic)))
        for domain in deployment.domains:
            rule = {"RuleName": deployment.rule(domain)}
            failure, expired = (metric("AWS/SES", name, rule) for name in ("PublishFailure", "PublishExpired"))
            alarms.add(
                deployment.publish_failure_alarm(domain), f"SES could not store mail for {domain}; it tries for four hours.", failure
            )
            alarms.add(deployment.publish_expired_alarm(domain), f"SES gave up storing mail for {domain}: that mail is lost.", expired)
        bounces = metric("AWS/SES", "Bounce", period=DAY)
        bounce_rate, complaint_rate = (
            metric("AWS/SES", f"Reputation.{name}", statistic="Maximum", period=DAY) for name in ("BounceRate", "ComplaintRate")
        )
        alarms.add(deployment.bounces_alarm, "Three mails came back within a day.", bounces, 3)
        alarms.add(deployment.bounce_rate_alarm, "One mail in twenty comes back: AWS may stop your sending.", bounce_rate, 0.05)
        alarms.add(
            deployment.complaint_rate_alarm, "One mail in a thousand is called spam: AWS may stop your sending.", complaint_rate, 0.001
        )
