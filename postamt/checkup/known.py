"""What AWS hands out for a domain, and what the domain says today: what the records to set depend on."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from postamt.checkup.deployed import Deployed
from postamt.checkup.front import certificates, distribution, proofs
from postamt.dns import Known

NO_IDENTITY = "NotFoundException"


def known(deployed: Deployed) -> Known:
    host = deployed.deployment.webmail_host
    front = distribution(deployed.client("cloudfront"), host)
    return Known(
        dkim_tokens=dkim_tokens(deployed),
        texts=deployed.resolver.ask(deployed.domain, "TXT"),
        proofs=sorted({proof for found in certificates(deployed.global_client("acm"), host) for proof in proofs(found)}),
        webmail_target=str(front["DomainName"]) if front else "",
    )


def dkim_tokens(deployed: Deployed) -> list[str]:
    """None before SES knows the domain."""
    try:
        found = deployed.client("sesv2").get_email_identity(EmailIdentity=deployed.domain)
    except ClientError as refusal:
        if refusal.response["Error"]["Code"] != NO_IDENTITY:
            raise
        return []
    return list(found["DkimAttributes"].get("Tokens", []))


def still_to_come(deployed: Deployed, handed_out: Known) -> Iterator[str]:
    """What `make deploy` has not made yet, so that it is missing among the records."""
    if not handed_out.dkim_tokens:
        yield "three CNAMEs for DKIM"
    if deployed.domain == deployed.deployment.domain:
        if not handed_out.proofs:
            yield "the CNAME that proves the certificate"
        if not handed_out.webmail_target:
            yield f"the CNAME {deployed.deployment.webmail_host}"


def elsewhere(deployed: Deployed) -> list[str]:
    """The hosts that get the domain's mail today and are not ours."""
    hosts = (answer.split()[-1] for answer in deployed.resolver.ask(deployed.domain, "MX"))
    return [host for host in hosts if host != deployed.deployment.receiving_host]
