"""The certificate of the webmail's name, in the region where CloudFront looks for it.

Only for a domain whose zone is in Route 53, where AWS proves the name by itself within minutes. Elsewhere CloudFormation would wait for
hours: there `make deploy` asks for the certificate, prints the proof to set, and goes on when it is issued.
"""

from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_certificatemanager as acm
from constructs import Construct

from cdk_infra.deployment import Deployment


class CertificateStack(Stack):
    def __init__(self, scope: Construct, id: str, deployment: Deployment, **options: Any) -> None:
        super().__init__(scope, id, **options)
        proof = acm.CfnCertificate.DomainValidationOptionProperty(
            domain_name=deployment.webmail_host, hosted_zone_id=deployment.hosted_zone(deployment.domain)
        )
        certificate = acm.CfnCertificate(
            self,
            "Certificate",
            domain_name=deployment.webmail_host,
            validation_method="DNS",
            domain_validation_options=[proof],
        )
        CfnOutput(self, "CertificateArn", value=certificate.ref)
