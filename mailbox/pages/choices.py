"""What a reader chose for one message, for ten minutes: to load its images, to trust its links although it looks forged.

A choice is made by a POST and travels as a signed token in the URL that answers it: no address in a mail, and no link from elsewhere, can
make it for the reader. What shall last longer is a setting, not a choice.
"""

from django.core import signing
from django.http import HttpRequest

LASTS = 600  # seconds in which the page may be loaded again


def token_of(choice: str, id: str) -> str:
    """`choice` is also the name of the parameter that carries the token."""
    return signing.dumps(id, salt=f"choice {choice}")


def is_chosen(request: HttpRequest, choice: str, id: str) -> bool:
    try:
        return bool(signing.loads(request.GET.get(choice, ""), salt=f"choice {choice}", max_age=LASTS) == id)
    except signing.BadSignature:
        return False
