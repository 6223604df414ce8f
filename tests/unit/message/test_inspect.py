"""`manage.py inspect`, as DESIGN promises it."""

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.mails import mail

MAILS = Path(__file__).parents[2] / "mails"


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("inspect", str(MAILS / "plain.eml"))
    assert json.loads(capsys.readouterr().out) == {
        "file": str(MAILS / "plain.eml"),
        "subject": "Lunch on Friday?",
        "from": [["Ann Author", "ann@example.org"]],
        "to": [["Owner", "owner@postamt.localhost"]],
        "cc": [["Bob", "bob@example.org"], ["", "carol@example.org"]],
        "reply_to": [["", "lunch@example.org"]],
        "date": "2025-11-24T09:00:00Z",
        "message_id": "plain@example.org",
        "in_reply_to": ["second@example.org"],
        "references": ["first@example.org", "second@example.org"],
        "thread_id": hashlib.sha256(b"first@example.org").hexdigest()[:32],
        "text": mail("plain").decode().replace("\r\n", "\n").partition("\n\n")[2],
        "has_html": False,
        "attachments": [],
        "inline_cids": [],
        "verdicts": {},
        "defects": [],
    }


def test_attachments_are_told_by_size_and_hash_of_canonical_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("inspect", str(MAILS / "base64-forwarded-message.eml"), str(MAILS / "signed-with-pictures.eml"))
    forwarded, signed = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    content = b"From: carol@example.org\nSubject: Report\n\nAll is well."
    assert forwarded["attachments"] == [
        {"filename": None, "content_type": "message/rfc822", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    ]
    assert signed["has_html"]
    assert signed["inline_cids"] == ["pic@example.org"]


def test_verdicts_are_those_of_ses(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("inspect", str(MAILS / "received-by-ses.eml"))
    assert json.loads(capsys.readouterr().out)["verdicts"]["dmarc"] == "FAIL"


def test_names_come_from_standard_input_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{MAILS / 'plain.eml'}\n\n{MAILS / 'two-authors.eml'}\n"))
    call_command("inspect", "-")
    assert [json.loads(line)["subject"] for line in capsys.readouterr().out.splitlines()] == ["Lunch on Friday?", "Which one?"]


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.eml cannot be read: No such file or directory\."):
        call_command("inspect", "nowhere.eml")


def test_it_needs_no_environment_at_all() -> None:
    command = [sys.executable, "manage.py", "inspect", str(MAILS / "legacy-8bit-header.eml")]
    result = subprocess.run(command, cwd=settings.BASE_DIR, env={"PATH": os.defpath}, capture_output=True, check=True, timeout=60)
    assert json.loads(result.stdout)["subject"] == "Привет всем"
