"""A table in memory that answers as DynamoDB does, where requests leave the process: what a page costs then is the page's own.

It takes the reads that pages make. It counts the read units that AWS would charge, and the CPU it needs itself, which is not the page's.
"""

import io
import json
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

Item = dict[str, Any]

UNIT = 4096
MISSING = b"<Error><Code>NoSuchKey</Code></Error>"
SORT_KEY = re.compile(r"(?:#1|sk) (<|>) :|begins_with \(#1, :1\)|#1 BETWEEN :1 AND :2")


@dataclass(slots=True)
class Table:
    """Items by partition key, in the order of their sort keys; objects of the bucket by key."""

    partitions: dict[str, list[Item]] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    known: dict[tuple[str, bytes], bytes] = field(default_factory=dict)
    units: float = 0
    seconds: float = 0

    def put(self, items: list[Item]) -> None:
        for item in sorted(items, key=sort_key):
            self.partitions.setdefault(item["pk"]["S"], []).append(item)

    @contextmanager
    def in_place_of_aws(self) -> Iterator[None]:
        with patch.object(URLLib3Session, "send", self.take):
            yield

    def take(self, request: Any) -> AWSResponse:
        began = time.process_time()
        target = request.headers.get("X-Amz-Target")
        answer = self.rows(target.decode(), request.body) if target else self.objects.get(request.url.partition(".com/")[2])
        headers: Any = {"Content-Length": str(len(answer or b"")), "Last-Modified": "Tue, 24 Nov 2026 09:00:00 GMT", "ETag": '"1"'}
        response = AWSResponse(request.url, 404 if answer is None else 200, headers, Raw(answer or MISSING))
        self.seconds += time.process_time() - began
        return response

    def rows(self, target: str, body: bytes) -> bytes:
        """The same question has the same answer, so that finding it is not measured along."""
        asked = json.loads(body)
        evaluated = self.query(asked) if target.endswith("Query") else self.named(asked)
        size = sum(size_of(item) for item in evaluated)
        self.units += -(-size // UNIT) * (1 if asked.get("ConsistentRead", target.endswith("BatchGetItem")) else 0.5)
        if (target, body) not in self.known:
            self.known[target, body] = json.dumps(answer_of(target, asked, evaluated)).encode()
        return self.known[target, body]

    def query(self, asked: Item) -> list[Item]:
        values = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        items = self.partitions.get(values.get(":0") or values[":pk"], [])
        first, last = bounds(items, asked["KeyConditionExpression"], values)
        limit = asked.get("Limit", len(items))
        return items[first:last][:limit] if asked.get("ScanIndexForward", True) else items[max(first, last - limit) : last][::-1]

    def named(self, asked: Item) -> list[Item]:
        keys = [key for table in asked.get("RequestItems", {}).values() for key in table["Keys"]] or [asked["Key"]]
        return [item for key in keys for item in self.partitions.get(key["pk"]["S"], []) if item["sk"] == key["sk"]]


class Raw(io.BytesIO):
    """A body as urllib3 hands it on."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self.read()


def sort_key(item: Item) -> str:
    key: str = item["sk"]["S"]
    return key


def bounds(items: list[Item], condition: str, values: dict[str, str]) -> tuple[int, int]:
    found = SORT_KEY.search(condition)
    if found is None:
        return 0, len(items)
    low = values.get(":1") or values[":sk"]
    if found[1] == "<":
        return 0, bisect_left(items, low, key=sort_key)
    if found[1] == ">":
        return bisect_right(items, low, key=sort_key), len(items)
    high = values.get(":2", low + "\U0010ffff")
    return bisect_left(items, low, key=sort_key), bisect_right(items, high, key=sort_key)


def answer_of(target: str, asked: Item, items: list[Item]) -> Item:
    if target.endswith("BatchGetItem"):
        return {"Responses": dict.fromkeys(asked["RequestItems"], items), "UnprocessedKeys": {}}
    if target.endswith("GetItem"):
        return {"Item": items[0]} if items else {}
    if asked.get("Select") == "COUNT":
        shown: Item = {}
    elif "ProjectionExpression" in asked:
        names = [asked["ExpressionAttributeNames"][name] for name in asked["ProjectionExpression"].split(", ")]
        shown = {"Items": [{name: item[name] for name in names if name in item} for item in items]}
    else:
        shown = {"Items": items}
    more = {"LastEvaluatedKey": {name: items[-1][name] for name in ("pk", "sk")}} if len(items) == asked.get("Limit") else {}
    return {**shown, "Count": len(items), "ScannedCount": len(items), **more}


def size_of(item: Item) -> int:
    """What DynamoDB counts, near enough: names and values as text."""
    return sum(len(name) + len(json.dumps(value)) for name, value in item.items())
