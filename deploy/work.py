"""What the steps of one deployment share: the account, the names, the zones, and the voice. Preflight fills it; later steps read it."""

import json
from dataclasses import dataclass, field
from typing import Any

from cdk_infra.deployment import Deployment, DeploymentRefused, deployment_of
from cdk_infra.dns import Record
from deploy.account import Account
from deploy.asked import Asked
from deploy.cdk import Cdk
from deploy.progress import Progress
from deploy.trouble import CannotDeploy
from deploy.zone import Zone
from postamt.checkup.resolver import Resolver


@dataclass
class Work:
    asked: Asked
    account: Account
    cdk: Cdk
    progress: Progress
    resolver: Resolver
    settings: dict[str, Any]  # what CDK is told
    zones: dict[str, Zone] = field(default_factory=dict)  # of the domains whose DNS is in this account
    printed: list[Record] = field(default_factory=list)  # DNS records for a person to set
    context: dict[str, str] = field(default_factory=dict)  # what CDK is told beside the settings: `mx`, `keep`, `certificate`

    @property
    def deployment(self) -> Deployment:
        try:
            return deployment_of(self.settings, self.account.number, is_made=self.asked.verb != "deploy")
        except DeploymentRefused as refusal:
            raise CannotDeploy(str(refusal)) from refusal

    @property
    def adopt(self) -> dict[str, Any]:
        adopted: dict[str, Any] = self.settings.setdefault("adopt", {})
        return adopted

    def client(self, service: str, region: str = "") -> Any:
        return self.account.client(service, region)

    def deploy_stack(self, stack: str) -> None:
        self.cdk.deploy(stack, {"postamt": json.dumps(self.settings), **self.context})


def begin(asked: Asked, steps: int) -> Work:
    account = Account(asked.region)
    return Work(
        asked, account, Cdk(account), Progress(steps), Resolver(), {**asked.settings, "adopt": dict(asked.settings.get("adopt") or {})}
    )
