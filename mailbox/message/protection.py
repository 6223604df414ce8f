"""Mail that is signed or encrypted, told apart by what it carries: S/MIME (RFC 8551), PGP/MIME (RFC 3156) and PGP inside the text.

Nothing is verified and nothing decrypted: keys stay out of the mailbox. A signature that nobody checked is worth nothing, so that the
words for it promise nothing.
"""

import re
from typing import Literal

from mailbox.message.parse import ParsedMessage

Protection = Literal["signed", "encrypted"]

SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
CONTAINERS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
ARMOUR = re.compile(r"^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE)-----\s*$", re.MULTILINE)
ARMOUR_SOUGHT_IN = 100_000
# The first bytes of a CMS structure hold the identifier of what it is: 1.2.840.113549.1.7.2 is signed data. RFC 5652 5.1.
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
IDENTIFIER_WITHIN = 24


def protection_of(parsed: ParsedMessage) -> Protection | None:
    """Whether a message, or a part of it, is encrypted or signed; None for all other mail."""
    armour = ARMOUR.search(parsed.text, 0, ARMOUR_SOUGHT_IN)
    kinds = {attachment.content_type: attachment for attachment in parsed.attachments}
    container = next((kinds[kind] for kind in CONTAINERS if kind in kinds), None)
    if container is not None and not is_signed_data(container.content):
        return "encrypted"
    if "application/pgp-encrypted" in kinds or (armour and armour[1] == "MESSAGE"):
        return "encrypted"
    return "signed" if container or armour or not SIGNATURES.isdisjoint(kinds) else None


def is_signed_data(content: bytes) -> bool:
    """Whether a pkcs7-mime body is readable content with a signature. The label `smime-type` is often missing, the bytes say it."""
    return SIGNED_DATA in content[:IDENTIFIER_WITHIN]
