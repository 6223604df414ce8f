"""Preferences: what the owner set once for all mail, one JSON object a subject under `settings/`.

They are changed by compare-and-set and read as hostile: known fields of the right kind count, all else is as if it were not there. How
pages look is needed by every page, and a page reads nothing from the bucket for that: the table keeps a copy beside the session's own item,
which signing in brings up to date.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from mailbox.message.address import is_addr_spec
from mailbox.store import bucket
from mailbox.store.access import keep_reading
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.keys import settings_key
from mailbox.store.receipts import object_in

SENDERS, READING = settings_key("senders"), settings_key("reading")
OBJECT_BYTES = 64_000
SENDERS_MOST = 200  # trusted, and as many blocked
ATTEMPTS = 10
ASK, NEVER = "ask", "never"
THEMES = ("", "light", "dark")  # the first: as the system has it
PAGE_SIZES = (25, 50)
ZONE_MOST = 64


@dataclass(frozen=True, slots=True)
class Senders:
    """`images`: whether a reader is asked for remote images or never sees any; `trusted`: whose are shown without asking; `blocked`:
    whose mail is filed in Spam when it comes. Nobody is both."""

    images: str = ASK
    trusted: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()

    def has_blocked(self, addr_spec: str) -> bool:
        return addr_spec.lower() in self.blocked


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages look and what they listen to. `time_zone` is a name of the IANA, empty for that of the installation."""

    theme: str = ""
    time_zone: str = ""
    page_size: int = PAGE_SIZES[0]
    text_first: bool = False
    keys: bool = True
    swipe: bool = True

    @property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.time_zone) if self.time_zone else None

    @property
    def switched_off(self) -> list[str]:
        """The extras of the scripts that the owner does not want."""
        return [name for name in ("keys", "swipe") if not getattr(self, name)]


Preferences = TypeVar("Preferences", Senders, Reading)


def senders() -> Senders:
    return stored(SENDERS, senders_in)[0]


def reading() -> Reading:
    return stored(READING, reading_in)[0]


def trusted_senders() -> tuple[str, ...]:
    return senders().trusted


def trust_sender(addr_spec: str) -> bool:
    """From now on this very address is trusted to show remote images. False where there are too many, or it is blocked."""
    address = exact(addr_spec)

    def trusting(now: Senders) -> Senders:
        return now if now.has_blocked(address) else if_it_fits(replace(now, trusted=tuple(sorted({*now.trusted, address}))), now)

    return is_addr_spec(address) and address in changed(SENDERS, senders_in, trusting).trusted


def distrust_sender(addr_spec: str) -> None:
    address = exact(addr_spec)
    changed(SENDERS, senders_in, lambda now: replace(now, trusted=tuple(one for one in now.trusted if one != address)))


def block_sender(addr_spec: str) -> bool:
    """From now on mail from this address, in any case, goes to Spam, and it is trusted no more. False where there are too many."""
    address = addr_spec.lower()

    def blocking(now: Senders) -> Senders:
        trusted = tuple(one for one in now.trusted if one.lower() != address)
        return if_it_fits(replace(now, trusted=trusted, blocked=tuple(sorted({*now.blocked, address}))), now)

    return is_addr_spec(address) and changed(SENDERS, senders_in, blocking).has_blocked(address)


def unblock_sender(addr_spec: str) -> None:
    address = addr_spec.lower()
    changed(SENDERS, senders_in, lambda now: replace(now, blocked=tuple(one for one in now.blocked if one != address)))


def if_it_fits(after: Senders, now: Senders) -> Senders:
    """`after`, unless it is more than is read back."""
    is_small = max(len(after.trusted), len(after.blocked)) <= SENDERS_MOST and len(json.dumps(asdict(after))) <= OBJECT_BYTES
    return after if is_small else now


def show_images(when: str) -> None:
    """ASK or NEVER. Who is trusted stays so."""
    changed(SENDERS, senders_in, lambda now: replace(now, images=when))


def keep(how: Reading) -> None:
    changed(READING, reading_in, lambda _: how)
    keep_reading(asdict(how))


def recall() -> None:
    """Brings the table's copy up to date."""
    keep_reading(asdict(reading()))


def exact(addr_spec: str) -> str:
    """What an address is compared by: its domain in any case, its local part as it is written. RFC 5321 2.4."""
    local, at, domain = addr_spec.rpartition("@")
    return local + at + domain.lower()


def stored(key: str, read: Callable[[Any], Preferences]) -> tuple[Preferences, str]:
    """(what is set, its ETag); where nothing is, (the defaults, an empty text)."""
    found = bucket.get(key, most=OBJECT_BYTES + 1)
    return read(object_in(found.body, OBJECT_BYTES) if found else None), found.etag if found else ""


def changed(key: str, read: Callable[[Any], Preferences], change: Callable[[Preferences], Preferences]) -> Preferences:
    """What is set after `change`, whoever else changes it at the same time."""
    for _ in range(ATTEMPTS):
        before, etag = stored(key, read)
        after = change(before)
        if after == before:
            return after
        condition = {"if_match": etag} if etag else {"if_none_match": "*"}
        if bucket.put(key, json.dumps(asdict(after)).encode(), **condition):
            return after
    raise MailboxNotReachable(f"{key} changes too often")


def senders_in(value: Any) -> Senders:
    known = value if isinstance(value, dict) else {}
    blocked = addresses_in(known.get("blocked"), str.lower)
    trusted = tuple(one for one in addresses_in(known.get("trusted"), exact) if one.lower() not in blocked)
    return Senders(NEVER if known.get("images") == NEVER else ASK, trusted, blocked)


def addresses_in(value: Any, compared_as: Callable[[str], str]) -> tuple[str, ...]:
    addresses = [one for one in value if isinstance(one, str) and is_addr_spec(one)] if isinstance(value, list) else []
    return tuple(sorted({compared_as(one) for one in addresses})[:SENDERS_MOST])


def reading_in(value: Any) -> Reading:
    known = value if isinstance(value, dict) else {}
    given = {field.name: known[field.name] for field in fields(Reading) if field.name in known and FITS[field.name](known[field.name])}
    return Reading(**given)


@lru_cache(100)
def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown; a folder of zones; no name of a file
        return False
    return True


FITS: Mapping[str, Callable[[Any], bool]] = {
    "theme": lambda value: isinstance(value, str) and value in THEMES,
    "time_zone": lambda value: value == "" or (isinstance(value, str) and len(value) <= ZONE_MOST and is_zone(value)),
    "page_size": lambda value: type(value) is int and value in PAGE_SIZES,
    "text_first": lambda value: isinstance(value, bool),
    "keys": lambda value: isinstance(value, bool),
    "swipe": lambda value: isinstance(value, bool),
}
