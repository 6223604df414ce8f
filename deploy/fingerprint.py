"""Tells whether a zip would come out as the one that lies there: packing takes most of a deployment's time."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any


def fingerprint(settings: Mapping[str, Any], places: Iterable[Path]) -> str:
    """Of what a zip is made from: the settings baked into it, and every file of `places` with its name."""
    seen = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for place in places:
        for path in files_of(place):
            seen.update(f"\0{path.relative_to(place.parent)}\0".encode())
            seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def files_of(place: Path) -> Iterator[Path]:
    return iter([place]) if place.is_file() else iter(sorted(path for path in place.rglob("*") if path.is_file()))


def is_made_from(zipped: Path, wanted: str) -> bool:
    noted = note_of(zipped)
    return zipped.exists() and noted.exists() and noted.read_text() == wanted


def note(zipped: Path, made_from: str) -> None:
    note_of(zipped).write_text(made_from)


def forget(zipped: Path) -> None:
    note_of(zipped).unlink(missing_ok=True)


def note_of(zipped: Path) -> Path:
    return zipped.with_suffix(".made-from")
