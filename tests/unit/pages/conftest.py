"""A signed-in reader before a mailbox in memory. `parsed` reads an answer as a browser would: its elements, not its characters."""

import pytest
from django.test import Client
from pytest_django import Settings

from mailbox.store import health
from tests.settings import SECRET
from tests.unit.in_memory import Mailbox, mailbox

__all__ = ["mailbox"]

OWN_DOMAIN = "example.com"


@pytest.fixture
def reader(mailbox: Mailbox, settings: Settings) -> Client:
    """The owner's browser, signed in, which opens pages as a person does."""
    settings.POSTAMT_DOMAIN, settings.POSTAMT_AUTH_SECRET = OWN_DOMAIN, SECRET
    client = Client(headers={"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"})
    assert client.post("/login/", {"password": SECRET}).status_code == 303
    health.current()  # asked once a minute in a process; what it costs is a test of its own
    return client
