"""`make deploy` from an empty account to a mailbox that works, again, without its webmail, taken away, and back, on the local AWS.

IAM is enforced throughout: functions act under the roles of the templates, from the zips that Zappa made, on a Python that has no
package of ours. The local AWS takes every resource type of the four templates; what of them it does not do is said first (NOT_HERE).
The tests tell one story: each begins where the one before it ended.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cdk_infra.deployment import CERTIFICATE_REGION
from deploy.parameters import AUTH, JWT, ORIGIN
from postamt.checkup.page import Page, ask
from tests.aws.conftest import wait_until
from tests.deploy.browser import Browser
from tests.deploy.owner import DOMAIN, NAMES, Owner, owner_of_an_empty_account
from tests.deploy.walk import PATIENCE, TEXT, goes_the_whole_road, letter, receive, row_of, signed_in

NOT_HERE = """
The local AWS makes every resource of the four templates, and does not do all that AWS does with them:
  AWS::CloudFront::Distribution   kept, but serves nothing: tests/deploy/front.py serves what its configuration says
  AWS::CloudFront::Function and ResponseHeadersPolicy   kept, never run: tests/infra holds both to what they must do
  AWS::CertificateManager::Certificate   issued without a proof
  AWS::CloudWatch::Alarm   kept, never rings
"""
STEP = re.compile(r"^\[(\d+)/(\d+)\] (.+?):", re.MULTILINE)


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owner]:
    with owner_of_an_empty_account(tmp_path_factory.mktemp("road")) as owner:
        yield owner


@pytest.fixture(scope="module")
def secrets(owner: Owner) -> set[str]:
    """Every value that was a secret at any time."""
    return set()


def test_it_works(owner: Owner, secrets: set[str]) -> None:
    """From an empty account; the last step, `check`, passes in every line."""
    done = owner.deploy()
    sys.stdout.write(NOT_HERE + done.stdout)  # pytest -s shows it
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    steps = STEP.findall(done.stdout)
    assert [number for number, _total, _title in steps] == [str(number) for number in range(1, len(steps) + 1)]
    assert steps[-1] == (steps[-1][1], steps[-1][1], "Check")
    secrets.update(owner.secret(name) for name in (AUTH, JWT, ORIGIN))


def test_a_mail_comes_in_is_read_is_answered_and_leaves(owner: Owner) -> None:
    goes_the_whole_road(owner, "First mail")


def test_a_second_deployment_changes_no_secret_and_all_goes_on(owner: Owner, secrets: set[str]) -> None:
    done = owner.deploy()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert secrets == {owner.secret(name) for name in (AUTH, JWT, ORIGIN)}
    goes_the_whole_road(owner, "Second mail")
    assert row_of(owner, "First mail")


def test_mail_that_came_while_the_bucket_told_nobody_is_listed_by_the_next_deployment(owner: Owner) -> None:
    s3 = owner.aws.client("s3")
    s3.put_bucket_notification_configuration(Bucket=NAMES.bucket, NotificationConfiguration={})
    s3.put_object(Bucket=NAMES.bucket, Key="incoming/unheard", Body=letter("Unheard mail"))
    done = owner.deploy()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert "Mails that were left out and are listed now: 1." in done.stdout
    assert row_of(owner, "Unheard mail")


def around_cloudfront(owner: Owner, headers: Mapping[str, str], path: str = "/login/", body: bytes | None = None) -> Page:
    """Header names go out as they are spelled."""
    api = owner.aws.client("ssm").get_parameter(Name=NAMES.api_id_parameter)["Parameter"]["Value"]
    url = f"{owner.aws.endpoint}/_aws/execute-api/{api}/{NAMES.api_stage}{path}"
    owner.front.pace.keep()
    return ask("GET" if body is None else "POST", url, headers, body)


def test_a02_addresses_that_a_client_writes_buy_no_tries(owner: Owner) -> None:
    owner.front.viewer = "198.51.100.66"
    stranger = Browser(owner.front.url, NAMES.webmail_url)
    tries = []
    for number in range(7):
        stranger.written = {
            "X-Forwarded-For": f"1.2.3.{number}",
            "X-Viewer-Address": f"1.2.3.{number}",
            "X_Viewer_Address": f"1.2.3.{number}",
        }
        stranger.sign_in("a-guess-that-is-wrong")
        tries.append(stranger.status)
    assert tries == [401] * 5 + [429] * 2
    owner.front.viewer = "203.0.113.7"
    assert "First mail" in signed_in(owner).page  # the owner, elsewhere, is not kept out


def test_a02_whoever_goes_around_cloudfront_is_refused(owner: Owner) -> None:
    assert around_cloudfront(owner, {}).status == 403
    assert around_cloudfront(owner, {"X-Origin-Secret": "a-guess", "X-Viewer-Address": "1.2.3.4"}).status == 403
    assert around_cloudfront(owner, {"X_Origin_Secret": owner.secret(ORIGIN)}).status == 403


def test_a02_a_header_with_underscores_is_not_taken_for_cloudfronts(owner: Owner) -> None:
    """As if CloudFront's function let it through."""
    guess = json.dumps({"secret": "a-guess-that-is-wrong"}).encode()
    said = {"X-Origin-Secret": owner.secret(ORIGIN), "X-Forwarded-Host": NAMES.webmail_host, "X-Viewer-Address": "198.51.100.67"}
    typed = said | {"Content-Type": "application/json"}
    pages = [around_cloudfront(owner, typed | {"X_Viewer_Address": f"1.2.3.{number}"}, "/api/auth", guess) for number in range(7)]
    assert [page.status for page in pages] == [401] * 5 + [429] * 2


