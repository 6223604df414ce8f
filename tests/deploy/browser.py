"""A browser without scripts before the deployed webmail: keeps cookies, follows redirects, fills in forms."""

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from tests.unit.pages.seen import elements, link

PATIENCE = 120  # a cold start on a busy machine
LONGEST_CHAIN = 5
BY_A_PERSON = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


class Browser:
    """`url` is where the webmail is reached, `origin` what it is called there."""

    def __init__(self, url: str, origin: str) -> None:
        self._netloc = urlsplit(url).netloc
        self._origin = origin
        self.cookies: dict[str, str] = {}
        self.written: dict[str, str] = {}  # headers that no browser would send
        self.status = 0
        self.path = "/"
        self.page = ""

    def open(self, path: str) -> str:
        return self._ask("GET", path)

    def follow(self, label: str) -> str:
        return self.open(link(self.page, label))

    def press(self, action: str, **typed: str) -> str:
        """Posts the form that goes to `action`, with its hidden fields and what a person typed."""
        start = self.page.index(f'action="{action}"')
        form = self.page[start : self.page.index("</form>", start)]
        fields = {field["name"]: field.get("value", "") for field in elements(form, "input") if field.get("type") == "hidden"}
        return self._ask("POST", action, urlencode(fields | typed))

    def sign_in(self, secret: str) -> str:
        self.open("/login/")
        return self.press("/login/", password=secret)

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        for _ in range(LONGEST_CHAIN):
            location = self._exchange(method, path, body)
            if not location:
                return self.page
            method, path, body = "GET", urljoin(self.path, location), None
        raise AssertionError(f"{path} leads on and on")

    def _exchange(self, method: str, path: str, body: str | None) -> str:
        """Where the answer leads; empty when it is a page."""
        self.path = path
        headers = BY_A_PERSON | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": self._origin}
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{self._origin}/"} if body is not None else {}
        headers |= self.written
        connection = http.client.HTTPConnection(self._netloc, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            self.status, self.page = answer.status, answer.read().decode()
        finally:
            connection.close()
        for set_cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(set_cookie).items()}
        return answer.headers.get("Location", "") if 300 <= answer.status < 400 else ""
