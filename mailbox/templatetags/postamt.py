"""Template tags of the pages, built into every template: icons, avatars, dates, sizes and addresses.

They return text or `format_html`, never text marked safe: what a sender wrote is always escaped.
"""

import re
from datetime import datetime
from functools import cache

from django import template
from django.core.files.storage import Storage, storages
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mailbox import sessions
from mailbox.pages.avatars import hue, initials
from mailbox.pages.dates import folded_date, full_date, list_date, message_date
from mailbox.pages.news import news_query
from mailbox.pages.status import Trouble, troubles_of
from mailbox.store import health
from mailbox.store.models import stamp

register = template.Library()
register.filter(initials)
register.filter(hue)

STYLES = {"list": list_date, "folded": folded_date, "message": message_date}


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """One symbol of the sprite; `s` is the small size. Decoration only: the words stand beside it."""
    return drawn(sprite_in(storages["staticfiles"]), name, css_class)


@cache
def sprite_in(storage: Storage) -> str:
    return str(storage.url("icons.svg"))


@cache
def drawn(sprite: str, name: str, css_class: str) -> SafeString:
    """Made once: there are a hundred on a list page."""
    attribute = format_html(' class="{}"', css_class) if css_class else ""
    return format_html('<svg{} aria-hidden="true"><use href="{}#{}"/></svg>', attribute, sprite, name)


@register.simple_tag
def when(moment: datetime | None, style: str = "list") -> SafeString | str:
    """A date in the reader's zone, with the full date as its title. Styles: `list`, `folded`, `message`, `full`."""
    if moment is None:
        return ""
    now = timezone.localtime()
    full = full_date(moment, now)
    words = full if style == "full" else STYLES[style](moment, now)
    return format_html('<time datetime="{}" title="{}">{}</time>', stamp(moment), full, words)


@register.simple_tag
def troubles() -> list[Trouble]:
    """What does not work at the moment, asked for at most once a minute."""
    return list(troubles_of(health.current()))


@register.simple_tag(takes_context=True)
def while_open(context: Context) -> SafeString | str:
    """What the script of an open page must know: how long the session lasts, what mail is no news, what is switched off."""
    request = context.get("request")
    session = getattr(request, "owner_session", None)
    if request is None or session is None:
        return ""
    left = sessions.after(request, session).seconds_left
    news = news_query(context.get("place"), context.get("groups"), has_older=bool(context.get("older_url")))
    off = " ".join(context.get("switched_off") or "")
    return format_html(' data-left="{}" data-news="{}" data-off="{}"', left, news, off)


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


@register.filter
def mailto(href: str) -> str:
    """The address a `mailto:` link is for; empty for any other link. Our own composer opens it."""
    return href.removeprefix("mailto:") if href.startswith("mailto:") else ""
