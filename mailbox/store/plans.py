"""What an act is going to change, worked out before anything is written, and then carried out.

An act of a person counts conversations, but what it costs are messages, and a conversation may hold thousands: so a plan ends once it is
as long as one request, or one portion of a job, may be. It says how far it came; who carries out less than he was asked for says so.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from mailbox.store.aws import at_once
from mailbox.store.conversations import every_message
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.flags import Changed, Wanted, change_wanted, wanted_of
from mailbox.store.models import FlagChange, Message
from mailbox.store.undo import Changes

MESSAGES_MOST = 500  # each is two calls of S3, and API Gateway waits 29 seconds
READ_MOST = 5_000  # a conversation is read whole

Choose = Callable[[str, Sequence[Message]], Mapping[str, FlagChange]]


@dataclass(frozen=True, slots=True)
class Plan:
    """By conversation, the messages that will change, as the index knows them. `taken` of the conversations asked for are in it, or could
    not be reached; `fits` says whether that is all of them, and may be done at once."""

    wanted: Mapping[str, Sequence[Wanted]]
    not_reached: Sequence[str]
    taken: int
    fits: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What was changed, by conversation, and which conversations could not be reached."""

    changes: dict[str, list[Changed]]
    not_reached: list[str]


def plan_of(threads: Sequence[str], choose: Choose, ends: float = inf) -> Plan:
    """Raises MailboxNotReachable if not one of the conversations could be reached. Those that are left at the moment `ends` could not."""
    wanted: dict[str, list[Wanted]] = {}
    failures: dict[str, MailboxNotReachable] = {}
    read = length = taken = 0
    while taken < len(threads) and length < MESSAGES_MOST and read < READ_MOST:
        thread_id, taken = threads[taken], taken + 1
        try:
            in_time(ends)
            messages = every_message(thread_id)
        except MailboxNotReachable as error:
            failures[thread_id] = error
            continue
        wanted[thread_id] = wanted_of(messages, choose(thread_id, messages))
        read, length = read + len(messages), length + len(wanted[thread_id])
    if failures and not wanted:
        raise next(iter(failures.values()))
    fits = taken == len(threads) and length <= MESSAGES_MOST
    return Plan({id: messages for id, messages in wanted.items() if messages}, list(failures), taken, fits)


def carry_out(plan: Plan, ends: float = inf) -> Result:
    """Raises MailboxNotReachable if there was something to change and nothing could be."""
    result = change_each(plan.wanted, lambda thread_id: change_wanted(thread_id, plan.wanted[thread_id]), ends)
    return Result(result.changes, [*plan.not_reached, *result.not_reached])


def change_each(threads: Iterable[str], change: Callable[[str], list[Changed]], ends: float = inf) -> Result:
    def one(thread_id: str) -> list[Changed] | MailboxNotReachable:
        try:
            in_time(ends)
            return change(thread_id)
        except MailboxNotReachable as error:
            return error

    results = dict(zip(threads, at_once(one, threads), strict=True))
    failures = {id: result for id, result in results.items() if isinstance(result, MailboxNotReachable)}
    if failures and len(failures) == len(results):
        raise next(iter(failures.values()))
    return Result({id: result for id, result in results.items() if result and not isinstance(result, MailboxNotReachable)}, [*failures])


def in_time(ends: float) -> None:
    if time.monotonic() > ends:
        raise MailboxNotReachable("it answers too slowly for one request")


def foreseen(plan: Plan) -> dict[str, list[Changed]]:
    """What carrying it out changes, if nobody comes between."""
    return {thread_id: [foreseen_of(message, change) for message, change in messages] for thread_id, messages in plan.wanted.items()}


def foreseen_of(message: Message, change: FlagChange) -> Changed:
    return Changed(message.id, message.flags, replace(change(message.flags), clock=message.flags.clock + 1))


def portions(changes: Changes) -> Iterator[dict[str, list[Changed]]]:
    """The same in pieces of at most as many messages as are committed at a time."""
    every = [(thread_id, change) for thread_id, those in changes.items() for change in those]
    for start in range(0, len(every), MESSAGES_MOST):
        portion: dict[str, list[Changed]] = {}
        for thread_id, change in every[start : start + MESSAGES_MOST]:
            portion.setdefault(thread_id, []).append(change)
        yield portion
