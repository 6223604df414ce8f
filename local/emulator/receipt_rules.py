"""SES v1 UpdateReceiptRule, which ministack lacks: provisioning changes the rule of a state folder that it made earlier."""

from typing import Any
from urllib.parse import parse_qs

from ministack.services import ses

Answer = tuple[int, dict[str, str], bytes]


def update_receipt_rule(parameters: dict[str, list[str]]) -> Answer:
    rule = ses._receipt_rule_from_params(parameters)
    refused: Answer | None = ses._receipt_rule_error(rule)
    if refused:
        return refused
    rule_set = ses._p(parameters, "RuleSetName")
    answer: Answer
    if rule_set not in ses._receipt_rule_sets:
        answer = ses._receipt_missing_set(rule_set)
        return answer
    rules = ses._receipt_rule_sets[rule_set]["Rules"]
    for index, present in enumerate(rules):
        if present["Name"] == rule["Name"]:
            rules[index] = rule
            answer = ses._receipt_result("UpdateReceiptRule")
            return answer
    answer = ses._receipt_error("RuleDoesNotExist", f"Rule does not exist: {rule['Name']}")
    return answer


def install() -> None:
    original = ses.handle_request

    async def handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> Any:
        if method == "POST" and body and not path.startswith("/v2/"):
            parameters = dict(query) | parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
            if parameters.get("Action") == ["UpdateReceiptRule"]:
                return update_receipt_rule(parameters)
        return await original(method, path, headers, body, query)

    ses.handle_request = handle_request
