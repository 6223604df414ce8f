"""Where links and images of mail may lead, and which of them lie."""

import pytest

from mailbox.message.links import DeceptiveLink, deceptive, remote_image, safe_link


def test_it_works() -> None:
    assert safe_link("https://shop.example/a?b#c") == "https://shop.example/a?b#c"
    assert remote_image("https://shop.example/a.png") == "https://shop.example/a.png"
    assert deceptive("www.bank.example", "https://evil.example/") == DeceptiveLink("bank.example", "evil.example")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTPS://Shop.EXAMPLE:443/A", "https://shop.example/A"),
        (" \n https://shop.example/a b\t ", "https://shop.example/a%20b"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/ü"),
        ("https://ｓｈｏｐ。example/", "https://shop.example/"),
        ("http://shop.example:8080/", "http://shop.example:8080/"),
        ("mailto:ann@example.org?subject=Hello you", "mailto:ann@example.org?subject=Hello%20you"),
        ("tel:+49 30 1234", "tel:+49%2030%201234"),
        ("#top", "#top"),
    ],
)
def test_a_link_is_written_as_a_browser_reads_it(written: str, kept: str) -> None:
    assert safe_link(written) == kept


@pytest.mark.parametrize(
    "target",
    [
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://shop.example/",
        "//shop.example/",
        "/t/1/",
        "https:shop.example",
        "https:///shop.example",
        "https:\\\\shop.example",
        "https://shop.example\\@evil.example/",
        "https://shop.example@evil.example/",
        "https://%6cocalhost/",
        "http://127.0.0.1/",
        "http://127.0.0.1./",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://017700000001/",
        "http://1.2.3.4.5/",
        "http://①②⑦.⓪.⓪.①/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://router/",
        "http://localhost:8000/",
        "http://x.localhost/",
        "http://printer.local/",
        "http://metadata.internal/",
        "http://fritz.home.arpa/",
        "https://webmail.example.com/sign-out/",
        "https://webmail.example.com./",
        "https://ｗebmail.example.com/",
        "https://" + "a" * 5_000 + ".example/",
    ],
)
def test_what_leads_inward_or_nowhere_is_no_link(target: str) -> None:
    assert safe_link(target, {"webmail.example.com"}) is None


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("Read more", "https://click.example/x"),
        ("https://shop.example/a", "https://www.shop.example/b"),
        ("shop.co.uk", "https://mail.shop.co.uk/"),
        ("report.pdf", "https://files.example/report"),
        ("ann@bank.example", "https://evil.example/"),
        ("bank.example", "mailto:ann@evil.example"),
        ("bücher.example", "https://xn--bcher-kva.example/"),
    ],
)
def test_these_links_do_not_lie(text: str, href: str) -> None:
    assert deceptive(text, href) is None


@pytest.mark.parametrize(
    ("text", "href", "named", "target"),
    [
        ("https://www.bank.example/login", "https://evil.example/", "bank.example", "evil.example"),
        (" Bank.Example ", "https://evil.example/", "bank.example", "evil.example"),
        ("bank.example", "https://bank.example.evil.example/", "bank.example", "bank.example.evil.example"),
        ("Go to https://bank.example now", "https://evil.example/", "bank.example", "evil.example"),
        ("https://user@bank.example", "https://evil.example/", "bank.example", "evil.example"),
        ("bank.co.uk", "https://evil.co.uk/", "bank.co.uk", "evil.co.uk"),
        ("bank.example\u200b", "https://evil.example/", "bank.example", "evil.example"),
        ("\u2066ba\u00adnk.example\u2069", "https://evil.example/", "bank.example", "evil.example"),
        ("bank\u2024example", "https://evil.example/", "bank.example", "evil.example"),
        ("<bank.example>.", "https://evil.example/", "bank.example", "evil.example"),
        ("bаnk.example", "https://bank.example/", "xn--bnk-6cd.example", "bank.example"),
    ],
)
def test_these_links_lie(text: str, href: str, named: str, target: str) -> None:
    assert deceptive(text, href) == DeceptiveLink(named, target)


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\u180f", "\u2800", "\ufe0f", "\ufff9", "\U000e0061", "\U000e0100"])
def test_a_letter_nobody_sees_does_not_make_a_lie_true(unseen: str) -> None:
    assert deceptive(f"pay{unseen}pal.example", "https://evil.example/") == DeceptiveLink("paypal.example", "evil.example")
