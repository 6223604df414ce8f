"""Characters that nobody sees: whoever judges or cleans a text takes them from here, so that none is hidden from one and not from another.

Unicode's default-ignorable code points, and the blank of Braille, which draws nothing either. They stand in addresses and links to make
what is read and what is compared two things. Whoever cleans more (controls, line separators) adds that to `UNSEEN`.
"""

import re

UNSEEN = (  # for a character class
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{UNSEEN}]")
