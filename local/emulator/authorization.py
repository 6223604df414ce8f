"""The condition keys of IAM that the project's policies rest on and ministack leaves out, so that they bite here as on AWS.

DynamoDB: LeadingKeys, and Attributes of writes, for each item of a transaction. S3: if-match and if-none-match of a put. SES: the
identity and From address of SendEmail, which with raw content is checked as SendRawEmail. A missing key would let `ForAllValues`
pass, and a policy that allows too much would look right. And the loopback counts as TLS, which
buckets, queues and topics of a deployment ask for.
"""

import json
import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb, ses_v2

from local.emulator.sending import envelope_of_request, raw_request

Context = dict[str, Any]
NAME = re.compile(r"#\w+|(?<![:\w])[A-Za-z_]\w*")
EXPRESSIONS = ("UpdateExpression", "ConditionExpression", "ProjectionExpression")
OPERATORS = frozenset(
    {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN"}
    | {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size", "if_not_exists", "list_append"}
)

items_to_check: ContextVar[Iterator[Context]] = ContextVar("items_to_check")
sent_from: ContextVar[str] = ContextVar("sent_from", default="")


def partition_key_of(table: str) -> str:
    schema = (dynamodb._tables.get(table) or {}).get("KeySchema") or []
    return next((str(part["AttributeName"]) for part in schema if part["KeyType"] == "HASH"), "")


def named_in(request: Context) -> set[str]:
    """The top-level attributes that an item request names, in its key, its item or an expression."""
    placeholders = request.get("ExpressionAttributeNames") or {}
    words = {word for name in EXPRESSIONS for word in NAME.findall(str(request.get(name, "")))}
    named = {str(placeholders.get(word, word)) for word in words if word not in OPERATORS}
    return named | set(request.get("Key") or {}) | set(request.get("Item") or {})


def item_context(request: Context) -> Context:
    """The keys of one PutItem, GetItem, UpdateItem, DeleteItem, or of that member of a transaction."""
    item = request.get("Key") or request.get("Item") or {}
    leading = item.get(partition_key_of(str(request.get("TableName")))) or {}
    return {"dynamodb:LeadingKeys": [str(value) for value in leading.values()], "dynamodb:Attributes": sorted(named_in(request))}


def transaction_contexts(body: bytes) -> Iterator[Context]:
    """In the order in which ministack checks the items."""
    for item in json.loads(body)["TransactItems"]:
        for member in iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS:
            if isinstance(item.get(member), dict):
                yield item_context(item[member])


def complete_dynamodb() -> None:
    service_context, transaction_checks = iam_actions.dynamodb_service_context, iam_actions.dynamodb_transaction_checks

    def dynamodb_service_context(body: bytes) -> Context:
        context: Context = service_context(body)
        request = json.loads(body or b"{}")
        return context | (item_context(request) if "Key" in request or "Item" in request else {})

    def dynamodb_transaction_checks(action: str, body: bytes, region: str, account: str) -> Any:
        checks = transaction_checks(action, body, region, account)
        items_to_check.set(transaction_contexts(body) if checks else iter(()))
        return checks

    iam_actions.dynamodb_service_context = dynamodb_service_context
    iam_actions.dynamodb_transaction_checks = dynamodb_transaction_checks


def complete_s3() -> None:
    service_context = iam_actions.s3_service_context

    def s3_service_context(action: str, query: Any, path: str = "", headers: dict[str, str] | None = None) -> Context:
        context: Context = service_context(action, query, path, headers)
        conditions = {f"s3:{name}": (headers or {}).get(name) for name in ("if-match", "if-none-match")}
        return context | {key: value for key, value in conditions.items() if value and action == "s3:PutObject"}

    iam_actions.s3_service_context = s3_service_context


def complete_ses() -> None:
    enforce_v2, action_of, resource_of = app._enforce_ses_v2, iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    def enforce_ses_v2(method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str) -> Any:
        request = raw_request(method, path, body)
        sent_from.set(envelope_of_request(request)[0] if request else "")
        return enforce_v2(method, path, headers, body, query, request_id)

    def extract_iam_action(service: str, *request: Any) -> Any:
        return "ses:SendRawEmail" if service == "ses" and sent_from.get() else action_of(service, *request)

    def extract_resource_arn(service: str, *request: Any) -> Any:
        region, account = request[-2:]
        sender = sent_from.get() if service == "ses" else ""
        return f"arn:aws:ses:{region}:{account}:identity/{identity_of(sender)}" if sender else resource_of(service, *request)

    app._enforce_ses_v2 = enforce_ses_v2
    iam_actions.extract_iam_action = extract_iam_action
    iam_actions.extract_resource_arn = extract_resource_arn


def identity_of(sender: str) -> str:
    """The address if it is an identity itself, else its domain."""
    return sender if sender in ses_v2._identities else sender.rpartition("@")[2].lower()


def enforce_with_item_context() -> None:
    enforce = iam_evaluator.enforce

    def enforce_completed(key: str, action: str, service: str, *rest: Any, service_context: Context | None = None, **named: Any) -> Any:
        context = dict(service_context or {})
        if "dynamodb:EnclosingOperation" in context:
            context |= next(items_to_check.get(iter(())), {})
        if service == "sesv2" and sent_from.get():
            context["ses:FromAddress"] = sent_from.get()
        return enforce(key, action, service, *rest, service_context=context, **named)

    iam_evaluator.enforce = enforce_completed


def count_loopback_as_tls() -> None:
    resolve = iam_evaluator._resolve_condition_key

    def resolve_condition_key(key: str, context: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_condition_key


def install() -> None:
    complete_dynamodb()
    complete_s3()
    complete_ses()
    enforce_with_item_context()
    count_loopback_as_tls()
