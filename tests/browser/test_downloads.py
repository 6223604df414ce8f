"""Files of a mail in a real browser: a click saves them, nothing shows or runs them, and what can do harm asks for a second click."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.aws.conftest import PostOffice
from tests.unit.pages.letters import written

LARGE = bytes(range(256)) * 20_000
HOSTILE = {
    "page.html": b"<script>document.title='ran'</script>",
    "logo.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    "list.xml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "gadget.js": b"document.title='ran'",
    "style.css": b"*{display:none!important}",
    "shown.png": b"<script>alert(1)</script>",
}


def opened(page: Page, office: PostOffice, subject: str, files: dict[str, bytes]) -> None:
    office.deliver(written(subject.replace(": ", "-"), subject=subject, files=files))
    page.reload()
    page.get_by_role("link", name=subject).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)


def saved(page: Page, name: str) -> tuple[str, bytes]:
    """Clicks a link and waits for the file."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def addresses(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator(".file a[download], a.file").all()]


def test_it_works(page: Page, post_office: PostOffice) -> None:
    opened(page, post_office, "Files: plan", {"plan.pdf": b"%PDF-1.7"})
    assert saved(page, "plan.pdf") == ("plan.pdf", b"%PDF-1.7")
    expect(page.get_by_role("heading", level=1)).to_have_text("Files: plan")


def test_a27_a_click_saves_and_never_shows(page: Page, post_office: PostOffice) -> None:
    opened(page, post_office, "Files: hostile", HOSTILE)
    page.on("dialog", lambda dialog: pytest.fail(f"a file said {dialog.message}"))
    address, title = page.url, page.title()
    for file in page.locator(".file").all():
        if summary := file.locator("summary").all():
            expect(file.get_by_role("link")).to_be_hidden()
            summary[0].click()
        with page.expect_download() as download:
            (file.get_by_role("link") if summary else file).click()
        assert Path(download.value.path()).read_bytes() == HOSTILE[download.value.suggested_filename]
        assert (page.url, page.title(), len(page.context.pages)) == (address, title, 1)


def test_a27_an_address_opened_on_its_own_saves_too(page: Page, post_office: PostOffice) -> None:
    opened(page, post_office, "Files: alone", HOSTILE)
    alone = page.context.new_page()
    for address in addresses(page):
        with alone.expect_download(), pytest.raises(Error, match="Download is starting"):
            alone.goto(address)
        assert alone.url == "about:blank"


def test_a27_no_page_of_ours_takes_a_file_for_its_script_or_style(page: Page, post_office: PostOffice) -> None:
    opened(page, post_office, "Files: gadgets", {"gadget.js": HOSTILE["gadget.js"], "style.css": HOSTILE["style.css"]})
    for address in addresses(page):
        for tag, attribute in (("script", "src"), ("link", "href")):
            outcome = page.evaluate(
                """([tag, attribute, address]) => new Promise(say => {
                    const element = Object.assign(document.createElement(tag), {rel: 'stylesheet', [attribute]: address});
                    element.onload = () => say('taken');
                    element.onerror = () => say('refused');
                    document.head.append(element);
                })""",
                [tag, attribute, address],
            )
            assert outcome == "refused"
    expect(page).to_have_title("Files: gadgets · Postamt")


def test_large_files_and_all_files_come_from_the_bucket_as_they_are(page: Page, post_office: PostOffice) -> None:
    files = {"large.bin": LARGE, "Größe.txt": b"4 MB"}
    opened(page, post_office, "Files: large", files)
    assert saved(page, "large.bin") == ("large.bin", LARGE)
    with page.expect_download() as download:
        page.locator("main").get_by_role("link", name="Download all").click()
    assert download.value.suggested_filename == "Files_ large.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        got = {name: hashlib.sha256(archive.read(name)).digest() for name in archive.namelist()}
    assert got == {name: hashlib.sha256(content).digest() for name, content in files.items()}


def test_the_bucket_hands_out_a_large_file_as_a_download_that_nobody_keeps(page: Page, post_office: PostOffice) -> None:
    opened(page, post_office, "Files: parts", {"large.html": LARGE})
    (address,) = addresses(page)
    part = page.request.get(address, headers={"Range": "bytes=65-67"})
    assert (part.status, part.body()) == (206, b"ABC")
    assert "/parts/" in part.url
    assert part.headers["content-type"] == "application/octet-stream"
    assert part.headers["cache-control"] == "private, no-store"
    assert part.headers["content-disposition"] == "attachment; filename=\"large.html\"; filename*=UTF-8''large.html"
