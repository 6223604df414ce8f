"""The functions, and what wakes each of them: bucket, topics, queue and clock."""

import json
from collections.abc import Iterator
from typing import Any

from cdk_infra.deployment import ROLES
from postamt.checkup.deployed import Deployed
from postamt.checkup.line import Finding, Line, bad, good
from postamt.checkup.stages import stage_of

WAKES = {"s3:ObjectCreated:*", "s3:ObjectRemoved:*"}


def functions(deployed: Deployed) -> Finding:
    for role in ROLES:
        name = deployed.deployment.function_of(role)
        found = deployed.client("lambda").get_function_configuration(FunctionName=name)
        if found.get("State", "Active") not in ("Active", "Inactive"):
            return bad(f"{name} does not run: {found.get('StateReason', found['State']).rstrip('.')}.")
        if found["Role"] != deployed.deployment.role_arn(role):
            return bad(f"{name} runs under {found['Role']}, not under {deployed.deployment.role_arn(role)}.")
    return good("The three functions are there, each under its own role.")


def function_settings(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    for name in deployment.functions:
        found = deployed.client("lambda").get_function_configuration(FunctionName=name).get("Environment", {}).get("Variables", {})
        wrong = [key for key, value in settings_of(deployed).items() if found.get(key) != value]
        if wrong:
            return bad(f"{name} is set up for something else: {', '.join(wrong)} differ{'s' if len(wrong) == 1 else ''}.")
    return good(f"The three functions are set up for {deployment.domain}, {deployment.bucket} and {deployment.table}.")


def settings_of(deployed: Deployed) -> dict[str, str]:
    deployment = deployed.deployment
    return {"POSTAMT_DOMAIN": deployment.domain, "POSTAMT_BUCKET": deployment.bucket, "POSTAMT_TABLE": deployment.table}


def notification(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    found = deployed.client("s3").get_bucket_notification_configuration(Bucket=deployment.bucket)
    wanted = deployment.function_arn(deployment.indexer_function)
    ours = [entry for entry in found.get("LambdaFunctionConfigurations", []) if entry["LambdaFunctionArn"] == wanted]
    if not ours:
        return bad(f"{deployment.bucket} does not wake {deployment.indexer_function}: mail is stored, but not listed.")
    if any(entry.get("Filter", {}).get("Key", {}).get("FilterRules") for entry in ours):
        return bad(f"{deployment.bucket} wakes {deployment.indexer_function} for some keys only; it must hear of all.")
    missing = WAKES - {event for entry in ours for event in entry["Events"]}
    if missing:
        return bad(f"{deployment.bucket} does not tell {deployment.indexer_function} of {', '.join(sorted(missing))}.")
    return good(f"{deployment.bucket} tells {deployment.indexer_function} of every object.")


def topics(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    wanted = deployment.function_arn(deployment.indexer_function)
    for topic in (deployment.receipts_topic, deployment.events_topic):
        if wanted not in {entry["Endpoint"] for entry in subscriptions(deployed, topic)}:
            return bad(f"{deployment.indexer_function} does not hear of {topic}.")
    return good(f"{deployment.indexer_function} hears of {deployment.receipts_topic} and of {deployment.events_topic}.")


def subscriptions(deployed: Deployed, topic: str) -> Iterator[dict[str, Any]]:
    pages = deployed.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=deployed.deployment.topic_arn(topic))
    for page in pages:
        yield from page["Subscriptions"]


def failed_events(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    found = deployed.client("lambda").get_function_event_invoke_config(FunctionName=deployment.indexer_function)
    wanted = deployment.queue_arn(deployment.dead_letter_queue)
    if found.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination") != wanted:
        return bad(f"What {deployment.indexer_function} fails at is lost: it is not kept in {deployment.dead_letter_queue}.")
    return good(f"What {deployment.indexer_function} fails at is kept in {deployment.dead_letter_queue}.")


def queue(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    sqs = deployed.client("sqs")
    url = sqs.get_queue_url(QueueName=deployment.queue)["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"]).get("Attributes", {})
    redrive = json.loads(attributes.get("RedrivePolicy", "{}"))
    if redrive.get("deadLetterTargetArn") != deployment.queue_arn(deployment.dead_letter_queue):
        return bad(
            f"What cannot be sent stays in {deployment.queue} until it is dropped: it does not go to {deployment.dead_letter_queue}."
        )
    return good(
        f"What cannot be sent goes from {deployment.queue} to {deployment.dead_letter_queue} after {redrive['maxReceiveCount']} tries."
    )


def sender_mapping(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    found = deployed.client("lambda").list_event_source_mappings(
        FunctionName=deployment.sender_function, EventSourceArn=deployment.queue_arn(deployment.queue)
    )["EventSourceMappings"]
    if not any(mapping["State"] in ("Enabled", "Enabling", "Creating", "Updating") for mapping in found):
        return bad(f"{deployment.queue} does not wake {deployment.sender_function}: mail waits and is not sent.")
    return good(f"{deployment.queue} wakes {deployment.sender_function}.")


def schedules(deployed: Deployed) -> Finding:
    deployment = deployed.deployment
    wanted = {event["expression"] for event in stage_of(deployment.indexer_function).get("events", []) if "expression" in event}
    missing = wanted - set(clocks(deployed))
    if missing:
        return bad(f"The clock does not wake {deployment.indexer_function} at {', '.join(sorted(missing))}.")
    return good(f"The clock wakes {deployment.indexer_function} at {', '.join(sorted(wanted))}.")


def clocks(deployed: Deployed) -> Iterator[str]:
    """When the indexer is woken by a rule that is on."""
    deployment, events = deployed.deployment, deployed.client("events")
    for name in events.list_rule_names_by_target(TargetArn=deployment.function_arn(deployment.indexer_function))["RuleNames"]:
        rule = events.describe_rule(Name=name)
        if rule["State"] == "ENABLED" and "ScheduleExpression" in rule:
            yield rule["ScheduleExpression"]


LINES = (
    Line("functions", functions),
    Line("function-settings", function_settings),
    Line("bucket-notification", notification),
    Line("topics", topics),
    Line("failed-events", failed_events),
    Line("queue", queue),
    Line("sender-mapping", sender_mapping),
    Line("schedules", schedules),
)
