"""Who hears of trouble, and how long it can be looked up."""

from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.roads import subscriptions

SOMEBODY = "me@elsewhere.example"
CONFIRM = "Follow the link in the mail from AWS Notifications there. To have it sent again: {subscribe}"
SUBSCRIBE = "aws sns subscribe --region {region} --topic-arn {topic} --protocol email --notification-endpoint {address}"


def alarms(deployed: Deployed) -> Finding:
    wanted = deployed.deployment.alarms
    topic = deployed.deployment.topic_arn(deployed.deployment.alarms_topic)
    pages = deployed.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNames=list(wanted))
    ringing = {
        alarm["AlarmName"]
        for page in pages
        for alarm in page["MetricAlarms"]
        if alarm.get("ActionsEnabled", True) and topic in alarm.get("AlarmActions", [])
    }
    missing = [name for name in wanted if name not in ringing]
    if missing:
        return bad(f"Of {len(wanted)} alarms, {len(missing)} would not ring: {', '.join(missing)}.")
    return good(f"All {len(wanted)} alarms ring at {deployed.deployment.alarms_topic}.")


def alarm_address(deployed: Deployed) -> Finding:
    found = list(subscriptions(deployed, deployed.deployment.alarms_topic))
    confirmed = [entry["Endpoint"] for entry in found if entry["SubscriptionArn"].startswith("arn:")]
    waiting = [entry["Endpoint"] for entry in found if entry["SubscriptionArn"] == "PendingConfirmation"]
    outside = [address for address in confirmed if address.rpartition("@")[2].lower() not in deployed.deployment.domains]
    if outside:
        return good(f"Alarms go to {', '.join(outside)}.")
    if confirmed:
        return bad(f"Alarms go to {confirmed[0]} only, which is on the domain they are about.", "Run `make deploy` with another ALERTS.")
    if waiting:
        return bad(
            f"Alarms reach nobody: {', '.join(waiting)} has not been confirmed.", CONFIRM.format(subscribe=subscribe(deployed, waiting[0]))
        )
    return bad("Alarms reach nobody: no address is subscribed.", subscribe(deployed, deployed.deployment.alerts or SOMEBODY))


def subscribe(deployed: Deployed, address: str) -> str:
    """The command that makes AWS send its question to an address, also once more."""
    topic = deployed.deployment.topic_arn(deployed.deployment.alarms_topic)
    return SUBSCRIBE.format(region=deployed.deployment.region, topic=topic, address=address)


def log_retention(deployed: Deployed) -> Finding:
    wanted = [deployed.deployment.log_group(name) for name in deployed.deployment.functions]
    logs = deployed.client("logs")
    for name in wanted:
        groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        kept = next((group.get("retentionInDays") for group in groups if group["logGroupName"] == name), 0)
        if not kept:
            return bad(f"{name} {'is not there' if kept == 0 else 'is kept for ever, and you pay for it'}.")
    return good("The logs of the three functions are dropped after their time.")


LINES = (
    Line("alarms", alarms),
    Line("alarm-address", alarm_address),
    Line("log-retention", log_retention),
)
