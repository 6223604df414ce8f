"""How long a call that hangs keeps a page, a job or a mail waiting, against the time that AWS gives each."""

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model
from pytest_django import Settings

import indexer.erase
import indexer.jobs
import local.provision
import mailbox.pages.acts
from mailbox.store import bucket, conversations, patience
from mailbox.store.aws import clients, config_of
from mailbox.store.errors import MailboxNotReachable, reaching
from mailbox.store.models import TableMeta
from mailbox.store.patience import PAGE, WORK, Patience
from sender import ses

STAGES = json.loads((django_settings.BASE_DIR / "zappa_settings.json").read_text())
SECONDS = {stage: STAGES[stage]["timeout_seconds"] for stage in ("production", "indexer", "sender")}
ROUNDS = 4  # fifty conversations, sixteen at once


class Thing(Model):
    """A class of its own, whose connection no other test has made."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)


def test_a_page_says_that_nothing_answers_before_api_gateway_gives_up() -> None:
    assert STAGES["production"]["aws_environment_variables"]["POSTAMT_PATIENCE"] == "page"
    assert 2 * PAGE.worst < SECONDS["production"]  # one call that answers at the last moment, and one that never does
    assert mailbox.pages.acts.LONGEST + PAGE.worst < SECONDS["production"]


def test_the_indexer_ends_by_itself() -> None:
    assert "POSTAMT_PATIENCE" not in STAGES["indexer"].get("aws_environment_variables", {})
    assert max(indexer.jobs.LONGEST, indexer.erase.LONGEST) + ROUNDS * WORK.worst < SECONDS["indexer"]


def test_the_sender_writes_down_what_became_of_a_mail_that_ses_took_long_for() -> None:
    config: Any = ses.client().meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout + WORK.worst < SECONDS["sender"]


def test_a_laptop_gives_its_functions_as_long_as_aws() -> None:
    assert {stage: SECONDS[stage] for stage in local.provision.TIMEOUTS} == local.provision.TIMEOUTS


def test_only_the_deployed_web_function_waits_as_a_page_does(settings: Settings) -> None:
    assert patience.patience() == WORK
    settings.POSTAMT_PATIENCE = "page"
    config: Any = config_of("s3")
    assert (config.connect_timeout, config.read_timeout, config.retries["total_max_attempts"]) == (2, 4, 2)
    assert (TableMeta.connect_timeout_seconds, TableMeta.read_timeout_seconds, TableMeta.max_retry_attempts) == (2, 4, 1)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[list[socket.socket]]:
    """The calls that an AWS got which never answers."""
    found: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    found.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        settings.POSTAMT_PATIENCE, settings.POSTAMT_BUCKET, settings.POSTAMT_TABLE = "page", "silent", "silent"
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setattr(patience, "PAGE", Patience(connect=0.2, read=0.2, attempts=2))
        others = dict(clients)
        clients.clear()
        yield found
        clients.clear()
        clients.update(others)
        server.shutdown(socket.SHUT_RDWR)
    for call in found:
        call.close()


def one_item() -> None:
    with reaching("the table"):
        Thing.get("x")


@pytest.mark.parametrize(
    "ask", [lambda: bucket.get("incoming/x"), lambda: conversations.list_page("inbox"), one_item], ids=["S3", "a listing", "an item"]
)
def test_a_call_that_hangs_is_made_as_often_as_was_counted(calls: list[socket.socket], ask: Any) -> None:
    with pytest.raises(MailboxNotReachable):
        ask()
    assert len(calls) == 2
