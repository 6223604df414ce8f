"""DNS records for a provider that is not Route 53 here: printed when AWS has told all of them, so that they are set in one go."""

from deploy.certificate import wait_for_proof
from deploy.work import Work
from postamt.checkup.known import known
from postamt.dns import records, table


def print_records(work: Work) -> str:
    elsewhere = [domain for domain in work.deployment.domains if domain not in work.zones]
    for domain in elsewhere:
        rows = list(records(work.deployment, domain, known(work.deployment, domain, work.client, work.resolver)))
        work.progress.say(f"Set these records for {domain}, the MX last, when all else works:\n{table(rows)}")
    if work.deployment.domain in elsewhere:
        wait_for_proof(work)
    return "The certificate is proven." if elsewhere else "There are none: the zone is in this account."
