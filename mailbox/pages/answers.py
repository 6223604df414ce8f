"""What is offered under an open message: to answer it, to pass it on, or first of all to throw it away.

A message that may be forged is not answered at all. Spam, mail with a virus and the reports of mail programs can be, but it is not what
one should do with them: there answering comes last.
"""

from dataclasses import dataclass, replace

from mailbox.message.parse import ParsedMessage
from mailbox.message.report import report_of
from mailbox.pages.sender_identity import is_own
from mailbox.store.models import Message


@dataclass(frozen=True, slots=True)
class Answer:
    """A link to the composer; without a `mode` the button that deletes. `is_first`: what most readers will want."""

    words: str
    icon: str
    mode: str = ""
    key: str = ""
    is_first: bool = False


REPLY = Answer("Reply", "reply", "reply", "r")
REPLY_ALL = Answer("Reply all", "replyall", "all", "a")
FORWARD = Answer("Forward", "forward", "forward", "f")
DELETE = Answer("Delete", "trash", is_first=True)


def answers_to(message: Message, parsed: ParsedMessage, *, doubtful: bool) -> list[Answer]:
    if message.is_infected or message.folder == "junk":
        return [DELETE, FORWARD] if doubtful else [DELETE, FORWARD, REPLY]
    if doubtful:
        return [FORWARD]
    if report_of(parsed):
        return [FORWARD, REPLY]
    reply = replace(REPLY, is_first=True)
    people = {*parsed.from_, *parsed.to, *parsed.cc}
    return [reply, REPLY_ALL, FORWARD] if sum(not is_own(one.addr_spec) for one in people) > 1 else [reply, FORWARD]
