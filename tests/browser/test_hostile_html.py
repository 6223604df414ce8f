"""Hostile mail in a real browser: nothing runs, nothing leaves, nothing is posted, and the toolbar stays where it is.

Each letter is opened twice, bare and in the reader's frame, with the same clicks. Where the bare one does no harm the browser has learned
better and the letter shows nothing; if more than a tenth do, the test is worth nothing and fails.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Error, Page

from tests.browser.conftest import ARGUMENTS, BROWSERS
from tests.browser.hostile_html import VECTORS, Vector
from tests.browser.reader import Canary, Reader, serving

AT_ONCE = 24
HARM_WITHIN_MS = 2_500
POLL_MS = 50
CLICKED_KINDS = ("form", "nav", "script", "self")
UNUSUAL = [
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=LocalNetworkAccessChecks,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,IsolateSandboxedIframes",
]
IS_UNCOVERED = """() => {
    const box = document.querySelector("#toolbar").getBoundingClientRect()
    const top = document.elementFromPoint(box.left + 20, box.top + box.height / 2)
    return box.height > 0 && document.querySelector("#toolbar").contains(top)
}"""


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with serving(Reader) as server:
        yield server


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with serving(Canary) as server:
        yield server


@pytest.fixture(scope="module")
def context(browser: Browser, canary: Canary) -> Iterator[BrowserContext]:
    """A browser for which every host but ours is the canary."""
    executable = next(path for path in map(shutil.which, BROWSERS) if path)
    watched = browser.browser_type.launch(executable_path=executable, args=[*ARGUMENTS, *UNUSUAL, canary.resolver_rule])
    yield watched.new_context(viewport={"width": 900, "height": 600}, ignore_https_errors=True)
    watched.close()


@dataclass(eq=False)
class Visit:
    """One letter opened in one way, and the harm it did that can be seen from outside."""

    label: str
    kind: str
    page: Page
    url: str
    reader: Reader
    canary: Canary
    seen: list[str] = field(default_factory=list)
    popups: list[Page] = field(default_factory=list)

    def open(self) -> None:
        self.page.on("dialog", self._see_dialog)
        self.page.on("popup", self._see_popup)
        try:
            self.page.goto(self.url, wait_until="domcontentloaded")
        except Error as error:  # the letter led the page elsewhere while it was loading
            self.seen.append(error.message[:60])

    def _see_dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog {dialog.type}")
        dialog.dismiss()

    def _see_popup(self, popup: Page) -> None:
        self.popups.append(popup)

    def click(self) -> None:
        frame = self.page.frames[1] if "/read/" in self.url and len(self.page.frames) > 1 else self.page.main_frame
        target = frame.locator("a, button:not(#toolbar *), input, rect, area, img, summary, text, p").first
        if self.kind in CLICKED_KINDS and target.count():
            try:
                target.click(force=True, timeout=1_000)
            except Error:
                self.page.mouse.click(100, 100)

    def harm(self) -> list[str]:
        leads_away = [self.page.url] if self.page.url not in (self.url, "about:blank") else []
        asked = [hit for hit in self.canary.hits[self.label] if not self.popups or not is_plain_visit(hit)]
        return [*self.seen, *leads_away, *asked, *self.reader.hits[self.label], *self._covered()]

    def _covered(self) -> list[str]:
        return [] if self.kind != "ui" or self.page.evaluate(IS_UNCOVERED) else ["toolbar covered"]

    def leave(self) -> None:
        self.page.remove_listener("dialog", self._see_dialog)
        self.page.remove_listener("popup", self._see_popup)
        for popup in self.popups:
            popup.close()


def is_plain_visit(hit: str) -> bool:
    """What a click on a link may do: a new tab asks for the page, and does not say where it comes from."""
    return hit.startswith(("GET / ", "GET /favicon.ico ")) and not hit.endswith("Referer")


def visits_of(vectors: list[Vector], way: str, pages: list[Page], reader: Reader, canary: Canary) -> list[Visit]:
    visits = []
    for vector, page in zip(vectors, pages, strict=False):
        label = f"{way}-{vector.name}"
        host, _, port = reader.host.partition(":")
        html = vector.html.replace("HOST", f"{label}.canary.test").replace("LABEL", label).replace("PORT", port)
        reader.add(label, html)
        visits.append(Visit(label, vector.kind, page, f"http://{host}:{port}/{way}/{label}", reader, canary))
    return visits


def open_all(visits: list[Visit], *, until_harm: bool) -> dict[str, list[str]]:
    """Opens and clicks; then waits, for harm or for the time that harm took where it was done."""
    for act in (Visit.open, Visit.click):
        for visit in visits:
            act(visit)
    page = visits[0].page
    for _ in range(HARM_WITHIN_MS // POLL_MS):
        if until_harm and all(visit.harm() for visit in visits):
            break
        page.wait_for_timeout(POLL_MS)
    return {visit.label.partition("-")[2]: visit.harm() for visit in visits}


def harm_done(way: str, context: BrowserContext, reader: Reader, canary: Canary) -> dict[str, list[str]]:
    harm: dict[str, list[str]] = {}
    vectors = iter(VECTORS)
    pages = [context.new_page() for _ in range(AT_ONCE)]
    while batch := list(islice(vectors, AT_ONCE)):
        visits = visits_of(batch, way, pages, reader, canary)
        harm |= open_all(visits, until_harm=way == "control")
        for visit in visits:
            visit.leave()
    for page in pages:
        page.close()
    return harm


def test_the_same_letters_do_harm_on_a_bare_page(context: BrowserContext, reader: Reader, canary: Canary) -> None:
    harmless = [name for name, harm in harm_done("control", context, reader, canary).items() if not harm]
    assert len(harmless) <= len(VECTORS) / 10, harmless


def test_no_letter_does_harm_in_the_frame(context: BrowserContext, reader: Reader, canary: Canary) -> None:
    harmful = {name: harm for name, harm in harm_done("read", context, reader, canary).items() if harm}
    assert not harmful


def opened(name: str, html: str, way: str, context: BrowserContext, reader: Reader) -> Page:
    reader.add(name, html.replace("HOST", f"{name}.canary.test"))
    page = context.new_page()
    page.goto(f"http://{reader.host}/{way.format(name)}")
    return page


def test_a_link_opens_a_tab_that_knows_nothing_of_us(context: BrowserContext, reader: Reader, canary: Canary) -> None:
    page = opened("link", "<a href='http://HOST/offer'>offer</a>", "read/{}", context, reader)
    with page.expect_popup() as popup:
        page.frames[1].locator("a").click()
    popup.value.wait_for_load_state()
    assert popup.value.evaluate("window.opener === null")
    assert canary.hits["link"][0] == "GET /offer HTTP/1.1"
    assert page.url.endswith("/read/link")


def test_a_link_within_the_mail_stays_in_its_frame(context: BrowserContext, reader: Reader) -> None:
    page = opened("anchor", "<a href='#end'>end</a><p style='height:3000px'>x</p><a name=end>here</a>", "read/{}", context, reader)
    page.frames[1].locator("a").first.click()
    page.frames[1].wait_for_function("window.scrollY > 1000")
    assert page.frames[1].url.endswith("/m/anchor/body#end")


def test_images_are_shown_when_asked_for_and_nothing_else_is(context: BrowserContext, reader: Reader, canary: Canary) -> None:
    html = (
        "<img src=https://HOST/a.gif><style>p{background:url(https://css.canary.test/a)}@import 'https://css.canary.test/b';</style>"
        "<p style='background:url(https://css.canary.test/c)'>x</p><img src=https://tracker.canary.test/t width=1 height=1>"
        "<img src=http://plain.canary.test/a.gif><img src=https://port.canary.test:8443/a.gif><iframe src=https://frame.canary.test/></iframe>"
    )
    page = opened("images", html, "m/{}/body?images=1", context, reader)
    while not canary.hits["images"]:
        page.wait_for_timeout(POLL_MS)
    page.wait_for_timeout(HARM_WITHIN_MS / 5)
    assert not [name for name in ("css", "tracker", "plain", "port", "frame") if canary.hits[name]]


def test_a_body_opened_on_its_own_is_as_safe(context: BrowserContext, reader: Reader, canary: Canary) -> None:
    html = (
        "<p>words</p><script>document.title='ran'</script><img src=http://HOST/ onerror=\"document.title='ran'\">"
        "<meta http-equiv=refresh content='0;url=http://HOST/'>"
    )
    page = opened("alone", html, "m/{}/body", context, reader)
    page.wait_for_timeout(HARM_WITHIN_MS / 5)
    assert page.locator("p").inner_text() == "words"
    assert page.title() == "Message"
    assert not canary.hits["alone"]
    assert page.url.endswith("/m/alone/body")
