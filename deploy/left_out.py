"""Lists the mail that came in while Zappa took the bucket's notification away and put it back: S3 tells nobody of it later.

Mail that was kept from an earlier deployment is listed with it. That may be much, so a deployment waits for a while only.
"""

import os
import re
import subprocess
import sys

from deploy.places import PROJECT
from deploy.trouble import CannotDeploy
from deploy.work import Work
from postamt.checkup.surroundings import environment

PATIENCE = 600.0  # seconds
LISTED = re.compile(r"^Indexed (\d+) messages", re.MULTILINE)
NOT_ALL = "There is more mail to list than ten minutes are enough for: `manage.py reindex --missing` goes on where this ended."
NOT_LISTED = "Mail that came in meanwhile could not be listed, though none is lost ({reason}): mend that and run this again."


def list_left_out(work: Work) -> str:
    command = [sys.executable, "manage.py", "reindex", "--missing"]
    surroundings = os.environ | environment(work.deployment)
    try:
        done = subprocess.run(command, cwd=PROJECT, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return NOT_ALL
    listed = LISTED.search(done.stdout)
    if done.returncode or not listed:
        raise CannotDeploy(NOT_LISTED.format(reason=(done.stderr.splitlines() or ["it does not say why"])[-1]))
    return f"Mails that were left out and are listed now: {listed[1]}." if int(listed[1]) else "No mail was left out."
