"""Any text comes out of sanitize harmless: generated from what attackers use."""

import base64
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.sanitize import sanitize
from tests.unit.message.harmless import ATTRIBUTE, TAG, assert_harmless

PNG_URL = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"pixels").decode()

PIECES = """
<script> </script> <img src= onerror=alert(1) <svg> <style> </style> <!-- --> <a href=javascript:alert(1)> <iframe src=//x.example/> url(
<p style= @import https://x.example/a.gif " ' ` > < & &colon; &#106; \\75 <math> <mtext> <table> <td> <b> </b> <noscript> <title> <body
background= <form action=//x.example> <base href=//x.example/> <meta http-equiv=refresh> <input onfocus=alert(1) autofocus> srcset=
<plaintext> <xmp> </xmp> <template> <select> <option> <textarea> <![CDATA[ ]]> {} ; : / = <p title='
"""
HOSTILE = st.sampled_from([*PIECES.split(), " ", "\x00"])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(HOSTILE, max_size=30).map(" ".join), st.lists(st.one_of(HOSTILE, st.text(max_size=3))).map("".join)))
def test_any_text_comes_out_harmless(html: str) -> None:
    assert_harmless(sanitize(html).html)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(HOSTILE, st.text(max_size=3), st.just("<a href=https://x.example>"))).map("".join))
def test_without_links_any_text_leads_nowhere(html: str) -> None:
    for _, _, attributes in TAG.findall(sanitize(html, links=False).html):
        assert "href" not in dict(ATTRIBUTE.findall(attributes))


URLS = """
javascript:alert(1) JaVa&Tab;Script:alert(1) &#106;avascript:alert(1) vbscript:x data:text/html,x //x.example/a https://x.example/a.gif
https:\\\\x.example/a http://127.0.0.1/ cid:a url(//x.example/a) image-set('//x.example/a') expression(alert(1)) /own/
"""
NAMES = """
src href style onerror onload ONCLICK srcset background poster action formaction xlink:href data ping title class id bgcolor width
"""
TAGS = """
a img p style svg math table td div script iframe form input video object embed link meta base font body
"""
NASTY_URLS, NASTY_NAMES, NASTY_TAGS = (st.sampled_from(words.split()) for words in (URLS, NAMES, TAGS))
QUOTES = st.sampled_from(['"', "'", ""])


@st.composite
def nasty_tag(draw: st.DrawFn) -> str:
    """`<name attribute=quote value quote …>`, with every part of it taken from what attackers use."""
    attributes = []
    for _ in range(draw(st.integers(0, 3))):
        quote, value = draw(QUOTES), draw(st.one_of(NASTY_URLS, NASTY_URLS.map("background:{}".format), st.text(max_size=4)))
        attributes.append(f"{draw(NASTY_NAMES)}={quote}{value}{quote}")
    return f"<{draw(st.sampled_from(['', '/']))}{draw(NASTY_TAGS)}{draw(st.sampled_from([' ', '/', chr(10)]))}{' '.join(attributes)}>"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(nasty_tag(), HOSTILE), max_size=12).map("".join), st.booleans())
def test_nasty_tags_come_out_harmless(html: str, allow_remote: bool) -> None:
    """Once images are asked for, the only thing that may be fetched is an `<img>` on https."""
    written = sanitize(html, allow_remote=allow_remote).html
    assert_harmless(re.sub(r'(<img(?: [^\s=>"]+="[^"]*")*?) src="https://[^"]*"', r"\1", written) if allow_remote else written)


@settings(max_examples=100, deadline=None)
@given(st.lists(HOSTILE, max_size=30).map("".join))
def test_what_is_harmless_stays_as_it_is(html: str) -> None:
    once = sanitize(html).html
    assert sanitize(once).html == once or "[leads to" in once
