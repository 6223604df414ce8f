"""The zips: small, without secrets, compiled, and each function at work out of its own, on a Python that has no package of ours."""

import importlib.util
import json
import re
import zipfile
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from deploy.package import LONGEST_ZIP
from deploy.zappa import runtime_of
from deploy.zappa_settings import STAGES
from tests.deploy.local_aws import BARE_PYTHON, LocalAws
from tests.deploy.unpacked import (
    IN_ENVIRONMENT,
    NAMES,
    SCHEDULED,
    SECRETS,
    TRIED,
    Account,
    Outcome,
    pack,
    page,
    put_event,
    queued,
    settings_of,
    told_by,
    unpack,
)

MAIL = b"From: Ann <ann@elsewhere.example>\r\nTo: me@example.org\r\nSubject: Out of the zip\r\nMessage-ID: <z1@a.example>\r\n\r\nHello\r\n"
OUTBOX_ID = "0123456789abcdef" * 2
RECEIPT = {
    "notificationType": "Received",
    "mail": {
        "messageId": "zip1",
        "timestamp": "2026-11-24T15:00:00.000Z",
        "source": "ann@elsewhere.example",
        "destination": ["me@example.org"],
    },
    "receipt": {
        "timestamp": "2026-11-24T15:00:00.000Z",
        "recipients": ["me@example.org"],
        "action": {"type": "S3", "bucketName": NAMES.bucket, "objectKey": "incoming/zip1"},
    },
}
SENT_EVENT = {"eventType": "Delivery", "mail": {"messageId": "0100-abc"}, "delivery": {"recipients": ["ann@elsewhere.example"]}}
FORGED: list[Any] = [
    {"Records": []},
    {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": NAMES.bucket},
    {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "another"}, "object": {"key": "incoming/forged"}}}]},
    {"Records": [{"eventSource": "aws:dynamodb", "s3": put_event("incoming/forged")["Records"][0]["s3"]}]},
    {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(put_event("incoming/forged"))}}]},
    {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": '{"command": "os.system"}'}}]},
    {"raw_command": "open('/tmp/executed', 'w')"},
    {"manage": "flush"},
    page(),
]


@pytest.fixture(scope="module")
def zips() -> dict[str, Path]:
    return {stage: pack(stage) for stage in STAGES}


