"""A canary that stands in for every other host, and a bare page that shows a letter as its sender wrote it.

What does no harm on the bare page proves nothing about the webmail's own. The canary answers https too, with a certificate made for the
occasion, so that it can say what each request carried.
"""

import datetime
import re
import socket
import socketserver
import ssl
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LABEL = re.compile(rb"([a-z0-9-]+)\.canary\.test")
TELLS = re.compile(rb"\r\n(cookie|referer): ([^\r]*)", re.IGNORECASE)
PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
TLS_HANDSHAKE = 0x16
TOOLBAR = '<div id="toolbar" style="height:40px"><button>Archive</button></div>'

Server = TypeVar("Server", "Control", "Canary")
Hits = defaultdict[str, list[str]]


class Control(ThreadingHTTPServer):
    """Serves `/control/<label>`: the letter with a toolbar above it, and no wall around it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ControlHandler)
        self.letters: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class ControlHandler(BaseHTTPRequestHandler):
    server: Control

    def do_GET(self) -> None:
        html = self.server.letters.get(self.path.removeprefix("/control/"))
        if html is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = f"<!doctype html><title>control</title>{TOOLBAR}{html}".encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Canary(socketserver.ThreadingTCPServer):
    """Takes every connection that leaves for another host; the host name says which letter made it.

    A hit is the request line, followed by the cookie and the Referer that came with it; of an https connection that ends before it
    asks for anything, `connection`.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), CanaryHandler)
        self.hits: Hits = defaultdict(list)
        self.tls = tls_context()

    @property
    def resolver_rule(self) -> str:
        return f"--host-resolver-rules=MAP * 127.0.0.1:{self.server_address[1]}, EXCLUDE 127.0.0.1"


class CanaryHandler(socketserver.BaseRequestHandler):
    server: Canary

    def handle(self) -> None:
        opening: bytes = self.request.recv(1 << 16, socket.MSG_PEEK)
        with suppress(OSError):  # a browser may hang up at any time
            if opening[:1] == bytes([TLS_HANDSHAKE]):
                self._handle_tls(opening)
            else:
                self._answer(self.request, self.request.recv(1 << 16))

    def _handle_tls(self, opening: bytes) -> None:
        asked = b""
        try:
            with self.server.tls.wrap_socket(self.request, server_side=True) as channel:
                asked = channel.recv(1 << 16)
                self._answer(channel, asked)
        finally:
            if not asked:
                self._note(opening, "connection")

    def _answer(self, channel: socket.socket, asked: bytes) -> None:
        if not asked:
            return
        line, *told = asked.split(b"\r\n")[0].removesuffix(b" HTTP/1.1"), *(b"%s: %s" % found for found in TELLS.findall(asked))
        self._note(asked, b", ".join([line, *told]).decode("latin-1"))
        kind, content = wanted(asked.lower())
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n"
        channel.sendall(head.encode() + content)

    def _note(self, text: bytes, hit: str) -> None:
        if label := LABEL.search(text):
            self.server.hits[label[1].decode()].append(hit)


def wanted(asked: bytes) -> tuple[str, bytes]:
    if b"accept: image/" in asked:
        return "image/gif", PIXEL
    if b"accept: text/css" in asked:
        return "text/css", b"*{color:red}"
    return ("text/html", b"elsewhere") if b"text/html" in asked else ("text/javascript", b"alert(1)")


def tls_context() -> ssl.SSLContext:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "canary.test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    written_key = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "chain.pem"
        chain.write_bytes(written_key + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(chain)
    return context


@contextmanager
def serving(make: Callable[[], Server]) -> Iterator[Server]:
    with make() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
