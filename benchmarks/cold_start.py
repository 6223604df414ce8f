"""What the first page of the web function and the first mail of the indexer cost, as a ratio to the zip that plain `zappa package` makes.

    python -m benchmarks.cold_start

CPU time from a fresh process to the answer, out of the unpacked zips; the best of several rounds, taken in turn. The plain zip has the same
code under Zappa's own handler, all packages and no callback. More than the bounds ends with an error.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from deploy.package import lay_out
from deploy.zappa import call_zappa, collect_static, layout_in, runtime_of, silent
from deploy.zappa_settings import settings_in, write_settings
from tests.deploy.local_aws import LocalAws
from tests.deploy.unpacked import NAMES, TRIED, Account, pack, page, put_event, settings_of, unpack

ROUNDS = 7
BOUNDS = {"production": 0.35, "indexer": 0.30}
PLAIN = TRIED / "plain"
MAIL = Path(__file__).parent.parent / "tests" / "mails" / "plain.eml"
FIRST = {"production": page(), "indexer": put_event("incoming/first")}


def pack_plainly(stage: str) -> Path:
    """By the same settings, but for the handler and the callbacks."""
    PLAIN.mkdir(parents=True, exist_ok=True)
    stages = write_settings(NAMES, runtime_of(), build=PLAIN)
    for settings in stages.values():
        del settings["lambda_handler"], settings["callbacks"]
    settings_in(PLAIN).write_text(json.dumps(stages))
    folder, zipped = layout_in(PLAIN, stage), PLAIN / f"{stage}.zip"
    lay_out(stage, folder, TRIED / "static")
    call_zappa(["package", stage, "--output", str(zipped)], {}, folder, silent)
    return zipped


def cpu_of(account: Account, folder: Path, settings: dict[str, Any], stage: str) -> float:
    outcome = account.ask(folder, settings, FIRST[stage])
    assert "ERROR" not in outcome.log, outcome.log
    return outcome.cpu


def measure(account: Account, stage: str, folder: Path) -> bool:
    """Prints one line; whether the bound holds."""
    zips = {"plain": pack_plainly(stage), "ours": pack(stage)}
    roads = {
        "plain": (unpack(zips["plain"], folder / f"{stage}-plain"), settings_of(stage, PLAIN)),
        "ours": (unpack(zips["ours"], folder / stage), settings_of(stage)),
    }
    best = dict.fromkeys(roads, float("inf"))
    for _ in range(ROUNDS):
        for name, (unpacked, settings) in roads.items():
            best[name] = min(best[name], cpu_of(account, unpacked, settings, stage))
    sizes = {name: zipped.stat().st_size / 2**20 for name, zipped in zips.items()}
    ratio = best["ours"] / best["plain"]
    figures = f"{sizes['plain']:11.1f}{sizes['ours']:10.1f}{best['plain'] * 1000:15.0f}{best['ours'] * 1000:14.0f}{ratio:8.2f}"
    print(f"{stage:12}{figures}{BOUNDS[stage]:10.2f}", flush=True)
    return ratio <= BOUNDS[stage]


def main() -> None:
    print(f"{'function':12}{'plain MiB':>11}{'ours MiB':>10}{'plain CPU ms':>15}{'ours CPU ms':>14}{'ratio':>8}{'at most':>10}", flush=True)
    with tempfile.TemporaryDirectory(prefix="postamt-cold-start-") as name:
        aws = LocalAws(Path(name) / "aws")
        aws.start()
        try:
            account = Account(aws)
            account.fill()
            account.put("incoming/first", MAIL.read_bytes())
            collect_static(build=TRIED)
            kept = [measure(account, stage, Path(name)) for stage in BOUNDS]
        finally:
            aws.stop()
    if not all(kept):
        sys.exit("A function starts more slowly than it may.")


if __name__ == "__main__":
    main()
