"""What the emulator's last save says: until when the saved table holds what the bucket holds.

Objects are on disk at once, the table a moment later. After a `kill -9` everything younger than the save is indexed again, and receipts
younger than it are published again; both may be repeated at will. A repair that was itself killed is owed until one has ended well.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from local.environment import Office, write_private

MARGIN = 60.0  # seconds between an object and its event, on a machine that is very busy


def indexed_until(office: Office) -> float | None:
    """Seconds since 1970; None when nothing was ever saved, or when that cannot be read (a power cut may leave an empty file)."""
    path = office.emulator / "state" / "saved.json"
    try:
        return float(json.loads(path.read_text())["indexed_until"]) - MARGIN
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def owe_repair(office: Office) -> str | None:
    """Since when the index must be repaired, for `reindex --changed-since`; None for a new post office."""
    if not any((office.emulator / "s3").glob("*/*")):
        return None
    owed = office.state / "repair"
    since = min(indexed_until(office) or 0.0, owed_since(owed))
    write_private(owed, str(since))
    return datetime.fromtimestamp(since, UTC).isoformat()


def owed_since(owed: Path) -> float:
    """When in doubt, since ever: a repair too much changes nothing."""
    try:
        return float(owed.read_text())
    except FileNotFoundError:
        return float("inf")
    except ValueError:
        return 0.0


def repair_is_done(office: Office) -> None:
    (office.state / "repair").unlink(missing_ok=True)
