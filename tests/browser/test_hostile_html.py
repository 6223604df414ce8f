"""Hostile mail in the real page of the webmail: nothing runs, nothing leaves, nothing is posted, and the toolbar stays where it is.

Each letter is opened three times, with the clicks that it invites: bare, on the page of its conversation, and as the body that the frame
holds, opened on its own. Where the bare one does no harm the browser has learned better and the letter shows nothing; if more than a tenth
do, the test is worth nothing and fails.
"""

import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from html import escape
from itertools import islice
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests.aws.conftest import PostOffice, wait_until
from tests.browser.canary import Canary, Control, serving
from tests.browser.conftest import ARGUMENTS, BROWSERS, sign_in
from tests.browser.hostile_html import VECTORS
from tests.browser.letters import FRAME, Visit, Way, bare, bodies_of, deliver, listed, pages_of, thread_id

AT_ONCE = 24
HARM_WITHIN_MS = 2_500
POLL_MS = 50
QUIET_MS = 500
UNUSUAL = [
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=LocalNetworkAccessChecks,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,IsolateSandboxedIframes",
]


@pytest.fixture(scope="module")
def control() -> Iterator[Control]:
    with serving(Control) as server:
        yield server


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with serving(Canary) as server:
        yield server


@pytest.fixture(scope="module")
def context(browser: Browser, canary: Canary, post_office: PostOffice) -> Iterator[BrowserContext]:
    """Signed in, in a browser for which every host but ours is the canary."""
    executable = next(path for path in map(shutil.which, BROWSERS) if path)
    watched = browser.browser_type.launch(executable_path=executable, args=[*ARGUMENTS, *UNUSUAL, canary.resolver_rule])
    context = watched.new_context(base_url=post_office.web_url, viewport={"width": 900, "height": 600}, ignore_https_errors=True)
    sign_in(context, post_office).close()
    yield context
    watched.close()


def letters(way: str, origin: str) -> dict[str, str]:
    """All of them, each with a label of its own for this way, by which the canary knows it again."""
    host, _, port = origin.partition("://")[2].partition(":")
    assert host == "127.0.0.1"
    labels = {f"{way}-{vector.name}": vector.html for vector in VECTORS}
    return {
        label: html.replace("HOST", f"{label}.canary.test").replace("LABEL", label).replace("PORT", port) for label, html in labels.items()
    }


@pytest.fixture(scope="module")
def delivered(post_office: PostOffice) -> list[str]:
    """The labels of all letters, each in the mailbox, all kinds at the start."""
    hostile = letters("mail", post_office.web_url)
    deliver(post_office, hostile)
    return list(hostile)


