"""The first letter in a new post office. It comes in as all mail does."""

from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from string import Template

from local.environment import Office
from local.receive import Receiving
from local.ses_lines import Transaction

LETTER = Path(__file__).with_name("welcome.eml")


def welcome(office: Office, receiving: Receiving) -> None:
    """Delivers the letter, once in the life of a state folder."""
    delivered = office.state / "welcomed"
    if delivered.exists():
        return
    own = dict.fromkeys(("spf", "dkim", "dmarc"), "PASS")  # it is from here
    receiving.receive(Transaction(letter(office), f"postmaster@{office.domain}", (f"me@{office.domain}",), verdicts=own))
    delivered.touch()


def letter(office: Office) -> bytes:
    text = Template(LETTER.read_text()).substitute(
        DOMAIN=office.domain, DATE=format_datetime(datetime.now(UTC)), SMTP_PORT=office.smtp_port, OUTBOX=office.outbox
    )
    return text.replace("\n", "\r\n").encode()
