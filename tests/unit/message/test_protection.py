"""Signed and encrypted mail is told apart from other mail by what it carries."""

import base64

import pytest

from mailbox.message.parse import parse
from mailbox.message.protection import protection_of, read_mail
from tests.mails import mail

SIGNED_DATA = bytes.fromhex("3080 06092a864886f70d010702 a080 3080")
ENVELOPED_DATA = bytes.fromhex("3082 0100 06092a864886f70d010703 a080")


def pkcs7(content: bytes, content_type: str) -> bytes:
    return f"Content-Type: {content_type}\nContent-Transfer-Encoding: base64\n\n".encode() + base64.encodebytes(content)


def multipart(*content_types: str) -> bytes:
    parts = "".join(f"--B\nContent-Type: {content_type}\n\nx\n" for content_type in content_types)
    return f"Content-Type: multipart/mixed; boundary=B\n\n{parts}--B--\n".encode()


@pytest.mark.parametrize(
    ("raw", "protection"),
    [
        (mail("plain"), None),
        (mail("signed-with-pictures"), "signed"),
        (mail("signed-around-its-content"), "signed"),
        (pkcs7(SIGNED_DATA, "application/pkcs7-mime"), "signed"),
        (pkcs7(ENVELOPED_DATA, "application/x-pkcs7-mime; name=smime.p7m"), "encrypted"),
        (pkcs7(ENVELOPED_DATA, "application/pkcs7-mime; smime-type=signed-data"), "encrypted"),
        (multipart("text/plain", "application/pgp-signature"), "signed"),
        (multipart("application/pgp-encrypted", "application/octet-stream"), "encrypted"),
        (b"\nSecret:\n\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n", "encrypted"),
        (b"\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n-----BEGIN PGP SIGNATURE-----\n", "signed"),
        (b"\nIt begins with -----BEGIN PGP MESSAGE----- and so on.\n", None),
        (b"\n> -----BEGIN PGP MESSAGE-----\n", None),
    ],
)
def test_what_it_carries_says_whether_mail_is_signed_or_encrypted(raw: bytes, protection: str | None) -> None:
    assert protection_of(parse(raw)) == protection


def test_what_lies_inside_its_signature_is_laid_open() -> None:
    message = read_mail(mail("signed-around-its-content"))
    assert message.subject == "Wrapped in its signature"
    assert message.text == "Signed, and wrapped: the köttel is hot."
    assert message.preview == message.text
    assert [(file.filename, file.part_number) for file in message.attachments] == [("smime.p7m", "1"), ("temperatures.csv", "1.2")]


def test_other_mail_is_read_as_it_is_parsed() -> None:
    for name in ("plain", "signed-with-pictures", "newsletter-html-only"):
        assert read_mail(mail(name)) == parse(mail(name))


def test_a_signature_around_nothing_leaves_the_mail_as_it_is() -> None:
    raw = pkcs7(SIGNED_DATA, "application/pkcs7-mime")
    assert read_mail(raw) == parse(raw)
