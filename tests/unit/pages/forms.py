"""Pressing the buttons of a page: what a browser without JavaScript would post."""

from typing import Any

from django.test import Client

from tests.unit.pages.seen import Attributes, elements, words


def hidden(page: str, form: str = "data-list") -> dict[str, str]:
    """The hidden fields of the form that carries this attribute."""
    start = page.index(form)
    fields = elements(page[start : page.index("</form>", start)], "input")
    return {field["name"]: field["value"] for field in fields if field.get("type") == "hidden" and field.get("name") not in ("m", "t")}


def picks(page: str) -> list[Attributes]:
    return [field for field in elements(page, "input") if field.get("class") == "pick"]


def values(page: str) -> list[str]:
    """What the check boxes of a list stand for, in the order of its rows."""
    return [field["value"] for field in picks(page)]


def press(reader: Client, url: str, ticked: list[int], **button: str) -> Any:
    """Ticks these rows of a list, presses the button, and follows to the page that answers."""
    page = reader.get(url).text
    posted = hidden(page) | {"t": [values(page)[row] for row in ticked]} | button
    return reader.post("/act/", posted, follow=True)


def press_open(reader: Client, url: str, **button: str) -> Any:
    """Presses a button over an open conversation."""
    page = reader.get(url).text
    start = page.index("data-open")
    fields = elements(page[start : page.index("</form>", start)], "input")
    posted: dict[str, Any] = hidden(page, "data-open")
    posted |= {name: [field["value"] for field in fields if field.get("name") == name] for name in ("m", "t")}
    return reader.post("/act/", posted | button, follow=True)


def toast(page: str) -> str:
    return words(page, "toast")[0]


def undo(reader: Client, page: str) -> Any:
    """Presses Undo in the toast of a page."""
    action = next(form["action"] for form in elements(page, "form") if "data-undo" in form)
    start = page.index("data-undo")
    (button,) = elements(page[start : page.index("</form>", start)], "button")
    pressed = {button["name"]: button["value"]} if "name" in button else {}
    return reader.post(action, hidden(page, "data-undo") | pressed, follow=True)
