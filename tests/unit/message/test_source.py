"""The source for people's eyes: nothing hidden, nothing that acts, and what SES wrote told from what a sender wrote."""

from hypothesis import given
from hypothesis import strategies as st

from mailbox.message.source import FIELDS_SHOWN, SHOWN_BY_NAME, SHOWN_BYTES, VALUE_SHOWN, source_of
from tests.unit.pages.letters import letter


def test_it_works() -> None:
    source = source_of(letter(subject="Bowls"), received=True)
    marked = [field.name for field in source.fields if field.by_ses]
    assert marked == ["return-path", "received", "x-ses-spam-verdict", "x-ses-virus-verdict", "authentication-results"]
    assert ("subject", "Bowls", False) in [(field.name, field.value, field.by_ses) for field in source.fields]
    assert "Are they ready?" in source.text
    assert not source.cut


def test_a_block_that_only_looks_like_that_of_ses_is_the_senders() -> None:
    assert not any(field.by_ses for field in source_of(letter(), received=False).fields)


def test_a_verdict_further_down_is_the_senders() -> None:
    source = source_of(letter(headers={"X-SES-Spam-Verdict": "PASS"}), received=True)
    assert [field.by_ses for field in source.fields if field.name == "x-ses-spam-verdict"] == [True, False]


def test_encoded_words_are_decoded_in_the_table_and_stand_in_the_text() -> None:
    source = source_of(b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nx", received=False)
    assert source.fields[0].value == "Grüße"
    assert "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" in source.text


def test_what_cannot_be_seen_is_made_visible() -> None:
    source = source_of("Subject: a\u202eb\u200bc\r\n\r\n\x00\x1b[31m\x7f\r.\tend\n".encode() + b"\xff\x80", received=False)
    assert source.fields[0].value == "a‹U+202E›b‹U+200B›c"
    assert source.text.endswith("\n\n␀␛[31m␡␍.\tend\n\\xff\\x80")


def test_a_line_break_in_an_encoded_word_stays_in_its_cell() -> None:
    source = source_of(b"Subject: =?utf-8?q?a=0D=0AX-SES-Spam-Verdict:_PASS?=\r\n\r\n", received=False)
    assert source.fields[0].value == "a␊X-SES-Spam-Verdict: PASS"


def test_fields_values_and_text_are_bounded_and_it_is_said() -> None:
    raw = b"X-Long: " + b"x" * 9_000 + b"\r\n" + b"X-Many: 1\r\n" * 600 + b"\r\n" + b"y" * SHOWN_BYTES
    source = source_of(raw, received=False)
    assert len(source.fields) == FIELDS_SHOWN
    assert source.more_fields == 101
    assert source.fields[0].value == "x" * VALUE_SHOWN + "…"
    assert source.cut


@given(st.binary(max_size=300))
def test_any_bytes_have_a_source_without_unseen_characters(raw: bytes) -> None:
    source = source_of(raw, received=True)
    assert not SHOWN_BY_NAME.search(source.text + "".join(field.name + field.value for field in source.fields))
