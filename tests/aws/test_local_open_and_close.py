"""`make run` as a person meets it: how it opens, what it says when it cannot, and that it ends with all it started."""

import os
import re
import signal
import smtplib
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal, free_ports
from tests.aws.conftest import wait_until

MAIL = "From: Ann <ann@example.org>\r\nSubject: {subject}\r\nMessage-ID: <{subject}@example.org>\r\n\r\nA word.\r\n"
WELCOME = "Welcome to your own post office"
CLOSES_WITHIN = 5.0


def refusal(terminal: Terminal, **environment: str) -> str:
    """What it says on standard error before it gives up."""
    process = terminal.start(**environment)
    _out, error = process.communicate(timeout=60)
    assert process.returncode == 1
    return error.strip()


def family(terminal: Terminal) -> set[int]:
    """Process ids of everything below it, however deep."""
    assert terminal.process
    parents = {int(entry.name): parent_of(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    below = {terminal.process.pid}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return below - {terminal.process.pid}


def emulator_of(terminal: Terminal) -> int:
    """Its own child: a Lambda worker bears the emulator's command line too, between its fork and its exec."""
    assert terminal.process
    own = {pid for pid in family(terminal) if parent_of(Path(f"/proc/{pid}")) == terminal.process.pid}
    return next(pid for pid in own if b"local.emulator" in Path(f"/proc/{pid}/cmdline").read_bytes())


def names(terminal: Terminal, prefix: str) -> set[str]:
    found = terminal.client("s3").list_objects_v2(Bucket="postamt-local", Prefix=prefix).get("Contents", [])
    return {item["Key"].removeprefix(prefix).removesuffix(".json") for item in found}


def send(terminal: Terminal, subject: str, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", terminal.smtp_port, timeout=60) as smtp:
        smtp.sendmail("ann@example.org", ["me@postamt.localhost", *recipients], MAIL.format(subject=subject))


def parent_of(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "state")
    yield terminal
    if terminal.process and terminal.process.poll() is None:
        terminal.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """One that is open, for the tests that leave it so."""
    terminal = Terminal(tmp_path_factory.mktemp("opened") / "state")
    terminal.open()
    yield terminal
    terminal.end(signal.SIGTERM)


def test_it_works(opened: Terminal) -> None:
    address = f"http://127.0.0.1:{opened.ports['POSTAMT_PORT']}/"
    assert address in opened.printed
    secret = re.search(r"Login secret +(\S+)", opened.printed)
    assert secret
    assert len(secret[1]) >= 20
    with urllib.request.urlopen(f"{address}login/", timeout=60) as page:
        assert page.status == 200
    wait_until(lambda: WELCOME in opened.subjects(), "the welcome mail did not come")


def test_the_printed_line_sends_a_first_mail(opened: Terminal) -> None:
    line = next(line for line in opened.printed.splitlines() if "sendmail" in line)
    assert "Message-ID: <" in line, "an answer to a mail without an id begins a conversation of its own"
    subprocess.run(["/bin/sh", "-c", line.strip()], check=True, timeout=60)
    wait_until(lambda: "Hello" in opened.subjects(), "the first mail did not come")


def test_everything_listens_on_the_loopback_only(opened: Terminal) -> None:
    assert opened.process
    descriptors = [link for pid in (opened.process.pid, *family(opened)) for link in Path(f"/proc/{pid}/fd").glob("*")]
    sockets = {str(link.readlink()) for link in descriptors if link.is_symlink()}
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path("/proc/net", table).read_text().splitlines()[1:]]
    listening = [row[1].split(":") for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]
    assert {address for address, _port in listening} == {"0100007F"}
    assert {int(port, 16) for _address, port in listening} == set(opened.ports.values())


def test_a_state_folder_in_use_is_said_in_one_sentence(opened: Terminal) -> None:
    second = Terminal(opened.state)
    assert refusal(second).startswith(f"Another post office is open in {opened.state}: ")
    wait_until(lambda: WELCOME in opened.subjects(), "the first one is disturbed")


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_closes_within_five_seconds_with_all_it_started(terminal: Terminal, by: signal.Signals) -> None:
    terminal.open()
    send(terminal, "one")
    wait_until(lambda: "one" in terminal.subjects(), "the mail was not indexed")
    processes = family(terminal)
    assert len(processes) >= 3  # the emulator, the webmail, a Lambda
    assert terminal.end(by) < CLOSES_WITHIN
    assert terminal.process
    assert terminal.process.returncode == 0
    wait_until(lambda: not alive(processes), "a process lives on")


def test_kill_9_takes_all_its_processes_along_and_loses_neither_mail_nor_receipt(terminal: Terminal) -> None:
    terminal.open()
    for number in range(20):
        send(terminal, f"mail {number}", f"r{number}@postamt.localhost")
    processes = family(terminal)
    terminal.end(signal.SIGKILL)
    wait_until(lambda: not alive(processes), "a process lives on", patience=10)
    terminal.open()
    expected = sorted([WELCOME, *(f"mail {number}" for number in range(20))])
    wait_until(lambda: sorted(terminal.subjects()) == expected, "not every mail is listed once")
    wait_until(lambda: names(terminal, "receipts/") == names(terminal, "incoming/"), "a receipt is missing")


def test_it_opens_again_on_other_ports_with_the_mail_it_had_and_welcomes_once(terminal: Terminal) -> None:
    terminal.open()
    send(terminal, "before")
    terminal.end(signal.SIGTERM)
    terminal.ports = free_ports()
    terminal.open()
    wait_until(lambda: sorted(terminal.subjects()) == [WELCOME, "before"], "the mail is gone")
    send(terminal, "after")
    wait_until(lambda: "after" in terminal.subjects(), "mail does not come in any more")


@pytest.mark.parametrize("name", ["POSTAMT_PORT", "POSTAMT_SMTP_PORT", "POSTAMT_AWS_PORT"])
def test_a_taken_port_is_said_in_one_sentence_before_anything_is_started(tmp_path: Path, name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        terminal = Terminal(tmp_path / "state", **{name: port})
        assert refusal(terminal) == f"Port {port} is taken by another program: set {name} to a free port."
    assert not (tmp_path / "state" / "aws").exists()


def test_a_port_that_is_none_is_said_in_one_sentence(tmp_path: Path) -> None:
    assert refusal(Terminal(tmp_path / "state"), POSTAMT_PORT="http") == "POSTAMT_PORT is 'http', but a port is a number from 1 to 65535."


def test_a_login_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    assert refusal(Terminal(tmp_path / "state"), POSTAMT_AUTH_SECRET="short") == "POSTAMT_AUTH_SECRET has fewer than 20 characters."


def test_when_a_part_ends_by_itself_the_rest_ends_with_a_sentence(terminal: Terminal) -> None:
    terminal.open()
    processes = family(terminal)
    os.kill(emulator_of(terminal), signal.SIGKILL)
    assert terminal.process
    _out, error = terminal.process.communicate(timeout=60)
    assert "The local AWS ended by itself (exit code -9)" in error
    assert terminal.process.returncode == 1
    wait_until(lambda: not alive(processes), "a process lives on", patience=10)
