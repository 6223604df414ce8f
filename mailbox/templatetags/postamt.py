"""Template tags of the pages, built into every template: icons, avatars, dates, sizes and addresses.

They return text or `format_html`, never text marked safe: what a sender wrote is always escaped.
"""

import re
import zlib
from datetime import UTC, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mailbox.pages.dates import full_date, list_date, message_date

register = template.Library()

HUES = 7  # the classes h1 to h7 of the style sheet


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """One symbol of the sprite; `s` is the small size. Decoration only: the words stand beside it."""
    attribute = format_html(' class="{}"', css_class) if css_class else ""
    return format_html('<svg{} aria-hidden="true"><use href="{}#{}"/></svg>', attribute, static("icons.svg"), name)


@register.filter
def initials(name: str) -> str:
    """One or two letters for an avatar: `Jonas Weber` is JW, `papa@example.org` is P."""
    words = [word for word in re.split(r"[^\w'’]+", name.partition("@")[0]) if word and word[0].isalnum()]
    return "".join(word[0].upper()[0] for word in words[:2]) or "?"


@register.filter
def hue(address: str) -> int:
    """The same of seven hues for the same address, always."""
    return zlib.crc32(address.casefold().encode("utf-8", "replace")) % HUES + 1


@register.simple_tag
def when(moment: datetime | None, style: str = "list") -> SafeString | str:
    """A date in the reader's zone, with the full date as its title. Styles: `list`, `message`, `full`."""
    if moment is None:
        return ""
    now = timezone.now()
    words = {"list": list_date, "message": message_date}.get(style, lambda moment, _now: full_date(moment))(moment, now)
    return format_html('<time datetime="{:%Y-%m-%dT%H:%M:%SZ}" title="{}">{}</time>', moment.astimezone(UTC), full_date(moment), words)


@register.filter
def size(number_of_bytes: int) -> str:
    """`640 bytes`, `14 KB`, `1.2 MB`: decimal units, as a file manager shows them."""
    if number_of_bytes < 1000:
        return f"{number_of_bytes} bytes"
    if number_of_bytes < 999_500:
        return f"{number_of_bytes / 1000:.0f} KB"
    return f"{number_of_bytes / 1_000_000:.1f} MB"


@register.filter
def breakable(address: str) -> SafeString:
    """An address that may wrap after `@` and after dots, and preferably nowhere else."""
    return format_html_join("", "{}<wbr>", ((piece,) for piece in re.split(r"(?<=[@.])", address) if piece))
