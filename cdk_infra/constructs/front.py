"""CloudFront before the webmail: files from their bucket, everything else from API Gateway, uncached and with every header but Host.

API Gateway takes its own host name only, so the one asked for travels in X-Forwarded-Host. The secret by which the webmail knows this
distribution stands in no template: `make deploy` puts it on.
"""

from pathlib import Path

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct

from cdk_infra.acknowledged import acknowledge
from cdk_infra.constructs.static_files import StaticFiles
from cdk_infra.deployment import Deployment

ENTRANCE = Path(__file__).resolve().parent / "entrance.js"
HTTPS_ONLY = cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS


class Front(Construct):
    def __init__(
        self, scope: Construct, id: str, deployment: Deployment, *, api_host: str, stage: str, static: StaticFiles, certificate_arn: str
    ) -> None:
        super().__init__(scope, id)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Postamt: {deployment.webmail_host}",
            domain_names=[deployment.webmail_host],
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", certificate_arn),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            default_behavior=self._pages(api_host, stage),
            additional_behaviors={"/static/*": files(static)},
        )
        acknowledge(self.distribution, MEANT_SO)

    def _pages(self, api_host: str, stage: str) -> cloudfront.BehaviorOptions:
        entrance = cloudfront.Function(
            self,
            "Entrance",
            function_name="postamt-entrance",
            code=cloudfront.FunctionCode.from_file(file_path=str(ENTRANCE)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                api_host,
                origin_path=f"/{stage}",
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            viewer_protocol_policy=HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            compress=False,  # CloudFront compresses only what it may cache; the webmail does it itself
            function_associations=[
                cloudfront.FunctionAssociation(function=entrance, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)
            ],
        )


def files(static: StaticFiles) -> cloudfront.BehaviorOptions:
    return cloudfront.BehaviorOptions(
        origin=origins.S3BucketOrigin.with_origin_access_control(static.bucket),
        viewer_protocol_policy=HTTPS_ONLY,
        allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
        response_headers_policy=static.headers,
        compress=True,
    )


MEANT_SO = {
    "AwsSolutions-CFR1": "A person reads mail from wherever they are.",
    "AwsSolutions-CFR2": "A web firewall costs more a month than the mailbox; the app limits sign-in, API Gateway every request.",
    "AwsSolutions-CFR3": "Access logs would keep who read when; the function's own log has what is needed.",
}
