"""`mailto:` addresses, as a link or as the way to leave a mailing list. RFC 6068, 2369.

Only to, cc, subject and body are read, for the composer to show as text: whatever else such an address asks for (Bcc, attachments, other
headers) is nothing that a stranger may put into a mail of ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from mailbox.message.address import is_addr_spec
from mailbox.message.headers import Field, one_line

ADDRESSES_MOST, SUBJECT_MOST, BODY_MOST, URI_MOST = 5, 300, 2_000, 5_000
IN_BRACKETS = re.compile(r"<([^<>]{1,5000})>")


@dataclass(frozen=True, slots=True)
class Mailto:
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""


def mailto_of(uri: str) -> Mailto | None:
    """What a `mailto:` address asks for, or None if it is none, is too long, or names nobody. Parts that are malformed are left out."""
    uri = "".join(uri.split())  # a folded header
    if uri[:7].lower() != "mailto:" or len(uri) > URI_MOST:
        return None
    path, _, query = uri[7:].partition("?")
    fields: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        fields.setdefault(unquote(name).lower(), value)
    to = _addresses(path, fields.get("to", ""))
    if not to:
        return None
    body = unquote(fields.get("body", "")).replace("\r\n", "\n")
    text = "\n".join(one_line(line) for line in body.split("\n"))
    return Mailto(to, _addresses(fields.get("cc", "")), one_line(unquote(fields.get("subject", "")))[:SUBJECT_MOST], text[:BODY_MOST])


def unsubscribe_mailto(headers: Iterable[Field]) -> Mailto | None:
    """The first address of List-Unsubscribe that a mail can be written to."""
    values = (value for name, value in headers if name.lower() == "list-unsubscribe")
    found = (mailto_of(uri) for value in values for uri in IN_BRACKETS.findall(value))
    return next((mailto for mailto in found if mailto), None)


def _addresses(*lists: str) -> tuple[str, ...]:
    found = (unquote(piece) for text in lists for piece in text.split(","))
    return tuple(dict.fromkeys(address for address in found if is_addr_spec(address)))[:ADDRESSES_MOST]
