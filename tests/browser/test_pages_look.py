"""The pages in a real browser, at four widths, light and dark: no error, no foreign request, no sideways scroll, text that can be read."""

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, expect

from tests.aws.conftest import PostOffice
from tests.unit.pages.letters import written

WIDTHS = {320: 640, 390: 844, 820: 1180, 1440: 900}

NEWSLETTER = (
    '<style>td{padding:20px}</style><table width="600"><tr><td><h1>Five quiet blues</h1>'
    '<img src="https://images.example/wash.png" alt="A wash">'
    '<p style="height:900px">Begin with the thin wash.</p><a href="https://shop.example/">Read on</a></td></tr></table>'
)

CONTRASTS = """() => {
    const channels = color => color.match(/[\\d.]+/g).map(Number);
    const light = color => {
        const [r, g, b] = channels(color).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const ground = element => {
        for (; element; element = element.parentElement) {
            const color = getComputedStyle(element).backgroundColor;
            if ((channels(color)[3] ?? 1) === 1) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || element.closest('.vh, noscript') || !element.getClientRects().length) continue;
        const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        if (ratio < 4.5) poor.push(`${walker.currentNode.data.trim()}: ${ratio.toFixed(2)}`);
    }
    return poor;
}"""

SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, input')]
    .filter(e => e.getClientRects().length && !e.closest('.body p, .note span, dd, .vh') && !e.matches('.vh'))
    .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


@pytest.fixture
def complaints(page: Page, post_office: PostOffice) -> list[str]:
    """What goes wrong in the browser: errors and policy reports of the console, requests that leave or fail."""
    heard: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith(f"{post_office.web_url}/"):
            heard.append(f"a request to {request.url}")

    def on_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the icon of a page that was left before it came
            heard.append(f"{request.url} failed: {request.failure}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", on_failure)
    return heard


@pytest.fixture(scope="module")
def mail(post_office: PostOffice) -> dict[str, str]:
    """One mail of each kind that looks different."""
    long_name = f'"{"X" * 300}" <{"a" * 60}.{"b" * 60}@{"c" * 60}.example>'
    files = {"kiln-log.csv": b"a,b" * 5000, f"{'long name ' * 20}.pdf": b"%PDF"}
    letters = {
        "plain": written("look1", subject="Look: plain", text="Yes.\n\n-- \nAnn\n\nOn Monday Me wrote:\n> Ready?\n", files=files),
        "rich": written("look2", subject="Look: newsletter", html=NEWSLETTER),
        "short": written("look9", subject="Look: short", html="<table><tr><td>Short.</td></tr></table>"),
        "long": written("look3", sender=long_name, subject="S" * 300 + "🎉" * 40, text="W" * 3000),
        "arabic": written("look4", sender="مكتب البريد <post@example.com>", subject="مرحبا \u202e\u200b", text="هذه رسالة قصيرة"),
        "many": written("look5", subject="Look: many", to=", ".join(f"someone.with.a.name.{n}@example.org" for n in range(40))),
    }
    ids = {name: post_office.deliver(raw) for name, raw in letters.items()}
    ids["spoof"] = post_office.deliver(
        written("look6", sender=f'"{post_office.domain}" <x@evil.example>', subject="Look: spoof"), dmarc="FAIL"
    )
    ids["junk"] = post_office.deliver(written("look7", subject="Look: junk"), spam="FAIL")
    for n in range(8):
        ids["thread"] = post_office.deliver(written(f"look8-{n}", subject="Look: thread", answers="look8-0" if n else None))
    return ids


def addresses(page: Page, mail: dict[str, str]) -> list[str]:
    lists = ["/b/inbox/", "/b/sent/", "/b/junk/", "/b/inbox/?f=files", "/search/?q=look", "/search/?q=nothing+like+it", "/help/shortcuts/"]
    page.goto("/search/?q=look")
    for place in ("/search/?q=look", "/search/?q=ssssss", "/search/?q=post@example.com", "/b/junk/"):
        page.goto(place)
        lists += page.locator(".row a").evaluate_all("rows => rows.map(row => row.getAttribute('href'))")
    return [*dict.fromkeys(lists)]


def test_every_page_is_quiet_fits_and_can_be_read(page: Page, mail: dict[str, str], complaints: list[str]) -> None:
    everything = addresses(page, mail)
    assert len(everything) >= 15
    for address in everything:
        page.goto(address)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                where = f"{address} at {width}, {scheme}"
                assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{where} scrolls sideways"
                assert page.evaluate(CONTRASTS) == [], where
                assert page.evaluate(SMALL_TARGETS) == [], where
        assert complaints == [], address


def test_a_rich_body_is_as_high_as_its_content_and_loads_nothing(page: Page, mail: dict[str, str], complaints: list[str]) -> None:
    page.locator(".row a").filter(has_text="Look: newsletter").click()
    expect(page.frame_locator("iframe").get_by_text("Begin with the thin wash.")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').clientHeight > 900")
    inner = page.frames[1].evaluate("document.documentElement.scrollHeight")
    assert abs(page.locator("iframe").evaluate("frame => frame.clientHeight") - inner) <= 24
    assert complaints == []


def test_the_frame_of_a_short_body_is_short(page: Page, mail: dict[str, str]) -> None:
    page.locator(".row a").filter(has_text="Look: short").click()
    expect(page.frame_locator("iframe").get_by_text("Short.")).to_be_visible()
    page.wait_for_function("document.querySelector('iframe').clientHeight < 120")


def test_images_come_into_the_frame_when_they_are_asked_for(page: Page, mail: dict[str, str]) -> None:
    page.route("https://images.example/**", lambda route: route.abort())
    page.locator(".row a").filter(has_text="Look: newsletter").click()
    note = page.get_by_text("A remote image is not loaded")
    expect(note).to_be_visible()
    with page.expect_request("https://images.example/wash.png") as request:
        page.get_by_role("button", name="Show images").click()
    assert "referer" not in request.value.headers
    expect(note).to_be_hidden()


def test_there_is_a_list_beside_the_conversation_only_where_there_is_room(page: Page, mail: dict[str, str]) -> None:
    page.locator(".row a").filter(has_text="Look: plain").click()
    expect(page.locator(".row.on")).to_contain_text("Look: plain")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.reload()  # the first one still says what the browser was when it asked
    expect(page.locator(".row")).to_have_count(0)
    page.get_by_role("link", name="Back to Inbox").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()


def test_a_folded_message_opens_in_place(page: Page, mail: dict[str, str], complaints: list[str]) -> None:
    page.locator(".row a").filter(has_text="Look: thread").click()
    page.reload()
    page.reload()
    address = page.url
    page.get_by_text("5 older messages").click()
    page.locator("a[data-unfold]").nth(2).click()
    expect(page.locator("details.msg")).to_have_count(2)
    expect(page.locator("details.msg .lead").first).to_be_focused()
    assert page.url == address
    assert complaints == []


def test_what_is_printed_is_the_whole_conversation_and_nothing_else(page: Page, mail: dict[str, str]) -> None:
    page.locator(".row a").filter(has_text="Look: thread").click()
    page.get_by_role("link", name="Print").click()
    page.emulate_media(media="print")
    expect(page.locator(".msg .body")).to_have_count(8)
    for element in page.locator(".msg .body").all():
        expect(element).to_be_visible()
    for chrome in (".rail", ".list", ".top", ".reply"):
        expect(page.locator(chrome).first).to_be_hidden()
