"""`/settings/reading/` and `/settings/senders/`: how pages look, whose remote images are shown, and whose mail goes to Spam.

One form a card. What is wrong is said beside its field; what was saved is said on the page that answers, with status 303.
"""

from dataclasses import asdict
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from mailbox.auth import OwnerRequest, signed_in
from mailbox.pages.frame import frame
from mailbox.pages.toast import Toast, saying
from mailbox.store import preferences
from mailbox.store.preferences import ASK, NEVER, PAGE_SIZES, SENDERS_MOST, Reading

THEMES = (("", "System"), ("light", "Light"), ("dark", "Dark"))
IMAGES = ((ASK, "Ask me"), (NEVER, "Never load them"))
WRONG = dict.fromkeys(("invalid_choice", "required"), "Please choose one of these.")


@lru_cache(1)
def zones() -> tuple[str, ...]:
    """Zones by the names of places, as people look for them."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def zone_choices() -> list[tuple[str, str]]:
    return [("", f"As this Postamt has it ({settings.TIME_ZONE})"), ("UTC", "UTC"), *((name, name.replace("_", " ")) for name in zones())]


class ReadingForm(forms.Form):
    theme = forms.ChoiceField(choices=THEMES, required=False, widget=forms.RadioSelect, error_messages=WRONG)
    time_zone = forms.ChoiceField(choices=zone_choices, required=False, widget=forms.Select({"class": "in"}), error_messages=WRONG)
    page_size = forms.TypedChoiceField(
        choices=[(size, size) for size in PAGE_SIZES], coerce=int, widget=forms.RadioSelect, error_messages=WRONG
    )
    text_first = forms.BooleanField(required=False)
    keys = forms.BooleanField(required=False)
    swipe = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="%s")


class ImagesForm(forms.Form):
    images = forms.ChoiceField(choices=IMAGES, widget=forms.RadioSelect, error_messages=WRONG)

    def __init__(self, data: QueryDict | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="%s")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reading(request: OwnerRequest) -> HttpResponse:
    """Shows what the bucket has, which another browser may have changed since this one signed in."""
    if request.method != "POST":
        return _reading_page(request, ReadingForm(initial=asdict(preferences.reading())))
    form = ReadingForm(request.POST)
    if not form.is_valid():
        return _reading_page(request, form, status=422)
    preferences.keep(Reading(**form.cleaned_data))
    return saved("reading", "Saved. Every page looks like this from now on.")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def senders(request: OwnerRequest) -> HttpResponse:
    form = ImagesForm(request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        preferences.show_images(form.cleaned_data["images"])
        return saved("senders", "Saved.")
    now = preferences.senders()
    context = {"form": form or ImagesForm(initial={"images": now.images}), "now": now, "most": SENDERS_MOST}
    return render(request, "settings_senders.html", frame(request) | context, status=422 if form else 200)


@require_POST
@signed_in
def distrust(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("address", "")
    if address not in preferences.trusted_senders():
        return saved("senders", "Nothing was changed: this sender was not trusted any more.")
    preferences.distrust_sender(address)
    return saved("senders", f"You are asked again before images from {address} are shown.")


@require_POST
@signed_in
def unblock(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("address", "")
    if address not in preferences.senders().blocked:
        return saved("senders", "Nothing was changed: this sender was not blocked any more.")
    preferences.unblock_sender(address)
    return saved("senders", f"New mail from {address} is no longer filed in Spam.")


def saved(page: str, words: str) -> HttpResponse:
    return HttpResponseRedirect(saying(reverse(page), Toast(words)), status=303)


def _reading_page(request: OwnerRequest, form: ReadingForm, status: int = 200) -> HttpResponse:
    return render(request, "settings_reading.html", frame(request) | {"form": form}, status=status)
