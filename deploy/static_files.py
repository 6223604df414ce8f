"""Puts the static files into their bucket. Hashed names never change their content, so a browser may keep them for ever.

Files of earlier versions stay: a page that is open meanwhile still asks for them. They are small, and a lifecycle may end them.
"""

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.places import MANIFEST

HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "public, max-age=300"
PREFIX = "static/"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
TEXTS = ("text/", "image/svg+xml", "application/manifest+json", "application/json")


def upload(s3: Any, bucket: str, folder: Path) -> int:
    """How many files were new; the bucket serves them below /static/."""
    present = set(names_in(s3, bucket))
    missing = [path for path in files_of(folder) if key_of(path, folder) not in present or not HASHED.search(path.name)]
    for path in missing:
        s3.put_object(
            Bucket=bucket,
            Key=key_of(path, folder),
            Body=path.read_bytes(),
            ContentType=content_type(path),
            CacheControl=cache_control(path),
        )
    return len(missing)


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def names_in(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
        yield from (entry["Key"] for entry in page.get("Contents", []))


def key_of(path: Path, folder: Path) -> str:
    return PREFIX + path.relative_to(folder).as_posix()


def content_type(path: Path) -> str:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(TEXTS) else kind


def cache_control(path: Path) -> str:
    return FOR_EVER if HASHED.search(path.name) else FOR_NOW
