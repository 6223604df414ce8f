"""Domains that look like another: letters and digits that imitate others, one letter too many, too few or swapped, a name put in front.

What is asked is always whether a domain resembles one that the owner knows, never whether it resembles anything: that keeps alarms few.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import takewhile

from mailbox.message.domains import LATIN_FOR, organisation_of, unicode_domain

ONE_EDIT_FROM = 6  # shorter names have honest neighbours: mail.example and gmail.example
# Letters that pass for a Latin one at a glance, beyond those that cannot be told from it.
ROUGHLY = (
    ("вкмтнгпьзбєћђ", "bkmthrnbe6ehh"),  # Cyrillic
    ("τηχγσβεμςδ", "tnxyobeusd"),  # Greek
    ("քլռյաթվկ", "plnjwpdu"),  # Armenian
    ("ıłøđħŧʋŋəɛßþ", "llodhtvneebp"),
    ("0135|", "olesl"),
    ("i", "l"),
)
ROUGHLY_FOR = {ord(letter): latin for letters, latins in ROUGHLY for letter, latin in zip(letters, latins, strict=True)}
PAIRS = (("rn", "m"), ("vv", "w"))


@lru_cache(maxsize=512)  # the owner's own domain is asked for with every sender, and senders come again
def skeleton(text: str) -> str:
    """Two texts with the same skeleton can be taken for each other. UTS 39 4, with what people misread besides."""
    bare = text.casefold()
    if not bare.isascii():  # a list page asks for a hundred, and nearly all are
        bare = "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter))
    bare = bare.translate(LATIN_FOR).translate(ROUGHLY_FOR)
    for pair, letter in PAIRS:
        bare = bare.replace(pair, letter)
    return bare


def resembles(domain: str, known: str) -> bool:
    """Whether `domain` could be taken for `known`, but belongs to somebody else. Both as DNS knows them."""
    theirs, ours = organisation_of(domain), organisation_of(known)
    if not known or not domain or theirs == ours:
        return False
    return (
        skeleton(unicode_domain(theirs)) == skeleton(unicode_domain(ours)) or _is_in_front(domain, known) or _one_edit_apart(theirs, ours)
    )


def names(text: str, domain: str) -> bool:
    """Whether a text for people holds this domain, or what looks like it."""
    spelled = re.escape(skeleton(unicode_domain(domain)))
    return bool(domain) and re.search(rf"(?<![\w-]){spelled}(?![\w-])", skeleton(text)) is not None


def _is_in_front(domain: str, known: str) -> bool:
    """`example.com.evil.example`, `example.com-login.example`, `example-com.example`: read from the left, it is the known one."""
    known_labels = "[.-]".join(re.escape(label) for label in known.split("."))
    return re.search(rf"(?:^|[.-]){known_labels}[.-]", domain) is not None


def _one_edit_apart(one: str, other: str) -> bool:
    """Told apart by one letter that was added, left out or replaced, or by two neighbours that changed places."""
    if len(other.partition(".")[0]) < ONE_EDIT_FROM:
        return False
    one, other = _without_common_start(one, other)
    one, other = _without_common_start(one[::-1], other[::-1])
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])


def _without_common_start(one: str, other: str) -> tuple[str, str]:
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[start:], other[start:]
