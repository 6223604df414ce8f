"""The webmail as a browser meets it: its certificate, the headers of its first page, and the limit before it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from http.cookies import SimpleCookie

from csp.utils import build_policy

from cdk_infra.deployment import CERTIFICATE_REGION
from postamt.checkup.deployed import Deployed
from postamt.checkup.front import certificates
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.names import todo
from postamt.checkup.page import Page
from postamt.checkup.stages import stage_of
from postamt.checkup.trouble import DEPLOY

FIRST_PAGE = "/login/"
LONG_ENOUGH = timedelta(days=30)  # AWS renews sixty days before the end, and has failed for a month by then
A_YEAR = 31_536_000  # seconds
LOG = "The log /aws/lambda/{function} says why; `aws logs tail /aws/lambda/{function}` shows it."


def certificate(deployed: Deployed) -> Finding:
    host = deployed.deployment.webmail_host
    found = list(certificates(deployed.client("acm", CERTIFICATE_REGION), host))
    issued = [entry for entry in found if entry["Status"] == "ISSUED"]
    if not issued:
        state = f"is {found[0]['Status']}" if found else "has not been asked for"
        return bad(f"The certificate of {host} {state}.", f"{todo(deployed)} {DEPLOY}")
    end = max(entry["NotAfter"] for entry in issued)
    if end - datetime.now(UTC) < LONG_ENOUGH:
        return bad(f"The certificate of {host} ends on {end:%Y-%m-%d}: AWS could not renew it.", todo(deployed))
    return good(f"The certificate of {host} is good until {end:%Y-%m-%d}.")


def of_first_page(look: Callable[[Deployed, Page], Finding]) -> Callable[[Deployed], Finding]:
    @wraps(look)
    def look_at_page(deployed: Deployed) -> Finding:
        return look(deployed, deployed.get_page(deployed.webmail_url.rstrip("/") + FIRST_PAGE))

    return look_at_page


@of_first_page
def answers(deployed: Deployed, page: Page) -> Finding:
    if page.status != 200:
        why = LOG.format(function=deployed.deployment.web_function)
        return bad(f"{deployed.webmail_url}{FIRST_PAGE} answers {page.status}.", f"{why} {DEPLOY}")
    return good(f"{deployed.webmail_url}{FIRST_PAGE} answers.")


@of_first_page
def policy(_deployed: Deployed, page: Page) -> Finding:
    if directives(page.header("Content-Security-Policy")) != directives(build_policy()):
        return bad("The page does not forbid what it should (Content-Security-Policy): it is not the one of this folder.")
    return good("The page forbids foreign scripts, styles, images and frames.")


def directives(policy: str) -> dict[str, set[str]]:
    words = (directive.split() for directive in policy.split(";") if directive.strip())
    return {name.lower(): set(values) for name, *values in words}


@of_first_page
def https_only(_deployed: Deployed, page: Page) -> Finding:
    told = page.header("Strict-Transport-Security").lower().replace(" ", "").split(";")
    seconds = next((part.removeprefix("max-age=") for part in told if part.startswith("max-age=")), "0")
    if not seconds.isdigit() or int(seconds) < A_YEAR:
        return bad("Browsers are not told to come by https only (Strict-Transport-Security).")
    return good("Browsers are told to come by https only.")


@of_first_page
def cookies(_deployed: Deployed, page: Page) -> Finding:
    if not page.cookies:
        return bad("The sign-in page sets no cookie, so nobody can sign in.")
    open_ones = [cookie.partition("=")[0] for cookie in page.cookies if not is_closed(cookie)]
    if open_ones:
        return bad(f"Cookies are open to others: {', '.join(open_ones)}.")
    return good("Cookies stay with this host, over https, out of reach of scripts.")


def is_closed(cookie: str) -> bool:
    return all(
        name.startswith("__Host-") and morsel["secure"] and morsel["httponly"] and morsel["samesite"].lower() == "strict"
        for name, morsel in SimpleCookie(cookie).items()
    )


def throttling(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    wanted = stage_of(deployment.web_function)["beyond_zappa"]["throttle"]
    api = deployed.client("ssm").get_parameter(Name=deployment.api_id_parameter)["Parameter"]["Value"]
    stage = deployed.client("apigateway").get_stage(restApiId=api, stageName=deployment.api_stage)
    limits = stage.get("methodSettings", {}).get("*/*", {})
    rate, burst = limits.get("throttlingRateLimit", -1), limits.get("throttlingBurstLimit", -1)
    if not (0 < rate <= float(wanted["rateLimit"]) and 0 < burst <= float(wanted["burstLimit"])):
        return bad("Requests are not limited: a flood of them would cost you money.")
    return good(f"At most {rate:g} requests a second are answered, {burst} at once.")


LINES = (
    Line("certificate", certificate),
    Line("page", answers),
    Line("page-policy", policy),
    Line("page-https", https_only),
    Line("page-cookies", cookies),
    Line("throttling", throttling),
)
