"""The CDK app: `cdk synth` makes four templates of what cdk.json says. Account and region come from the CDK command line.

Context beside `postamt`: `certificate`, the ARN of the webmail's certificate; `mx=yes`, to have mail brought here; `keep`, records that
the zone has already and that are left alone, as `TXT example.org,TXT _dmarc.example.org`.
"""

import json
import os
import sys
from typing import Any

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from cdk_infra.certificate_stack import CertificateStack
from cdk_infra.deployment import CERTIFICATE_REGION, Deployment, DeploymentRefused, deployment_of
from cdk_infra.email_stack import EmailStack
from cdk_infra.storage_stack import StorageStack
from cdk_infra.webmail_stack import WebmailStack


def add_stacks(app: App, deployment: Deployment) -> None:
    """All of them, each by itself: they know each other by names alone, so that one can go while the others stay."""
    here = Environment(account=deployment.account, region=deployment.region)
    StorageStack(app, "StorageStack", deployment, stack_name=deployment.storage_stack, env=here)
    EmailStack(
        app,
        "EmailStack",
        deployment,
        mx=text(app, "mx") == "yes",
        kept=[record.strip() for record in text(app, "keep").split(",")],
        stack_name=deployment.email_stack,
        env=here,
    )
    if deployment.hosted_zone(deployment.domain):
        there = Environment(account=deployment.account, region=CERTIFICATE_REGION)
        CertificateStack(app, "CertificateStack", deployment, stack_name=deployment.certificate_stack, env=there)
    certificate = text(app, "certificate")
    WebmailStack(app, "WebmailStack", deployment, certificate_arn=certificate, stack_name=deployment.webmail_stack, env=here)


def text(app: App, name: str) -> str:
    return str(app.node.try_get_context(name) or "")


def settings_in(app: App) -> dict[str, Any]:
    """The object `postamt`, which arrives as text when it was given on the command line."""
    given = app.node.try_get_context("postamt") or {}
    settings: dict[str, Any] = json.loads(given) if isinstance(given, str) else given
    return settings


def check_stacks(app: App) -> None:
    """Every synthesis is checked: what AWS holds for good practice and we do not say why not ends it."""
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def main() -> None:
    app = App()
    try:
        deployment = deployment_of(settings_in(app), os.environ.get("CDK_DEFAULT_ACCOUNT", ""))
    except DeploymentRefused as refusal:
        sys.exit(str(refusal))
    add_stacks(app, deployment)
    check_stacks(app)
    app.synth()


if __name__ == "__main__":
    main()
