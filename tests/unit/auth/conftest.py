"""The door of the webmail before a mailbox in memory: browsers that sign in, a clock that can be moved, every route there is."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.settings import SECRET
from tests.unit.in_memory import Mailbox, mailbox

__all__ = ["mailbox"]

OWNER, STRANGER = "198.51.100.7", "203.0.113.99"
INBOX = "/b/inbox/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
ABSENT: dict[str, Any] = {"box": "inbox", "thread_id": "0" * 32, "id": "incoming-absent", "number": 0}


class Clock:
    """Real time, moved ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.real = time.time

    def time(self) -> float:
        return self.real() + self.ahead

    def pass_by(self, seconds: float) -> None:
        self.ahead += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    return clock


class Browser:
    """Keeps cookies, posts forms with their token, and comes from one address."""

    def __init__(self, address: str = OWNER, **headers: str) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=headers, REMOTE_ADDR=address)
        self.token = ""

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def form_token(self) -> str:
        if not self.token:
            self.token = TOKEN.findall(self.get("/login/").text)[0]
        return self.token

    def post(self, path: str, fields: Mapping[str, Any] | None = None, **headers: str) -> Any:
        return self.client.post(path, {"csrfmiddlewaretoken": self.form_token(), **(fields or {})}, headers=headers)

    def sign_in(self, secret: str = SECRET, **fields: Any) -> Any:
        return self.post("/login/", {"password": secret, **fields})

    def carry_token(self) -> None:
        """From now on it is a program too: each request has a token of the API beside the cookie."""
        answer = self.client.post("/api/auth", {"secret": SECRET}, content_type="application/json")
        self.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {answer.json()['token']}"

    @property
    def cookie(self) -> str:
        return self.client.cookies["session"].value if "session" in self.client.cookies else ""

    @cookie.setter
    def cookie(self, token: str) -> None:
        self.client.cookies["session"] = token

    @property
    def is_signed_in(self) -> bool:
        return bool(self.get("/help/shortcuts/", X_Background="1").status_code == 200)


@pytest.fixture
def stranger(mailbox: Mailbox) -> Browser:
    return Browser(STRANGER)


@pytest.fixture
def owner(mailbox: Mailbox) -> Browser:
    """A browser that has just signed in."""
    browser = Browser()
    assert browser.sign_in().status_code == 303
    return browser


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    absent: str  # its URL, filled in with what names nothing

    @property
    def is_api(self) -> bool:
        return self.absent.startswith("/api/")

    def of(self, thread_id: str, message_id: str) -> str:
        """Its URL for a message that is there."""
        return self.absent.replace(ABSENT["thread_id"], thread_id).replace(ABSENT["id"], message_id)


def routes() -> list[Route]:
    """Every URL of the app."""
    return [Route(pattern.name or "", path_of(pattern)) for pattern in patterns_in(get_resolver())]


def patterns_in(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns_in(pattern)
        else:
            yield pattern


def path_of(pattern: URLPattern) -> str:
    assert pattern.name, f"{pattern.pattern} has no name"
    return reverse(pattern.name, kwargs={name: ABSENT[name] for name in pattern.pattern.converters})
