"""Promises of the files themselves: nothing inline, nothing trusted, nothing from elsewhere, and small."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

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


@pytest.mark.parametrize(("name", "most"), [("postamt.css", 7_500), ("icons.svg", 2_000), ("reading.js", 1_500), ("compose.js", 2_500)])
def test_an_asset_is_small_on_the_wire(name: str, most: int) -> None:
    assert len(brotli.compress((STATIC / name).read_bytes())) <= most


def test_the_scripts_of_a_list_are_small_on_the_wire() -> None:
    assert sum(len(brotli.compress((STATIC / name).read_bytes())) for name in ("postamt.js", "list.js")) <= 6_500


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
