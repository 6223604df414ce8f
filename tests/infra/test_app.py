"""The app as the CDK command line runs it: a process that reads its context from the environment and writes templates into a folder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from local.environment import PROJECT
from tests.infra.templates import ACCOUNT


def run(folder: Path, **context: Any) -> subprocess.CompletedProcess[str]:
    told = {"CDK_OUTDIR": str(folder), "CDK_DEFAULT_ACCOUNT": ACCOUNT, "CDK_CONTEXT_JSON": json.dumps(context)}
    command = [sys.executable, "-m", "cdk_infra.app"]
    return subprocess.run(command, cwd=PROJECT, env=os.environ | told, capture_output=True, text=True, check=False)


def test_it_works(tmp_path: Path) -> None:
    """With what stands in cdk.json, and what it leaves to a person."""
    context = json.loads((PROJECT / "cdk.json").read_text())["context"]
    chosen = context["postamt"] | {"domains": ["example.net"], "alerts": "me@elsewhere.example"}
    settings = json.dumps(chosen)  # as `-c postamt=...` brings it
    done = run(tmp_path, **context | {"postamt": settings})
    assert done.returncode == 0, done.stderr
    assert {path.name.partition(".")[0] for path in tmp_path.glob("*.template.json")} == {"StorageStack", "EmailStack", "WebmailStack"}
    assert "bounce.example.net" in (tmp_path / "EmailStack.template.json").read_text()


def test_what_cannot_work_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, postamt={"domains": ["example.org"], "region": "eu-west-1", "alerts": "me@example.org"})
    assert done.returncode == 1
    assert "Name an address elsewhere." in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.template.json"))
