"""Mail that is signed or encrypted, told apart by what it carries: S/MIME (RFC 8551), PGP/MIME (RFC 3156) and PGP inside the text.

Nothing is verified and nothing decrypted: keys stay out of the mailbox. A signature that nobody checked is worth nothing, so that the
words for it promise nothing; but what is signed is shown, also where S/MIME wraps the signature around it.
"""

import re
from dataclasses import replace
from typing import Literal

from mailbox.message.cms import is_signed_data, signed_content
from mailbox.message.parse import ParsedMessage, parse
from mailbox.message.roles import CONTAINERS

Protection = Literal["signed", "encrypted"]

SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
ARMOUR = re.compile(r"^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE)-----\s*$", re.MULTILINE)
ARMOUR_SOUGHT_IN = 100_000
OPENED_AT_MOST = 20_000_000


def read_mail(raw: bytes) -> ParsedMessage:
    """A message as its reader is shown it: `parse`, and what lies inside its signature laid open. Never raises.

    The text, HTML and files of what was signed come after those around it, so that a file keeps its number.
    """
    parsed = parse(raw)
    for container in parsed.attachments:
        if container.content_type in CONTAINERS and container.size <= OPENED_AT_MOST:
            content = signed_content(container.content)
            return _joined(parsed, container.part_number, parse(content)) if content else parsed
    return parsed


def _joined(outer: ParsedMessage, part_number: str, inner: ParsedMessage) -> ParsedMessage:
    files = (replace(file, part_number=f"{part_number}.{file.part_number}") for file in inner.attachments)
    return replace(
        outer,
        text="\n".join(text for text in (outer.text, inner.text) if text),
        html=outer.html + inner.html,
        attachments=(*outer.attachments, *files),
        preview=inner.preview or outer.preview,
        defects=tuple(dict.fromkeys(outer.defects + inner.defects)),
        flowed=inner.flowed,
        delsp=inner.delsp,
    )


def protection_of(parsed: ParsedMessage) -> Protection | None:
    """Whether a message, or a part of it, is encrypted or signed; None for all other mail."""
    armour = ARMOUR.search(parsed.text, 0, ARMOUR_SOUGHT_IN)
    kinds = {attachment.content_type for attachment in parsed.attachments}
    containers = [attachment for attachment in parsed.attachments if attachment.content_type in CONTAINERS]
    if not all(is_signed_data(container.content) for container in containers):
        return "encrypted"
    if "application/pgp-encrypted" in kinds or (armour and armour[1] == "MESSAGE"):
        return "encrypted"
    return "signed" if containers or armour or not SIGNATURES.isdisjoint(kinds) else None
