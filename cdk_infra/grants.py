"""The policy documents of cdk_infra/policies/, with the names of a deployment in place of their `${...}`. Pure.

The one source of what each identity may do: on AWS, in the local post office and in the tests. A value that names `${DOMAIN}` stands
for one value a domain.
"""

import json
import string
from pathlib import Path
from typing import Any

from cdk_infra.deployment import ROLES, Deployment

POLICIES = Path(__file__).resolve().parent / "policies"
EACH_DOMAIN = "${DOMAIN}"

Document = dict[str, Any]


def grants_of(identity: str, deployment: Deployment) -> Document:
    """What `web`, `indexer`, `sender`, `smtp` or `sync` may do, or what the policy of the `bucket` says."""
    document = json.loads((POLICIES / f"{identity}.json").read_text())
    rendered: Document = _rendered(document, names_of(deployment, identity), deployment.domains)
    return rendered


def names_of(deployment: Deployment, identity: str) -> dict[str, str]:
    names = {
        "ACCOUNT": deployment.account,
        "API_ID_PARAMETER": deployment.api_id_parameter,
        "AUTH_SECRET": deployment.auth_secret,
        "BUCKET": deployment.bucket,
        "CONFIGURATION_SET": deployment.configuration_set,
        "DEAD_LETTER_QUEUE": deployment.dead_letter_queue,
        "JWT_SECRET": deployment.jwt_secret,
        "ORIGIN_SECRET": deployment.origin_secret,
        "QUEUE": deployment.queue,
        "REGION": deployment.region,
        "RULE_SET": deployment.rule_set,
        "TABLE": deployment.table,
    }
    return names | ({"FUNCTION": deployment.function_of(identity)} if identity in ROLES else {})


def _rendered(value: Any, names: dict[str, str], domains: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _rendered(member, names, domains) for key, member in value.items()}
    if isinstance(value, list):
        members = [_rendered(member, names, domains) for member in value]
        return [single for member in members for single in (member if isinstance(member, list) else [member])]
    if EACH_DOMAIN in value:
        each = [string.Template(value).substitute(names, DOMAIN=domain) for domain in domains]
        return each if len(each) > 1 else each[0]
    return string.Template(value).substitute(names)
