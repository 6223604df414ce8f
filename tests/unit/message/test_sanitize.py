"""HTML of mail: what stays, what goes, what is counted, and what is refused."""

import base64
import re

import pytest

from mailbox.message.document import body_document, content_security_policy
from mailbox.message.links import DeceptiveLink
from mailbox.message.sanitize import IMAGES_LIMIT, Sanitized, sanitize
from tests.unit.message.harmless import assert_harmless

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"
PNG_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()


def test_it_works() -> None:
    html = "<p style='color:red'>Hello <b>you</b>, see <a href='https://shop.example/a?b=1&c=2'>the shop</a></p>"
    assert sanitize(html) == Sanitized(
        '<p style="color:red">Hello <b>you</b>, see <a href="https://shop.example/a?b=1&amp;c=2" target="_blank" '
        'rel="noopener noreferrer">the shop</a></p>'
    )


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "&#" + "9" * 10_000 + ";", "<p title='&#" + "9" * 10_000 + ";'>"])
def test_awkward_text_is_no_error(text: str) -> None:
    assert_harmless(sanitize(text).html)


def test_scripts_forms_and_frames_are_counted() -> None:
    html = (
        "<script>1</script><b onclick=a()>x</b><a href='java&#115;cript:1'>x</a>"
        "<form><input><button>Go</button></form><iframe src=x></iframe><embed src=x>"
    )
    sanitized = sanitize(html)
    assert sanitized.removed == {"scripts": 3, "forms": 3, "frames": 2}
    assert "Go" in sanitized.html


def test_remote_images_stay_out_until_they_are_asked_for() -> None:
    html = '<img src="https://shop.example/a.png" width="600" alt="A bowl">'
    blocked, allowed = sanitize(html), sanitize(html, allow_remote=True)
    assert (blocked.html, blocked.remote_images) == ('<img alt="A bowl" width="600">', 1)
    assert (allowed.html, allowed.remote_images) == ('<img src="https://shop.example/a.png" width="600" alt="A bowl">', 1)


@pytest.mark.parametrize(
    "source",
    [
        "http://shop.example/a.png",
        "https://shop.example:8443/a.png",
        "//shop.example/a.png",
        "https://user@shop.example/a.png",
        "https://127.0.0.1/a.png",
        "https://0x7f.1/a.png",
        "https://[::1]/a.png",
        "https://router/a.png",
        "https://printer.local/a.png",
        "https://api.internal/a.png",
        "https://webmail.example.com/logout",
        "/logout",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:text/html;base64,PHA+",
        "javascript:alert(1)",
        "cid:absent",
    ],
)
def test_images_from_elsewhere_stay_out_even_then(source: str) -> None:
    assert sanitize(f'<img src="{source}">', allow_remote=True, own_hosts={"webmail.example.com"}).html == "<img>"


@pytest.mark.parametrize("size", ['width="1" height="1"', 'width=0 height="2px"', 'style="display:none"', "style='width:1px;height:1px'"])
def test_trackers_are_counted_and_never_loaded(size: str) -> None:
    sanitized = sanitize(f'<img src="https://count.example/me" {size}>', allow_remote=True)
    assert "count.example" not in sanitized.html
    assert (sanitized.remote_images, sanitized.trackers) == (0, 1)


def test_backgrounds_are_no_images_to_ask_for() -> None:
    html = (
        '<table background="https://shop.example/a.png"><tr><td style="background:#fff url(https://shop.example/b.png)">x</td></tr></table>'
    )
    sanitized = sanitize(html, allow_remote=True)
    assert "shop.example" not in sanitized.html
    assert "background:#fff" in sanitized.html
    assert sanitized.removed == {"backgrounds": 1}


def test_images_of_the_same_mail_are_inside() -> None:
    sanitized = sanitize('<img src="cid:bowl%401"><img src="CID:bowl@1">', inline={"bowl@1": ("image/png", PNG)})
    assert sanitized.html == f'<img src="{PNG_URL}"><img src="{PNG_URL}">'


def test_images_inside_are_told_by_their_bytes() -> None:
    assert sanitize('<img src="cid:a">', inline={"a": ("image/png", b"<svg onload=alert(1)>")}).html == "<img>"
    assert sanitize('<img src="cid:a">', inline={"a": ("text/html", PNG)}).html == f'<img src="{PNG_URL}">'


