"""Whether a message comes from whom it names.

Facts of the bytes and SES's verdicts, joined at view time with what the index knows of the sender. Nothing of this is stored.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What the index knows of a sender when the message is looked at."""

    earlier: bool = False  # mail from or to this address came before this message
    written_to: bool = False  # the owner wrote to it
    namesakes: tuple[str, ...] = ()  # other addresses the owner wrote to, or knows, under the same display name
