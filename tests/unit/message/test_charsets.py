"""Bytes whose label is missing, wrong or a trap."""

from encodings.aliases import aliases

import pytest

from mailbox.message.charsets import Fallback, codec_of, decode

RUSSIAN = "Добрый день, уважаемые коллеги! Напоминаю о встрече в пятницу."


def test_it_works() -> None:
    assert decode("Frösche\r\n".encode(), "utf-8") == "Frösche\n"


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF-8", "utf_8"),
        ("us-ascii", "utf_8"),
        ("ISO-8859-1", "cp1252"),
        ("iso-8859-8-i", "iso8859_8"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("gb2312", "gb18030"),
        ('3D"utf-8"', "utf_8"),
        ("x-mac-cyrillic", "mac_cyrillic"),
        ("koi8-u", "koi8_u"),
        ("windows-31j", "cp932"),
        ("x-mac-ce", "mac_latin2"),
        ("x-mac-japanese", "cp932"),
        ("DOS-862", "cp862"),
        ("unicode", "utf_16"),
        ("big5-hkscs", "big5hkscs"),
        ("_iso-2022-jp$ESC", "iso2022_jp_ext"),
    ],
)
def test_labels_are_read_as_senders_mean_them(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    "label", ["", "nobody", "rot13", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "base64", "zlib"]
)
def test_what_is_no_charset_of_mail_is_never_used(label: str) -> None:
    assert codec_of(label) is None
    assert decode(b"Uryyb \\x41", label) == "Uryyb \\x41"


@pytest.mark.parametrize("label", sorted({*aliases, *aliases.values(), "koi8-u", "nobody"}))
def test_no_label_raises_for_any_bytes(label: str) -> None:
    for raw in (bytes(range(256)), bytes(range(255, -1, -1)), b"+2AA-\x1b$B~{\xd8\x00"):
        decode(raw, label).encode()


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "koi8-r", "us-ascii", "gb2312", "nobody", ""])
def test_bytes_that_are_utf8_are_utf8_whatever_the_label_says(label: str) -> None:
    assert decode(RUSSIAN.encode(), label) == RUSSIAN


def test_two_chinese_characters_that_could_be_utf8_stay_chinese() -> None:
    assert decode("联通".encode("gb2312"), "gb2312") == "联通"


def test_utf8_with_a_bad_byte_stays_utf8() -> None:
    assert decode("Frösche und Störche".encode() + b"\xff", "utf-8") == "Frösche und Störche\ufffd"


def test_utf16_that_is_plain_ascii_is_read_as_ascii() -> None:
    assert decode(b"Hello", "utf-16") == "Hello"
    assert decode("Hello".encode("utf-16"), "utf-16") == "Hello"


def test_japanese_mail_may_hold_the_characters_of_windows() -> None:
    assert decode(b"\x1b$BF|K\\-!-j|byu\x1b(B \x1b(J5\x1b(B%", "iso-2022-jp") == "日本①㈱髙﨑 5%"


@pytest.mark.parametrize("label", ["", "us-ascii", "unknown-8bit"])
def test_japanese_in_seven_bits_needs_no_label(label: str) -> None:
    assert decode("日本の meal".encode("iso2022_jp"), label) == "日本の meal"
    assert decode(b"a \x1b[1m \x1b$ \xc3\xa4", label) == "a [1m $ ä"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Привет, как дела сегодня у тебя", "koi8_r"),
        ("ПРИВЕТ, КАК ДЕЛА СЕГОДНЯ У ТЕБЯ", "cp1251"),
        ("Привет, как дела сегодня у тебя", "cp1251"),
        ("Καλημέρα σε όλους, η συνάντηση είναι αύριο", "cp1253"),
    ],
)
def test_short_unlabelled_text_is_detected_by_its_letters(text: str, codec: str) -> None:
    assert decode(text.encode(codec), "unknown-8bit", Fallback(b"")) == text


def test_japanese_ends_with_its_line_even_when_it_does_not_say_so() -> None:
    assert decode(b"\x1b$BF|K\\-!\nFrom: a\x1b$BF", "iso-2022-jp") == "日本①\nFrom: aF"


def test_unlabelled_bytes_are_what_the_rest_of_the_message_is() -> None:
    fallback = Fallback(b"Content-Type: text/plain; charset=koi8-r\n\n")
    assert decode("Привет".encode("koi8_r"), "", fallback) == "Привет"


def test_unlabelled_bytes_of_an_unlabelled_message_are_detected() -> None:
    raw = RUSSIAN.encode("cp1251")
    assert decode(raw, "", Fallback(raw)) == RUSSIAN


def test_control_characters_never_pass() -> None:
    assert decode(b"a\0b\x1b[31mc\x7f\xc2\x85\td\re", "utf-8") == "ab[31mc\td\ne"
    assert decode(b"\xef\xbb\xbfa", "utf-8") == "a"
