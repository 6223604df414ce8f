"""How a person is shown: a name, the letters and the hue of an avatar. Computed from name and address, never fetched from anyone."""

import re
import zlib

from mailbox.message.domains import shown_address
from mailbox.message.sender import hides_address
from mailbox.message.unseen import INVISIBLE

HUES = 7  # the classes h1 to h7 of the style sheet
ME = "me"  # what the owner is called on every page
UNKNOWN = "Unknown sender"


def shown_name(display_name: str, address: str) -> str:
    """What somebody else is called. Whoever gives himself the owner's word, or another's address for a name, goes by his address."""
    taken = INVISIBLE.sub("", display_name).strip().casefold() in (ME, "")
    return ("" if taken or hides_address(display_name, address) else display_name) or shown_address(address) or UNKNOWN


def initials(name: str) -> str:
    """One or two letters: `Jonas Weber` is JW, `papa@example.org` is P, and `?` when there is none."""
    words = [word for word in re.split(r"[^\w'’]+", name.partition("@")[0]) if word and word[0].isalnum()]
    return "".join(word[0].upper()[0] for word in words[:2]) or "?"


def hue(address: str) -> int:
    """The same of seven hues for the same address, always."""
    return zlib.crc32(address.casefold().encode("utf-8", "replace")) % HUES + 1
