"""What SES does with mail for a domain: stores it in the bucket and says so to a topic. (No template can make a rule set the active one.)

Never an SNS action: it would carry the mail itself, and bounce whatever is over 150 KB.
"""

from aws_cdk import aws_ses as ses
from constructs import Construct

from cdk_infra.deployment import Deployment

INCOMING = "incoming/"


class Receiving(Construct):
    def __init__(self, scope: Construct, id: str, deployment: Deployment, topic_arn: str) -> None:
        super().__init__(scope, id)
        self._deployment = deployment
        self._topic_arn = topic_arn
        before: Construct | None = None
        if not deployment.adopted.rule_set:
            before = ses.CfnReceiptRuleSet(self, "RuleSet", rule_set_name=deployment.rule_set)
        for domain in deployment.domains:  # one after the other: SES refuses two changes of a rule set at once
            rule = self._rule(domain)
            if before:
                rule.node.add_dependency(before)
            before = rule

    def _rule(self, domain: str) -> ses.CfnReceiptRule:
        deployment = self._deployment
        store = ses.CfnReceiptRule.S3ActionProperty(bucket_name=deployment.bucket, object_key_prefix=INCOMING, topic_arn=self._topic_arn)
        rule = ses.CfnReceiptRule.RuleProperty(
            name=deployment.rule(domain),
            enabled=True,
            tls_policy="Require",
            scan_enabled=True,
            recipients=list(deployment.recipients(domain)),
            actions=[ses.CfnReceiptRule.ActionProperty(s3_action=store)],
        )
        return ses.CfnReceiptRule(self, f"Rule-{domain}", rule_set_name=deployment.rule_set, rule=rule)
