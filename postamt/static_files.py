"""How static files are stored: under names that carry a hash, so that a browser may keep each for ever, and without their comments."""

import re
from typing import IO, Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

WRITTEN_BY_HAND = (".css", ".js")
COMMENT_LINES = re.compile(rb"^[ \t]*(?://.*|/\*[^*\n]*\*/)[ \t]*\n", re.MULTILINE)


class HashedFiles(ManifestStaticFilesStorage):
    """Also inside of scripts, so that a module that others import is the one the page itself loads."""

    support_js_module_import_aggregation = True

    def _save(self, name: str, content: IO[Any]) -> str:
        """Lines that are nothing but a comment are for who reads the source; a bad line pays for each byte."""
        if name.endswith(WRITTEN_BY_HAND):
            content.seek(0)
            content = ContentFile(COMMENT_LINES.sub(b"", content.read()))
        saved: str = super()._save(name, content)  # type: ignore[misc]  # Django documents it, the stubs leave it out
        return saved