def test_a12_a_page_takes_the_cookie_alone(owner: Owner) -> None:
    browser = signed_in(owner)
    (token,) = (value for name, value in browser.cookies.items() if name == "__Host-session")
    stranger = Browser(owner.front.url, NAMES.webmail_url)
    stranger.written = {"Authorization": f"Bearer {token}"}
    assert "Sign in to your mail" in stranger.open(f"/b/inbox/?session={token}")


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X_Forwarded_Host", "Forwarded", "X-Forwarded-Proto", "X-HTTP-Method-Override", "X-Original-URL"]
)
def test_a23_a24_what_a_client_writes_for_a_proxy_changes_nothing(owner: Owner, header: str) -> None:
    assert around_cloudfront(owner, {header: "evil.example"}).status == 403
    page = ask("GET", f"{owner.front.url}/login/", {header: "evil.example"})
    assert page.status == 200
    assert b"evil.example" not in page.body
    assert page.header("Strict-Transport-Security") == "max-age=63072000"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"https://{DOMAIN}"])
def test_a25_no_other_origin_reads_an_answer(owner: Owner, origin: str) -> None:
    for path in ("/login/", "/b/inbox/", "/api/emails"):
        for method in ("GET", "OPTIONS"):
            page = ask(method, owner.front.url + path, {"Origin": origin, "Access-Control-Request-Method": "POST"})
            assert page.header("Access-Control-Allow-Origin") != origin
            assert not page.header("Access-Control-Allow-Credentials")


@pytest.mark.parametrize(("path", "status"), [("/login/", 200), ("/nowhere/", 404), ("/sign-out/", 405), ("/m/incoming-x/a/1", 303)])
def test_a26_every_answer_carries_the_guard(owner: Owner, path: str, status: int) -> None:
    page = ask("GET", owner.front.url + path, {})
    assert page.status == status
    policy = page.header("Content-Security-Policy")
    assert all(
        directive in policy for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
    )
    assert "unsafe" not in policy
    assert (page.header("X-Content-Type-Options"), page.header("Referrer-Policy")) == ("nosniff", "no-referrer")
    assert (page.header("Cross-Origin-Opener-Policy"), page.header("Cache-Control")) == ("same-origin", "private, no-store")


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": NAMES.bucket},
        {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "of-somebody-else"}, "object": {"key": "incoming/x"}}}]},
        {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": '{"command": "check"}'}}]},
        {"raw_command": "raise SystemExit(FORGED)"},
    ],
    ids=["empty", "no records", "test event", "another bucket", "a command by SNS", "a command"],
)
def test_a38_a_forged_event_does_nothing(owner: Owner, event: dict[str, Any]) -> None:
    answer = owner.aws.client("lambda").invoke(FunctionName=NAMES.indexer_function, Payload=json.dumps(event))
    assert "FunctionError" not in answer
    assert answer["Payload"].read() == b"null"


def test_new_secrets_end_every_session(owner: Owner, secrets: set[str]) -> None:
    browser, before = signed_in(owner), owner.secret(AUTH)
    done = owner.deploy("secret", remember=False)
    assert done.returncode == 0, done.stderr
    assert owner.secret(AUTH) in done.stdout
    assert before not in done.stdout
    assert "Sign in to your mail" in browser.open("/b/inbox/")
    assert "That did not match" in browser.sign_in(before)
    assert "First mail" in signed_in(owner).open("/b/inbox/")
    secrets.update(owner.secret(name) for name in (AUTH, JWT, ORIGIN))


