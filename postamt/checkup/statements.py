"""Compares policy documents by what they say: AWS and CDK write the same statement in several ways. Pure."""

import json
from typing import Any
from urllib.parse import unquote

Document = dict[str, Any]


def decoded(policy: str | Document) -> Document:
    """A document as an API hands it out: text, text for a URL, or parsed already."""
    return dict(json.loads(unquote(policy) if policy.startswith("%") else policy)) if isinstance(policy, str) else policy


def missing_from(present: Document, wanted: Document) -> list[str]:
    """The names of the statements of `wanted` that `present` does not hold."""
    held = {canonical(statement) for statement in statements(present)}
    return [str(statement.get("Sid", "a statement")) for statement in statements(wanted) if canonical(statement) not in held]


def statements(document: Document) -> list[Document]:
    found = document.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def canonical(statement: Document) -> str:
    return json.dumps(without_order({key: value for key, value in statement.items() if key != "Sid"}), sort_keys=True)


def without_order(value: Any) -> Any:
    """A list of one is that one, and the order of a list says nothing."""
    if isinstance(value, dict):
        return {key: without_order(member) for key, member in value.items()}
    if isinstance(value, list):
        members = sorted((without_order(member) for member in value), key=json.dumps)
        return members[0] if len(members) == 1 else members
    return value