def test_images_inside_end_at_three_megabytes_together() -> None:
    large = PNG + bytes(IMAGES_LIMIT // 2)
    sanitized = sanitize('<img src="cid:a"><img src="cid:a"><img src="cid:b">', inline={"a": ("image/png", large), "b": ("image/png", PNG)})
    assert sanitized.html.count("data:image/png") == 2
    assert len(sanitized.html) < IMAGES_LIMIT


def test_images_the_sender_wrote_inside_are_kept() -> None:
    assert sanitize(f'<img src="{PNG_URL}">').html == f'<img src="{PNG_URL}">'
    assert sanitize(f'<img src="{PNG_URL[:40]}\n\t{PNG_URL[40:]}">').html == f'<img src="{PNG_URL}">'


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost/",
        "http://127.1/",
        "http://2130706433/",
        "http://webmail.example.com/",
        "https://WEBMAIL.example.com./t/",
        "/m/1/raw",
        "x.html",
    ],
)
def test_links_lead_outward_only(target: str) -> None:
    sanitized = sanitize(f'<a href="{target}">x</a>', own_hosts={"webmail.example.com"})
    assert "href" not in sanitized.html
    assert sanitized.removed == {"links": 1}


def test_links_within_the_mail_stay_in_the_frame() -> None:
    html = sanitize('<a href="#end">x</a><a name="end">y</a>').html
    assert html == '<a href="#end" rel="noopener noreferrer">x</a><a name="end" rel="noopener noreferrer">y</a>'


def test_a_link_that_lies_gets_its_true_host_beside_it() -> None:
    sanitized = sanitize('<a href="https://evil.example/x">https://www.<b>paypal.com</b>/login</a>')
    assert sanitized.deceptive_links == (DeceptiveLink("paypal.com", "evil.example"),)
    assert "[leads to evil.example]" in sanitized.html


def test_without_links_none_leads_anywhere_and_its_host_stands_beside_it() -> None:
    web, mail = '<a style="color:red" href="https://evil.example/x">https://paypal.com</a>', '<a href="mailto:a@x.example?body=y">write</a>'
    sanitized = sanitize(f'{web} {mail} <a href="#b">b</a>', links=False)
    assert re.sub(r"</?small[^>]*>", "", sanitized.html) == (
        "<a>https://paypal.com</a> [leads to evil.example] <a>write</a> [leads to mailto:a@x.example] <a>b</a>"
    )
    assert sanitized.deceptive_links == (DeceptiveLink("paypal.com", "evil.example"),)


def test_no_other_attribute_passes_for_the_address_of_a_link() -> None:
    sanitized = sanitize('<a title=" href=" href="https://evil.example/x">https://www.paypal.com/</a>')
    assert sanitized.deceptive_links == (DeceptiveLink("paypal.com", "evil.example"),)
    assert "[leads to evil.example]" in sanitized.html


@pytest.mark.parametrize(
    "shown",
    [
        "https://paypal.com<span style='display:none'>.evil.example</span>",
        "paypal.com<span style='font-size:0'> offers</span>",
        "paypal.com<b style='font:0/0 a'> offers</b>",
        "pay<i style='font-size:.01px'>x</i>pal.com",
        "paypal.com<b style='opacity:0'> offers</b>",
        "paypal.com<b style='color:transparent'> offers</b>",
        "paypal.com<span style='width:0;overflow:hidden;display:inline-block'> offers</span>",
        "paypal.com<span style='visibility:hidden'> offers<b style='visibility:visible'>/login</b></span>",
        "<span style='font-size:0'>go to <span style='font-size:14px'>paypal.com</span></span>",
        "paypal.com<b class='x h'> offers</b>",
        "paypal.com<b title=x> offers</b>",
        "<b title='>'>paypal.com</b>",
        "pay</a><a href='https://evil.example/x'>pal.com",
        "paypal.com<br>Secure sign-in",
    ],
)
def test_letters_that_nobody_sees_do_not_make_a_link_true(shown: str) -> None:
    sheet = "<style>a .h, [title=x] { display: none }</style>"
    sanitized = sanitize(f"{sheet}<a href='https://evil.example/x'>{shown}</a>")
    assert sanitized.deceptive_links == (DeceptiveLink("paypal.com", "evil.example"),)
    assert sanitized.html.count("[leads to evil.example]") == 1


