"""The `a#` items that guard the door: the generation of all sessions, the sessions that were signed out, the failed sign-ins.

The bucket holds none of it: losing it ends every session, which is the safe side. Counting is
one conditional update, so that any number of instances share one counter; it is done before a secret is looked at.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, UpdateError
from pynamodb.models import Model

from mailbox.store.errors import code_of, reaching
from mailbox.store.models import TableMeta

TABLE = "the table"
LOST_RACES = 5
CONDITION_FAILED = "ConditionalCheckFailedException"


class Access(Model):
    """`a#auth`, `a#signed-out#<sid>`, `a#attempts#<counter>`, `a#labels`, `a#reading`. One class, because one BatchGet reads four."""

    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="#")
    generation = UnicodeAttribute(null=True)
    tries = NumberAttribute(null=True)
    labels = JSONAttribute(null=True)
    reading = JSONAttribute(null=True)
    expires = NumberAttribute(null=True)  # seconds since 1970; DynamoDB may be days late, so it is compared too


GENERATION_KEY = ("a#auth", "#")
LABELS_KEY = ("a#labels", "#")
READING_KEY = ("a#reading", "#")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the table says about a session: the generation that counts, and whether this one was signed out. With it come the copies of
    the labels and of how pages look, which every page needs: a page may cost no second read."""

    generation: str | None
    signed_out: bool
    labels: Any = None
    reading: Any = None

    def is_behind(self, generation: str) -> bool:
        """Whether a session of this generation still counts."""
        return self.generation == generation and not self.signed_out


@dataclass(frozen=True, slots=True)
class Tally:
    """A counter after an attempt. Not `admitted`: the limit was reached before, and nothing was counted."""

    tries: int
    expires: int
    admitted: bool


def standing_of(sid: str) -> Standing:
    """One BatchGetItem, strongly consistent: a sign-out holds from the moment it was answered."""
    ended = (f"a#signed-out#{sid}", "#")
    with reaching(TABLE):
        items = {item.pk: item for item in Access.batch_get([GENERATION_KEY, LABELS_KEY, READING_KEY, ended], consistent_read=True)}
    auth, labels, reading = (items.get(pk, Access()) for pk, _ in (GENERATION_KEY, LABELS_KEY, READING_KEY))
    return Standing(auth.generation, ended[0] in items, labels.labels, reading.reading)


def generation() -> str:
    """The generation that counts; a new table gets its first one here."""
    with reaching(TABLE):
        try:
            return new_generation(only_first=True)
        except PutError as error:
            if code_of(error) != CONDITION_FAILED:
                raise
        return str(Access.get(*GENERATION_KEY, consistent_read=True).generation)


def new_generation(*, only_first: bool = False) -> str:
    """Ends every session: tokens of another generation are worth nothing. Random, so that no generation ever returns."""
    item = Access(*GENERATION_KEY, generation=secrets.token_hex(8))
    with reaching(TABLE):
        item.save(Access.pk.does_not_exist() if only_first else None)
    return str(item.generation)


def keep_labels(labels: list[list[str]]) -> None:
    with reaching(TABLE):
        Access(*LABELS_KEY, labels=labels).save()


def keep_reading(reading: dict[str, Any]) -> None:
    with reaching(TABLE):
        Access(*READING_KEY, reading=reading).save()


def sign_out(sid: str, until: int) -> None:
    """Until then no token of this session is believed; after it none can be."""
    with reaching(TABLE):
        Access(f"a#signed-out#{sid}", expires=until).save()


def count_attempt(counter: str, now: int, *, limit: int, window: int) -> Tally:
    """Counts one attempt, unless `limit` of them were counted, each within `window` seconds of the last: then none until `expires`."""
    with reaching(TABLE):
        for _ in range(LOST_RACES):
            tally = _try_to_count(_tally_of(counter), counter, now, limit, window)
            if tally:
                return tally
    return Tally(limit, now + window, admitted=False)


def _tally_of(counter: str) -> Tally:
    found = next(Access.batch_get([(f"a#attempts#{counter}", "#")], consistent_read=True), None)
    return Tally(int(found.tries or 0), int(found.expires or 0), admitted=False) if found else Tally(0, 0, admitted=False)


def _try_to_count(seen: Tally, counter: str, now: int, limit: int, window: int) -> Tally | None:
    """None when somebody else was faster. The condition is what `seen` said, so that no two attempts are the same one."""
    if seen.expires > now and seen.tries >= limit:
        return seen
    item, until = Access(f"a#attempts#{counter}"), Access.expires.set(now + window)
    try:
        if seen.expires > now:
            item.update([Access.tries.add(1), until], (Access.expires > now) & (Access.tries < limit))
        else:
            item.update([Access.tries.set(1), until], Access.pk.does_not_exist() | (Access.expires <= now))
    except UpdateError as error:
        if code_of(error) != CONDITION_FAILED:
            raise
        return None
    return Tally(int(item.tries or 0), int(item.expires or 0), admitted=True)


def count_of_all(now: int, *, window: int) -> int:
    """Counts one attempt of anybody, and says how many there were in this window of the clock. Nobody is refused by it."""
    item = Access(f"a#attempts#all#{now // window}")
    with reaching(TABLE):
        item.update([Access.tries.add(1), Access.expires.set(now + 2 * window)])
    return int(item.tries or 0)


def clear_attempts(counter: str) -> None:
    with reaching(TABLE):
        Access(f"a#attempts#{counter}").delete()