def harm_done(way: Way, context: BrowserContext, canary: Canary, *, until_harm: bool = False) -> dict[str, list[str]]:
    """Opens and clicks; then waits, for harm or for the time that harm took where it was done."""
    harm: dict[str, list[str]] = {}
    paths, pages = iter(way.pages), [context.new_page() for _ in range(min(AT_ONCE, len(way.pages)))]
    while batch := list(islice(paths, AT_ONCE)):
        visits = [Visit(path, way, page, canary) for path, page in zip(batch, pages, strict=False)]
        for act in (Visit.open, Visit.click):
            for visit in visits:
                act(visit)
        for _ in range(HARM_WITHIN_MS // POLL_MS):
            if until_harm and all(visit.harm() for visit in visits):
                break
            pages[0].wait_for_timeout(POLL_MS)
        harm |= {" ".join(way.pages[visit.path]): visit.harm() for visit in visits}
        for visit in visits:
            visit.leave()
    for page in pages:
        page.close()
    return {labels: done for labels, done in harm.items() if done}


def test_the_same_letters_do_harm_on_a_bare_page(context: BrowserContext, control: Control, canary: Canary) -> None:
    way = bare(control, letters("bare", control.url))
    harmless = {label for labels in way.pages.values() for label in labels} - harm_done(way, context, canary, until_harm=True).keys()
    assert len(harmless) <= len(VECTORS) / 10, harmless


def test_a35_no_letter_does_harm_on_its_page(
    context: BrowserContext, post_office: PostOffice, delivered: list[str], canary: Canary
) -> None:
    assert harm_done(pages_of(post_office, delivered), context, canary) == {}


def test_a48_no_letter_does_harm_when_its_body_is_opened_on_its_own(
    context: BrowserContext, post_office: PostOffice, delivered: list[str], canary: Canary
) -> None:
    assert harm_done(bodies_of(post_office, delivered[: 2 * AT_ONCE]), context, canary) == {}


def opened(label: str, html: str, context: BrowserContext, office: PostOffice) -> Page:
    """On the page of its conversation, with the letter in its frame."""
    deliver(office, {label: html.replace("HOST", f"{label}.canary.test")})
    page = context.new_page()
    page.goto(next(iter(pages_of(office, [label]).pages)))
    next(pages_of(office, [label]).places(page))
    return page


def test_a_link_opens_a_tab_that_knows_nothing_of_us(context: BrowserContext, post_office: PostOffice, canary: Canary) -> None:
    page = opened("link", "<a href='http://HOST/offer'>offer</a>", context, post_office)
    address = page.url
    with page.expect_popup() as popup:
        page.frame_locator(FRAME).locator("a").click()
    popup.value.wait_for_load_state()
    assert popup.value.evaluate("window.opener === null")
    assert canary.hits["link"][0] == "GET /offer"
    assert page.url == address
    popup.value.close()
    page.close()


def test_a_link_within_the_mail_stays_in_its_frame(context: BrowserContext, post_office: PostOffice) -> None:
    html = "<a href='#end'>end</a><p style='height:3000px'>x</p><a name=end>here</a>"
    page = opened("anchor", html, context, post_office)
    page.frame_locator(FRAME).locator("a").first.click()
    page.wait_for_function("frame => frame.contentWindow.location.hash === '#end'", arg=page.query_selector(FRAME))
    assert len(context.pages) == 1
    page.close()


def test_a34_images_are_loaded_when_asked_for_and_nothing_else_is(context: BrowserContext, post_office: PostOffice, canary: Canary) -> None:
    html = (
        "<img src=https://HOST/a.gif><style>p{background:url(https://css.canary.test/a)}@import 'https://css.canary.test/b';"
        "@font-face{font-family:f;src:url(https://css.canary.test/f)}</style><p style='font-family:f;background:url(https://css.canary.test/c)'>x"
        "<img src=https://tracker.canary.test/t width=1 height=1><img srcset='https://set.canary.test/a 1x'><img src=http://plain.canary.test/a>"
        "<img src=https://port.canary.test:8443/a><iframe src=https://frame.canary.test/></iframe><link rel=prefetch href=https://prefetch.canary.test/>"
        "<table background=https://table.canary.test/><td>x</table><video poster=https://video.canary.test/></video>"
    )
    others = ("css", "tracker", "set", "plain", "port", "frame", "prefetch", "table", "video")
    context.add_cookies([{"name": "who", "value": "me", "domain": ".canary.test", "path": "/", "secure": True, "sameSite": "None"}])
    page = opened("images", html, context, post_office)
    page.wait_for_timeout(QUIET_MS)
    assert not canary.hits["images"]
    page.get_by_role("button", name="Show images").click()
    wait_until(lambda: "GET /a.gif" in canary.hits["images"], "the image was not asked for")
    page.reload()
    expect(page.get_by_role("button", name="Show images")).to_be_visible()
    page.wait_for_timeout(QUIET_MS)
    # Once, and neither a cookie nor a Referer came with it. The first connection ends over the certificate.
    assert set(canary.hits["images"]) == {"connection", "GET /a.gif"}
    assert canary.hits["images"].count("GET /a.gif") == 1
    assert not [name for name in others if canary.hits[name]]
    page.close()


MARKUP = "<img src=x: onerror=alert(1)><script>alert(1)</script>"


def test_a45_markup_in_headers_is_text_on_every_page(context: BrowserContext, post_office: PostOffice) -> None:
    page = context.new_page()
    seen: list[str] = []

    def see(dialog: Dialog) -> None:
        seen.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", see)
    mail = EmailMessage()
    mail["From"], mail["To"] = f'"{MARKUP}" <ann@example.org>', f'"{MARKUP}" <me@postamt.localhost>'
    mail["Subject"], mail["Message-ID"] = f"Markup {MARKUP}", "<markup@letters>"
    mail.set_content(MARKUP)
    mail.add_attachment(b"text", "text", "plain", filename=f"{MARKUP.replace('/', '')}.txt")
    post_office.send(mail.as_bytes())
    wait_until(lambda: listed(post_office, ("markup",)), "the mail was not listed")
    conversation = f"/t/{thread_id('markup')}/"
    page.goto(conversation)
    answer = page.get_by_role("link", name="Reply", exact=True).get_attribute("href")
    for address in ("/b/inbox/", f"/search/?q={quote(MARKUP)}", conversation, f"{conversation}?print=1", str(answer)):
        page.goto(address)
        assert MARKUP in page.content() or escape(MARKUP) in page.content(), address
        assert page.locator("img[src='x:']").count() == 0, address
    assert seen == []
    page.close()
