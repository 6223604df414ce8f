"""The text of a message as a page shows it: paragraphs, links, quotations, the folded rest, the signature."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.body import Block, Span, TextBody, is_rich, language_of, render_text, without_links
from mailbox.message.flowed import Written, flowed_text, written_lines
from mailbox.message.parse import ParsedMessage, parse

FLOWED = "text/plain; charset=utf-8; format=flowed"


def message(text: str, content_type: str = "text/plain; charset=utf-8") -> ParsedMessage:
    return parse(f"From: ann@example.org\nContent-Type: {content_type}\nContent-Transfer-Encoding: 8bit\n\n{text}".encode())


def words(blocks: tuple[Block, ...]) -> list[str]:
    """Each paragraph on one line, with its depth as `>` before it."""
    return [">" * block.depth + " / ".join("".join(span.text for span in line) for line in block.lines) for block in blocks]


def rendered(text: str, content_type: str = "text/plain; charset=utf-8") -> tuple[list[str], list[str], list[str]]:
    body = render_text(message(text, content_type))
    return words(body.blocks), words(body.signature), words(body.quoted)


def test_it_works() -> None:
    body = render_text(message("Hello,\n\nsee https://shop.example/a.\nAnn\n"))
    assert body == TextBody(
        blocks=(
            Block(0, ((Span("Hello,"),),)),
            Block(0, ((Span("see "), Span("https://shop.example/a", "https://shop.example/a"), Span(".")), (Span("Ann"),))),
        )
    )


def links_of(text: str) -> list[tuple[str, str]]:
    body = render_text(message(text), own_hosts={"webmail.example.com"})
    return [(span.text, span.href) for block in body.blocks for line in block.lines for span in line if span.href]


def test_without_links_the_words_stay() -> None:
    body = render_text(message("See https://a.example/\n\n-- \nann@example.org\n\n> https://b.example/\n"))
    bare = without_links(body)
    for before, after in ((body.blocks, bare.blocks), (body.signature, bare.signature), (body.quoted, bare.quoted)):
        assert words(after) == words(before)
        assert not any(span.href for block in after for line in block.lines for span in line)


@pytest.mark.parametrize(
    ("text", "shown", "href"),
    [
        ("(see https://a.example/b_(c)).", "https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("<https://a.example/>", "https://a.example/", "https://a.example/"),
        ("www.a.example!", "www.a.example", "https://www.a.example"),
        ("Write to ann.lee+x@example.org.", "ann.lee+x@example.org", "mailto:ann.lee+x@example.org"),
        ("„https://a.example/“, she said", "https://a.example/", "https://a.example/"),
        ("HTTPS://A.example/B", "HTTPS://A.example/B", "https://a.example/B"),
    ],
)
def test_addresses_become_links_without_the_sentence_around_them(text: str, shown: str, href: str) -> None:
    assert links_of(text) == [(shown, href)]


@pytest.mark.parametrize(
    "text", ["http://localhost/x", "http://127.0.0.1/", "https://webmail.example.com/", "javascript:alert(1)", "a@b", "http://", "www."]
)
def test_what_leads_inward_stays_text(text: str) -> None:
    assert links_of(text) == []


def test_an_answer_above_folds_the_quotation() -> None:
    own, signature, quoted = rendered(
        "Yes!\n-- \nAnn\nPotter\n\nOn Mon, 2 Nov 2026 at 10:00,\nBob <bob@example.org> wrote:\n> Ready?\n>> Now?\n"
    )
    assert own == ["Yes!"]
    assert signature == ["Ann / Potter"]
    assert quoted == ["On Mon, 2 Nov 2026 at 10:00, / Bob <bob@example.org> wrote:", ">Ready?", ">>Now?"]


def test_answers_between_the_lines_are_not_folded() -> None:
    own, _, quoted = rendered("On Monday, Bob wrote:\n> Ready?\nYes.\n> Blue?\nGreen.\n")
    assert own == ["On Monday, Bob wrote:", ">Ready?", "Yes.", ">Blue?", "Green."]
    assert quoted == []


@pytest.mark.parametrize(
    "intro",
    [
        "Am 02.11.2026 um 10:00 schrieb Bob:",
        "Le lun. 2 nov. 2026 à 10:00, Bob a écrit :",
        "El lun, 2 nov 2026, Bob escribió:",
        "Bob, 2026-11-02:",
        "Bob wrote:",
    ],
)
def test_quotations_are_introduced_in_many_languages(intro: str) -> None:
    own, _, quoted = rendered(f"Yes!\n\n{intro}\n> Ready?\n")
    assert (own, quoted) == (["Yes!"], [intro, ">Ready?"])


def test_what_only_looks_like_an_introduction_is_not_folded() -> None:
    assert rendered("Yes!\n\nAs Bob wrote:\nReady is ready.\n") == (["Yes!", "As Bob wrote: / Ready is ready."], [], [])


def test_the_signature_of_pgp_stands_apart() -> None:
    own, signature, _ = rendered("Yes!\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n-----END PGP SIGNATURE-----\n")
    assert (own, signature) == (["Yes!"], ["iQEzBAEB / -----END PGP SIGNATURE-----"])


@pytest.mark.parametrize(
    "head",
    [
        "-----Original Message-----\nFrom: Bob\nSent: Monday",
        "________________________________\nFrom: Bob <bob@example.org>\nSent: Monday\nTo: Ann\nSubject: Bowls",
        "Von: Bob <bob@example.org>\nGesendet: Montag\nAn: Ann\nBetreff: Schalen",
    ],
)
def test_a_message_copied_below_folds(head: str) -> None:
    own, _, quoted = rendered(f"Yes!\n\n{head}\n\nReady?\n")
    assert own == ["Yes!"]
    assert quoted[-1] == "Ready?"


def test_a_message_of_nothing_but_a_quotation_is_shown() -> None:
    assert rendered("> Ready?\n") == ([">Ready?"], [], [])
    assert rendered("---------- Forwarded message ---------\nFrom: Bob\n\nReady?")[2] == []


def test_flowed_lines_are_joined_again() -> None:
    own, signature, _ = rendered("A long \nline \n> of \n> old\n> words\n  indented\n-- \nAnn\n", FLOWED)
    assert own == ["A long line ", ">of old / words", " indented"]
    assert signature == ["Ann"]


def test_the_space_of_a_soft_break_is_dropped_where_delsp_says_so() -> None:
    assert rendered("> 引 \n> 用\n日本 \n語 \n", f"{FLOWED}; DelSp=Yes")[0] == [">引用", "日本語"]
    assert rendered("日本 \n語\n", "text/plain; charset=utf-8; delsp=yes")[0] == ["日本  / 語"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (" > no quotation\n", ["> no quotation"]),
        (" From here\n", ["From here"]),
        (">> a \n> b\n", [">>a ", ">b"]),
        (">a \n>>b\n>c\n", [">a ", ">>b", ">c"]),
        (">  b\n", ["> b"]),
        ("a \n-- \nAnn", ["a "]),
        ("> a \n> -- \n> Ann", [">a  / --  / Ann"]),
        ("a \n\nb", ["a ", "b"]),
        ("a ", ["a "]),
    ],
)
def test_flowed_text_is_read_by_the_book(text: str, shown: list[str]) -> None:
    """RFC 3676 4.1 to 4.5."""
    assert rendered(text, FLOWED)[0] == shown


def test_text_of_html_is_not_flowed_because_an_empty_text_was() -> None:
    parts = f"--B\nContent-Type: {FLOWED}\n\n\n--B\nContent-Type: text/html\n\n<pre> a</pre>\n--B--"
    assert rendered(parts, "multipart/alternative; boundary=B")[0] == [" a"]


def test_html_without_layout_is_shown_as_text() -> None:
    own, _, _ = rendered("<p>Hello <b>you</b></p><p>Ann &amp; Bob</p><script>alert(1)</script>", "text/html; charset=utf-8")
    assert own == ["Hello you", "Ann & Bob"]


def test_a_text_of_very_many_lines_is_cut() -> None:
    body = render_text(parse(b"\nx\n" + b"&\n" * 100_000))
    assert body.cut
    assert sum(len(block.lines) for block in body.blocks) == 4_000


def test_of_very_many_addresses_the_first_are_links() -> None:
    text = "www.a.example " * 10_000
    body = render_text(parse(f"\n{text}".encode()))
    spans = [span for block in body.blocks for line in block.lines for span in line]
    assert sum(1 for span in spans if span.href) == 2_000
    assert "".join(span.text for span in spans).strip() == text.strip()


def test_long_text_is_cut_and_says_so() -> None:
    body = render_text(message("word\n" * 100_000))
    assert body.cut
    assert len(body.blocks[0].lines) <= 50_000


@pytest.mark.parametrize(
    "html",
    [
        "<img src=cid:a>",
        "<TABLE><tr><td>x</table>",
        "<style>p{}</style>",
        "<p style='background:red'>x",
        "<td bgcolor=red>",
        "<div background=x>",
    ],
)
def test_this_html_is_rich(html: str) -> None:
    assert is_rich(html)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "plain",
        "<p>a <b>table</b> of background</p>",
        "<!--[if mso]><table><![endif]-->x",
        "<p style='color:red'>x",
        "<a href=background>x",
    ],
)
def test_this_html_says_no_more_than_its_text(html: str) -> None:
    assert not is_rich(html)


@pytest.mark.parametrize(("value", "language"), [("de", "de"), ("de-CH", "de-CH"), ("de, en", ""), ("x", ""), ('"><script>', "")])
def test_the_language_is_the_one_the_message_says(value: str, language: str) -> None:
    assert language_of(parse(f"Content-Language: {value}\n\nx".encode())) == language


@pytest.mark.parametrize(
    "text",
    [
        "a@" * 100_000,
        "(http://a.example/" + ")" * 150_000,
        ">" * 200_000,
        "On \n" * 50_000,
        "_____\n" * 30_000,
        "www." * 50_000,
        "\n" * 200_000,
    ],
)
def test_heavy_text_is_no_error(text: str) -> None:
    assert render_text(message(text))


def test_thousands_of_introductions_are_looked_at_once() -> None:
    """Some 0.2 s; minutes where each looks through all lines below it."""
    assert render_text(message("пишет:\n" * 28_000 + "> quoted\nThe end.")).blocks


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab >-\n:@.w/")), st.booleans())
def test_no_word_of_a_text_is_lost(text: str, flowed: bool) -> None:
    body = render_text(message(text, FLOWED if flowed else "text/plain"))
    shown = "".join(words(body.blocks + body.signature + body.quoted))
    assert shown.count("a") == text.count("a")
    assert shown.count("b") == text.count("b")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab >FromÄ-"), max_size=200), max_size=6))
def test_what_is_sent_flowed_is_read_as_it_was_written(lines: list[str]) -> None:
    text = "\n".join(line.strip() for line in lines)
    written = list(written_lines(text, flowed=False))
    assert list(written_lines(flowed_text(text), flowed=True)) == written


@settings(max_examples=300, deadline=None)
@given(st.text(), st.booleans(), st.booleans())
def test_any_text_has_lines_of_the_same_words(text: str, flowed: bool, delsp: bool) -> None:
    lines = list(written_lines(text, flowed=flowed, delsp=delsp))
    assert all(line.depth >= 0 for line in lines)
    assert "".join(line.text for line in lines).count("a") == text.count("a")


def test_a_paragraph_of_very_many_soft_breaks_is_one_line() -> None:
    assert list(written_lines("a \n" * 500_000, flowed=True)) == [Written(0, "a " * 500_000)]


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ab "), min_size=200, max_size=500))
def test_flowed_lines_are_short(text: str) -> None:
    longest_word = max(len(word) for word in f"{text} ".split(" "))
    assert all(len(line.rstrip()) <= max(78, longest_word + 1) for line in flowed_text(text).split("\n"))


def test_a_question_right_above_a_quotation_is_the_writers_own() -> None:
    """As in the preview: only a line that says who is quoted belongs to the quotation."""
    body = render_text(message("I read it.\nMy one question:\n> Shall we meet?\n"))
    assert [line[0].text for block in body.blocks for line in block.lines] == ["I read it.", "My one question:"]
    assert body.quoted
