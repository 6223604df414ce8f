"""The domains SES may send for, and what it tells about each mail that leaves, whoever sends it: the webmail or an SMTP client."""

from aws_cdk import aws_ses as ses
from constructs import Construct

from cdk_infra.deployment import Deployment

TOLD = ["SEND", "DELIVERY", "DELIVERY_DELAY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"]


class Sending(Construct):
    """`identities` are those that are made here; one that SES knows already is left as it is."""

    def __init__(self, scope: Construct, id: str, deployment: Deployment, topic_arn: str) -> None:
        super().__init__(scope, id)
        configuration = ses.CfnConfigurationSet(
            self,
            "ConfigurationSet",
            name=deployment.configuration_set,
            delivery_options=ses.CfnConfigurationSet.DeliveryOptionsProperty(tls_policy="OPTIONAL"),  # not every receiver has TLS
            reputation_options=ses.CfnConfigurationSet.ReputationOptionsProperty(reputation_metrics_enabled=True),
        )
        events = ses.CfnConfigurationSetEventDestination(
            self,
            "Events",
            configuration_set_name=deployment.configuration_set,
            event_destination=ses.CfnConfigurationSetEventDestination.EventDestinationProperty(
                name="topic",
                enabled=True,
                matching_event_types=TOLD,
                sns_destination=ses.CfnConfigurationSetEventDestination.SnsDestinationProperty(topic_arn=topic_arn),
            ),
        )
        events.node.add_dependency(configuration)
        new = [domain for domain in deployment.domains if domain not in deployment.adopted.identities]
        self.identities = {domain: self._identity(domain, deployment, configuration) for domain in new}

    def _identity(self, domain: str, deployment: Deployment, configuration: ses.CfnConfigurationSet) -> ses.CfnEmailIdentity:
        identity = ses.CfnEmailIdentity(
            self,
            f"Identity-{domain}",
            email_identity=domain,
            configuration_set_attributes=ses.CfnEmailIdentity.ConfigurationSetAttributesProperty(
                configuration_set_name=deployment.configuration_set
            ),
            dkim_signing_attributes=ses.CfnEmailIdentity.DkimSigningAttributesProperty(next_signing_key_length="RSA_2048_BIT"),
            mail_from_attributes=ses.CfnEmailIdentity.MailFromAttributesProperty(
                mail_from_domain=deployment.mail_from(domain), behavior_on_mx_failure="USE_DEFAULT_VALUE"
            ),
            feedback_attributes=ses.CfnEmailIdentity.FeedbackAttributesProperty(
                email_forwarding_enabled=True
            ),  # nobody reads the topic yet
        )
        identity.node.add_dependency(configuration)
        return identity
