"""Requests as API Gateway hands them to the web function, and its answers as they travel."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from postamt import lambdas

REQUEST: dict[str, Any] = {
    "resource": "/{proxy+}",
    "path": "/login/",
    "httpMethod": "GET",
    "headers": {"Host": "127.0.0.1"},
    "multiValueHeaders": {"Host": ["127.0.0.1"]},
    "queryStringParameters": None,
    "requestContext": {"stage": "production"},
    "body": None,
    "isBase64Encoded": False,
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    encoding: str
    body: bytes  # as it travels


def answer(path: str, method: str = "GET", content: bytes = b"", written: Mapping[str, str] | None = None, **headers: str) -> Answer:
    """`written` are headers by the very names they have there."""
    named = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}, **(written or {})}
    event = {**REQUEST, "path": path, "headers": named, "multiValueHeaders": {name: [value] for name, value in named.items()}}
    body = {"body": base64.b64encode(content).decode(), "isBase64Encoded": True} if content else {}
    given = lambdas.web({**event, "httpMethod": method, **body}, None)
    encoding = next((values[0] for name, values in given["multiValueHeaders"].items() if name.lower() == "content-encoding"), "")
    travelled = given.get("body", "")
    return Answer(given["statusCode"], encoding, base64.b64decode(travelled) if given.get("isBase64Encoded") else travelled.encode())


def zappa_settings() -> ModuleType:
    """What Zappa writes into its package, as far as its handler reads it."""
    module = ModuleType("zappa_settings")
    module.__dict__.update(
        LOG_LEVEL="INFO",
        PROJECT_NAME="postamt",
        API_STAGE="production",
        DJANGO_SETTINGS="tests.settings",
        ENVIRONMENT_VARIABLES={},
        EXCEPTION_HANDLER=None,
        DEBUG=False,
        BINARY_SUPPORT=True,
        CONTEXT_HEADER_MAPPINGS={},
        DOMAIN=None,
        AWS_EVENT_MAPPING={},
        AWS_BOT_EVENT_MAPPING={},
        COGNITO_TRIGGER_MAPPING={},
    )
    return module
