"""What the world is told of a domain: MX, SPF, DKIM, DMARC, MAIL FROM and the host of the webmail, asked of the DNS."""

from cdk_infra.dns import dkim, is_spf, lets_ses_send
from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Finding, Line, bad, good

SET_IT = "`manage.py show_dns {domain}` prints the record to set."


def todo(deployed: Deployed) -> str:
    return SET_IT.format(domain=deployed.domain)


def mx(deployed: Deployed) -> Finding:
    wanted = deployed.deployment.receiving_host
    hosts = [answer.split()[-1] for answer in deployed.resolver.ask(deployed.domain, "MX")]
    if wanted not in hosts:
        there = f"goes to {', '.join(hosts)}" if hosts else "has nowhere to go: there is no MX record"
        return bad(
            f"Mail for {deployed.domain} {there}.", f"`make deploy TAKE_MX=yes` sets it in Route 53; elsewhere, {lowered(todo(deployed))}"
        )
    if len(hosts) > 1:
        others = ", ".join(host for host in hosts if host != wanted)
        return bad(f"Mail for {deployed.domain} goes to {others} too, where Postamt does not see it.", "Remove the other MX records.")
    return good(f"Mail for {deployed.domain} goes to {wanted}.")


def lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def spf(deployed: Deployed) -> Finding:
    return spf_at(deployed, deployed.domain)


def spf_at(deployed: Deployed, name: str) -> Finding:
    found = [text for text in deployed.resolver.ask(name, "TXT") if is_spf(text)]
    if not found:
        return bad(f"{name} has no SPF record.", todo(deployed))
    if len(found) > 1:
        return bad(f"{name} has {len(found)} SPF records, which count as none.", "Make one of them: a domain may have one (RFC 7208 3.2).")
    if not any(map(lets_ses_send, found[0].split())):
        return bad(f"The SPF record of {name} does not name SES.", todo(deployed))
    return good(f"SES may send for {name}: {found[0]}")


def dkim_names(deployed: Deployed) -> Finding:
    tokens = deployed.client("sesv2").get_email_identity(EmailIdentity=deployed.domain)["DkimAttributes"].get("Tokens", [])
    if not tokens:
        return bad(f"SES has no DKIM keys for {deployed.domain}.")
    wanted = dkim(deployed.domain, tokens)
    missing = [name for name, target in wanted.items() if target not in deployed.resolver.ask(name, "CNAME")]
    if missing:
        return bad(f"Of {len(wanted)} DKIM records, {len(missing)} do not lead to SES: {', '.join(missing)}.", todo(deployed))
    return good(f"All {len(wanted)} DKIM records lead to SES.")


def dmarc(deployed: Deployed) -> Finding:
    name = f"_dmarc.{deployed.domain}"
    found = [text for text in deployed.resolver.ask(name, "TXT") if text.replace(" ", "").lower().startswith("v=dmarc1;")]
    if len(found) != 1:
        return bad(f"{name} has {len(found) or 'no'} DMARC record{'s' if len(found) > 1 else ''}.", todo(deployed))
    policy = dmarc_policy(found[0])
    if policy not in ("none", "quarantine", "reject"):
        return bad(f"The DMARC record of {deployed.domain} says no policy: {found[0]}", todo(deployed))
    note = "p=none protects nobody from mail in your name: go on to p=quarantine when your reports are clean." if policy == "none" else ""
    return good(f"DMARC of {deployed.domain}: {found[0]}", note)


def dmarc_policy(text: str) -> str:
    tags = dict(part.strip().lower().split("=", 1) for part in text.split(";") if "=" in part)
    return next((value.strip() for name, value in tags.items() if name.strip() == "p"), "")


def mail_from(deployed: Deployed) -> Finding:
    name = deployed.deployment.mail_from(deployed.domain)
    hosts = [answer.split()[-1] for answer in deployed.resolver.ask(name, "MX")]
    if hosts != [deployed.deployment.feedback_host]:
        return bad(f"The MX of {name} is {', '.join(hosts) or 'missing'}; SES wants exactly its own.", todo(deployed))
    found = spf_at(deployed, name)
    return good(f"Bounces to {name} go to SES, and its SPF names SES.") if found.ok else found


def webmail_host(deployed: Deployed) -> Finding:
    host = deployed.deployment.webmail_host
    if any(deployed.resolver.ask(host, kind) for kind in ("A", "AAAA", "CNAME")):
        return good(f"{host} has an address.")
    return bad(f"{host} has no address, so no browser finds the webmail.", todo(deployed))


LINES = (
    Line("mx", mx),
    Line("spf", spf),
    Line("dkim-names", dkim_names),
    Line("dmarc", dmarc),
    Line("mail-from-names", mail_from),
    Line("webmail-name", webmail_host),
)
