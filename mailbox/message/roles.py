"""What a file is for in its message, in words, where name and type would tell only programs: signatures, reports, containers."""

from mailbox.message.attachments import Attachment
from mailbox.message.cms import is_signed_data

ROLES = {
    "application/ms-tnef": "Outlook attachment container",
    "application/vnd.ms-tnef": "Outlook attachment container",
    "application/pgp-encrypted": "note on the encryption",
    "application/pgp-keys": "public key",
    "application/pgp-signature": "signature",
    "application/pkcs7-signature": "signature",
    "application/x-pkcs7-signature": "signature",
    "message/delivery-status": "delivery report",
    "message/global-delivery-status": "delivery report",
    "message/disposition-notification": "receipt",
    "message/global-disposition-notification": "receipt",
    "message/feedback-report": "complaint",
    "message/rfc822": "message",
    "message/global": "message",
    "message/partial": "piece of a longer message",
    "message/external-body": "address of a file kept elsewhere",
    "text/rfc822-headers": "head of a message",
    "text/calendar": "calendar entry",
}
CONTAINERS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
TNEF = b"\x78\x9f\x3e\x22"


def role_of(attachment: Attachment) -> str:
    """The role in a few words; empty for an ordinary file."""
    if attachment.content_type in CONTAINERS:
        return "signed message" if is_signed_data(attachment.content) else "encrypted message"
    if attachment.content.startswith(TNEF):
        return ROLES["application/ms-tnef"]
    return ROLES.get(attachment.content_type, "")
