"""What a file is for in its message."""

import pytest

from mailbox.message.parse import parse
from mailbox.message.roles import role_of
from tests.mails import mail


def test_it_works() -> None:
    roles = {file.filename: role_of(file) for file in parse(mail("signed-with-pictures")).attachments}
    assert roles["winmail.dat"] == "Outlook attachment container"
    assert roles["smime.p7s"] == "signature"


@pytest.mark.parametrize(
    ("content_type", "content", "role"),
    [
        ("message/delivery-status", "Action: failed", "delivery report"),
        ("message/partial; number=1; total=3; id=x", "Hello", "piece of a longer message"),
        ("message/rfc822", "Subject: x", "message"),
        ("application/octet-stream; name=winmail.dat", "\x78\x9f\x3e\x22", "Outlook attachment container"),
        ("application/pkcs7-mime", "x", "encrypted message"),
        ("application/pdf", "%PDF", ""),
    ],
)
def test_a_role_is_told_where_name_and_type_tell_only_programs(content_type: str, content: str, role: str) -> None:
    raw = f"Content-Type: {content_type}\nContent-Transfer-Encoding: 8bit\n\n{content}"
    (file,) = parse(raw.encode("latin-1")).attachments
    assert role_of(file) == role


def test_a_message_wrapped_in_its_signature_is_called_so() -> None:
    (file,) = parse(mail("signed-around-its-content")).attachments
    assert role_of(file) == "signed message"
