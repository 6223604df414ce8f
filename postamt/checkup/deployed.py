"""What a line of the check may ask: the account through boto3, the DNS through a resolver, the live page over https."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from cdk_infra.deployment import Deployment
from postamt.checkup.page import Page, get
from postamt.checkup.resolver import Resolver

PATIENT = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3})


@dataclass(frozen=True, slots=True)
class Deployed:
    deployment: Deployment
    domain: str  # the one a line is about, of those of the deployment
    session: boto3.Session
    resolver: Resolver
    webmail_url: str
    get_page: Callable[[str], Page] = get
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str = "") -> Any:
        """In the region of the deployment, unless another is asked for."""
        where = region or self.deployment.region
        if (service, where) not in self.clients:
            make: Any = self.session.client
            self.clients[service, where] = make(service, region_name=where, config=PATIENT)
        return self.clients[service, where]


def deployed(deployment: Deployment, domain: str, environ: Mapping[str, str] = os.environ) -> Deployed:
    """POSTAMT_RESOLVER and POSTAMT_WEBMAIL_URL lead to where a deployment is tried out."""
    return Deployed(
        deployment,
        domain,
        boto3.Session(),
        Resolver(environ),
        environ.get("POSTAMT_WEBMAIL_URL") or deployment.webmail_url,
    )
