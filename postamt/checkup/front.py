"""What stands before the webmail: its CloudFront distribution and its certificate, each found by the host it is for."""

from collections.abc import Iterator
from typing import Any

Found = dict[str, Any]
ORIGIN_HEADER = "X-Origin-Secret"  # by which mailbox/entrance.py knows our own CloudFront


def distribution(cloudfront: Any, host: str) -> Found | None:
    for page in cloudfront.get_paginator("list_distributions").paginate():
        for found in page["DistributionList"].get("Items", []):
            if host in (found.get("Aliases") or {}).get("Items", []):
                return dict(found)
    return None


def certificates(acm: Any, host: str) -> Iterator[Found]:
    for page in acm.get_paginator("list_certificates").paginate():
        for summary in page["CertificateSummaryList"]:
            if summary["DomainName"] == host:
                yield acm.describe_certificate(CertificateArn=summary["CertificateArn"])["Certificate"]


def proofs(certificate: Found) -> Iterator[tuple[str, str]]:
    """The CNAMEs by which AWS sees that its names are ours: (name, where it points)."""
    for option in certificate.get("DomainValidationOptions", []):
        if "ResourceRecord" in option:
            yield option["ResourceRecord"]["Name"].rstrip(".").lower(), option["ResourceRecord"]["Value"].rstrip(".")
