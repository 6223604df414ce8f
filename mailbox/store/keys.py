"""All knowledge of where things lie in the bucket, and how a key and a message's `id` name each other.

An `id` is the key of the raw mail with `-` for its first `/` (`incoming-<ses id>`, `sent-<ses id>`), so it says where the raw is and
nobody has to be believed about it. Ids hold only `[A-Za-z0-9_-]` (RFC 8620 1.2); a name that holds anything else is carried as
`_` and base64url. A key is mail only if the whole of it is `<prefix><name>`.
"""

import base64
import binascii
import re
import uuid

MAIL_PREFIXES = ("incoming/", "sent/")
SETUP_NOTIFICATION = "AMAZON_SES_SETUP_NOTIFICATION"
JOBS_PREFIX = "jobs/"
PULSE_KEY = "settings/pulse.json"  # asks the indexer whether it hears of what is put
HOME_KEY = "sync/heartbeat.json"  # the home server's, if there is one
ID_PATTERN = r"[A-Za-z0-9_-]{1,255}"
LONGEST_ID = 255

PLAIN_NAME = re.compile(r"(?!_)[A-Za-z0-9_-]{1,240}")
OUTBOX_ID = re.compile(r"[a-z0-9]{32}")
SES_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")


def new_id() -> str:
    """A name nobody else has and nobody guesses."""
    return uuid.uuid4().hex


def message_id_of(key: str) -> str:
    """The id of the raw mail under `key`. Raises ValueError where no mail can be."""
    prefix, _, name = key.partition("/")
    if f"{prefix}/" not in MAIL_PREFIXES or not name or "/" in name or name == SETUP_NOTIFICATION:
        raise ValueError(f"{key[:200]!r} is not the key of a mail")
    id = f"{prefix}-{name if PLAIN_NAME.fullmatch(name) else encoded(name)}"
    if len(id) > LONGEST_ID:
        raise ValueError(f"{key[:200]!r} is too long for a mail's key")
    return id


def key_of(id: str) -> str:
    """The key of the raw mail that `id` names. Raises ValueError for anything that is not exactly the id of a possible mail."""
    prefix, _, name = id.partition("-")
    key = f"{prefix}/{decoded(name) if name.startswith('_') else name}"
    if message_id_of(key) != id:
        raise ValueError(f"{id[:200]!r} is not the id of a mail")
    return key


def encoded(name: str) -> str:
    return "_" + base64.urlsafe_b64encode(name.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def decoded(name: str) -> str:
    try:
        return base64.urlsafe_b64decode(name[1:] + "=" * (-len(name[1:]) % 4)).decode("utf-8", "surrogatepass")
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{name[:200]!r} is not the id of a mail") from error


def is_mail(key: str) -> bool:
    try:
        return bool(message_id_of(key))
    except ValueError:
        return False


def is_id(id: str) -> bool:
    try:
        return bool(key_of(id))
    except ValueError:
        return False


def raw_key(key: str) -> str | None:
    """The raw mail that an object says something about (its state, receipt, sidecar or event), or None if it is about no mail."""
    if is_mail(key) and not is_sidecar(key):
        return key
    prefix, _, rest = key.partition("/")
    name = rest.removesuffix(".json")
    if prefix == "events":
        wanted = "sent/" + name.partition("/")[0]
    elif name == rest:
        return None
    elif prefix == "state":
        return key_of(name) if is_id(name) else None
    else:
        wanted = {"receipts": f"incoming/{name}", "sent": f"sent/{name}"}.get(prefix, "")
    return wanted if is_mail(wanted) else None


def is_sidecar(key: str) -> bool:
    return key.startswith("sent/") and key.endswith(".json")


def name_of(id: str) -> str:
    """What stands behind the prefix: the SES id of received and of sent mail."""
    return key_of(id).partition("/")[2]


def state_key(id: str) -> str:
    return f"state/{id}.json"


def receipt_key(ses_id: str) -> str:
    return f"receipts/{ses_id}.json"


def sent_key(ses_id: str) -> str:
    return f"sent/{ses_id}"


def sidecar_key(ses_id: str) -> str:
    return f"sent/{ses_id}.json"


def outbox_key(id: str) -> str:
    return f"outbox/{id}"


def claim_key(id: str) -> str:
    return f"outbox/{id}.claim"


def settings_key(name: str) -> str:
    return f"settings/{name}.json"


def job_key(id: str) -> str:
    return f"jobs/{id}.json"


def progress_key(job: str) -> str:
    return f"jobs/{job}/progress"


def changes_key(job: str, portion: int) -> str:
    """What one portion of a job changed."""
    return f"jobs/{job}/{portion:06}"


def events_prefix(ses_id: str) -> str:
    """Below it lies what SES said became of a sent mail."""
    return f"events/{ses_id}/"


def parts_prefix(id: str) -> str:
    return f"parts/{id}/"


def part_key(id: str, number: int) -> str:
    """The decoded copy of a large attachment, for as long as somebody downloads it."""
    return f"{parts_prefix(id)}{number}"


def bundle_key(id: str, number: int) -> str:
    """All of a message's files in one; what they are follows from how many."""
    return f"{parts_prefix(id)}files-{number}.zip"
