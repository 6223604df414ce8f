"""DNS records that a zone of this account had before us: the stack leaves them alone, and they are changed with care or not at all.

SPF is merged, since a domain may have one such record. An MX takes the mail of a running mailbox away, so it is replaced only when
asked (TAKE_MX=yes), in one step, last. Whatever else is there is the owner's.
"""

import re
from collections.abc import Iterator

from cdk_infra.dns import Known, is_spf, lets_ses_send, merged_spf, quoted, records
from deploy.looks import dns_records_of
from deploy.trouble import CannotDeploy
from deploy.work import Work
from deploy.zone import has_record, put, record, remove

STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
ADDRESSES = ("A", "AAAA", "CNAME")
TAKEN_HOST = (
    "{host} is the webmail's, but leads elsewhere already: remove its {kind} record from the Route 53 zone {zone} if nothing needs it, "
    "and run this again."
)
KEPT_MX = (
    "{domain}: its mail still goes to {hosts}. When all else works, run this again with TAKE_MX=yes: from then on it comes here, "
    "and no longer goes there."
)


def note_present(work: Work) -> None:
    """Tells the stack what it is to leave out, and whether it has the MX already."""
    held = dns_records_of(work.client("cloudformation"), work.deployment.email_stack)
    work.context["keep"] = ",".join(f"{kind} {name}" for name, kind in found_in_zones(work) if (name, kind) not in held)
    work.context["mx"] = "yes" if any(kind == "MX" and name in work.deployment.domains for name, kind in held) else "no"


def refuse_taken_host(work: Work) -> None:
    """CloudFormation writes over no record it did not make, and would say so only when all else stands."""
    host, zone = work.deployment.webmail_host, work.zones.get(work.deployment.domain)
    if zone is None:
        return
    held = dns_records_of(work.client("cloudformation"), work.deployment.webmail_stack)
    for kind in ADDRESSES:
        if (host, kind) not in held and has_record(work.client("route53"), zone, host, kind):
            raise CannotDeploy(TAKEN_HOST.format(host=host, kind=kind, zone=zone.id))


def found_in_zones(work: Work) -> Iterator[tuple[str, str]]:
    for domain, zone in work.zones.items():
        for wanted in records(work.deployment, domain, Known()):
            if record(work.client("route53"), zone, wanted.name, wanted.kind):
                yield wanted.name, wanted.kind


def was_there(work: Work, kind: str, domain: str) -> bool:
    return f"{kind} {domain}" in work.context["keep"].split(",")


def merge_spf(work: Work) -> Iterator[str]:
    """Of each domain whose TXT records were there before us."""
    for domain, zone in work.zones.items():
        if not was_there(work, "TXT", domain):
            continue
        values = record(work.client("route53"), zone, domain, "TXT")
        texts = [text_of(value) for value in values]
        if any(is_spf(text) and lets_ses_send_in(text) for text in texts):
            continue
        others = [value for value in values if not is_spf(text_of(value))]
        put(work.client("route53"), zone, domain, "TXT", [*others, quoted(merged_spf(texts))])
        yield f"{domain}: its SPF record lets SES send too; what it said before stays."


def text_of(value: str) -> str:
    """A TXT value as Route 53 writes it, strings joined and without their quotes."""
    return "".join(STRING.findall(value)).replace('\\"', '"').replace("\\\\", "\\")


def lets_ses_send_in(spf: str) -> bool:
    return any(map(lets_ses_send, spf.split()))


def point_mx(work: Work) -> str:
    """Last of all: from now on mail comes here."""
    for domain in work.zones:
        if was_there(work, "MX", domain):
            work.progress.say(take_mx(work, domain))
    if work.context["mx"] == "no" and not all(was_there(work, "MX", domain) for domain in work.zones):
        work.context["mx"] = "yes"
        work.deploy_stack("EmailStack")
    return "The zones in this account say where mail goes." if work.zones else "No zone of yours is in this account: you set the MX."


def take_mx(work: Work, domain: str) -> str:
    route53, zone = work.client("route53"), work.zones[domain]
    present, own = record(route53, zone, domain, "MX"), f"10 {work.deployment.receiving_host}"
    hosts = ", ".join(value.split()[-1].rstrip(".") for value in present)
    if [value.rstrip(".") for value in present] == [own]:
        return f"{domain}: its mail comes here already."
    if not work.asked.take_mx:
        return KEPT_MX.format(domain=domain, hosts=hosts)
    put(route53, zone, domain, "MX", [f"{own}."])
    return f"{domain}: its mail comes here from now on; until now it went to {hosts}."


def give_mx_back(work: Work) -> Iterator[str]:
    """An MX that was taken over leads nowhere now. Where it led before, the zone no longer says."""
    for domain, zone in work.zones.items():
        present = record(work.client("route53"), zone, domain, "MX")
        if was_there(work, "MX", domain) and [value.rstrip(".") for value in present] == [f"10 {work.deployment.receiving_host}"]:
            remove(work.client("route53"), zone, domain, "MX")
            yield f"{domain}: the MX that brought its mail here is gone; set the one of your next mailbox."