def test_without_the_webmail_mail_is_still_received_and_indexed(owner: Owner) -> None:
    empty(owner, NAMES.static_bucket)
    cdk = str(owner.tree / ".cdk-cli" / "node_modules" / ".bin" / "cdk")
    done = owner.run(cdk, "destroy", "WebmailStack", "--force", f"--app={owner.tree / 'build' / 'cdk'}")
    assert done.returncode == 0, done.stderr
    assert NAMES.webmail_stack not in standing(owner)
    receive(owner, "Third mail")
    wait_until(lambda: row_of(owner, "Third mail"), "it is not indexed", PATIENCE)


def test_undeploying_leaves_the_mail_and_says_what_else(owner: Owner) -> None:
    done = owner.deploy("undeploy")
    assert done.returncode == 0, done.stderr
    assert f"Mail to {DOMAIN} bounces from now on" in done.stdout
    assert NAMES.bucket in done.stdout
    assert NAMES.table in done.stdout
    assert standing(owner) == {"CDKToolkit"}
    assert not owner.aws.client("lambda").list_functions()["Functions"]
    assert owner.aws.client("ses").describe_active_receipt_rule_set().get("Rules", []) == []
    assert NAMES.zappa_bucket in done.stdout
    assert {NAMES.bucket, NAMES.zappa_bucket} == {name for name in buckets(owner) if not name.startswith("cdk-")}
    assert "Contents" not in owner.aws.client("s3").list_objects_v2(Bucket=NAMES.zappa_bucket)
    assert row_of(owner, "First mail")


def test_deployed_anew_every_mail_is_there_again(owner: Owner, secrets: set[str]) -> None:
    done = owner.deploy()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert "its mail stays" in done.stdout
    rebuilt = owner.manage("reindex")
    assert rebuilt.returncode == 0, rebuilt.stderr
    inbox = signed_in(owner).open("/b/inbox/")
    assert all(subject in inbox for subject in ("First mail", "Second mail", "Third mail"))
    goes_the_whole_road(owner, "Fourth mail")
    secrets.update(owner.secret(name) for name in (AUTH, JWT, ORIGIN))


def test_a36_no_line_of_the_log_is_forged(owner: Owner) -> None:
    forged = '{"level": "FORGED"}'
    ask("GET", f"{owner.front.url}/x%0D%0A{quote(forged)}", {"User-Agent": f"x {forged}"})
    receive(owner, f"=?utf-8?q?One=0A{quote(forged).replace('%', '=')}?=")
    wait_until(lambda: row_of(owner, "FORGED"), "it is not indexed", PATIENCE)
    assert not [line for line in owner.aws.emulator.log.read_text().splitlines() if line.lstrip().startswith(forged)]


def test_a37_no_secret_stands_anywhere_but_in_its_place(owner: Owner, secrets: set[str]) -> None:
    assert len(secrets) == 5
    for name, text in everything_written(owner):
        assert not [secret for secret in secrets if secret.encode() in text], f"A secret stands in {name}."


def test_a37_no_mail_and_no_token_stands_in_the_log(owner: Owner) -> None:
    tokens = signed_in(owner).cookies.values()
    log = owner.aws.emulator.log.read_text()
    assert TEXT not in log
    assert not [token for token in tokens if token in log]


def everything_written(owner: Owner) -> Iterator[tuple[str, bytes]]:
    """What was said, logged (functions write into the emulator's log), packed, templated, configured."""
    yield from (("the terminal", said.encode()) for said in owner.said)
    yield from ((str(path), path.read_bytes()) for path in owner.aws.emulator.log.parent.rglob("*") if path.is_file())
    for path in (path for path in (owner.tree / "build").rglob("*") if path.is_file()):
        yield str(path), path.read_bytes()
        yield from packed(path) if path.suffix == ".zip" else ()
    functions = owner.aws.client("lambda").list_functions()["Functions"]
    yield from ((function["FunctionName"], json.dumps(function).encode()) for function in functions)
    for region in (NAMES.region, CERTIFICATE_REGION):
        formation = owner.aws.client("cloudformation", region)
        for stack in formation.describe_stacks()["Stacks"]:
            template = formation.get_template(StackName=stack["StackName"])["TemplateBody"]
            yield stack["StackName"], json.dumps([stack, template], default=str).encode()


def packed(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        yield from ((f"{path}:{name}", archive.read(name)) for name in archive.namelist())


def standing(owner: Owner) -> set[str]:
    stacks = owner.aws.client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"] for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"}


def buckets(owner: Owner) -> set[str]:
    return {bucket["Name"] for bucket in owner.aws.client("s3").list_buckets()["Buckets"]}


def empty(owner: Owner, bucket: str) -> None:
    """A bucket that is not empty cannot be deleted, on AWS as here."""
    s3 = owner.aws.client("s3")
    for found in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=found["Key"])
