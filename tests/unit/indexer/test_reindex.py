"""`manage.py reindex`: all, what is missing, what changed; stopped and taken up again."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from indexer import index, rebuild
from mailbox.store import bucket, conversations, flags
from mailbox.store.flags import Flags
from mailbox.store.keys import state_key
from tests.unit.calls import watched_calls
from tests.unit.in_memory import Mailbox, mail


def reindex(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("reindex", *arguments, stdout=out)
    return out.getvalue().splitlines()


def fill(mailbox: Mailbox) -> None:
    for n in range(1, 7):
        mailbox.arrive(mail(n, parent=n - 1 if n % 3 else None))
    mailbox.tell(mailbox.put("sent/ses9", mail(9, parent=1)))
    flags.act(conversations.list_page("inbox").rows[0].thread_id, None, lambda now: Flags("archive", True))


def test_it_works(mailbox: Mailbox) -> None:
    fill(mailbox)
    live = mailbox.items()
    mailbox.empty_table()
    assert reindex()[-1] == "Indexed 7 messages. Nothing is left to do."
    assert mailbox.items() == live


def test_it_can_be_repeated(mailbox: Mailbox) -> None:
    fill(mailbox)
    live = mailbox.items()
    with watched_calls() as calls:
        reindex("--workers", "2")
    assert mailbox.items() == live
    assert "TransactWriteItems" not in calls.names("dynamodb")


def test_it_goes_on_after_a_key(mailbox: Mailbox) -> None:
    fill(mailbox)
    live = mailbox.items()
    mailbox.empty_table()
    reindex("--start-after", "incoming/ses4")
    assert len([sk for _, sk in mailbox.items() if sk.startswith("m#")]) == 3
    reindex("--start-after", "sent/ses9")
    reindex()
    assert mailbox.items() == live


def test_it_says_how_far_it_came(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "WINDOW", 3)
    fill(mailbox)
    assert reindex()[:-1] == [
        "3 messages, up to incoming/ses3",
        "6 messages, up to incoming/ses6",
        "7 messages, up to sent/ses9",
    ]


def test_a_conversation_is_committed_at_once(mailbox: Mailbox) -> None:
    for n in range(1, 21):
        mailbox.put(f"incoming/ses{n}", mail(n, parent=1 if n > 1 else None))
    with watched_calls() as calls:
        reindex()
    assert calls.names("dynamodb") == ["GetItem", "Query", "TransactWriteItems"]


def test_missing_indexes_only_what_the_index_does_not_know(mailbox: Mailbox) -> None:
    fill(mailbox)
    mailbox.put("incoming/lost", mail(30))
    with watched_calls() as calls:
        assert reindex("--missing")[-1].startswith("Indexed 1 messages.")
    assert calls.names("s3").count("HeadObject") == 1
    assert conversations.find_message("incoming-lost") is not None


def test_changed_since_repeats_what_the_table_forgot(mailbox: Mailbox) -> None:
    before = (datetime.now(UTC) - timedelta(seconds=5)).isoformat()
    id = mailbox.arrive(mail(1))
    flags.change_flags(id, lambda now: Flags(folder="archive"))
    mailbox.put_receipt("ses1", dmarc="FAIL")
    assert reindex("--changed-since", before)[-1].startswith("Indexed 1 messages.")
    (row,) = conversations.list_page("archive").rows
    assert row.warning
    assert reindex("--changed-since", "2100-01-01")[-1].startswith("Indexed 0 messages.")


def test_missing_and_changed_are_taken_together(mailbox: Mailbox) -> None:
    mailbox.put("incoming/old", mail(1))
    assert reindex("--missing", "--changed-since", "2100-01-01T00:00:00Z")[-1].startswith("Indexed 1 messages.")


def test_an_empty_bucket_is_indexed_too(mailbox: Mailbox) -> None:
    assert reindex() == ["Indexed 0 messages. Nothing is left to do."]


@pytest.mark.parametrize("arguments", [["--workers", "0"], ["--workers", "x"], ["--changed-since", "yesterday"]])
def test_wrong_arguments_are_said(mailbox: Mailbox, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        reindex(*arguments)


def test_when_it_breaks_it_says_where_to_go_on(mailbox: Mailbox, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(mailbox)
    monkeypatch.setattr(rebuild, "WINDOW", 3)
    done: list[str] = []

    def index_conversation(thread_id: str, messages: Any) -> None:
        if len(done) == 3:
            settings.POSTAMT_TABLE = "not-there"
        done.append(thread_id)
        index.index_conversation(thread_id, messages)

    monkeypatch.setattr("indexer.rebuild.index_conversation", index_conversation)
    with pytest.raises(CommandError, match=r"Indexed 3 messages\. .* --start-after incoming/ses3"):
        reindex("--workers", "1")


def test_objects_that_are_no_mail_are_passed_over(mailbox: Mailbox) -> None:
    for key in ("incoming/", "incoming/AMAZON_SES_SETUP_NOTIFICATION", "incoming/a/b", "sent/x.json", state_key("incoming-x")):
        bucket.put(key, b"x")
    assert reindex()[-1].startswith("Indexed 0 messages.")
