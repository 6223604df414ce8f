"""What the clock asks for once a day: to erase what is due, and to wake jobs that fell asleep.

Lambda ends a chain of runs that wake each other after about sixteen of them, so that no loop runs for ever. A job that long goes on from
here, in a chain of its own.
"""

import logging
from datetime import datetime

from indexer.erase import sweep
from mailbox.store import jobs

log = logging.getLogger(__name__)


def do_what_is_due(now: datetime) -> None:
    try:
        erased = sweep(now)
    finally:  # whatever kept the sweep, the jobs are no part of it
        woken = jobs.wake_sleeping(now)
    log.info("The daily round woke %s jobs and erased %s messages", woken, erased)
