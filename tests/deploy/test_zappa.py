"""How Zappa is called: it must ask nobody but AWS."""

from pathlib import Path
from typing import Any

import click
import pytest
from zappa.cli import ZappaCLI

from deploy.zappa import call_zappa, silent


@pytest.mark.parametrize("verb", [["package", "indexer"], ["deploy", "indexer"], ["update", "indexer"], ["undeploy", "indexer", "--yes"]])
def test_no_call_asks_for_a_newer_zappa(verb: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr("deploy.zappa.run", lambda command, *_rest: commands.append(command))
    call_zappa(verb, {}, tmp_path / "lambda" / "indexer", silent)
    asked: list[Any] = []
    monkeypatch.setattr(ZappaCLI, "check_for_update", asked.append)
    with pytest.raises(click.ClickException, match="configure your"):  # it came as far as the settings, which are not there
        ZappaCLI().handle(commands[0][1:])
    assert asked == []
