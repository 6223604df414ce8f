"""What hostile mail may cost, as ratios against plain mail in the same run; and how much memory a reader of it takes.

    python -m benchmarks.bounds

parse(): 40 MB of each shape against compat32 over 40 MB with one attachment. sanitize(): each shape against a newsletter of our own, the
newsletter against nh3 alone. Every shape is read in a process of its own, which says what it took. Ends with 1 where a bound is passed.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import compat32

import nh3

from benchmarks.shapes import DOCUMENTS, MAILS
from mailbox.message.parse import parse
from mailbox.message.sanitize import sanitize

PLAIN_MAIL, PLAIN_DOCUMENT = "one attachment", "a newsletter"
PARSE_RATIO, MEMORY_MB = 1.5, 250.0
NEWSLETTER_RATIO, SANITIZE_RATIO = 25.0, 10.0


def cost(road: Callable[[], object]) -> dict[str, float]:
    """CPU seconds of one call, and the memory that this process has held at most."""
    start = time.process_time()
    road()
    return {"seconds": time.process_time() - start, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measured(road: str, shape: str) -> dict[str, float]:
    """By a fresh process, so that no shape pays for another."""
    answer = subprocess.run([sys.executable, "-m", "benchmarks.bounds", road, shape], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def measure(road: str, shape: str) -> dict[str, float]:
    if road in ("parse", "compat32"):
        raw = MAILS[shape]()
        return cost(lambda: parse(raw) if road == "parse" else BytesParser(policy=compat32).parsebytes(raw))
    html = DOCUMENTS[shape]()
    return cost(lambda: sanitize(html) if road == "sanitize" else nh3.clean(html))


def table(road: str, shapes: list[str], baseline: float, ratio: float, most_megabytes: float = float("inf")) -> int:
    """Prints a line a shape, and answers how many passed a bound."""
    passed = 0
    for shape in shapes:
        found = measured(road, shape)
        is_over = found["seconds"] > ratio * baseline or found["megabytes"] > most_megabytes
        passed += is_over
        word = "  over" if is_over else ""
        print(
            f"{road:10}{shape:26}{found['seconds']:8.2f} s{found['seconds'] / baseline:8.2f}{found['megabytes']:8.0f} MB{word}", flush=True
        )
    return passed


def main() -> int:
    plain_mail = measured("compat32", PLAIN_MAIL)["seconds"]
    bare, newsletter = measured("nh3", PLAIN_DOCUMENT)["seconds"], measured("sanitize", PLAIN_DOCUMENT)["seconds"]
    print(f"{'road':10}{'shape':26}{'CPU':>10}{'ratio':>8}{'at most':>11}")
    passed = table("parse", list(MAILS), plain_mail, PARSE_RATIO, MEMORY_MB)
    passed += table("sanitize", [PLAIN_DOCUMENT], bare, NEWSLETTER_RATIO)
    passed += table("sanitize", list(DOCUMENTS)[1:], newsletter, SANITIZE_RATIO)
    return 1 if passed else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], sys.argv[2])))
    else:
        sys.exit(main())
