"""The page of the labels: making, renaming, deleting with a way back. A slug outlives its name and is never used twice."""

import json
from typing import Any

import pytest
from django.test import Client

from mailbox.store import bucket, conversations, labels
from mailbox.store.keys import state_key
from mailbox.store.labels import Label
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import press, toast, undo
from tests.unit.pages.letters import letter
from tests.unit.pages.seen import all_words, elements, link, words
from tests.unit.pages.test_jobs import run_jobs

PAGE = "/settings/labels/"


def make(reader: Client, name: str) -> Any:
    return reader.post(PAGE, {"name": name}, follow=True)


def rename(reader: Client, slug: str, name: str) -> Any:
    return reader.post(f"{PAGE}rename/", {"slug": slug, "name": name}, follow=True)


def delete(reader: Client, slug: str) -> Any:
    return reader.post(f"{PAGE}delete/", {"slug": slug}, follow=True)


def names(page: str) -> list[str]:
    """What the fields of the list hold."""
    return [field["value"] for field in elements(page, "input") if field.get("aria-label", "").startswith("Name of the label")]


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    assert "None yet." in all_words(reader.get(PAGE).text)
    answer = make(reader, "  Work \u200b ")
    assert answer.redirect_chain[0][1] == 303
    assert toast(answer.text) == "Label “Work” is made."
    assert names(make(reader, "Bowls & vases").text) == ["Bowls & vases", "Work"]
    answer = rename(reader, "work", "Wages")
    assert toast(answer.text) == "The label is called “Wages” now."
    assert labels.read() == [Label("bowls-vases", "Bowls & vases"), Label("work", "Wages")]
    assert "Wages" in words(answer.text, "nav")[0]


def test_a_mail_that_carries_fifty_labels_takes_no_other_and_its_reader_is_told(reader: Client, mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(letter(n)) for n in range(2)]
    labelled = {"folder": "inbox", "seen": False, "flagged": False, "labels": [f"label-{n}" for n in range(50)], "clock": 1}
    mailbox.tell(mailbox.put(state_key(ids[0]), json.dumps(labelled).encode()))
    sentence = "A mail can carry 50 labels: take one off before you add another."
    assert toast(press(reader, "/b/inbox/", [1], do="label", name="Work").text) == sentence
    assert toast(press(reader, "/b/inbox/", [0, 1], do="label", name="Work").text) == f"Labelled “Work”. {sentence} Undo"
    assert [row.last for row in conversations.list_page("label:work").rows] == [ids[1]]


