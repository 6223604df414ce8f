"""The API behind API Gateway and Zappa's handler, as it runs on AWS."""

import json
import sys

import pytest

from mailbox.store import bucket
from tests.settings import SECRET
from tests.unit.gateway import answer, zappa_settings
from tests.unit.in_memory import Mailbox

JSON = "application/json"
MAIL = {"to": [{"addr_spec": "ann@example.org"}], "subject": "Schüsseln", "text": "Grün."}


def test_a_program_signs_in_and_sends(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zappa_settings", zappa_settings())
    admitted = answer("/api/auth", "POST", json.dumps({"secret": SECRET}).encode(), Content_Type=JSON)
    bearer = f"Bearer {json.loads(admitted.body)['token']}"
    sent = answer("/api/emails", "POST", json.dumps(MAIL, ensure_ascii=False).encode(), Content_Type=JSON, Authorization=bearer)
    assert (admitted.status, sent.status) == (200, 202)
    assert [f"outbox/{json.loads(sent.body)['outbox_id']}"] == list(bucket.keys("outbox/"))
    assert answer("/api/emails", "OPTIONS").status == 204
    assert answer("/api/emails", "DELETE", Authorization=bearer).status == 405
