"""The templates of a deployment, synthesized once for each set of choices: starting CDK takes seconds."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from aws_cdk import App

from cdk_infra.app import add_stacks, check_stacks
from cdk_infra.deployment import Deployment, deployment_of

ACCOUNT = "123456789012"
REGION = "eu-west-1"
ZONE = "Z0123456789ABC"
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/0f1e2d3c-0000-4000-8000-000000000000"
STACKS = ("CertificateStack", "StorageStack", "EmailStack", "WebmailStack")

Properties = dict[str, Any]

written = TemporaryDirectory(prefix="postamt-templates-")  # gone when the tests end


class Templates:
    """What one synthesis wrote."""

    def __init__(self, folder: Path, deployment: Deployment) -> None:
        self.folder = folder
        self.deployment = deployment
        self.names = [name for name in STACKS if self.file(name).exists()]

    def file(self, stack: str) -> Path:
        return self.folder / f"{stack}.template.json"

    def of(self, stack: str) -> dict[str, Any]:
        template: dict[str, Any] = json.loads(self.file(stack).read_text())
        return template

    def resources(self, stack: str, kind: str) -> Iterator[dict[str, Any]]:
        """With all their attributes, not only their properties."""
        return (resource for resource in self.of(stack)["Resources"].values() if resource["Type"] == kind)

    def all_of(self, stack: str, kind: str) -> list[Properties]:
        return [resource["Properties"] for resource in self.resources(stack, kind)]

    def only(self, stack: str, kind: str) -> Properties:
        (properties,) = self.all_of(stack, kind)
        return properties


def synthesized(*domains: str, account: str = ACCOUNT, check: bool = False, context: str = "{}", **settings: Any) -> Templates:
    """`context` is JSON, what `-c` would say beside `postamt`."""
    whole = {"domains": domains or ("example.org",), "region": REGION, "alerts": "me@elsewhere.example"} | settings
    return _synthesized(json.dumps(whole), account, check, context)


@cache
def _synthesized(settings: str, account: str, check: bool, context: str) -> Templates:
    folder = mkdtemp(dir=written.name)
    app = App(outdir=folder, context=json.loads(context))
    deployment = deployment_of(json.loads(settings), account)
    add_stacks(app, deployment)
    if check:
        check_stacks(app)
    app.synth()
    return Templates(Path(folder), deployment)


def in_route_53(*domains: str, **settings: Any) -> Templates:
    """The usual deployment: one or several domains in a zone of the account."""
    names = domains or ("example.org",)
    adopt = settings.pop("adopt", {}) | {"hosted_zone": dict.fromkeys(names, ZONE)}
    return synthesized(*names, adopt=adopt, **settings)
