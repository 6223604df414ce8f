"""zappa_settings.json filled in: one whole stage each, written to build/ where Zappa reads them.

The file in the repository names every value of a deployment by a placeholder and holds no secret, only where each is kept. Its `base`
is what the stages share; in what is written here it is gone, so that nobody deploys it by a slip of the keyboard.
"""

import json
import re
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cdk_infra.deployment import Deployment
from deploy.places import BUILD, PROJECT
from deploy.trouble import CannotDeploy

TEMPLATE = PROJECT / "zappa_settings.json"
STAGES = ("indexer", "sender", "production")  # in the order in which they are deployed
MERGED = "aws_environment_variables"  # Zappa's own `extends` would let a stage replace all of it

Stage = dict[str, Any]


def names_of(deployment: Deployment, runtime: str) -> dict[str, str]:
    """What each placeholder stands for."""
    return {
        "REGION": deployment.region,
        "RUNTIME": runtime,
        "ZAPPA_BUCKET": deployment.zappa_bucket,
        "DOMAIN": deployment.domain,
        "BUCKET": deployment.bucket,
        "TABLE": deployment.table,
        "QUEUE": deployment.queue_arn(deployment.queue),
        "QUEUE_URL": deployment.queue_url(deployment.queue),
        "DEAD_LETTERS": deployment.queue_arn(deployment.dead_letter_queue),
        "DEAD_LETTER_URL": deployment.queue_url(deployment.dead_letter_queue),
        "RECEIPTS_TOPIC": deployment.topic_arn(deployment.receipts_topic),
        "EVENTS_TOPIC": deployment.topic_arn(deployment.events_topic),
        "WEB_ROLE": deployment.role("web"),
        "INDEXER_ROLE": deployment.role("indexer"),
        "SENDER_ROLE": deployment.role("sender"),
        "WEBMAIL_HOST": deployment.webmail_host,
        "AUTH_SECRET": deployment.auth_secret,
        "JWT_SECRET": deployment.jwt_secret,
        "ORIGIN_SECRET": deployment.origin_secret,
        "API_ID_PARAMETER": deployment.api_id_parameter,
    }


def filled(template: str, names: Mapping[str, str]) -> dict[str, Stage]:
    """The stages, each with what they share. Raises CannotDeploy, with the name of a placeholder that nothing is known for."""
    placeholders = set(re.findall(r"\$\{(\w+)\}", template))
    for name in sorted(placeholders):
        if not names.get(name):
            raise CannotDeploy(f"zappa_settings.json asks for ${{{name}}}, which this deployment does not have: check cdk.json.")
    settings = json.loads(string.Template(template).substitute(names))
    return {stage: whole_stage(settings, stage) for stage in STAGES}


def whole_stage(settings: Mapping[str, Stage], stage: str) -> Stage:
    own = settings[stage]
    shared = settings[own["extends"]]
    whole = {**shared, **own, MERGED: {**shared[MERGED], **own.get(MERGED, {})}}
    del whole["extends"]
    return whole


def settings_in(build: Path) -> Path:
    return build / "zappa_settings.json"


def write_settings(deployment: Deployment, runtime: str, endpoint: str = "", build: Path = BUILD) -> dict[str, Stage]:
    """Writes them to build/. `endpoint` is where the functions find a local AWS; empty on AWS itself."""
    stages = filled(TEMPLATE.read_text(), names_of(deployment, runtime))
    for stage in stages.values():
        stage[MERGED] |= {"AWS_ENDPOINT_URL": endpoint} if endpoint else {}
    build.mkdir(exist_ok=True)
    settings_in(build).write_text(json.dumps(stages, indent=4) + "\n")
    return stages
