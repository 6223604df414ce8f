"""Acts, jobs and erasing by the true road: the webmail as its own process under its own policy, the indexer under its own."""

import re
import urllib.request
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode

from mailbox.store import jobs
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


def test_an_act_and_its_undo_stay_within_the_policies(post_office: PostOffice) -> None:
    id = post_office.deliver(written("acts1", subject="Acts: one"))
    browser = Browser(post_office)
    page = browser.post("/act/", {"do": "archive", "in": "inbox", "t": thread_of(post_office, id)})
    assert row_of(post_office, id)["folder"]["S"] == "archive"
    button = re.search(r'name="u" value="([\w-]+)"', page)
    assert button
    assert "Undone." in browser.post("/undo/", {"u": button[1]})
    assert row_of(post_office, id)["folder"]["S"] == "inbox"


def test_what_was_deleted_for_ever_is_gone_with_every_version(post_office: PostOffice) -> None:
    id = post_office.deliver(written("acts2", subject="Acts: gone"))
    other = post_office.deliver(written("acts3", subject="Acts: kept"))
    browser, thread = Browser(post_office), thread_of(post_office, id)
    browser.post("/act/", {"do": "trash", "in": "inbox", "t": thread})
    assert "cannot be undone" in browser.post("/act/", {"do": "purge", "in": "trash", "t": thread})
    assert "Deleted forever." in browser.post("/erase/", {"t": thread})
    wait_until(lambda: not versions(post_office, id) and not post_office.rows(id), f"{id} is still there: {versions(post_office, id)}")
    assert "Acts: gone" not in browser.get("/b/trash/")
    assert versions(post_office, other)


def test_a_job_is_carried_out_by_the_indexer_under_its_own_policy(post_office: PostOffice) -> None:
    id = post_office.deliver(written("acts4", subject="Acts: job"))
    Browser(post_office).post("/act/", {"do": "label", "name": "Jobbed", "in": "inbox", "t": thread_of(post_office, id)})
    jobs.start(Job(Act("archive", "label-jobbed"), "label:jobbed", f"9999-01-01T00:00:00Z#{'f' * 32}", "{} archived."))
    wait_until(lambda: row_of(post_office, id)["folder"]["S"] == "archive", "the job was not carried out")
