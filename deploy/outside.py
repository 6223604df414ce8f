"""DNS records for a provider that is not Route 53 here: printed when AWS has told all of them, so that they are set in one go."""

from cdk_infra.dns import records, table
from deploy.certificate import wait_for_proof
from deploy.work import Work
from postamt.checkup.known import known

SET_THESE = "Set these records for {domain}, the MX last, when all else works:"


def print_records(work: Work) -> str:
    elsewhere = [domain for domain in work.deployment.domains if domain not in work.zones]
    for domain in elsewhere:
        print_new(work, domain)
    if work.deployment.domain in elsewhere:
        wait_for_proof(work)
    return "The certificate is proven." if elsewhere else "There are none: the zone is in this account."


def print_webmail_name(work: Work) -> None:
    """CloudFront's host is known when its stack stands, after the certificate is proven."""
    if work.deployment.domain not in work.zones:
        print_new(work, work.deployment.domain)


def print_new(work: Work, domain: str) -> None:
    """What this run has not printed yet."""
    rows = records(work.deployment, domain, known(work.deployment, domain, work.client, work.resolver))
    new = [row for row in rows if row not in work.printed]
    if new:
        work.progress.say(f"{SET_THESE.format(domain=domain)}\n{table(new)}")
        work.printed.extend(new)
