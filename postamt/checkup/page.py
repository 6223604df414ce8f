"""One GET of the live page: status and headers, no redirects followed, no body kept."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 30.0  # a cold start


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    headers: Mapping[str, str]  # by names in lower case
    cookies: tuple[str, ...]  # each Set-Cookie as it came

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


def get(url: str) -> Page:
    """Raises OSError when nobody answers in HTTP."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        connection.request("GET", parts.path or "/", headers={"Accept": "text/html"})
        answer = connection.getresponse()
    except http.client.HTTPException as trouble:
        raise OSError(f"{parts.netloc} does not answer in HTTP") from trouble
    finally:
        connection.close()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Page(answer.status, headers, tuple(answer.headers.get_all("Set-Cookie", [])))
