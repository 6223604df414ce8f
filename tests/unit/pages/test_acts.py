"""Acts on conversations, as the buttons of list and conversation post them, and the way back."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from mailbox.store import conversations, flags
from mailbox.store.errors import MailboxNotReachable
from tests.unit.calls import failing
from tests.unit.in_memory import Mailbox
from tests.unit.pages.forms import hidden, press, press_open, toast, undo, values
from tests.unit.pages.letters import is_unread, letter, opened, thread_of
from tests.unit.pages.seen import all_words, elements, link, words


def subjects(reader: Client, box: str) -> list[str]:
    return words(reader.get(f"/b/{box}/").text, "sub")


def three(mailbox: Mailbox) -> list[str]:
    """Three conversations; the newest is listed first."""
    return [mailbox.arrive(letter(n, subject=f"Letter {n}")) for n in (3, 2, 1)]


def test_it_works(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = press(reader, "/b/inbox/", [0, 2], do="archive").text
    assert toast(page) == "2 conversations archived. Undo"
    assert (subjects(reader, "inbox"), subjects(reader, "archive")) == (["Letter 2"], ["Letter 3", "Letter 1"])
    page = undo(reader, page).text
    assert toast(page) == "Undone."
    assert (subjects(reader, "inbox"), subjects(reader, "archive")) == (["Letter 3", "Letter 2", "Letter 1"], [])


@pytest.mark.parametrize(
    ("do", "box", "said"),
    [("archive", "archive", "Archived."), ("trash", "trash", "Moved to Trash."), ("junk", "junk", "Moved to Spam.")],
)
def test_each_folder_takes_a_conversation_and_gives_it_back(reader: Client, mailbox: Mailbox, do: str, box: str, said: str) -> None:
    three(mailbox)
    assert toast(press(reader, "/b/inbox/", [1], do=do).text).startswith(said)
    assert subjects(reader, box) == ["Letter 2"]
    assert toast(press(reader, f"/b/{box}/", [0], do="inbox").text).startswith("Moved to Inbox.")
    assert subjects(reader, "inbox") == ["Letter 3", "Letter 2", "Letter 1"]


def test_the_reader_comes_back_to_the_page_of_the_list(reader: Client, mailbox: Mailbox) -> None:
    for n in range(55):
        mailbox.arrive(letter(n, subject=f"Letter {n}"))
    older = link(reader.get("/b/inbox/").text, "Older")
    answer = press(reader, older, [0], do="archive")
    (location, status) = answer.redirect_chain[0]
    assert status == 303
    assert location.startswith(older)
    assert words(answer.text, "sub")[0] == "Letter 28"


def test_a_script_gets_the_toast_alone(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = reader.get("/b/inbox/").text
    answer = reader.post("/act/", hidden(page) | {"t": values(page)[0], "do": "trash"}, headers={"X-Fragment": "1"})
    assert (answer.status_code, toast(answer.text)) == (200, "Moved to Trash. Undo")
    assert "<html" not in answer.text


def test_mail_that_came_after_the_page_was_made_stays(reader: Client, mailbox: Mailbox) -> None:
    first = mailbox.arrive(letter(1))
    page = reader.get("/b/inbox/").text
    second = mailbox.arrive(letter(2, answers=1))
    reader.post("/act/", hidden(page) | {"t": values(page), "do": "archive"})
    assert [conversations.find_message(id).folder for id in (first, second)] == ["archive", "inbox"]  # type: ignore[union-attr]


def test_an_open_conversation_acts_on_what_its_page_showed(reader: Client, mailbox: Mailbox) -> None:
    first = mailbox.arrive(letter(1))
    url = f"/t/{thread_of(first)}/"
    page = reader.get(url).text
    second = mailbox.arrive(letter(2, answers=1))
    reader.post("/act/", hidden(page, "data-open") | {"t": thread_of(first), "m": [first], "do": "archive"})
    assert [conversations.find_message(id).folder for id in (first, second)] == ["archive", "inbox"]  # type: ignore[union-attr]


def test_after_an_act_from_a_conversation_its_list_is_shown(reader: Client, mailbox: Mailbox) -> None:
    id = mailbox.arrive(letter())
    answer = press_open(reader, f"/t/{thread_of(id)}/", do="archive")
    assert urlsplit(answer.redirect_chain[0][0]).path == "/b/inbox/"
    assert toast(answer.text) == "Archived. Undo"


def test_a_star_keeps_the_conversation_open_and_marks_its_newest_message(reader: Client, mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(letter(n, answers=0 if n else None)) for n in range(3)]
    answer = press_open(reader, f"/t/{thread_of(ids[0])}/", do="star")
    assert urlsplit(answer.redirect_chain[0][0]).path == f"/t/{thread_of(ids[0])}/"
    assert [conversations.find_message(id).flagged for id in ids] == [False, False, True]  # type: ignore[union-attr]
    assert subjects(reader, "starred") == ["Bowls"]
    press_open(reader, f"/t/{thread_of(ids[0])}/", do="unstar")
    assert subjects(reader, "starred") == []


def test_the_star_of_a_row_is_a_button_of_its_own(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = reader.get("/b/inbox/").text
    stars = [button for button in elements(page, "button") if "star" in button.get("class", "") and button["name"] == "star"]
    reader.post("/act/", hidden(page) | {"t": values(page)[1:], "star": stars[0]["value"]})
    page = reader.get("/b/inbox/").text
    assert [button["aria-pressed"] for button in elements(page, "button") if "star" in button.get("class", "")] == [
        "true",
        "false",
        "false",
    ]
    assert words(reader.get("/b/inbox/?f=starred").text, "sub") == ["Letter 3"]


def test_read_and_unread(reader: Client, mailbox: Mailbox) -> None:
    ids = [mailbox.arrive(letter(n, answers=0 if n else None)) for n in range(2)]
    assert toast(press(reader, "/b/inbox/", [0], do="read").text).startswith("Marked as read.")
    assert [is_unread(id) for id in ids] == [False, False]
    assert toast(press(reader, "/b/inbox/", [0], do="unread").text).startswith("Marked as unread.")
    assert [is_unread(id) for id in ids] == [False, True]


def test_sent_copies_are_never_archived_and_thrown_away_only_from_sent(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    mailbox.tell(mailbox.put("sent/one", letter(2, answers=1, sender="me@example.com", to="Ann <ann@example.org>")))
    press(reader, "/b/inbox/", [0], do="archive")
    press(reader, "/b/archive/", [0], do="trash")
    assert [subjects(reader, box) for box in ("inbox", "archive", "trash", "sent")] == [[], [], ["Bowls"], ["Bowls"]]
    press(reader, "/b/sent/", [0], do="trash")
    assert subjects(reader, "sent") == []
    press(reader, "/b/trash/", [0], do="inbox")
    assert [subjects(reader, box) for box in ("inbox", "trash", "sent")] == [["Bowls"], [], ["Bowls"]]


def test_a_later_act_wins_and_undo_says_so(reader: Client, mailbox: Mailbox) -> None:
    ids = three(mailbox)
    page = press(reader, "/b/inbox/", [0, 1], do="archive").text
    flags.act(thread_of(ids[0]), None, lambda now: flags.Flags(folder="trash"))
    assert toast(undo(reader, page).text) == "Undone, but 1 message was changed meanwhile and stays."
    assert (subjects(reader, "inbox"), subjects(reader, "trash")) == (["Letter 2", "Letter 1"], ["Letter 3"])


def test_undo_pressed_twice_is_undone_and_one_of_yesterday_is_too_late(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = press(reader, "/b/inbox/", [0], do="archive").text
    assert [toast(undo(reader, page).text) for _ in range(2)] == ["Undone.", "Undone."]
    for token in ("", "unknown", "x" * 5_000, "\x00"):
        assert toast(reader.post("/undo/", {"u": token}, follow=True).text) == "This can no longer be undone."


def test_two_tabs_tell_the_truth(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    tab = reader.get("/b/inbox/").text
    press(reader, "/b/inbox/", [0], do="trash")
    answer = reader.post("/act/", hidden(tab) | {"t": values(tab)[0], "do": "trash"}, follow=True)
    assert toast(answer.text) == "Nothing had to be changed."
    assert words(answer.text, "sub") == ["Letter 2", "Letter 1"]


def test_a_toast_is_not_believed_from_elsewhere_and_only_for_ten_minutes(reader: Client, mailbox: Mailbox) -> None:
    for token in ("Your mailbox is full", "WyJ4IiwiIl0:1xx:yy", "x" * 5_000):
        assert words(reader.get("/b/inbox/", {"u": token}).text, "toast") == []


def test_a_toast_is_not_part_of_where_the_reader_is(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = press(reader, "/b/inbox/", [0], do="archive").text
    assert parse_qs(urlsplit(hidden(page)["next"]).query) == {}


def test_a_label_is_made_worn_listed_and_taken_off(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = press(reader, "/b/inbox/", [0], do="label", name="  Copper &\u200b red ").text
    assert toast(page) == "Labelled “Copper & red”. Undo"
    assert words(page, "lbl") == ["Copper & red"]
    assert link(page, "Copper & red") == "/b/label-copper-red/"
    listed = reader.get("/b/label-copper-red/").text
    assert (words(listed, "sub"), words(listed, "lbl")) == (["Letter 3"], [])
    press(reader, "/b/inbox/", [1], to="label-copper-red")
    assert subjects(reader, "label-copper-red") == ["Letter 3", "Letter 2"]
    page = press(reader, "/b/label-copper-red/", [0], off="label-copper-red").text
    assert toast(page) == "Label “Copper & red” removed. Undo"
    assert subjects(reader, "label-copper-red") == ["Letter 2"]


def test_two_labels_of_one_sound_have_slugs_of_their_own(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    for name in ("Ton", "Tön", "тон", "ton"):
        press(reader, "/b/inbox/", [0], do="label", name=name)
    rail = [a["href"] for a in elements(reader.get("/b/inbox/").text, "a") if a["href"].startswith("/b/label-")]
    assert sorted(rail) == ["/b/label-label/", "/b/label-ton-2/", "/b/label-ton/"]


def test_a_muted_conversation_does_not_come_back_to_the_inbox(reader: Client, mailbox: Mailbox) -> None:
    first = mailbox.arrive(letter(1))
    page = press(reader, "/b/inbox/", [0], do="mute").text
    assert toast(page).startswith("Muted: new mail of it goes to Archive.")
    second = mailbox.arrive(letter(2, answers=1))
    assert (subjects(reader, "inbox"), subjects(reader, "archive")) == ([], ["Bowls"])
    press_open(reader, f"/t/{thread_of(first)}/?in=archive", do="unmute")
    third = mailbox.arrive(letter(3, answers=1))
    assert [conversations.find_message(id).folder for id in (first, second, third)] == ["archive", "archive", "inbox"]  # type: ignore[union-attr]


def test_a_conversation_is_unmuted_as_a_whole_wherever_its_messages_lie(reader: Client, mailbox: Mailbox) -> None:
    mailbox.arrive(letter(1))
    press(reader, "/b/inbox/", [0], do="mute")
    press(reader, "/b/archive/", [0], do="trash")
    second = mailbox.arrive(letter(2, answers=1))
    press_open(reader, f"/t/{thread_of(second)}/?in=archive", do="unmute")
    third = mailbox.arrive(letter(3, answers=1))
    assert [conversations.find_message(id).folder for id in (second, third)] == ["archive", "inbox"]  # type: ignore[union-attr]


def test_of_a_conversation_half_in_trash_each_list_opens_its_own_half(reader: Client, mailbox: Mailbox) -> None:
    first = mailbox.arrive(letter(1, sender="Ann <ann@example.org>"))
    press(reader, "/b/inbox/", [0], do="trash")
    second = mailbox.arrive(letter(2, sender="Bob <bob@example.org>", answers=1))
    assert words(opened(reader, second), "from") == ["Bob"]
    assert words(opened(reader, first, "?in=trash"), "from") == ["Ann"]


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"do": "archive"},
        {"do": "format", "t": "0" * 32},
        {"do": "archive", "t": "x"},
        {"do": "archive", "t": "0" * 32 + "@2026-99-99T00:00:00Z"},
        {"do": "label", "t": "0" * 32},
        {"do": "label", "name": "\u200b", "t": "0" * 32},
        {"to": "label-unknown", "t": "0" * 32},
        {"to": "purged", "t": "0" * 32},
        {"to": "sent", "t": "0" * 32},
    ],
)
def test_what_no_page_posts_is_refused(reader: Client, mailbox: Mailbox, posted: dict[str, str]) -> None:
    three(mailbox)
    before = mailbox.items()
    assert reader.post("/act/", posted).status_code == 400
    assert mailbox.items() == before


def test_an_act_leads_to_no_other_site(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    value = values(reader.get("/b/inbox/").text)[0]
    for target in ("https://evil.example/", "//evil.example/", "/act/", "/undo/", "/nowhere/", "javascript:alert(1)"):
        answer = reader.post("/act/", {"do": "star", "t": value, "next": target})
        assert answer["Location"].startswith("/b/inbox/?u=")


def test_what_could_not_be_reached_is_said(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = reader.get("/b/inbox/").text
    with failing("TransactWriteItems", "AccessDeniedException", times=1):
        answer = reader.post("/act/", hidden(page) | {"t": values(page), "do": "archive"}, follow=True)
    assert toast(answer.text).startswith("2 conversations archived. 1 could not be reached")
    with failing("Query", "AccessDeniedException"):
        assert reader.post("/act/", hidden(page) | {"t": values(page), "do": "trash"}).status_code == 503


def test_what_was_done_is_told_also_where_its_undo_cannot_be_kept(
    reader: Client, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    three(mailbox)
    page = reader.get("/b/inbox/").text
    with failing("PutItem", "AccessDeniedException"):
        answer = reader.post("/act/", hidden(page) | {"t": values(page)[0], "do": "archive"}, headers={"X-Fragment": "1"})
    assert (answer.status_code, toast(answer.text)) == (200, "Archived.")
    assert subjects(reader, "archive") == ["Letter 3"]
    assert "the way back could not be kept" in caplog.text


def test_what_was_done_is_told_also_where_nothing_more_can_be_counted(
    reader: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    three(mailbox)
    page = reader.get("/b/inbox/").text

    def break_off(*_: object, **__: object) -> int:
        raise MailboxNotReachable("the table")

    with monkeypatch.context() as patch:
        patch.setattr("mailbox.store.conversations.count", break_off)
        answer = reader.post("/act/", hidden(page) | {"t": values(page)[0], "do": "archive"}, headers={"X-Fragment": "1"})
    assert (answer.status_code, toast(answer.text)) == (200, "Archived. Undo")


def test_a_whole_page_is_ticked_without_javascript(reader: Client, mailbox: Mailbox) -> None:
    three(mailbox)
    page = reader.get(link(reader.get("/b/inbox/").text, "Select all")).text
    ticked = [field for field in elements(page, "input") if field.get("class") == "pick"]
    assert [("checked" in field) for field in ticked] == [True] * 3
    assert "checked" not in str(elements(reader.get("/b/inbox/").text, "input"))


def test_every_box_says_when_it_is_empty(reader: Client) -> None:
    for box, sentence in {"starred": "No stars yet", "archive": "Nothing archived yet", "trash": "Trash is empty"}.items():
        assert sentence in all_words(reader.get(f"/b/{box}/").text)
