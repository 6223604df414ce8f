"""Where a local post office lives: its ports, its state folder, and the environment its processes are started with.

Standard library only: manage.py and the emulator's own interpreter import it too. What a start decided is written to
`environment.json` in the state folder, so that `manage.py` beside a running post office finds it.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from mailbox.new_secrets import login_secret, signing_secret

PROJECT = Path(__file__).resolve().parent.parent
REGION = "eu-west-1"
ACCOUNT = "000000000000"
BUCKET = "postamt-local"
TABLE = "postamt-2"  # an index of a new shape is a new table, which `reindex --missing` fills at the next start
QUEUE = "postamt-outbox"
DEAD_LETTER_QUEUE = "postamt-outbox-dead"
TOPIC = "postamt-receipts"
RULE_SET = "postamt"
# The emulator files its queues under their URL, and the state folder must survive a change of port: hence a fixed one.
QUEUE_URL = f"http://127.0.0.1:4566/{ACCOUNT}/{QUEUE}"
DEAD_LETTER_URL = f"http://127.0.0.1:4566/{ACCOUNT}/{DEAD_LETTER_QUEUE}"
OWNER_KEY = "POSTAMTLOCALOWNER"


@dataclass(frozen=True, slots=True)
class Office:
    """One local post office: what tells it from another on the same machine."""

    state: Path
    domain: str
    web_port: int
    smtp_port: int
    aws_port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def outbox(self) -> Path:
        """What SES sent: exact bytes and envelope."""
        return self.state / "outbox"

    @property
    def spool(self) -> Path:
        """Copies to the own domain on their way back in."""
        return self.state / "spool"

    @property
    def receipts(self) -> Path:
        """Notifications that the saved state may not hold yet."""
        return self.state / "receipts"

    @property
    def scratch(self) -> Path:
        return self.state / "tmp"

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def static_root(self) -> Path:
        return self.state / "static"

    @property
    def emulator(self) -> Path:
        return self.state / "aws"


@dataclass(frozen=True, slots=True)
class Secrets:
    auth: str
    jwt: str
    aws: str


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    return Path(environ.get("POSTAMT_STATE") or PROJECT / "var").expanduser().resolve()


def office_of(environ: Mapping[str, str] = os.environ) -> Office:
    """The post office that `environ` describes. Raises ValueError with a sentence when a port is no port."""
    return Office(
        state=state_folder(environ),
        domain=(environ.get("POSTAMT_DOMAIN") or "postamt.localhost").lower(),
        web_port=_port(environ, "POSTAMT_PORT", 8000),
        smtp_port=_port(environ, "POSTAMT_SMTP_PORT", 2525),
        aws_port=_port(environ, "POSTAMT_AWS_PORT", 4566),
    )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"{name} is {text!r}, but a port is a number from 1 to 65535.")
    return int(text)


def secrets_of(office: Office, environ: Mapping[str, str] = os.environ) -> Secrets:
    """The secrets of this post office: made at the first start, kept in the state folder for its owner's eyes only."""
    path = _secrets_file(office)
    kept = Secrets(**json.loads(path.read_text())) if path.exists() else renew_secrets(office)
    return Secrets(auth=environ.get("POSTAMT_AUTH_SECRET") or kept.auth, jwt=kept.jwt, aws=kept.aws)


def renew_secrets(office: Office) -> Secrets:
    """New secrets from the next start on. Every session and every known browser of before then counts no more."""
    made = Secrets(auth=login_secret(), jwt=signing_secret(), aws=secrets.token_hex(20))
    office.state.mkdir(parents=True, exist_ok=True)
    write_private(_secrets_file(office), json.dumps(asdict(made)))
    return made


def _secrets_file(office: Office) -> Path:
    return office.state / "secrets.json"


def write_private(path: Path, text: str) -> None:
    """Write at once or not at all, readable by the owner only."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def environment_of(office: Office, kept: Secrets) -> dict[str, str]:
    """What every process of this post office is started with; the AWS identity is its owner's, who may do anything."""
    return {
        "POSTAMT_STATE": str(office.state),
        "POSTAMT_DOMAIN": office.domain,
        "POSTAMT_BUCKET": BUCKET,
        "POSTAMT_TABLE": TABLE,
        "POSTAMT_QUEUE_URL": QUEUE_URL,
        "POSTAMT_DEAD_LETTER_URL": DEAD_LETTER_URL,
        "POSTAMT_AUTH_SECRET": kept.auth,
        "POSTAMT_JWT_SECRET": kept.jwt,
        "POSTAMT_HOSTS": "127.0.0.1,localhost",
        "POSTAMT_ORIGINS": "",
        "POSTAMT_ORIGIN_SECRET": "",
        "POSTAMT_STATIC_ROOT": str(office.static_root),
        "POSTAMT_TIME_ZONE": os.environ.get("POSTAMT_TIME_ZONE") or "UTC",
        "AWS_ENDPOINT_URL": office.endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": OWNER_KEY,
        "AWS_SECRET_ACCESS_KEY": kept.aws,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def write_environment(office: Office, environment: Mapping[str, str]) -> None:
    write_private(office.state / "environment.json", json.dumps(dict(environment), indent=1))


def read_environment() -> dict[str, str]:
    """The environment of the post office in the state folder; empty when there has been none yet."""
    path = state_folder() / "environment.json"
    if not path.exists():
        return {}
    environment: dict[str, str] = json.loads(path.read_text())
    return environment
