"""The line a list shows of a message, and text from HTML."""

import pytest

from mailbox.message.parse import parse
from mailbox.message.preview import html_to_text, preview_of
from tests.mails import mail


def test_it_works() -> None:
    assert parse(mail("plain")).preview == "Shall we meet at the café at noon?"


def test_the_answer_is_shown_and_not_what_it_quotes() -> None:
    assert parse(mail("answer-below-quotation")).preview == "Yes, on Friday. See"


def test_a_preheader_is_shown_without_its_padding() -> None:
    assert parse(mail("newsletter-html-only")).preview.startswith("New teas have arrived. Autumn teas We have three new teas & a kettle.")


def test_a_long_text_is_cut_at_two_hundred_characters() -> None:
    preview = preview_of("word " * 100, "")
    assert len(preview) == 200
    assert preview.endswith("word…")


@pytest.mark.parametrize(
    ("text", "preview"),
    [
        ("", ""),
        ("> only\n> quoted", "> only > quoted"),
        ("https://example.org/0123456789012345678901234567890123456789012345678901234567890", None),
        ("Hello\n-- \nAnn", "Hello"),
        ("Hello\n-----Original Message-----\nFrom: Bob", "Hello"),
        ("On Monday, Ann wrote:\n> Hi\nHello", "Hello"),
        ("2025-11-24 10:00 GMT+01:00 Ann <ann@example.org>:\n> Hi\nHello", "Hello"),
        ("View this email in your browser\n======\nHello", "Hello"),
        ("a\u200c\u034f\u00ad b\ufeff", "a b"),
        ("Note the list:\n- one", "Note the list: - one"),
        ("Ann wrote:\n> Hi\nHello", "Hello"),
        ("Hello\n\nAnn wrote:\n\n> Hi", "Hello"),
        ("Ann Lee schrieb am Montag:\n> Hi\nHello", "Hello"),
        ("As Ann wrote:\nHi", "As Ann wrote: Hi"),
        ("Hello\n\nFrom: Bob\nSent: Monday\nTo: Ann\nSubject: Hi\n\nText", "Hello"),
        ("Hello\n\n_____________\nVon: Bob\nGesendet: Montag\nAn: Ann\n\nText", "Hello"),
        ("From: me\nTo: you\nSubject: none", "From: me To: you Subject: none"),
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n-----BEGIN PGP SIGNATURE-----\niQE", "Hello"),
        ("See below.\n-----BEGIN PGP MESSAGE-----\n\nhQEM", "See below."),
        ("-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----", ""),
    ],
)
def test_quotations_signatures_and_junk_are_left_out(text: str, preview: str | None) -> None:
    assert preview_of(text, "") == (text if preview is None else preview)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "This e-mail must be viewed in HTML.",
        "Your program does not support HTML e-mail.",
        "If you are unable to see images, click here.",
    ],
)
def test_a_text_that_only_sends_to_the_html_is_passed_over(text: str) -> None:
    assert preview_of(text, "<p>New teas.</p>") == "New teas."
    assert preview_of(text, "") == text.strip()


def test_in_a_row_of_a_table_only_the_cell_that_is_junk_is_left_out() -> None:
    row = "<tr><td>New teas.</td><td>Email not displaying correctly? <a href='https://a.example/'>View it in your browser</a></td></tr>"
    assert preview_of("", f"<table>{row}</table><p>Buy them.") == "New teas. Buy them."


def test_html_becomes_text_that_reads_well() -> None:
    assert html_to_text(parse(mail("newsletter-html-only")).html) == (
        "View this email in your browser <https://track.example/view?u=1234567890>\n"
        "\n"
        "Autumn teas\n"
        "\n"
        "We have three new teas & a kettle.\n"
        "\n"
        "- Assam\n"
        "- Darjeeling\n"
        "\n"
        "See them all <https://shop.example/teas>\n"
        "Yours, the shop\n"
        "\n"
        "> A fine shop.\n"
        "\n"
        "> Twice."
    )


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<div><br></div>a", "a"),
        ("a\n  b&nbsp;&nbsp;c", "a b c"),
        ("<pre>a\n  b\n</pre>c", "a\n  b\n\nc"),
        ("<p hidden>x<p>a", "a"),
        ('<span style="display: none">x<span>y</span></span>a', "a"),
        ('<div style="overflow: hidden">a</div>', "a"),
        ('<div style="max-height:0;overflow:hidden">x</div>a', "a"),
        ('<div style="opacity:0">x</div><div style="opacity:0.9">a</div>', "a"),
        ("<style>x</style><script>y</script><title>z</title>a<!-- b -->", "a"),
        ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/"),
        ('<a href="javascript:alert(1)">a</a>', "a"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<ol><li>a<li><p>b</p><ul><li>c</ul><li>d</ol><li>e", "1. a\n2. b\n\n- c\n\n3. d\n\n- e"),
        ("<ul><li></li><li>a</li></ul>", "- a"),
        ("<ol><li><div>a</div></li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n\n> > b\n\nc"),
        ("&lt;b&gt; &#x41;&#0;&#xD800;", "<b> A\ufffd\ufffd"),
        ("a < b", "a < b"),
    ],
)
def test_tags_become_line_breaks_and_marks(html: str, text: str) -> None:
    assert html_to_text(html) == text
