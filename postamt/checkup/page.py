"""One request to the live webmail: status, headers and the start of the body. No redirect is followed."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PATIENCE = 30.0  # a cold start
READ = 1_000_000  # octets of a body


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    headers: Mapping[str, str]  # by names in lower case
    cookies: tuple[str, ...] = ()  # each Set-Cookie as it came
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


def get(url: str) -> Page:
    return ask("GET", url, {"Accept": "text/html"})


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Page:
    """Raises OSError when nobody answers in HTTP."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request(method, parts.path or "/", body, dict(headers))
        answer = connection.getresponse()
        read = answer.read(READ)
    except http.client.HTTPException as trouble:
        raise OSError(f"{parts.netloc} does not answer in HTTP") from trouble
    finally:
        connection.close()
    cookies = tuple(answer.headers.get_all("Set-Cookie", []))
    return Page(answer.status, {name.lower(): value for name, value in answer.getheaders()}, cookies, read)
