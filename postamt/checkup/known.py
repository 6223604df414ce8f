"""What AWS hands out for a domain, and what the domain says today: what the records to set depend on."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from cdk_infra.deployment import CERTIFICATE_REGION, Deployment
from cdk_infra.dns import Known
from postamt.checkup.deployed import Deployed
from postamt.checkup.front import certificates, distribution, proofs
from postamt.checkup.resolver import Resolver

Client = Callable[..., Any]
NO_IDENTITY = "NotFoundException"


def known(deployment: Deployment, domain: str, client: Client, resolver: Resolver) -> Known:
    """`client` makes a client of boto3 by the name of its service and, where it is not the deployment's, its region."""
    host = deployment.webmail_host
    front = distribution(client("cloudfront"), host)
    return Known(
        dkim_tokens=dkim_tokens(client("sesv2"), domain),
        texts=resolver.ask(domain, "TXT"),
        proofs=sorted({proof for found in certificates(client("acm", CERTIFICATE_REGION), host) for proof in proofs(found)}),
        webmail_target=str(front["DomainName"]) if front else "",
    )


def dkim_tokens(ses: Any, domain: str) -> list[str]:
    """None before SES knows the domain."""
    try:
        found = ses.get_email_identity(EmailIdentity=domain)
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
