"""What only a socket can say: requests that no client library would write, against the server of the local post office. A23, A47."""

import socket
import threading
from collections.abc import Iterator

import pytest
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

pytestmark = pytest.mark.usefixtures("mailbox")

DEADLINE = 20  # seconds
PAGE = "GET /login/ HTTP/1.1\r\n"


@pytest.fixture
def port() -> Iterator[int]:
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(DEADLINE)


def answer_to(port: int, request: str | bytes) -> str:
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as connection:
        connection.sendall(request.encode() if isinstance(request, str) else request)
        received = b""
        while part := connection.recv(65_536):
            received += part
    return received.decode("utf-8", "replace")


def status_of(answer: str) -> str:
    return answer.partition("\r\n")[0].partition(" ")[2]


def test_it_works(port: int) -> None:
    answer = answer_to(port, f"{PAGE}Host: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert status_of(answer) == "200 OK"
    assert "Sign in to your mail" in answer


@pytest.mark.parametrize(
    "request_head",
    [
        f"{PAGE}Host: evil.example\r\n",
        f"{PAGE}Host: 127.0.0.1\r\nHost: evil.example\r\n",
        f"{PAGE}Host: evil.example\r\nHost: 127.0.0.1\r\n",
        f"{PAGE}Host: 127.0.0.1@evil.example\r\n",
        f"{PAGE}X-Forwarded-Host: 127.0.0.1\r\nHost: evil.example\r\n",
    ],
)
def test_a23_a_host_that_is_not_ours_is_400_however_it_is_written(port: int, request_head: str) -> None:
    answer = answer_to(port, f"{request_head}Connection: close\r\n\r\n")
    assert status_of(answer) == "400 Bad Request"
    assert "evil.example" not in answer


def test_a23_a_target_with_a_foreign_host_brings_no_foreign_host_into_the_page(port: int) -> None:
    answer = answer_to(port, "GET http://evil.example/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert "evil.example" not in answer


def test_a47_a_chunked_body_passes_the_same_checks(port: int) -> None:
    head = "POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n"
    answer = answer_to(port, f"{head}Connection: close\r\n\r\nb\r\npassword=xy\r\n0\r\n\r\n")
    assert status_of(answer) == "403 Forbidden"


def test_a47_fifty_megabytes_are_refused_and_the_server_lives(port: int) -> None:
    head = "POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000000\r\nConnection: close\r\n\r\n"
    answer = answer_to(port, head.encode() + b"x" * 50_000_000)
    assert status_of(answer).startswith("413")
    assert status_of(answer_to(port, f"{PAGE}Host: 127.0.0.1\r\nConnection: close\r\n\r\n")) == "200 OK"


@pytest.mark.parametrize("target", ["//evil.example/%2e%2e", "/\\evil.example", "/login/;x", "/%00", "/%ff%fe", "*", "/" + "x" * 100_000])
def test_a47_targets_of_other_shapes_are_refused(port: int, target: str) -> None:
    answer = answer_to(port, f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert status_of(answer)[:3] in ("400", "404", "414", "431")
