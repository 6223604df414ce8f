"""The secret by which the webmail knows its own CloudFront. It stands in no template: it is put onto the distribution here.

CloudFront hands out an origin's headers to whoever may read the distribution, hence to the owner alone. A deployment that changes
nothing leaves the distribution as it is; when CloudFormation wrote a new one, the header is put back before the deployment ends.
"""

from typing import Any

from deploy.trouble import CannotDeploy
from postamt.checkup.front import ORIGIN_HEADER, distribution


def show_secret(cloudfront: Any, host: str, secret: str) -> str:
    """Makes CloudFront show `secret` to the API behind `host`; a sentence on what was done. Never says the secret."""
    id = distribution_of(cloudfront, host)
    answer = cloudfront.get_distribution_config(Id=id)
    config = answer["DistributionConfig"]
    if not _put_header(config, secret):
        return "CloudFront and the webmail share their secret already."
    cloudfront.update_distribution(Id=id, IfMatch=answer["ETag"], DistributionConfig=config)
    cloudfront.get_waiter("distribution_deployed").wait(Id=id)
    return "CloudFront and the webmail share a secret, so nobody comes in around it."


def distribution_of(cloudfront: Any, host: str) -> str:
    found = distribution(cloudfront, host)
    if found is None:
        raise CannotDeploy(f"CloudFront has no distribution for {host}: run this again, which makes it.")
    return str(found["Id"])


def _put_header(config: dict[str, Any], secret: str) -> bool:
    """Whether something changed. Static files come from a bucket, which has no use for it."""
    before = [(origin["Id"], _headers_of(origin)) for origin in config["Origins"]["Items"]]
    for origin in config["Origins"]["Items"]:
        if "CustomOriginConfig" in origin:
            headers = _headers_of(origin) | {ORIGIN_HEADER: secret}
            items = [{"HeaderName": name, "HeaderValue": value} for name, value in headers.items()]
            origin["CustomHeaders"] = {"Quantity": len(items), "Items": items}
    return before != [(origin["Id"], _headers_of(origin)) for origin in config["Origins"]["Items"]]


def _headers_of(origin: dict[str, Any]) -> dict[str, str]:
    return {header["HeaderName"]: header["HeaderValue"] for header in (origin.get("CustomHeaders") or {}).get("Items", [])}
