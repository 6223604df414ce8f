"""What the person asked for: `DOMAIN=example.org REGION=eu-west-1 ALERTS=me@elsewhere.example`, over what cdk.json says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.trouble import CannotDeploy
from postamt.checkup.choose import CDK_JSON

WORDS = ("DOMAIN", "REGION", "ALERTS", "TAKE_MX")
VERBS = ("deploy", "undeploy", "secret")


@dataclass(frozen=True, slots=True)
class Asked:
    verb: str
    settings: dict[str, Any]  # the object `postamt` of cdk.json, with what was asked for in its place
    take_mx: bool = False

    @property
    def region(self) -> str:
        return str(self.settings.get("region") or "")


def asked_for(arguments: Sequence[str], cdk_json: Path = CDK_JSON) -> Asked:
    """Raises CannotDeploy when a word is none of ours."""
    verb, given = "deploy", dict[str, str]()
    for argument in arguments:
        name, is_given, value = argument.partition("=")
        if argument in VERBS:
            verb = argument
        elif is_given and name in WORDS:
            given[name] = value.strip()
        else:
            raise CannotDeploy(
                f"{argument!r} means nothing here: write make deploy DOMAIN=example.org REGION=eu-west-1 ALERTS=me@elsewhere.example."
            )
    return Asked(verb, settings_with(given, cdk_json), takes_mx(given.get("TAKE_MX", "")))


def takes_mx(answer: str) -> bool:
    if answer not in ("yes", "no", ""):
        raise CannotDeploy(f"TAKE_MX={answer} is neither yes nor no: write TAKE_MX=yes to have mail come here from now on.")
    return answer == "yes"


def settings_with(given: dict[str, str], cdk_json: Path) -> dict[str, Any]:
    settings: dict[str, Any] = dict(json.loads(cdk_json.read_text())["context"]["postamt"])
    if given.get("DOMAIN"):
        settings["domains"] = [domain for domain in given["DOMAIN"].replace(",", " ").split() if domain]
    for word, name in (("REGION", "region"), ("ALERTS", "alerts")):
        if given.get(word):
            settings[name] = given[word]
    return settings
