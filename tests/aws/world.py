"""A small world of mail for random histories: what can happen to a mailbox, and what must hold in the end."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from django.conf import settings

from indexer.index import index_message, read_receipt
from indexer.rebuild import every_mail, rebuild
from mailbox.store import bucket, preferences
from mailbox.store.acts import MUTED, muted
from mailbox.store.aws import client
from mailbox.store.facts import Facts, facts_of
from mailbox.store.flags import Changed, Flags, act, flags_in
from mailbox.store.keys import receipt_key, sidecar_key, state_key
from mailbox.store.listings import rows_of
from mailbox.store.models import Message, create_table
from mailbox.store.people import ME, MET, NAME, THEY, folded_name, mark
from mailbox.store.rows import message_of
from mailbox.store.sidecars import sidecar_of
from tests.unit.in_memory import Mailbox, mail

Change = Callable[[Flags], Flags]

ACTS: dict[str, Change] = {
    "read": lambda flags: replace(flags, seen=True),
    "unread": lambda flags: replace(flags, seen=False),
    "star": lambda flags: replace(flags, flagged=True),
    "unstar": lambda flags: replace(flags, flagged=False),
    "archive": lambda flags: replace(flags, folder="archive") if flags.folder == "inbox" else flags,
    "trash": lambda flags: replace(flags, folder="trash"),
    "inbox": lambda flags: replace(flags, folder="inbox") if flags.folder in ("archive", "trash", "junk") else flags,
    "junk": lambda flags: replace(flags, folder="junk") if flags.folder != "sent" else flags,
    "label": lambda flags: replace(flags, labels=tuple(sorted({*flags.labels, "work"}))),
    "answered": lambda flags: replace(flags, keywords=tuple(sorted({*flags.keywords, "$answered"}))),
    "mute": muted,
    "unmute": lambda flags: replace(flags, keywords=tuple(word for word in flags.keywords if word != MUTED)),
    "purge": lambda flags: replace(flags, folder="purged") if flags.folder == "trash" else flags,
}
JUNK = "X-SES-Spam-Verdict: FAIL\r\nX-SES-Virus-Verdict: PASS\r\n"
PEOPLE = ["Ann <ann@example.org>", "Bob <bob@example.org>", "Ann <ann@example.net>"]


@dataclass
class World:
    """A fresh bucket and table, the events that AWS still owes the indexer, and what was done so far."""

    mailbox: Mailbox
    number: int = 0
    mails: list[tuple[str, int, int]] = field(default_factory=list)  # key, own number, number of the conversation's first
    owed: list[str] = field(default_factory=list)
    promised: dict[str, bytes] = field(default_factory=dict)  # sidecars that come later than their mail
    done: list[list[Changed]] = field(default_factory=list)

    def begin(self, name: str) -> "World":
        fresh_table(self.mailbox)
        self.mailbox.bucket = settings.POSTAMT_BUCKET = f"{self.mailbox.table}-{name}"
        client("s3").create_bucket(Bucket=settings.POSTAMT_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        return self

    def put(self, key: str, body: bytes) -> str:
        self.owed.append(self.mailbox.put(key, body))
        return key

    def receive(self, parent: tuple[str, int, int] | None = None, orphan: bool = False, twin: bool = False, junk: bool = False) -> str:
        """A mail; a reply; a reply whose parent may come later; or another mail with the Message-ID of `parent`."""
        self.number += 1
        own, root, cited = self.number, self.number, None
        if twin and parent:
            own = parent[1]
        elif parent:
            cited, root = parent[1], parent[2]
        elif orphan:
            root = cited = self.number + 1
        sender = PEOPLE[self.number % 3]
        raw = mail(own, parent=cited, root=root, subject=f"Subject {self.number}", top=JUNK if junk else "", sender=sender)
        self.mails.append((f"incoming/s{self.number}", own, root))
        return self.put(f"incoming/s{self.number}", raw)

    def send(self, parent: tuple[str, int, int] | None, late_sidecar: bool) -> str:
        self.number += 1
        name = f"s{self.number}"
        sidecar = json.dumps({"sent_at": "2026-11-24T12:00:00Z", "ses_message_id": f"{name}@eu-west-1.amazonses.com"}).encode()
        to, cc = PEOPLE[self.number % 3], PEOPLE[self.number % 2]
        raw = mail(self.number, parent=parent[1] if parent else None, root=parent[2] if parent else None, to=to, extra=f"Cc: {cc}\r\n")
        raw = raw.partition(b"\r\nFrom:")[2].join([b"Date: Tue, 24 Nov 2026 11:00:00 +0000\r\nFrom:", b""])
        if not late_sidecar:
            self.put(sidecar_key(name), sidecar)
        self.put(f"sent/{name}", raw)
        if late_sidecar:
            self.promised[sidecar_key(name)] = sidecar
        return f"sent/{name}"

    def thread_ids(self) -> list[str]:
        return sorted({pk[2:] for pk, sk in self.mailbox.items() if sk == "#head"})

    def act(self, thread_id: str, do: str) -> Callable[[], None]:
        """An act of a person. Its state objects' events are owed from now on, whether or not it gets that far."""
        self.owed += [
            state_key(item["id"]["S"]) for (pk, sk), item in self.mailbox.items().items() if pk == f"t#{thread_id}" and sk[0] == "m"
        ]
        return lambda: self.done.append(act(thread_id, None, ACTS[do]))

    def undo(self, thread_id: str, changes: list[Changed]) -> Callable[[], None]:
        """Back to what it was, message by message, unless something else was done to that message since."""
        self.owed += [state_key(change.id) for change in changes]

        def operation() -> None:
            for change in changes:
                act(thread_id, [change.id], partial(undone, change))

        return operation

    def block(self, person: str) -> Callable[[], None]:
        """A person blocks a sender, or unblocks one who is blocked."""
        address = person.rstrip(">").partition(" <")[2]

        def operation() -> None:
            if preferences.senders().has_blocked(address):
                preferences.unblock_sender(address)
            else:
                preferences.block_sender(address)

        return operation

    def erase(self, key: str) -> Callable[[], None]:
        """What the erasing job does: the raw mail and its receipt go, the state stays as the reason."""
        self.mails = [one for one in self.mails if one[0] != key]
        self.owed.append(key)

        def operation() -> None:
            bucket.delete(key)
            bucket.delete(receipt_key(key.partition("/")[2]))
            index_message(key)

        return operation


