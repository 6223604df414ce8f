"""A program of the owner before a mailbox in memory: it has a token, and no cookie."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from mailbox.store import conversations, flags
from tests.settings import SECRET
from tests.unit.auth.conftest import Browser, Clock, clock, owner, stranger
from tests.unit.in_memory import Mailbox, mailbox

__all__ = ["Browser", "Clock", "clock", "mailbox", "owner", "stranger"]

ADDRESS = "198.51.100.20"


class Program:
    """Speaks JSON from one address, and carries a token once it has one."""

    def __init__(self, address: str = ADDRESS, **headers: str) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=headers, REMOTE_ADDR=address)
        self.token = ""

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        named = sent | {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        return self.client.generic(method, path, content, content_type=named.pop("Content-Type", "application/json"), headers=named)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def knock(self, secret: object = SECRET, **headers: str) -> Any:
        return self.post("/api/auth", {"secret": secret}, **headers)

    def sign_in(self) -> "Program":
        self.token = self.knock().json()["token"]
        return self


@pytest.fixture
def nobody(mailbox: Mailbox) -> Program:
    """A program without a token."""
    return Program()


@pytest.fixture
def program(mailbox: Mailbox) -> Program:
    return Program().sign_in()


def change(id: str, **flag: Any) -> None:
    """What a person does to a message."""
    message = conversations.find_message(id)
    assert message
    flags.act(message.thread_id, [id], lambda now: replace(now, **flag))
