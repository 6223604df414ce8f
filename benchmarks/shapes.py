"""Mail and HTML of hostile size and shape, made up here: as large as SES delivers, and as awkward as the standards allow."""

import base64
from collections.abc import Callable

SIZE = 40_000_000
HEAD = b"From: ann@example.org\r\nSubject: Shape\r\nMIME-Version: 1.0\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n"
HTML_SIZE = 1_400_000


def fill(piece: bytes, size: int = SIZE) -> bytes:
    return piece * (size // len(piece))


def attached() -> bytes:
    """The plain one: a text and one attachment in base64."""
    content = base64.encodebytes(bytes(range(256)) * (SIZE * 3 // 4 // 256)).replace(b"\n", b"\r\n")
    return MIXED + b"--B\r\n\r\nHello\r\n--B\r\nContent-Transfer-Encoding: base64\r\n\r\n" + content + b"--B--\r\n"


def nested(wrap: bytes, depth: int) -> bytes:
    levels = (b"--b%d\r\n" % level + wrap % (level + 1) for level in range(depth))
    return HEAD + wrap % 0 + b"".join(levels) + b"--b%d\r\n\r\n" % depth + fill(b"innermost\r\n", SIZE)


MAILS: dict[str, Callable[[], bytes]] = {
    "one attachment": attached,
    "50,000 parts": lambda: MIXED + fill(b"--B\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 750 + b"\r\n") + b"--B--",
    "depth 3,000": lambda: nested(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n", 3_000),
    "messages in messages": lambda: fill(b"Content-Type: message/rfc822\r\n\r\n", 100_000) + fill(b"words\r\n"),
    "10 MB of header": lambda: HEAD + b"X-Padding: " + fill(b"x ", 10_000_000) + b"\r\n\r\n" + fill(b"words\r\n", SIZE - 10_000_000),
    "10,000 encoded words": lambda: b"Subject: " + b"\r\n ".join([b"=?utf-8?q?=C3=A4?="] * 10_000) + b"\r\n\r\n" + fill(b"words\r\n"),
    "20,000 addresses": lambda: b"To: " + b",\r\n ".join([b"ann@example.org"] * 20_000) + b"\r\n\r\n" + fill(b"words\r\n"),
    "1,000,000 header fields": lambda: fill(b"X-Padding: x\r\n", 14_000_000) + b"\r\n" + fill(b"words\r\n", SIZE - 14_000_000),
    "one line": lambda: HEAD + b"\r\n" + fill(b"a"),
    "one line of base64": lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + fill(b"QUJD"),
    "soft breaks": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + fill(b"=\r\n"),
    "escapes": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + fill(b"=C3=A4"),
    "empty lines": lambda: HEAD + b"\r\n" + fill(b"\r\n"),
    "boundaries": lambda: MIXED + fill(b"--B\r\n"),
    "html": lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + fill(b"<p><b>x</p>"),
}

DOCUMENTS: dict[str, Callable[[], str]] = {
    "a newsletter": lambda: "<table><tr><td style='color:red'>words <a href='https://shop.example/x'>more</a></td></tr></table>" * 2_500,
    "deep": lambda: "<div>" * (HTML_SIZE // 5),
    "unclosed formatting": lambda: "<p>" + "<font color=red>" * 5_000 + "<p>x" * 200_000,
    "100,000 attributes": lambda: "<p" + " a=b" * 100_000 + ">",
    "500,000 ampersands": lambda: "&" * 500_000,
    "never closed tags": lambda: "<a b='" * (HTML_SIZE // 6),
    "never closed comments": lambda: "<!--" * (HTML_SIZE // 4),
    "braces in a sheet": lambda: "<style>" + "a{" * 300_000,
    "brackets in a style": lambda: "<p style='" + "(" * 500_000 + "'>",
    "many styles": lambda: "".join(f"<p style='color:#{number:06x}'>x</p>" for number in range(15_000)),
    "many rules": lambda: (
        "<style>" + ".a{display:none}" * 15_000 + "</style>" + "<a href='https://x.example'><b class=a>x</b></a>" * 10_000
    ),
    "many links": lambda: "<a href='https://x.example/y'>www.shop.example</a>" * 16_000,
    "names in foreign letters": lambda: "".join(f"<a href='https://ü{number}.example/'>x</a>" for number in range(24_000)),
    "one link of many lines": lambda: "<a href='https://x.example/y'>" + "a.example<br>" * 49_000,
}
