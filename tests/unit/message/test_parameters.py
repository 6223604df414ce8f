"""Content-Type and Content-Disposition as mailers write them."""

import pytest

from mailbox.message.parameters import parse_parameters


def test_it_works() -> None:
    assert parse_parameters('Text/Plain; charset="utf-8"; format=flowed') == ("text/plain", {"charset": "utf-8", "format": "flowed"})


@pytest.mark.parametrize(
    ("value", "parameters"),
    [
        ("a/b; name=foo bar.txt", {"name": "foo bar.txt"}),
        ('a/b name="x.pdf"', {"name": "x.pdf"}),
        ("a/b; charset=us-ascii (plain text)", {"charset": "us-ascii"}),
        ('a/b; name="a\\"b\\\\c"', {"name": 'a"b\\c'}),
        ('a/b; name="unclosed', {"name": "unclosed"}),
        ("a/b; name=first; name=second", {"name": "first"}),
        ("a/b ; Name = x ;; other=y;", {"name": "x", "other": "y"}),
        ("a/b; name=\"=?utf-8?Q?=C3=A4?=\"", {"name": "ä"}),
        ("a/b; name*=utf-8'de'%C3%A4.txt; name=a.txt", {"name": "ä.txt"}),
        ("a/b; name*=%C3%A4.txt", {"name": "ä.txt"}),
        ("a/b; name*1=b; name*0=a", {"name": "ab"}),
        ("a/b; name*0*=iso-8859-1''%E4; name*1=%E4", {"name": "ä%E4"}),
        ("a/b; name*0=\"=?utf-8?Q?a=C3?=\"; name*1=\"=?utf-8?Q?=A4?=\"", {"name": "aä"}),
        ("a/b; name=\"a\r\n\tb\0\"", {"name": "a   b"}),
        ("", {}),
        (";", {}),
    ],
)  # fmt: skip
def test_parameters_are_read_in_every_notation(value: str, parameters: dict[str, str]) -> None:
    assert parse_parameters(value)[1] == parameters
