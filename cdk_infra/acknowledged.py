"""Findings of cdk-nag that are meant so, each with its reason. Whatever is not named here fails `cdk synth`."""

import re
from collections.abc import Iterator, Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

from cdk_infra.grants import Document

# Wildcards in the resources of our policies. One of another shape is a finding until somebody writes here why it must be.
WILDCARDS = {
    r"arn:aws:s3:::[a-z0-9-]+/[a-z]+/\*": "The keys under one prefix are named after mails.",
    r"arn:aws:s3:::[a-z0-9-]+/outbox/\*\.claim": "It denies.",
    r"arn:aws:s3:::[a-z0-9-]+/\*": "The indexer reads all that is kept, and writes little of it.",
    r"arn:aws:dynamodb:[a-z0-9-]+:\d+:table/[\w.-]+/index/\*": "One table, with its indexes.",
    r"arn:aws:logs:[a-z0-9-]+:\d+:log-group:/aws/lambda/[\w-]+:\*": "One log group; Lambda names its streams.",
    r"arn:aws:ses:[a-z0-9-]+:\d+:identity/\*": "The sandbox asks for the recipient's identity too; a condition binds the From address.",
}


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """`reasons` by rule, for this construct and what is in it."""
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))


def acknowledge_wildcards(construct: IConstruct, grants: Document) -> None:
    acknowledge(construct, dict(_reasons_for_wildcards(grants)))


def _reasons_for_wildcards(grants: Document) -> Iterator[tuple[str, str]]:
    for statement in grants["Statement"]:
        resources = statement["Resource"]
        for resource in [resources] if isinstance(resources, str) else resources:
            for shape, reason in WILDCARDS.items():
                if re.fullmatch(shape, resource):
                    yield f"AwsSolutions-IAM5[Resource::{resource}]", reason
