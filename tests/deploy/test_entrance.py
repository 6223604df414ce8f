"""CloudFront's function at the entrance, run as it is: it writes what tests/deploy/front.py writes in its place."""

import json
import subprocess
from pathlib import Path
from typing import Any

from local.environment import PROJECT

FUNCTION = PROJECT / "cdk_infra" / "constructs" / "entrance.js"
CALL = "{code}\nconsole.log(JSON.stringify(handler({event})));"


def headers_after(written: dict[str, str], viewer: str = "203.0.113.7") -> dict[str, str]:
    headers = {name: {"value": value} for name, value in ({"host": "webmail.example.org"} | written).items()}
    event = {"request": {"method": "GET", "uri": "/", "headers": headers}, "viewer": {"ip": viewer}}
    code = CALL.format(code=Path(FUNCTION).read_text(), event=json.dumps(event))
    done = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True)
    request: dict[str, Any] = json.loads(done.stdout)
    return {name: field["value"] for name, field in request["headers"].items()}


def test_it_works() -> None:
    after = headers_after({"accept": "text/html"})
    assert after["x-forwarded-host"] == "webmail.example.org"
    assert after["x-viewer-address"] == "203.0.113.7"
    assert after["accept"] == "text/html"


def test_a02_a23_what_a_client_wrote_there_is_overwritten() -> None:
    after = headers_after({"x-forwarded-host": "evil.example", "x-viewer-address": "1.2.3.4"}, viewer="2001:db8::7")
    assert (after["x-forwarded-host"], after["x-viewer-address"]) == ("webmail.example.org", "2001:db8::7")


def test_a02_a23_nothing_stands_there_under_a_name_that_the_webmail_could_take_for_it() -> None:
    after = headers_after({"x_viewer_address": "1.2.3.4", "x-viewer_address": "1.2.3.4", "x_origin_secret": "a-guess", "x-mine": "kept"})
    assert after == {
        "host": "webmail.example.org",
        "x-forwarded-host": "webmail.example.org",
        "x-viewer-address": "203.0.113.7",
        "x-mine": "kept",
    }
