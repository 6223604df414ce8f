"""What the web process may do to the table, as the policy of its role says it, held against every request that acts of a person make.

IAM judges the partition key, the attributes a request names (conditions count) and whether it is part of a transaction. The same
small judge must refuse what only the indexer may do.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.conf import settings

from mailbox.store import conversations, flags
from mailbox.store.flags import Flags
from tests.unit.calls import Calls, watched_calls
from tests.unit.in_memory import Mailbox, mail

POLICY: dict[str, Any] = json.loads((settings.BASE_DIR / "cdk_infra" / "policies" / "web.json").read_text())
KEYS = {"pk", "sk"}
STATE = {"folder", "seen", "flagged", "keywords", "labels", "clock"}
VERBS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


@dataclass(frozen=True)
class Request:
    action: str
    partition: str
    attributes: frozenset[str]
    in_transaction: bool = False


def requests(calls: Calls) -> Iterator[Request]:
    for service, operation, parameters in calls.made:
        if service == "dynamodb" and operation == "TransactWriteItems":
            for item in parameters["TransactItems"]:
                yield from (replace(request(VERBS[verb], part), in_transaction=True) for verb, part in item.items())
        elif service == "dynamodb":
            yield request(operation, parameters)


def request(action: str, parameters: Mapping[str, Any]) -> Request:
    names = parameters.get("ExpressionAttributeNames", {})
    used = {names[name] for text in ("UpdateExpression", "ConditionExpression") for name in re.findall(r"#\w+", parameters.get(text, ""))}
    key = parameters.get("Key") or parameters.get("Item") or {}
    values = parameters.get("ExpressionAttributeValues", {})
    return Request(action, key["pk"]["S"] if key else next(iter(values.values()))["S"], frozenset(used | set(key)))


def web_may(request: Request) -> bool:
    return any(allows(statement, request) for statement in POLICY["Statement"])


def allows(statement: Mapping[str, Any], request: Request) -> bool:
    condition = statement.get("Condition", {})
    partitions = words(condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", "*"))
    attributes = condition.get("ForAllValues:StringEquals", {}).get("dynamodb:Attributes")
    enclosing = condition.get("ForAnyValue:StringEquals", {}).get("dynamodb:EnclosingOperation")
    return (
        statement["Effect"] == "Allow"
        and f"dynamodb:{request.action}" in words(statement["Action"])
        and any(fnmatchcase(request.partition, pattern) for pattern in partitions)
        and (attributes is None or request.attributes <= set(attributes))
        and (enclosing is None or (enclosing == "TransactWriteItems" and request.in_transaction))
    )


def words(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.fixture
def calls(mailbox: Mailbox) -> Iterator[Calls]:
    with watched_calls() as calls:
        yield calls


@pytest.mark.parametrize(
    "change",
    [
        {"seen": True},
        {"flagged": True},
        {"folder": "archive"},
        {"folder": "trash"},
        {"folder": "purged"},
        {"labels": ("work",), "keywords": ("$answered",)},
    ],
)
def test_acts_of_a_person_stay_within_the_web_role(mailbox: Mailbox, calls: Calls, change: dict[str, Any]) -> None:
    for n in (1, 2):
        mailbox.arrive(mail(n, parent=1 if n > 1 else None))
    thread_id = conversations.list_page("inbox").rows[0].thread_id
    calls.made.clear()
    flags.act(thread_id, None, lambda now: replace(now, **change))
    made = list(requests(calls))
    assert any(request.action == "UpdateItem" for request in made)
    assert [request for request in made if not web_may(request)] == []
    assert {operation for service, operation, _ in calls.made if service == "s3"} == {"GetObject", "PutObject"}


def test_the_web_role_cannot_index(mailbox: Mailbox, calls: Calls) -> None:
    mailbox.arrive(mail(1))
    refused = {request.partition[:2] for request in requests(calls) if request.action == "PutItem" and not web_may(request)}
    assert refused == {"t#", "p#"}


@pytest.mark.parametrize(
    "wrong",
    [
        Request("UpdateItem", "t#1", frozenset({"pk", "sk", "subject"}), in_transaction=True),
        Request("UpdateItem", "t#1", frozenset({"pk", "sk", "seen"})),
        Request("DeleteItem", "t#1", frozenset(KEYS), in_transaction=True),
        Request("PutItem", "t#1", frozenset({"pk", "sk", "id"}), in_transaction=True),
        Request("PutItem", "v#inbox", frozenset({"pk", "sk", "row", "id"}), in_transaction=True),
        Request("PutItem", "p#met", frozenset(KEYS), in_transaction=True),
        Request("DeleteItem", "p#name", frozenset(KEYS), in_transaction=True),
        Request("UpdateItem", "p#met", frozenset(KEYS), in_transaction=True),
        Request("Scan", "", frozenset()),
    ],
)
def test_the_judge_refuses_what_only_the_indexer_may(wrong: Request) -> None:
    assert not web_may(wrong)


def test_flags_are_the_attributes_the_policy_names() -> None:
    assert {name for name in Flags.__slots__ if name != "rule"} == STATE