def undone(change: Changed, now: Flags) -> Flags:
    return change.before if now == change.after else now


def fresh_table(mailbox: Mailbox) -> None:
    mailbox.dynamodb.delete_table(TableName=mailbox.table)
    create_table()


def check(mailbox: Mailbox) -> None:
    """Rebuilt == live, item by item, and both are what a brute-force reading of the bucket says, nothing more."""
    live = mailbox.items()
    fresh_table(mailbox)
    list(rebuild(every_mail(), workers=1))
    rebuilt = mailbox.items()
    assert rebuilt == live, {
        key: (live.get(key), rebuilt.get(key)) for key in live.keys() | rebuilt.keys() if live.get(key) != rebuilt.get(key)
    }
    assert set(live) == expected_keys()


def expected_keys() -> set[tuple[str, str]]:
    keys: set[tuple[str, str]] = set()
    conversations: dict[str, list[Message]] = {}
    for key in every_mail():
        facts = facts_in_bucket(key)
        state = bucket.get(state_key(facts.id))
        flags = flags_in(state.body) if state else None
        assert flags is not None
        receipt = read_receipt(facts.id) if key.startswith("incoming/") else None
        conversations.setdefault(facts.thread_id, []).append(message_of(facts.thread_id, facts, receipt, None, flags))
    for thread_id, messages in conversations.items():
        keys |= {(f"t#{thread_id}", "#head"), *((f"t#{thread_id}", message.sk) for message in messages)}
        keys |= {(f"v#{listing}", sk) for listing, (sk, _) in rows_of(thread_id, messages).items()}
        keys |= expected_people(messages)
    return keys


def expected_people(messages: list[Message]) -> set[tuple[str, str]]:
    """For each address the first that was sent to it and the first that came from it; in this world everybody has one name."""
    keys: set[tuple[str, str]] = set()
    for name, address in (person.rstrip(">").split(" <") for person in PEOPLE):
        sent = [mark(m) for m in messages if m.key.startswith("sent/") and [name, address] in [*m.to, *(m.cc or [])]]
        came = [mark(m) for m in messages if m.key.startswith("incoming/") and m.from_[1] == address and "FAIL" not in m.verdicts.values()]
        keys |= {(MET, f"{address}#{THEY}#{min(came)}")} if came else set()
        keys |= {(MET, f"{address}#{ME}#{min(sent)}")} if sent else set()
        keys |= {(NAME, f"{text}#{address}#{min(sent)}") for text in (name.lower(), folded_name(address))} if sent else set()
    return keys


def facts_in_bucket(key: str) -> Facts:
    raw = bucket.get(key)
    assert raw is not None
    return facts_of(key, raw.body, sidecar_of(key), region="eu-west-1", stored_at=raw.last_modified)
