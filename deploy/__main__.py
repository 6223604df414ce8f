"""`python -m deploy [deploy|undeploy|secret] DOMAIN=example.org REGION=eu-west-1 ALERTS=me@elsewhere.example [TAKE_MX=yes]`."""

import logging
import sys
from collections.abc import Sequence

from deploy.asked import asked_for
from deploy.secret import rotate
from deploy.steps import STEPS, deploy
from deploy.trouble import AWS_TROUBLE, CannotDeploy
from deploy.undeploy import REMOVALS, undeploy
from deploy.work import begin
from postamt.checkup.trouble import TROUBLE, explained

VERBS = {"deploy": (deploy, len(STEPS)), "undeploy": (undeploy, len(REMOVALS)), "secret": (rotate, 0)}


def main(arguments: Sequence[str]) -> int:
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    try:
        asked = asked_for(arguments)
        run, steps = VERBS[asked.verb]
        run(begin(asked, steps))
    except CannotDeploy as trouble:
        sys.stderr.write(f"\n{trouble}\n")
        return 1
    except AWS_TROUBLE as trouble:
        sys.stderr.write(f"\nAWS refused a step ({trouble}): mend that and run this again; it goes on where it ended.\n")
        return 1
    except TROUBLE as trouble:
        sys.stderr.write(f"\n{' '.join(explained(trouble))} Run this again; it goes on where it ended.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nEnded. Run this again; it goes on where it ended.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
