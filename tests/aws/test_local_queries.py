"""Key conditions, which the emulator's patch evaluates by itself, mean what they mean on AWS."""

from typing import Any

import pytest

from tests.aws.conftest import PostOffice

SORT_KEYS = ["2026-01#a", "2026-02#b", "2026-02#ä", "2026-03#c", "z"]


@pytest.fixture(scope="module")
def dynamodb(post_office: PostOffice) -> Any:
    client = post_office.client("dynamodb")
    for sort_key in SORT_KEYS:
        client.put_item(TableName=post_office.table, Item={"pk": {"S": "v#queries"}, "sk": {"S": sort_key}})
    return client


@pytest.mark.parametrize(
    ("condition", "values", "found"),
    [
        ("pk = :p", {}, SORT_KEYS),
        ("#0 = :p", {}, SORT_KEYS),
        ("(pk = :p AND sk < :a)", {":a": "2026-02#b"}, SORT_KEYS[:1]),
        ("(pk = :p AND #1 <= :a)", {":a": "2026-02#b"}, SORT_KEYS[:2]),
        ("pk = :p AND sk > :a", {":a": "2026-02#b"}, SORT_KEYS[2:]),
        ("pk = :p AND sk >= :a", {":a": "z"}, SORT_KEYS[4:]),
        ("sk = :a AND pk = :p", {":a": "2026-03#c"}, SORT_KEYS[3:4]),
        ("(#0 = :p AND begins_with (#1, :a))", {":a": "2026-02"}, SORT_KEYS[1:3]),
        ("pk = :p AND sk BETWEEN :a AND :b", {":a": "2026-02", ":b": "2026-03#c"}, SORT_KEYS[1:4]),
    ],
)
def test_a_condition_finds_its_rows_in_order(
    dynamodb: Any, post_office: PostOffice, condition: str, values: dict[str, str], found: list[str]
) -> None:
    given = {reference: {"S": value} for reference, value in ({":p": "v#queries"} | values).items()}
    names = {name: key for name, key in (("#0", "pk"), ("#1", "sk")) if name in condition}
    request = {"KeyConditionExpression": condition, "ExpressionAttributeValues": given} | (
        {"ExpressionAttributeNames": names} if names else {}
    )
    rows = dynamodb.query(TableName=post_office.table, **request)["Items"]
    assert [row["sk"]["S"] for row in rows] == found
    backwards = dynamodb.query(TableName=post_office.table, ScanIndexForward=False, Limit=2, **request)["Items"]
    assert [row["sk"]["S"] for row in backwards] == found[::-1][:2]
