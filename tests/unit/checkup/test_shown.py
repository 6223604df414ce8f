"""Whether the webmail lets the round trip in: what stands at its address may be something else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
import pytest
from moto import mock_aws

from cdk_infra.deployment import Deployment
from postamt.checkup.deployed import Deployed
from postamt.checkup.resolver import Resolver
from postamt.checkup.shown import shown

DOMAIN = "example.org"
NAMES = Deployment("123456789012", "eu-west-1", (DOMAIN,), "me@elsewhere.example")


class Stranger(BaseHTTPRequestHandler):
    body = b""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        """A test has nobody to tell."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with mock_aws():
        ssm = boto3.client("ssm", region_name=NAMES.region)
        ssm.put_parameter(Name=NAMES.auth_secret, Value="secret", Type="SecureString")
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("body", [b"<!doctype html>Parked", b"\xff", b"[]", b"null", b'{"hello": "you"}'])
def test_a_page_of_somebody_else_does_not_let_us_in(body: bytes, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stranger, "body", body)
    result = shown(Deployed(NAMES, DOMAIN, boto3.Session(), Resolver({}), url), "an-id", lambda _now: "at once")
    assert (result.ok, result.says) == (False, "The webmail does not let us in: it answers 200.")
