"""How static files are stored: under names that carry a hash, so that a browser may keep each for ever, and without their comments.

A comment begins its line, or stands after a blank at the end of one: `// ` is written nowhere else, and no literal goes over a line.
"""

import re
from typing import IO, Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

WRITTEN_BY_HAND = (".css", ".js")
BLANKS = re.compile(rb"^[ \t]+", re.MULTILINE)
COMMENTS = re.compile(rb"^/\*[\s\S]*?\*/$|(?:^|[ \t]+)// .*$", re.MULTILINE)
EMPTY_LINES = re.compile(rb"^\n", re.MULTILINE)


def in_short(source: bytes) -> bytes:
    """A style sheet or a script without what is only for who reads the source; a bad line pays for each byte."""
    return EMPTY_LINES.sub(b"", COMMENTS.sub(b"", BLANKS.sub(b"", source)))


class HashedFiles(ManifestStaticFilesStorage):
    """Also inside of scripts, so that a module that others import is the one the page itself loads."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: IO[Any]) -> str:
        if name.endswith(WRITTEN_BY_HAND):
            content.seek(0)
            content = ContentFile(in_short(content.read()))
        saved: str = super()._save(name, content)  # type: ignore[misc]  # Django documents it, the stubs leave it out
        return saved
