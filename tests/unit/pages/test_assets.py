"""Promises of the files themselves: nothing inline, nothing trusted, nothing from elsewhere, and small."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from postamt.static_files import in_short

TEMPLATES = sorted((settings.BASE_DIR / "templates").glob("*.html"))
STATIC = settings.BASE_DIR / "static"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_nothing_inline_and_trusts_no_text(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"\|\s*safe\b|autoescape|safeseq", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("source", sorted((settings.BASE_DIR / "mailbox").rglob("*.py")), ids=lambda path: path.stem)
def test_no_code_of_the_mailbox_marks_text_as_safe(source: Path) -> None:
    assert not re.search(r"mark_safe|SafeString\(|SafeText|@csrf_exempt|autoescape=False", source.read_text())


def weight(*names: str) -> int:
    """On the wire: as they are stored for the browser, compressed."""
    return sum(len(brotli.compress(in_short((STATIC / name).read_bytes()))) for name in names)


@pytest.mark.parametrize(
    ("names", "most"),
    [
        (("postamt.css",), 7_300),
        (("icons.svg",), 2_000),
        (("postamt.js", "list.js"), 5_300),
        (("postamt.js", "list.js", "reading.js"), 6_400),  # an open mail with the list beside it
        (("postamt.js", "list.js", "compose.js"), 7_500),
    ],
)
def test_what_a_page_needs_is_small_on_the_wire(names: tuple[str, ...], most: int) -> None:
    assert weight(*names) <= most


def test_without_what_is_for_its_readers_a_script_says_the_same() -> None:
    assert (
        in_short(b"/* Two\n   lines. */\nif (a) { // yes\n  go('https://b//c');\n\n  // no\n}\n") == b"if (a) {\ngo('https://b//c');\n}\n"
    )
    for path in STATIC.glob("*.js"):
        lines = path.read_text().splitlines()
        assert all(line.count("`") % 2 == 0 for line in lines), path  # a literal over several lines would lose its blanks
        assert all(line.partition(" // ")[0].count("'") % 2 == 0 for line in lines if " // " in line), path


def test_a_script_loads_none_that_its_page_does_not_name() -> None:
    """Each would be one more journey on a slow line."""
    imported = {name for path in STATIC.glob("*.js") for name in re.findall(r"from '(.*?)'|import\('(.*?)'\)", path.read_text())}
    assert imported == {("./postamt.js", "")}


def test_the_assets_name_no_other_host() -> None:
    for path in (path for path in STATIC.iterdir() if path.suffix != ".png"):
        hosts = set(re.findall(r"https?://[^\s\"')]+", path.read_text()))
        assert hosts <= {"http://www.w3.org/2000/svg"}


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    drawn = {name for path in TEMPLATES for name in re.findall(r'{% icon "(\w+)"', path.read_text())}
    assert drawn <= set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text()))