@pytest.fixture(scope="module")
def folders(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {stage: unpack(zipped, tmp_path_factory.mktemp(stage)) for stage, zipped in zips.items()}


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    aws = LocalAws(tmp_path_factory.mktemp("aws"))
    aws.start()
    try:
        account = Account(aws)
        account.fill()
        yield account
    finally:
        aws.stop()


class Functions:
    """The three functions of the account, each out of its zip."""

    def __init__(self, account: Account, folders: dict[str, Path]) -> None:
        self.account, self.folders = account, folders

    def web(self, *events: Any) -> Outcome:
        return self.account.ask(self.folders["production"], settings_of("production"), *events)

    def indexer(self, *events: Any) -> Outcome:
        return self.account.ask(self.folders["indexer"], settings_of("indexer"), *events)

    def sender(self, *events: Any) -> Outcome:
        return self.account.ask(self.folders["sender"], settings_of("sender"), *events)


@pytest.fixture
def functions(account: Account, folders: dict[str, Path]) -> Functions:
    return Functions(account, folders)


def names_in(zipped: Path) -> list[str]:
    with zipfile.ZipFile(zipped) as archive:
        return archive.namelist()


def test_it_works(functions: Functions) -> None:
    """The sign-in page, whose style and scripts are in the folder that goes into the static bucket."""
    (answer,) = functions.web(page()).answers
    assert answer["statusCode"] == 200
    assert 'type="password"' in answer["body"]
    files = re.findall(r'(?:href|src)="/static/([^"#]+)', answer["body"])
    assert any(re.search(r"\.[0-9a-f]{12}\.css$", name) for name in files)
    assert [name for name in files if not (TRIED / "static" / name).exists()] == []


def test_a_request_around_cloudfront_gets_no_page(functions: Functions) -> None:
    (answer,) = functions.web(page(**{"X-Origin-Secret": "guessed"})).answers
    assert answer["statusCode"] == 403


def test_the_indexer_lists_a_mail_that_came_in(functions: Functions) -> None:
    functions.account.put("incoming/zip1", MAIL)
    outcome = functions.indexer(put_event("incoming/zip1"))
    assert outcome.answers == [None]
    assert any("Out of the zip" in json.dumps(row) for row in functions.account.rows("v#inbox"))


def test_the_indexer_files_a_receipt(functions: Functions) -> None:
    functions.indexer(told_by(NAMES.receipts_topic, RECEIPT))
    assert functions.account.keys("receipts/") == ["receipts/zip1.json"]


def test_the_indexer_takes_what_the_clock_and_ses_tell(functions: Functions) -> None:
    outcome = functions.indexer(SCHEDULED, told_by(NAMES.events_topic, SENT_EVENT))
    assert outcome.answers == [None, None]
    assert '"level": "ERROR"' not in outcome.log


def test_the_sender_sends_and_files_a_mail(functions: Functions) -> None:
    envelope = {"envelope_from": "me@example.org", "envelope_recipients": ["ann@elsewhere.example"], "queued_at": "2026-11-24T15:00:00Z"}
    raw = b"From: me@example.org\r\nTo: ann@elsewhere.example\r\nSubject: From the zip\r\n\r\nHello\r\n"
    functions.account.put(f"outbox/{OUTBOX_ID}", json.dumps(envelope).encode() + b"\n" + raw)
    functions.sender(queued(json.dumps({"outbox": OUTBOX_ID})))
    (sent,) = functions.account.aws.outbox.glob("*.eml")
    assert "Subject: From the zip" in sent.read_text()
    assert functions.account.keys("sent/") == [f"sent/{sent.stem}", f"sent/{sent.stem}.json"]


def test_a38_forged_events_change_nothing(functions: Functions) -> None:
    functions.account.put("incoming/forged", MAIL.replace(b"Out of the zip", b"Forged"))
    rows = len(functions.account.rows(""))
    assert functions.indexer(*FORGED).answers == [None] * len(FORGED)
    assert functions.sender(*FORGED).answers == [None] * len(FORGED)
    assert len(functions.account.rows("")) == rows


def test_nothing_is_compiled_at_start(functions: Functions) -> None:
    for outcome in (functions.web(page()), functions.indexer(put_event("incoming/zip1")), functions.sender(queued("{}"))):
        assert outcome.compiled == []


@pytest.mark.parametrize("stage", STAGES)
def test_a_zip_is_small_and_holds_compiled_modules_alone(zips: dict[str, Path], stage: str) -> None:
    names = names_in(zips[stage])
    assert zips[stage].stat().st_size <= LONGEST_ZIP
    assert [name for name in names if name.endswith((".py", ".po", ".md")) or "__pycache__" in name] == []
    assert {name.partition("/")[0] for name in names}.isdisjoint({"tests", "local.py", "var", "deploy", "cdk_infra", "pip", "troposphere"})


@pytest.mark.parametrize("stage", ["indexer", "sender"])
def test_what_only_pages_need_is_in_no_other_zip(zips: dict[str, Path], stage: str) -> None:
    tops = {re.split(r"[/.]", name)[0] for name in names_in(zips[stage])}
    assert tops.isdisjoint({"templates", "build", "zappa", "werkzeug", "_brotli"})


@pytest.mark.parametrize("stage", STAGES)
def test_the_runtime_is_the_python_that_compiled_the_zip(zips: dict[str, Path], stage: str) -> None:
    assert settings_of(stage)["runtime"] == runtime_of() == BARE_PYTHON.name
    with zipfile.ZipFile(zips[stage]) as archive:
        magic = {archive.read(name)[:4] for name in archive.namelist() if name.endswith(".pyc")}
    assert magic == {importlib.util.MAGIC_NUMBER}  # of this Python, which is the same one


@pytest.mark.parametrize("stage", STAGES)
def test_a37_no_zip_holds_a_secret(zips: dict[str, Path], stage: str) -> None:
    with zipfile.ZipFile(zips[stage]) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert not [secret for secret in IN_ENVIRONMENT.values() if secret.encode() in content], name


def test_a37_no_secret_is_logged_even_when_zappa_logs_all_it_can(account: Account, zips: dict[str, Path], tmp_path: Path) -> None:
    """Signed in with the owner's secret, at the loudest settings there are."""
    folder = unpack(zips["production"], tmp_path)
    (folder / "zappa_settings.pyc").rename(folder / "zappa_settings_packed.pyc")
    (folder / "zappa_settings.py").write_text("from zappa_settings_packed import *\nLOG_LEVEL = 'DEBUG'\nDEBUG = True\n")
    settings = settings_of("production")
    first = account.ask(folder, settings, page())
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', first.answers[0]["body"])
    assert token is not None
    cookies = [SimpleCookie(cookie) for cookie in first.answers[0]["multiValueHeaders"]["Set-Cookie"]]
    sent = "; ".join(f"{name}={morsel.value}" for cookie in cookies for name, morsel in cookie.items())
    form = {"csrfmiddlewaretoken": token[1], "password": SECRETS[NAMES.auth_secret]}
    headers = {"Cookie": sent, "Origin": NAMES.webmail_url, "Content-Type": "application/x-www-form-urlencoded"}
    signing_in = {**page(**headers), "httpMethod": "POST", "body": urlencode(form)}
    second = account.ask(folder, settings, signing_in)
    assert second.answers[0]["statusCode"] in (302, 303), second.answers[0]
    session = [cookie.partition("=")[2].partition(";")[0] for cookie in second.answers[0]["multiValueHeaders"]["Set-Cookie"]]
    log = first.log + second.log
    assert not [secret for secret in [*SECRETS.values(), *session, account.aws.owner["AWS_SECRET_ACCESS_KEY"]] if secret and secret in log]
