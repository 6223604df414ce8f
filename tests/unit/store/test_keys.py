"""Keys and ids name each other, and nothing else is either."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbox.store.keys import ID_PATTERN, is_id, is_mail, key_of, message_id_of, new_id, raw_key

ODD_NAMES = ["a+b", "a b", "grüße", "😀", "a%2Bb", "_x", "x.json", "a" * 241, "é" * 80]


def test_it_works() -> None:
    assert message_id_of("incoming/abc123") == "incoming-abc123"
    assert key_of("sent-0102018f-1a2b-000000") == "sent/0102018f-1a2b-000000"


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_of_other_characters_has_an_id_of_plain_ones(name: str) -> None:
    id = message_id_of(f"incoming/{name}") if len(name) < 180 else "incoming-_x"
    assert set(id) <= set(string.ascii_letters + string.digits + "_-")


@given(st.text(min_size=1, max_size=40).filter(lambda name: "/" not in name and name != "AMAZON_SES_SETUP_NOTIFICATION"))
def test_every_name_comes_back_from_its_id(name: str) -> None:
    key = f"incoming/{name}"
    assert key_of(message_id_of(key)) == key


@given(st.text(max_size=60) | st.from_regex(rf"(incoming|sent)-{ID_PATTERN}", fullmatch=True))
def test_a_text_is_an_id_only_if_it_is_the_id_of_its_key(text: str) -> None:
    if is_id(text):
        assert message_id_of(key_of(text)) == text


@pytest.mark.parametrize(
    "key",
    [
        "",
        "incoming/",
        "incoming/a/b",
        "incoming/../state/x",
        "incoming/AMAZON_SES_SETUP_NOTIFICATION",
        "incoming/" + "a" * 1015,
        "outbox/abc",
        "settings/filters.json",
        "/incoming/abc",
        "Incoming/abc",
        "incoming",
    ],
)
def test_other_keys_are_no_mail(key: str) -> None:
    assert not is_mail(key)


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("incoming/abc", "incoming/abc"),
        ("sent/abc", "sent/abc"),
        ("sent/abc.json", "sent/abc"),
        ("receipts/abc.json", "incoming/abc"),
        ("state/incoming-abc.json", "incoming/abc"),
        ("state/sent-a-b.json", "sent/a-b"),
        ("events/abc/e1.json", "sent/abc"),
        ("incoming/x.json", "incoming/x.json"),
        ("state/incoming-abc", None),
        ("state/nonsense.json", None),
        ("state/incoming-a/b.json", None),
        ("receipts/a/b.json", None),
        ("outbox/abc", None),
        ("incoming/", None),
    ],
)
def test_an_object_knows_the_mail_it_speaks_of(key: str, raw: str | None) -> None:
    assert raw_key(key) == raw


@pytest.mark.parametrize("odd", [name for name in ODD_NAMES if len(name) < 180])
def test_the_objects_beside_an_oddly_named_mail_find_it(odd: str) -> None:
    key = f"incoming/{odd}"
    assert raw_key(f"state/{message_id_of(key)}.json") == key
    assert raw_key(f"receipts/{odd}.json") == key


def test_new_ids_differ() -> None:
    assert len({new_id() for _ in range(100)}) == 100
