"""`manage.py check` and `show_dns` as an operator gives them: what is printed, and the exit code."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import dns.zone
import pytest

from local.environment import PROJECT, REGION
from mailbox.checks import NEEDED
from postamt.checkup.lines import LINES
from tests.checkup.breaks import BREAKS
from tests.checkup.world import COOKIE, DOMAIN, HEADERS, NAMES, SECRETS, World
from tests.deploy.local_aws import LocalAws

TIMEOUT = 120


class FirstPage(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/login/" else 404)
        for name, value in {**HEADERS, "Set-Cookie": COOKIE}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def webmail() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), FirstPage) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def operator(aws: LocalAws, world: World, webmail: str) -> dict[str, str]:
    """The environment of the owner's shell."""
    elsewhere = {"POSTAMT_RESOLVER": world.name_server.address, "POSTAMT_WEBMAIL_URL": webmail, "POSTAMT_STATE": str(aws.state / "none")}
    return {"PATH": os.environ["PATH"], **aws.owner, **elsewhere}


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False)


def test_it_works(operator: dict[str, str]) -> None:
    done = run(operator, "check", DOMAIN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("ok  ") == len(LINES)
    assert not any(secret in done.stdout for secret in SECRETS.values())


def test_a_line_that_fails_is_told_with_what_to_do_and_ends_in_exit_code_1(operator: dict[str, str], world: World) -> None:
    with BREAKS["mx"](world):
        done = run(operator, "check", DOMAIN)
    assert done.returncode == 1
    assert f"FAIL  mx: Mail for {DOMAIN} goes to mail.elsewhere.example.\n      -> `make deploy TAKE_MX=yes`" in done.stdout
    assert done.stderr == f"CommandError: 1 of {len(LINES)} lines failed: mx.\n"


def test_as_json_it_is_one_list(operator: dict[str, str], world: World) -> None:
    with BREAKS["rule-tls"](world):
        done = run(operator, "check", DOMAIN, "--json")
    found = json.loads(done.stdout)
    assert [line["name"] for line in found] == [line.name for line in LINES]
    assert {tuple(line) for line in found} == {("name", "ok", "says", "todo")}
    assert [line["name"] for line in found if not line["ok"]] == ["rule-tls"]
    assert done.returncode == 1


def test_the_domain_may_come_from_the_environment_and_then_djangos_own_checks_come_first(operator: dict[str, str]) -> None:
    names = {"POSTAMT_DOMAIN": DOMAIN, "POSTAMT_BUCKET": NAMES.bucket, "POSTAMT_TABLE": NAMES.table}
    done = run(operator | names, "check")
    assert done.returncode == 1
    assert "POSTAMT_QUEUE_URL is not set." in done.stderr


def test_without_a_deployment_it_is_djangos_own_check(operator: dict[str, str]) -> None:
    local = {name: f"a-secret-or-name-of-{name.lower()}-for-tests" for name in (*NEEDED, "POSTAMT_AUTH_SECRET", "POSTAMT_JWT_SECRET")}
    for words in (["check"], ["check", "mailbox"], ["check", "--tag", "security"]):
        done = run(operator | local | {"POSTAMT_DOMAIN": "postamt.localhost"}, *words)
        assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_somebody_without_credentials_is_told_so(operator: dict[str, str]) -> None:
    without = {name: value for name, value in operator.items() if "KEY" not in name}
    done = run(without | {"HOME": "/nonexistent"}, "check", DOMAIN)
    assert done.returncode == 1
    assert "AWS does not say whose account this is" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_no_domain_is_refused(operator: dict[str, str]) -> None:
    done = run(operator, "check", "https://example.org")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not a domain name: write it like example.org" in done.stderr


def test_the_request_to_leave_the_sandbox_is_filled_with_facts(operator: dict[str, str]) -> None:
    done = run(operator, "check", DOMAIN, "--sandbox-request")
    assert done.returncode == 0
    for fact in (DOMAIN, REGION, NAMES.account, NAMES.webmail_url, NAMES.mail_from(DOMAIN), NAMES.events_topic):
        assert fact in done.stdout
    assert "{" not in done.stdout


def test_the_environment_it_prints_lets_other_commands_work_on_the_deployment(operator: dict[str, str]) -> None:
    exports = run(operator, "check", DOMAIN, "--environment").stdout
    assert not any(secret in exports for secret in SECRETS.values())
    set_up = dict(line.removeprefix("export ").split("=", 1) for line in exports.splitlines())
    done = run(operator | set_up, "reindex")
    assert (done.stdout, done.returncode) == ("Indexed 0 messages. Nothing is left to do.\n", 0)


def test_a_domain_by_name_never_means_the_post_office_on_this_machine(operator: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "environment.json").write_text(json.dumps({"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "POSTAMT_BUCKET": "postamt-local"}))
    done = run(operator | {"POSTAMT_STATE": str(tmp_path)}, "show_dns", DOMAIN)
    assert done.returncode == 0


def test_show_dns_prints_what_the_world_is_told_already(operator: dict[str, str], world: World) -> None:
    done = run(operator, "show_dns", DOMAIN)
    assert (done.returncode, done.stderr) == (0, "")
    for (name, kind), values in world.served.items():
        if kind != "A":
            assert all(f"{name}  " in done.stdout and value.strip('".') in done.stdout for value in values), name


def test_show_dns_as_a_zone_is_read_by_a_name_server(operator: dict[str, str]) -> None:
    done = run(operator, "show_dns", DOMAIN, "--zone")
    zone = dns.zone.from_text(done.stdout, origin=DOMAIN, check_origin=False)
    assert zone.get_rdataset("@", "MX") is not None
    assert zone.get_rdataset("webmail", "CNAME") is not None


def test_show_dns_says_where_mail_goes_today(operator: dict[str, str], world: World) -> None:
    with BREAKS["mx"](world):
        done = run(operator, "show_dns", DOMAIN)
    assert f"Mail for {DOMAIN} goes to mail.elsewhere.example today." in done.stderr


def test_show_dns_before_a_deployment_says_what_is_to_come(operator: dict[str, str]) -> None:
    done = run(operator, "show_dns", "new.example")
    assert done.returncode == 0
    assert "10 inbound-smtp" in done.stdout
    assert "Not made yet: three CNAMEs for DKIM, the CNAME that proves the certificate, the CNAME webmail.new.example." in done.stderr
