"""Schemathesis asks every operation what its document allows, and what it does not, with all the checks that it has."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from postamt.wsgi import application
from tests.unit.api.conftest import Program
from tests.unit.in_memory import MAILS, Mailbox, mail

EXAMPLES = 40
# What an address, a label or a secret means stands in no schema: 401, 404, 422 and, after some secrets, 429.
ACCEPTED = PositiveDataAcceptanceConfig(expected_statuses=["2xx", "401", "404", "422", "429"])
EMAIL, RAW = "/api/emails/{id}", "/api/emails/{id}/raw"

load_all_checks()
project = ProjectConfig(
    checks=ChecksConfig(positive_data_acceptance=ACCEPTED),
    generation=GenerationConfig(with_security_parameters=False),  # `ignored_auth` asks without the token and with others
)
config = SchemathesisConfig(projects=ProjectsConfig(default=project))
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application, config=config)


def headers_of(program: Program) -> dict[str, str]:
    return {"Authorization": f"Bearer {program.token}", "Accept-Encoding": "identity"}  # it does not unpack answers


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_to_the_document(case: Any, program: Program, mailbox: Mailbox) -> None:
    case.call_and_validate(headers=headers_of(program))


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_every_mail_is_given_as_the_document_says(path: Path, program: Program, mailbox: Mailbox) -> None:
    id = mailbox.arrive(path.read_bytes())
    for operation in (EMAIL, RAW):
        case = schema[operation]["GET"].Case(path_parameters={"id": id})
        assert case.call_and_validate(headers=headers_of(program)).status_code == 200
    answer = schema["/api/emails"]["GET"].Case(query={"limit": 1}).call_and_validate(headers=headers_of(program))
    assert answer.status_code == 200


def test_a_mail_that_is_sent_is_answered_as_the_document_says(program: Program, mailbox: Mailbox) -> None:
    body: Any = {"to": [{"addr_spec": "ann@example.org"}], "subject": "Bowls", "text": "Yes.", "in_reply_to": mailbox.arrive(mail(1))}
    case = schema["/api/emails"]["POST"].Case(body=body, media_type="application/json", headers={"Idempotency-Key": "a-key"})
    assert case.call_and_validate(headers=headers_of(program)).status_code == 202
