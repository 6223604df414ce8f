"""The secrets of a deployment: there, encrypted and long enough. They are read to be measured and compared, and never told."""

from functools import partial

from cdk_infra.deployment import Deployment
from mailbox.checks import SHORTEST_AUTH_SECRET, SHORTEST_JWT_SECRET
from postamt.checkup.deployed import Deployed
from postamt.checkup.front import ORIGIN_HEADER, distribution
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.trouble import DEPLOY

RENEW = "`make secret {words}` makes a new one and ends all sessions."


def secret(parameter: str, shortest: int, deployed: Deployed) -> Finding:
    found = deployed.client("ssm").get_parameter(Name=parameter, WithDecryption=True)["Parameter"]
    renew = DEPLOY if parameter == Deployment.origin_secret else RENEW.format(words=deployed.deployment.words)
    if found["Type"] != "SecureString":
        return bad(f"{parameter} is not encrypted in SSM.", f"Delete the parameter, then: {DEPLOY}")
    if len(found["Value"].strip()) < shortest:
        return bad(f"{parameter} has fewer than {shortest} characters.", renew)
    return good(f"{parameter} is there and long enough.")


def origin(deployed: Deployed) -> Finding:
    host = deployed.deployment.webmail_host
    cloudfront = deployed.client("cloudfront")
    found = distribution(cloudfront, host)
    if found is None:
        return bad(f"CloudFront has no distribution for {host}.")
    expected = deployed.client("ssm").get_parameter(Name=deployed.deployment.origin_secret, WithDecryption=True)["Parameter"]["Value"]
    config = cloudfront.get_distribution_config(Id=found["Id"])["DistributionConfig"]
    shown = [
        header["HeaderValue"] == expected
        for origin in config["Origins"]["Items"]
        for header in (origin.get("CustomHeaders") or {}).get("Items", [])
        if header["HeaderName"] == ORIGIN_HEADER
    ]
    if shown != [True]:
        return bad("CloudFront does not show the webmail the secret it is known by, so the webmail refuses it.")
    return good("The webmail knows its own CloudFront, and refuses who comes around it.")


LINES = (
    Line("secret-login", partial(secret, Deployment.auth_secret, SHORTEST_AUTH_SECRET)),
    Line("secret-tokens", partial(secret, Deployment.jwt_secret, SHORTEST_JWT_SECRET)),
    Line("secret-origin", partial(secret, Deployment.origin_secret, SHORTEST_JWT_SECRET)),
    Line("origin", origin),
)
