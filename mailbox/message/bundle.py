"""All files of a message as one zip: stored as they are, under names that no disk takes for another's, dated as the message came."""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import IO

from mailbox.message.attachments import Attachment, download_name, told_apart

FIRST_YEAR, LAST_YEAR = 1980, 2107  # of a zip's dates
READABLE = 0o644 << 16


def write_zip(attachments: Sequence[Attachment], moment: datetime, out: IO[bytes]) -> None:
    """Files are written one after the other, uncompressed: nothing is held twice, and what is attached is compressed mostly."""
    dated = moment.replace(year=min(max(moment.year, FIRST_YEAR), LAST_YEAR)).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for attachment, name in zip(attachments, told_apart(map(download_name, attachments)), strict=True):
            entry = zipfile.ZipInfo(name, dated)
            entry.external_attr = READABLE
            archive.writestr(entry, attachment.content)
