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
    ],
)
def test_quotations_signatures_and_junk_are_left_out(text: str, preview: str | None) -> None:
    assert preview_of(text, "") == (text if preview is None else preview)


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
        ("<style>x</style><script>y</script><title>z</title>a<!-- b -->", "a"),
        ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/"),
        ('<a href="javascript:alert(1)">a</a>', "a"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n\n> > b\n\nc"),
        ("&lt;b&gt; &#x41;&#0;&#xD800;", "<b> A\ufffd\ufffd"),
        ("a < b", "a < b"),
    ],
)
def test_tags_become_line_breaks_and_marks(html: str, text: str) -> None:
    assert html_to_text(html) == text
