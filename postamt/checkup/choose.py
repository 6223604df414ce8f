"""Which deployment a command means: cdk.json says what was chosen, the identity of the caller says in which account."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cdk_infra.deployment import Deployment, DeploymentRefused, deployment_of

CDK_JSON = Path(__file__).resolve().parent.parent.parent / "cdk.json"


class NoDeployment(Exception):
    """Nothing can be asked; the text says why, and what to do."""


def chosen(domain: str, environ: Mapping[str, str] = os.environ) -> Deployment:
    """That of cdk.json, or of the domains that `make deploy` was told; else one of `domain` alone. Raises NoDeployment."""
    settings: dict[str, Any] = json.loads(CDK_JSON.read_text())["context"]["postamt"]
    told = environ.get("POSTAMT_DOMAINS", "").split(",")
    settings["domains"] = next((known for known in (told, settings["domains"]) if domain in known), [domain])
    settings["region"] = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or settings["region"]
    try:
        return deployment_of(settings, account_number(settings["region"]), is_made=True)
    except DeploymentRefused as refusal:
        raise NoDeployment(str(refusal)) from refusal


def account_number(region: str) -> str:
    try:
        return str(boto3.client("sts", region_name=region).get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as trouble:
        raise NoDeployment(f"AWS does not say whose account this is ({trouble}): set AWS_PROFILE, or run `aws configure`.") from trouble