@pytest.mark.parametrize(
    "link",
    [
        "<a href='https://shop.example/'><span style='color:#fff'>shop.example</span></a>",
        "<a href='https://shop.example/'>Offers<b style='display:none'> of today</b></a>",
        "<a href='https://shop.example/'>Our</a> <a href='https://shop.example/'>offers</a>",
        "<style>.h{display:none}</style><a class=h href='https://shop.example/'>shop.example</a>",
    ],
)
def test_true_links_are_left_alone(link: str) -> None:
    assert sanitize(link).deceptive_links == ()


def test_style_sheets_are_kept_without_what_fetches() -> None:
    html = "<head><style>.a{color:red;background:url(https://x.example/a)}@import 'https://x.example/b';</style></head><p class=a>x"
    assert sanitize(html).html == '<style>.a{color:red}</style><p class="a">x</p>'


@pytest.mark.parametrize("media", ["print", "(prefers-color-scheme: dark)", "speech"])
def test_style_sheets_for_other_than_light_screens_are_left_out(media: str) -> None:
    assert sanitize(f'<style media="{media}">p{{color:red}}</style>x').html == "x"


def test_the_body_keeps_its_colours_and_direction() -> None:
    sanitized = sanitize(
        '<html dir="rtl"><body bgcolor="2D3445" text="white" class="m" style="margin:0;background:url(//x.example)" onload="x()">x'
    )
    assert sanitized.body == {"dir": "rtl", "class": "m", "style": "background-color:#2D3445;color:white;margin:0"}


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<span><p></span></p>" * 70_000,
        "<p>" + "".join(f"<font color=c{number}>" for number in range(5_000)) + "<p>x" * 5_000,
        "<b><table></b></table>" * 60_000,
        "<table><tr><td>" * 30_000,
        "<b>" * 400_000,
        "x" * 2_000_000,
        "&" * 1_400_000,
        "&x " * 450_000,
        '<p title="' + "&" * 700_000 + '">',
    ],
)
def test_what_a_tree_builder_would_suffer_from_is_refused(html: str) -> None:
    """nh3 would take minutes or gigabytes for each of these."""
    sanitized = sanitize(html)
    assert sanitized.html == ""
    assert sanitized.refused.endswith("to be laid out here.")


@pytest.mark.parametrize(
    "html",
    [
        "<" * 1_000_000,
        "<a " * 400_000,
        "<a b='" * 200_000,
        "<!--" * 300_000,
        "<a" + " b" * 500_000 + ">",
        "<style>" + "a{" * 300_000,
        "<p style='" + "(" * 500_000 + "'>",
        "".join(f"<p style='color:#{number:06x}'>x</p>" for number in range(40_000)),
        "<p>" * 49_000,
        "<table><tr><td><font>x</td></tr>" + "<tr><td><font>x</td></tr>" * 10_000,
    ],
)
def test_other_heavy_shapes_end(html: str) -> None:
    assert_harmless(sanitize(html).html)


def test_the_document_shows_the_text_of_what_was_refused() -> None:
    document = body_document(sanitize("<div>" * 5_000), text="<b>words</b>", language="de")
    assert "This message is too deeply nested to be laid out here." in document
    assert "<pre>&lt;b&gt;words&lt;/b&gt;</pre>" in document
    assert '<html lang="de">' in document


@pytest.mark.parametrize(
    ("doctype", "written"),
    [
        ("", "<html"),
        ("<!doctype html>", "<!DOCTYPE html><html"),
        ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/x">', "<!DOCTYPE html PUBLIC"),
    ],
)
def test_the_document_is_laid_out_as_its_sender_saw_it(doctype: str, written: str) -> None:
    document = body_document(sanitize(f"{doctype}<p>x"))
    assert document.startswith(written)
    assert "http://" not in document


def test_attributes_of_the_body_cannot_break_out() -> None:
    sanitized = sanitize("<body class='\"><script>alert(1)</script>' style='font-family:\"a\"'>x")
    assert "<script" not in body_document(sanitized)


def test_the_policy_is_the_one_of_the_specification() -> None:
    assert content_security_policy() == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )
    assert "img-src data: https:;" in content_security_policy(allow_remote=True)


def test_beyond_thousands_of_links_and_images_they_lead_nowhere() -> None:
    """A host in foreign letters takes long to read, and a mail may hold very many."""
    found = sanitize("".join(f'<a href="https://ü{n}.example/">x</a><img src="https://é{n}.example/a.png">' for n in range(12_000)))
    assert found.html.count("href=") == 2_500
    assert found.remote_images == 2_500
    assert found.removed == {"links": 9_500, "images": 9_500}
