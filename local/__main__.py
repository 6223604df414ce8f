"""`make run`: opens the local post office, says how to use it, and ends it on Ctrl-C, SIGTERM, or when a part of it ends by itself."""

import contextlib
import fcntl
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from typing import NoReturn

from local.environment import Office, Secrets, environment_of, office_of, secrets_of
from local.postoffice import EMULATOR_PYTHON, CannotStart, PostOffice
from local.welcome import welcome
from mailbox.checks import secret_errors

LOOK_EVERY = 0.5

OPEN = """
Your post office is open. Ctrl-C closes it; the mail stays in {state}

  Webmail       {web_url}/
  Login secret  {secret}
  Mail          to anybody@{domain}, by SMTP to 127.0.0.1:{smtp_port}

Send yourself a first mail from another terminal:

  {first_mail}
"""
FIRST_MAIL = (
    "python3 -c \"import smtplib; smtplib.SMTP('127.0.0.1', {smtp_port}).sendmail('ann@example.org', 'me@{domain}', "
    "'From: Ann <ann@example.org>\\nTo: me@{domain}\\nSubject: Hello\\n"
    "Message-ID: <hello@example.org>\\n\\nMy first mail.')\""
)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def only_one(office: Office) -> Iterator[None]:
    """Two post offices in one state folder would overwrite each other's mail. The lock ends with the process, however it ends."""
    office.state.mkdir(parents=True, exist_ok=True)
    with (office.state / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"Another post office is open in {office.state}: close it, or set POSTAMT_STATE to another folder.") from None
        yield


def check_ports(office: Office) -> None:
    for name, port in (("POSTAMT_PORT", office.web_port), ("POSTAMT_SMTP_PORT", office.smtp_port), ("POSTAMT_AWS_PORT", office.aws_port)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CannotStart(f"Port {port} is taken by another program: set {name} to a free port.") from None


def check_secrets(secrets: Secrets) -> None:
    for error in secret_errors(secrets.auth, secrets.jwt):
        raise CannotStart(str(error.msg))


def announcement(office: Office, secret: str) -> str:
    first_mail = FIRST_MAIL.format(smtp_port=office.smtp_port, domain=office.domain)
    return OPEN.format(
        state=office.state, web_url=office.web_url, secret=secret, domain=office.domain, smtp_port=office.smtp_port, first_mail=first_mail
    )


def supervise(post_office: PostOffice) -> NoReturn:
    """Until a signal ends it, or a part that ended by itself."""
    while True:
        post_office.look_after_repair()
        for child in post_office.children():
            if child.exit_code() is not None:
                raise CannotStart(
                    f"{child.name} ended by itself (exit code {child.exit_code()}); {child.log} says why. No mail is lost: start it again."
                )
        time.sleep(LOOK_EVERY)


def end_on_signal(*_signal: object) -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt


def run(office: Office) -> None:
    with only_one(office):
        check_ports(office)
        secrets = secrets_of(office)
        check_secrets(secrets)
        # The table is made by the project's own code, which reads the settings, and they the environment.
        os.environ.update(environment_of(office, secrets), DJANGO_SETTINGS_MODULE="postamt.settings")
        post_office = PostOffice(office)
        try:
            post_office.start()
            welcome(office, post_office.receiving)
            say(announcement(office, post_office.secrets.auth))
            supervise(post_office)
        finally:
            post_office.stop()


def main() -> int:
    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, end_on_signal)
    try:
        if not EMULATOR_PYTHON.exists():
            raise CannotStart("The local AWS is not installed: start with `make run`.")
        run(office_of())
    except (CannotStart, ValueError, OSError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        say("\nThe post office is closed.")
    return 0


sys.exit(main())
