"""DNS records for a provider that is not Route 53 here: printed when AWS has told all of them, so that they are set in one go."""

from cdk_infra.deployment import CERTIFICATE_REGION
from deploy.certificate import proofs, wait_for_proof
from deploy.origin import target_of
from deploy.work import Work
from postamt.dns import Known, records, table


def print_records(work: Work) -> str:
    elsewhere = [domain for domain in work.deployment.domains if domain not in work.zones]
    for domain in elsewhere:
        rows = list(records(work.deployment, domain, known(work, domain)))
        work.progress.say(f"Set these records for {domain}, the MX last, when all else works:\n{table(rows)}")
    if work.deployment.domain in elsewhere:
        wait_for_proof(work)
    return "The certificate is proven." if elsewhere else "There are none: the zone is in this account."


def known(work: Work, domain: str) -> Known:
    deployment = work.deployment
    return Known(
        dkim_tokens=work.dkim_tokens(domain),
        texts=work.resolver.ask(domain, "TXT"),
        proofs=list(proofs(work.client("acm", CERTIFICATE_REGION), work.context["certificate"])) if domain == deployment.domain else (),
        webmail_target=target_of(work.client("cloudfront"), deployment.webmail_host),
    )
