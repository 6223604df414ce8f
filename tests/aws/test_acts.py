"""Acts, jobs and erasing by the true road: the webmail as its own process under its own policy, the indexer under its own."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest

from indexer.erase import sweep
from mailbox.store import aws, jobs
from mailbox.store.acts import Act
from mailbox.store.jobs import Job
from tests.aws.conftest import PostOffice, wait_until
from tests.unit.pages.letters import written

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Browser:
    """Signed in at the running webmail, without JavaScript."""

    def __init__(self, office: PostOffice) -> None:
        self.office = office
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.post("/login/", {"password": office.auth_secret}, form="/login/")

    def get(self, path: str) -> str:
        page: str = self.opener.open(self.office.web_url + path).read().decode()
        return page

    def post(self, path: str, fields: dict[str, Any], form: str = "/help/shortcuts/") -> str:
        token = TOKEN.search(self.get(form))
        assert token
        body = urlencode({"csrfmiddlewaretoken": token[1], **fields}, doseq=True).encode()
        page: str = (
            self.opener.open(urllib.request.Request(self.office.web_url + path, body, {"Origin": self.office.web_url})).read().decode()
        )
        return page


def versions(office: PostOffice, id: str) -> list[str]:
    found = office.client("s3").list_object_versions(Bucket=office.bucket)
    name = id.partition("-")[2]
    return [item["Key"] for kind in ("Versions", "DeleteMarkers") for item in found.get(kind, []) if name in item["Key"]]


def row_of(office: PostOffice, id: str) -> dict[str, Any]:
    """The message's item, as it is now."""
    (key,) = office.rows(id)
    keys = {name: key[name] for name in ("pk", "sk")}
    item: dict[str, Any] = office.client("dynamodb").get_item(TableName=office.table, Key=keys, ConsistentRead=True)["Item"]
    return item


def thread_of(office: PostOffice, id: str) -> str:
    return str(row_of(office, id)["pk"]["S"]).removeprefix("t#")


def test_the_clock_of_the_post_office_rings_at_its_start(post_office: PostOffice) -> None:
    log = post_office.running.emulator.log
    wait_until(lambda: "The daily round woke" in log.read_text(errors="replace"), f"{log} knows nothing of a daily round")


def test_an_act_and_its_undo_stay_within_the_policies(post_office: PostOffice) -> None:
    id = post_office.deliver(written("acts1", subject="Acts: one"))
    browser = Browser(post_office)
    page = browser.post("/act/", {"do": "archive", "in": "inbox", "t": thread_of(post_office, id)})
    assert row_of(post_office, id)["folder"]["S"] == "archive"
    button = re.search(r'name="u" value="([\w-]+)"', page)
    assert button
    assert "Undone." in browser.post("/undo/", {"u": button[1]})
    assert row_of(post_office, id)["folder"]["S"] == "inbox"


@contextmanager
def as_indexer(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The project's own clients under the role of the indexer."""
    role = office.client("iam").get_role(RoleName="postamt-indexer")["Role"]["Arn"]
    given = office.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    names = {"AWS_ACCESS_KEY_ID": "AccessKeyId", "AWS_SECRET_ACCESS_KEY": "SecretAccessKey", "AWS_SESSION_TOKEN": "SessionToken"}
    others = dict(aws.clients)
    with monkeypatch.context() as patch:
        for name, field in names.items():
            patch.setenv(name, given[field])
        aws.clients.clear()
        yield
    aws.clients.clear()
    aws.clients.update(others)


def ring_the_clock(office: PostOffice) -> None:
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
    answer = office.client("lambda").invoke(FunctionName="postamt-indexer", Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer, answer["Payload"].read()


def test_what_was_deleted_for_ever_leaves_every_page_at_once_and_the_bucket_a_day_later(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = post_office.deliver(written("acts2", subject="Acts: gone"))
    other = post_office.deliver(written("acts3", subject="Acts: kept"))
    browser, thread = Browser(post_office), thread_of(post_office, id)
    browser.post("/act/", {"do": "trash", "in": "inbox", "t": thread})
    assert "cannot be undone" in browser.post("/act/", {"do": "purge", "in": "trash", "t": thread})
    assert "Deleted forever." in browser.post("/erase/", {"t": thread})
    assert "Acts: gone" not in browser.get("/b/trash/")
    with pytest.raises(HTTPError, match="404"):
        browser.get(f"/t/{thread}/")
    ring_the_clock(post_office)
    assert versions(post_office, id)
    with as_indexer(post_office, monkeypatch):
        assert sweep(datetime.now(UTC) + timedelta(days=1)) >= 1
    assert not versions(post_office, id)
    wait_until(lambda: not post_office.rows(id), f"{id} is still listed")
    assert versions(post_office, other)


def test_a_job_is_carried_out_by_the_indexer_under_its_own_policy(post_office: PostOffice) -> None:
    id = post_office.deliver(written("acts4", subject="Acts: job"))
    Browser(post_office).post("/act/", {"do": "label", "name": "Jobbed", "in": "inbox", "t": thread_of(post_office, id)})
    jobs.start(Job(Act("archive", "label-jobbed"), "label:jobbed", f"9999-01-01T00:00:00Z#{'f' * 32}", "{} archived."))
    wait_until(lambda: row_of(post_office, id)["folder"]["S"] == "archive", "the job was not carried out")