def test_a_renamed_label_stays_on_its_conversations(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    press(reader, "/b/inbox/", [0], do="label", name="Work")
    rename(reader, "work", "Wages")
    assert "Wages" in words(reader.get("/b/label-work/").text, "row")[0] + all_words(reader.get("/b/label-work/").text)
    assert words(reader.get("/b/inbox/").text, "lbl") == ["Wages"]


def test_a_deleted_label_is_gone_at_once_then_from_its_conversations_and_undo_brings_back_both(reader: Client, mailbox: Mailbox) -> None:
    for n in range(2):
        mailbox.arrive(letter(n))
    press(reader, "/b/inbox/", [0, 1], do="label", name="Work")
    page = delete(reader, "work").text
    assert toast(page).startswith("Label “Work” is deleted, and is being taken off its conversations.")
    assert (labels.read(), reader.get("/b/label-work/").status_code) == ([], 404)
    assert words(reader.get("/b/inbox/").text, "lbl") == []
    run_jobs(mailbox)
    assert conversations.count("label:work") == 0
    page = reader.get(link(page, "Look again")).text
    assert toast(page) == "Label “Work” is deleted. Conversations that had it: 2. Undo"
    page = undo(reader, page).text
    assert toast(page).startswith("Label “Work” is back")
    assert labels.read() == [Label("work", "Work")]
    run_jobs(mailbox)
    assert words(reader.get("/b/inbox/").text, "lbl") == ["Work", "Work"]


def test_a_slug_is_never_used_again(reader: Client, mailbox: Mailbox) -> None:
    for slug in ("work", "work-2", "work-3"):
        make(reader, "Work")
        assert labels.read() == [Label(slug, "Work")]
        delete(reader, slug)


def test_the_memory_of_deleted_labels_is_bounded_and_chance_helps_where_it_ends(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "DELETED_MOST", 2)
    slugs = []
    for _ in range(6):
        made = labels.add("Work")
        assert made
        slugs.append(made.slug)
        labels.delete(made.slug)
    assert len(set(slugs)) == 6
    assert len(json.loads(getattr(bucket.get(labels.KEY), "body", b""))["deleted"]) == 2


def test_as_many_labels_as_there_may_be_fit_into_what_is_read_back(mailbox: Mailbox) -> None:
    full = labels.Labels(
        tuple(Label(f"{'s' * 44}{n:03}", "\U0001f3fa" * 37 + f"{n:03}") for n in range(200)), tuple(f"{'d' * 44}{n:03}" for n in range(300))
    )
    body = labels.body_of(full)
    assert len(body) < labels.OBJECT_BYTES
    assert labels.labels_in(body) == full


def test_undo_says_so_where_another_label_has_the_name_by_now(reader: Client, mailbox: Mailbox) -> None:
    make(reader, "Work")
    page = delete(reader, "work").text
    run_jobs(mailbox)
    page = reader.get(link(page, "Look again")).text
    make(reader, "work")
    assert toast(undo(reader, page).text).startswith("Nothing was changed: another label has this name by now")
    assert labels.read() == [Label("work-2", "work")]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "Please give the label a name."),
        (" \u200b\t", "Please give the label a name."),
        ("x" * 41, "A name has at most 40 characters."),
        ("WORK", "Another label has this name."),
    ],
)
def test_what_is_wrong_with_a_name_is_said_beside_its_field(reader: Client, mailbox: Mailbox, name: str, error: str) -> None:
    for known in ("Work", "Home"):
        make(reader, known)
    for answer in (make(reader, name), rename(reader, "home", name)):
        assert answer.status_code == 422
        assert words(answer.text, "err") == [error]
        (field,) = [found for found in elements(answer.text, "input") if found.get("aria-invalid")]
        assert (field["aria-describedby"], field["value"]) == ("wrong", name)
    assert [label.name for label in labels.read()] == ["Home", "Work"]


def test_there_may_be_so_many(reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("store", "pages"):
        monkeypatch.setattr(f"mailbox.{module}.labels.LABELS_MOST", 1)
    make(reader, "Work")
    assert words(make(reader, "Home").text, "err") == ["There are 1 labels, which is as many as there may be."]


def test_what_another_tab_deleted_is_said(reader: Client, mailbox: Mailbox) -> None:
    assert toast(rename(reader, "work", "Wages").text) == "Nothing was changed: this label was deleted meanwhile."
    assert toast(delete(reader, "<b>").text) == "Nothing was changed: this label was deleted meanwhile."


@pytest.mark.parametrize("deleted", [7, ["A", 1, None, "x" * 60, "../"], {"a": 1}])
def test_deleted_slugs_that_are_none_are_read_as_nothing(deleted: Any) -> None:
    assert labels.labels_in(json.dumps({"labels": [["work", "Work"]], "deleted": deleted}).encode()) == labels.Labels(
        (Label("work", "Work"),)
    )


def test_a_name_with_markup_or_braces_is_only_a_name(reader: Client, mailbox: Mailbox) -> None:
    made = labels.add("<b>{}</b>")
    assert made
    answer = delete(reader, made.slug)
    assert "<b>{}" not in answer.text
    run_jobs(mailbox)
    assert toast(reader.get(link(answer.text, "Look again")).text) == "Label “<b></b>” is deleted. Conversations that had it: 0. Undo"
