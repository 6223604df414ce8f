"""What reading a mail costs, as a ratio: parse() against the standard library over the same mails in the same run.

    python -m benchmarks.parse [FOLDER]

CPU time, the best of several rounds, the roads taken in turn, so that a noisy machine disturbs all of them alike. FOLDER holds `*.eml`;
without one the mails of the tests are read.
"""

import sys
import time
from collections.abc import Callable, Sequence
from email.errors import MessageError
from email.header import decode_header
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path

from mailbox.message.parse import parse

ROUNDS = 7
LEAST_MAILS = 300  # a round reads the folder as often as it takes
METADATA = ("Subject", "From", "To", "Cc", "Date", "Message-ID", "In-Reply-To", "References")
MAILS = Path(__file__).parent.parent / "tests" / "mails"


def bare(raw: bytes) -> None:
    BytesParser(policy=compat32).parsebytes(raw)


def with_metadata(raw: bytes) -> None:
    """What any reader needs beside the tree: the headers decoded, the parts decoded."""
    message = BytesParser(policy=compat32).parsebytes(raw)
    for name in METADATA:
        try:
            decode_header(str(message.get(name, "")))
        except (ValueError, MessageError):
            continue
    for part in message.walk():
        part.get_payload(decode=True)


def ours(raw: bytes) -> None:
    parse(raw)


ROADS: dict[str, Callable[[bytes], None]] = {"compat32, bare": bare, "compat32, metadata and parts": with_metadata, "parse()": ours}


def cpu_of(road: Callable[[bytes], None], raws: Sequence[bytes]) -> float:
    start = time.process_time()
    for raw in raws:
        road(raw)
    return (time.process_time() - start) / len(raws)


def main(folder: Path) -> None:
    raws = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    if not raws:
        sys.exit(f"{folder} holds no *.eml")
    raws *= -(-LEAST_MAILS // len(raws))
    best = dict.fromkeys(ROADS, float("inf"))
    for _ in range(ROUNDS):
        for name, road in ROADS.items():
            best[name] = min(best[name], cpu_of(road, raws))
    baseline = best["compat32, metadata and parts"]
    print(f"{'road':32}{'CPU ms a mail':>14}{'ratio':>8}")
    for name, seconds in best.items():
        print(f"{name:32}{seconds * 1000:14.3f}{seconds / baseline:8.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else MAILS)
