"""The log: one line an event, escaped, without secrets."""

import json
import logging
import sys

from pytest_django import Settings

from mailbox.logs import JsonFormatter
from tests.settings import SECRET


def line_of(message: str, *args: object, **extra: object) -> str:
    record = logging.getLogger("mailbox.test").makeRecord("mailbox.test", logging.INFO, __file__, 1, message, args, None, extra=extra)
    return JsonFormatter().format(record)


def test_it_works() -> None:
    line = json.loads(line_of("indexed %s", "incoming/1", took=3))
    assert (line["level"], line["logger"], line["message"], line["took"]) == ("INFO", "mailbox.test", "indexed incoming/1", 3)
    assert line["time"].endswith("+00:00")


def test_a36_a_line_break_or_an_escape_forges_no_line() -> None:
    line = line_of("path %s", '/x\r\n{"level":"INFO"}\x1b[2K\u2028\u0085', agent="a\nb")
    assert len(line.splitlines()) == 1
    assert line.isascii()
    assert line.isprintable()


def test_objects_are_not_written_only_plain_values() -> None:
    assert set(json.loads(line_of("x", request=object(), mail={"text": "secret plans"}, n=1))) == {
        "time",
        "level",
        "logger",
        "message",
        "n",
    }


def test_a37_secrets_tokens_and_signatures_are_blotted_out(settings: Settings) -> None:
    settings.POSTAMT_ORIGIN_SECRET = "the-origin-secret"
    secrets = [
        SECRET,
        settings.POSTAMT_JWT_SECRET,
        "the-origin-secret",
        "eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJ4In0.c2lnbmF0dXJl",
        "AKIAIOSFODNN7EXAMPLE",
    ]
    line = line_of("%s", " ".join(secrets), url="https://bucket/x?X-Amz-Signature=0123abcd&X-Amz-Credential=ASIAX%2F2026&y=1")
    assert not [secret for secret in [*secrets, "0123abcd", "ASIAX"] if secret in line]


def test_a_process_without_secrets_has_a_log_too(settings: Settings) -> None:
    """Indexer and sender."""
    settings.SECRET_KEY = settings.POSTAMT_JWT_SECRET = settings.POSTAMT_AUTH_SECRET = ""
    assert json.loads(line_of("outbox/%s is refused", "1"))["message"] == "outbox/1 is refused"


def test_an_exception_is_told_by_its_places_and_a_short_reason() -> None:
    try:
        raise ValueError("x" * 10_000)
    except ValueError:
        record = logging.getLogger("t").makeRecord("t", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = json.loads(JsonFormatter().format(record))
    assert line["error"] == "ValueError"
    assert len(line["reason"]) == 500
    assert line["trace"][0].endswith("test_an_exception_is_told_by_its_places_and_a_short_reason")


def test_a_long_text_is_cut() -> None:
    assert len(line_of("x" * 100_000)) < 2_500
