"""Two policy documents that say the same are the same, however they write it."""

import json
from urllib.parse import quote

from postamt.checkup.statements import decoded, missing_from

READ = {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "arn:aws:s3:::mail/*"}
SEND = {
    "Sid": "Send",
    "Effect": "Allow",
    "Action": "ses:SendEmail",
    "Resource": "*",
    "Condition": {"StringLike": {"ses:FromAddress": "*@a"}},
}
WANTED = {"Statement": [READ, SEND]}


def test_it_works() -> None:
    assert missing_from(WANTED, WANTED) == []


def test_order_and_lists_of_one_and_names_say_nothing() -> None:
    written = [
        {**SEND, "Action": ["ses:SendEmail"], "Sid": "S1"},
        {**READ, "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::mail/*"]},
    ]
    assert missing_from({"Statement": written}, WANTED) == []


def test_a_statement_without_its_condition_is_another_one() -> None:
    assert missing_from({"Statement": [READ, {**SEND, "Condition": {}}]}, WANTED) == ["Send"]


def test_a_single_statement_needs_no_list() -> None:
    assert missing_from({"Statement": READ}, WANTED) == ["Send"]


def test_a_document_is_read_as_text_as_text_of_a_url_and_as_it_is() -> None:
    text = json.dumps(WANTED)
    assert decoded(text) == decoded(quote(text)) == decoded(WANTED) == WANTED
