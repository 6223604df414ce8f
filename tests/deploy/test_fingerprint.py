"""A zip is packed again when anything changed that it is made from, and only then."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.fingerprint import fingerprint, forget, is_made_from, note

SETTINGS = {"memory_size": 512}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "mailbox").mkdir(parents=True)
    (folder / "mailbox" / "urls.py").write_text("urlpatterns = []\n")
    return folder


def test_it_works(sources: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "web.zip"
    zipped.write_bytes(b"zip")
    note(zipped, fingerprint(SETTINGS, [sources]))
    assert is_made_from(zipped, fingerprint(SETTINGS, [sources]))


def test_a_zip_that_is_not_whole_is_packed_again(sources: Path, tmp_path: Path) -> None:
    zipped, made_from = tmp_path / "web.zip", fingerprint(SETTINGS, [sources])
    note(zipped, made_from)
    assert not is_made_from(zipped, made_from)
    zipped.write_bytes(b"half a z")
    forget(zipped)
    assert not is_made_from(zipped, made_from)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "mailbox" / "urls.py").write_text("urlpatterns = [1]\n"),
        lambda folder: (folder / "mailbox" / "urls.py").rename(folder / "mailbox" / "pages.py"),
        lambda folder: (folder / "mailbox" / "more.py").touch(),
        lambda folder: (folder / "mailbox" / "urls.py").unlink(),
    ],
    ids=["content", "name", "added", "removed"],
)
def test_any_change_of_a_file_counts(change: Callable[[Path], object], sources: Path) -> None:
    before = fingerprint(SETTINGS, [sources])
    change(sources)
    assert fingerprint(SETTINGS, [sources]) != before


def test_the_settings_baked_in_count(sources: Path) -> None:
    assert fingerprint({"memory_size": 1024}, [sources]) != fingerprint(SETTINGS, [sources])
