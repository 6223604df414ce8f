"""The webmail's face to the world. The API behind it is Zappa's; it leaves the API's id in a parameter."""

from typing import Any

from aws_cdk import CfnOutput, CfnParameter, Stack
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk_infra.constructs.front import Front
from cdk_infra.constructs.static_files import StaticFiles
from cdk_infra.deployment import Deployment

CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"  # of every distribution, wherever its alias is


class WebmailStack(Stack):
    def __init__(self, scope: Construct, id: str, deployment: Deployment, *, certificate_arn: str, **options: Any) -> None:
        super().__init__(scope, id, **options)
        api_id = ssm.StringParameter.value_for_string_parameter(self, deployment.api_id_parameter)
        front = Front(
            self,
            "Front",
            deployment,
            api_host=f"{api_id}.execute-api.{deployment.region}.amazonaws.com",
            stage=deployment.api_stage,
            static=StaticFiles(self, "StaticFiles", deployment),
            certificate_arn=certificate_arn or self._asked_for(),
        )
        if zone := deployment.hosted_zone(deployment.domain):
            for kind in ("A", "AAAA"):
                self._add_alias(zone, kind, deployment.webmail_host, front.distribution.distribution_domain_name)
        CfnOutput(self, "DistributionId", value=front.distribution.distribution_id)
        CfnOutput(self, "DistributionHost", value=front.distribution.distribution_domain_name)

    def _asked_for(self) -> str:
        """Without `-c certificate=...` CloudFormation asks for it, so that the stack can be destroyed without knowing it."""
        return CfnParameter(self, "CertificateArn", description="Of the certificate in us-east-1.").value_as_string

    def _add_alias(self, zone: str, kind: str, name: str, target: str) -> None:
        alias = route53.CfnRecordSet.AliasTargetProperty(dns_name=target, hosted_zone_id=CLOUDFRONT_ZONE)
        route53.CfnRecordSet(self, f"Alias{kind}", hosted_zone_id=zone, name=name, type=kind, alias_target=alias)
