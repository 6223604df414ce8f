"""A reader's page with a toolbar and the frame of one message, and a canary that stands in for every other host.

The body is made by the same parse, sanitize and response as in the mailbox; only sign-in and the bucket are left out. The control page
holds the same HTML bare: what does not trip there proves nothing about the frame.
"""

import re
import socketserver
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

from mailbox.message.parse import parse
from mailbox.pages.body import body_response, sanitized_html

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
TOOLBAR = '<div id="toolbar" style="height:40px"><button>Archive</button></div>'
PAGE_POLICY = "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'"
LABEL = re.compile(rb"([a-z0-9-]+)\.canary\.test")
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")

Server = TypeVar("Server", "Reader", "Canary")
Hits = defaultdict[str, list[str]]


class Reader(ThreadingHTTPServer):
    """Serves `/read/<label>`, `/m/<label>/body` and `/control/<label>`; every other request is a hit of the label in its path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ReaderHandler)
        self.letters: dict[str, str] = {}
        self.hits: Hits = defaultdict(list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def add(self, label: str, html: str) -> None:
        self.letters[label] = html


class ReaderHandler(BaseHTTPRequestHandler):
    server: Reader

    def do_GET(self) -> None:
        _, place, label, *_ = f"{self.path.partition('?')[0]}//".split("/")
        html = self.server.letters.get(label)
        if html is None or place not in ("read", "control", "m"):
            self._hit()
        elif place == "control":
            self._answer(f"<!doctype html><title>control</title>{TOOLBAR}{html}", {})
        elif place == "read":
            frame = f'<iframe src="/m/{label}/body" title="Message" sandbox="{SANDBOX}" referrerpolicy="no-referrer"></iframe>'
            self._answer(f"<!doctype html><title>reader</title>{TOOLBAR}{frame}", {"Content-Security-Policy": PAGE_POLICY})
        else:
            self._answer_body(html)

    def do_POST(self) -> None:
        self._hit()

    def _answer_body(self, html: str) -> None:
        parsed = parse(b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode())
        sanitized = sanitized_html(parsed, {"127.0.0.1"}, allow_remote="images" in self.path)
        response = body_response(parsed, sanitized, allow_remote="images" in self.path)
        self._answer(response.content.decode(), dict(response.items()))

    def _answer(self, document: str, headers: dict[str, str]) -> None:
        content = document.encode()
        self.send_response(HTTPStatus.OK)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _hit(self) -> None:
        found = re.search(r"/own/([a-z0-9-]+)", self.path)
        self.server.hits[found[1] if found else ""].append(f"{self.command} {self.path}")
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Canary(socketserver.ThreadingTCPServer):
    """Takes every connection that leaves for another host, https too; the host name says which letter made it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CanaryHandler)
        self.hits: Hits = defaultdict(list)

    @property
    def resolver_rule(self) -> str:
        return f"--host-resolver-rules=MAP * 127.0.0.1:{self.server_address[1]}, EXCLUDE 127.0.0.1"


class CanaryHandler(socketserver.BaseRequestHandler):
    server: Canary

    def handle(self) -> None:
        asked = self.request.recv(1 << 16)
        if label := LABEL.search(asked):
            knows = " with our Referer" if b"\r\nreferer: http://127.0.0.1" in asked.lower() else ""
            self.server.hits[label[1].decode()].append(asked[:60].decode("latin-1").split("\r\n")[0] + knows)
        if asked[:1].isalpha():
            kind, content = self._wanted(asked.lower())
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
            self.request.sendall(head.encode() + content)

    def _wanted(self, asked: bytes) -> tuple[str, bytes]:
        if b"accept: image/" in asked:
            return "image/gif", PIXEL
        if b"accept: text/css" in asked:
            return "text/css", b"*{color:red}"
        return ("text/html", b"elsewhere") if b"text/html" in asked else ("text/javascript", b"alert(1)")


@contextmanager
def serving(make: Callable[[], Server]) -> Iterator[Server]:
    with make() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
