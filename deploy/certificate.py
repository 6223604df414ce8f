"""The certificate of the webmail's host, in the region where CloudFront looks. With a zone of ours a stack makes it and proves it itself.

Elsewhere CloudFormation would wait for hours until somebody sets the record that proves the domain; so it is asked for here, the
record is printed, and the next run goes on.
"""

from typing import Any

from cdk_infra.deployment import CERTIFICATE_REGION
from deploy.looks import output_of
from deploy.trouble import CannotDeploy
from deploy.work import Work
from postamt.checkup.front import certificates

ISSUED = "ISSUED"
NOT_ISSUED = "The certificate is not issued yet: set the records above at your DNS provider, wait some minutes, and run this again."
HOPELESS = frozenset({"FAILED", "VALIDATION_TIMED_OUT", "REVOKED", "EXPIRED", "INACTIVE"})


def certificate(work: Work) -> str:
    deployment = work.deployment
    if deployment.domain in work.zones:
        work.deploy_stack("CertificateStack")
        arn = output_of(work.client("cloudformation", CERTIFICATE_REGION), deployment.certificate_stack, "CertificateArn")
        sentence = f"The certificate of {deployment.webmail_host} is there."
    else:
        acm = work.client("acm", CERTIFICATE_REGION)
        arn = requested(acm, deployment.webmail_host) or request(acm, deployment.webmail_host)
        sentence = f"The certificate of {deployment.webmail_host} is asked for; a DNS record will prove it."
    work.context["certificate"] = arn
    return sentence


def requested(acm: Any, host: str) -> str:
    """Its ARN when it was asked for before and can still become one; else empty."""
    return next((str(found["CertificateArn"]) for found in certificates(acm, host) if found["Status"] not in HOPELESS), "")


def request(acm: Any, host: str) -> str:
    return str(acm.request_certificate(DomainName=host, ValidationMethod="DNS")["CertificateArn"])


def state_of(acm: Any, arn: str) -> str:
    return str(acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"])


def wait_for_proof(work: Work) -> None:
    """Raises CannotDeploy while the certificate of a domain whose DNS is elsewhere is not issued."""
    if state_of(work.client("acm", CERTIFICATE_REGION), work.context["certificate"]) != ISSUED:
        raise CannotDeploy(NOT_ISSUED)
