"""What zappa_settings.json asks for, so that the check compares with the file a deployment is made from."""

import json
from pathlib import Path
from typing import Any

SETTINGS = Path(__file__).resolve().parent.parent.parent / "zappa_settings.json"


def stage_of(function: str) -> dict[str, Any]:
    """The stage that becomes `function`: Zappa calls it <project>-<stage>."""
    settings = json.loads(SETTINGS.read_text())
    stage: dict[str, Any] = settings[function.removeprefix(f"{settings['base']['project_name']}-")]
    return stage
