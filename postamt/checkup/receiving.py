"""What SES knows of a domain: that it is ours, that it signs, and the rule by which its mail is taken in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.names import todo
from postamt.checkup.trouble import ADOPTED

Rule = dict[str, Any]
SOON = "SES looks for the records by itself for three days; after that, let it look again in the SES console. {dns}"


def identity_of(deployed: Deployed) -> dict[str, Any]:
    return dict(deployed.client("sesv2").get_email_identity(EmailIdentity=deployed.domain))


def identity(deployed: Deployed) -> Finding:
    if not identity_of(deployed).get("VerifiedForSendingStatus"):
        return bad(f"SES does not know yet that {deployed.domain} is yours.", SOON.format(dns=todo(deployed)))
    return good(f"SES knows {deployed.domain} as yours.")


def dkim(deployed: Deployed) -> Finding:
    attributes = identity_of(deployed).get("DkimAttributes", {})
    if attributes.get("Status") != "SUCCESS":
        return bad(f"SES has not seen the DKIM records of {deployed.domain}: {attributes.get('Status')}.", SOON.format(dns=todo(deployed)))
    if not attributes.get("SigningEnabled"):
        return bad(f"SES does not sign mail from {deployed.domain}.", "Switch DKIM signing on for this identity in the SES console.")
    return good(f"SES signs mail from {deployed.domain} with DKIM.")


def mail_from(deployed: Deployed) -> Finding:
    attributes = identity_of(deployed).get("MailFromAttributes", {})
    wanted = deployed.deployment.mail_from(deployed.domain)
    if attributes.get("MailFromDomain") != wanted:
        return bad(f"SES sends mail of {deployed.domain} in its own name, not in that of {wanted}.", ADOPTED)
    if attributes.get("MailFromDomainStatus") != "SUCCESS":
        return bad(f"SES has not seen the records of {wanted}: {attributes.get('MailFromDomainStatus')}.", SOON.format(dns=todo(deployed)))
    return good(f"SES sends in the name of {wanted}.")


def configuration_set(deployed: Deployed) -> Finding:
    wanted = deployed.deployment.configuration_set
    if identity_of(deployed).get("ConfigurationSetName") != wanted:
        return bad(f"What becomes of mail from {deployed.domain} is not reported: its default configuration set is not {wanted}.", ADOPTED)
    return good(f"Mail from {deployed.domain} is reported through the configuration set {wanted}.")


def events(deployed: Deployed) -> Finding:
    name, topic = deployed.deployment.configuration_set, deployed.deployment.topic_arn(deployed.deployment.events_topic)
    found = deployed.client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=name)
    told = {
        kind
        for destination in found.get("EventDestinations", [])
        if destination.get("Enabled") and destination.get("SnsDestination", {}).get("TopicArn") == topic
        for kind in destination["MatchingEventTypes"]
    }
    missing = {"DELIVERY", "BOUNCE", "COMPLAINT"} - told
    if missing:
        return bad(f"SES does not report {', '.join(sorted(missing)).lower()} to {deployed.deployment.events_topic}.")
    return good("SES reports what becomes of sent mail.")


def rules_in_force(deployed: Deployed) -> tuple[str, list[Rule]]:
    """The name of the active rule set, and its rules."""
    active = deployed.client("ses").describe_active_receipt_rule_set()
    return str(active.get("Metadata", {}).get("Name", "")), list(active.get("Rules", []))


def rule_set_of_ours(deployed: Deployed) -> str:
    """The active rule set if our rule is in it; else the one that a deployment makes."""
    name, rules = rules_in_force(deployed)
    ours = deployed.deployment.rule(deployed.domain)
    return name if any(rule["Name"] == ours for rule in rules) else deployed.deployment.rule_set


def our_rule(deployed: Deployed) -> Rule | None:
    rules = deployed.client("ses").describe_receipt_rule_set(RuleSetName=rule_set_of_ours(deployed)).get("Rules", [])
    return next((rule for rule in rules if rule["Name"] == deployed.deployment.rule(deployed.domain)), None)


def about_our_rule(look: Callable[[Deployed, Rule], Finding]) -> Callable[[Deployed], Finding]:
    @wraps(look)
    def look_at_rule(deployed: Deployed) -> Finding:
        rule = our_rule(deployed)
        return look(deployed, rule) if rule else bad(f"There is no receipt rule {deployed.deployment.rule(deployed.domain)}.")

    return look_at_rule


def rule_set(deployed: Deployed) -> Finding:
    name, rules = rules_in_force(deployed)
    rule = deployed.deployment.rule(deployed.domain)
    if not name:
        return bad("No receipt rule set is active: SES takes no mail in.", "Run `make deploy`: it makes the rule set active.")
    if not any(present["Name"] == rule and present.get("Enabled") for present in rules):
        return bad(f"The active receipt rule set {name} has no rule {rule} that is on: mail for {deployed.domain} is not taken in.")
    return good(f"The receipt rule set {name} is active, and {rule} is in it.")


@about_our_rule
def recipients(deployed: Deployed, rule: Rule) -> Finding:
    taken = {recipient.lower() for recipient in rule.get("Recipients", [])}
    missing = set(deployed.deployment.recipients(deployed.domain)) - taken
    if taken and missing:
        return bad(f"The receipt rule does not take mail for {', '.join(sorted(missing))}.")
    return good(f"The receipt rule takes mail for {', '.join(sorted(taken)) or 'every domain of the account'}.")


@about_our_rule
def tls(_deployed: Deployed, rule: Rule) -> Finding:
    if rule.get("TlsPolicy") != "Require":
        return bad("Mail may come in unencrypted: the receipt rule does not require TLS.")
    return good("Mail comes in over TLS only.")


@about_our_rule
def scanning(_deployed: Deployed, rule: Rule) -> Finding:
    if not rule.get("ScanEnabled"):
        return bad("Incoming mail is not scanned for spam and viruses.")
    return good("Incoming mail is scanned for spam and viruses.")


@about_our_rule
def stores(deployed: Deployed, rule: Rule) -> Finding:
    wanted = {
        "BucketName": deployed.deployment.bucket,
        "ObjectKeyPrefix": "incoming/",
        "TopicArn": deployed.deployment.topic_arn(deployed.deployment.receipts_topic),
    }
    actions = [action["S3Action"] for action in rule.get("Actions", []) if "S3Action" in action]
    if not any(wanted.items() <= action.items() for action in actions):
        return bad(f"The receipt rule does not store mail under incoming/ of {deployed.deployment.bucket} and tell the indexer.")
    return good(f"The receipt rule stores mail under incoming/ of {deployed.deployment.bucket} and tells the indexer.")


@about_our_rule
def no_sns_action(_deployed: Deployed, rule: Rule) -> Finding:
    if any("SNSAction" in action for action in rule.get("Actions", [])):
        return bad("The receipt rule has an SNS action: mail over 150 KB is bounced by it.", "Remove the SNS action in the SES console.")
    return good("The receipt rule has no SNS action, so large mail comes in too.")


def sandbox(deployed: Deployed) -> Finding:
    if deployed.client("sesv2").get_account().get("ProductionAccessEnabled"):
        return good("SES sends to everybody.")
    return good(
        "SES is in its sandbox: mail comes in, and goes out to verified addresses only.",
        f"`manage.py check {deployed.domain} --sandbox-request` prints what to write to AWS.",
    )


LINES = (
    Line("identity", identity),
    Line("dkim", dkim),
    Line("mail-from", mail_from),
    Line("configuration-set", configuration_set),
    Line("sending-events", events),
    Line("rule-set", rule_set),
    Line("rule-recipients", recipients),
    Line("rule-stores", stores),
    Line("rule-tls", tls),
    Line("rule-scanning", scanning),
    Line("rule-no-sns", no_sns_action),
    Line("sandbox", sandbox),
)
