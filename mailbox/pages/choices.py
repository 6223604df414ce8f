"""What a reader chose for one message, for ten minutes: to load its images, to trust its links although it looks forged.

A choice is made by a POST and travels as a signed token in the URL that answers it: no address in a mail, and no link from elsewhere, can
make it for the reader. What shall last longer is a setting, not a choice.
"""

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from mailbox.store.models import Message

LASTS = 600  # seconds in which the page may be loaded again
QUERY_LIMIT = 1_000


def token_of(choice: str, id: str) -> str:
    """`choice` is also the name of the parameter that carries the token."""
    return signing.dumps(id, salt=f"choice {choice}")


def is_chosen(request: HttpRequest, choice: str, id: str) -> bool:
    try:
        return bool(signing.loads(request.GET.get(choice, ""), salt=f"choice {choice}", max_age=LASTS) == id)
    except signing.BadSignature:
        return False


def conversation_url(message: Message, as_it_was: str, **chosen: str) -> str:
    """The conversation as the reader had it open, of which `as_it_was` is the URL, with this message open and with what was chosen. Of
    that URL only the query counts: it leads nowhere else."""
    query = QueryDict(as_it_was[:QUERY_LIMIT].partition("#")[0].partition("?")[2], mutable=True)
    for name, value in {"open": message.id, **chosen}.items():
        query[name] = value
    return f"{reverse('conversation', args=[message.thread_id])}?{query.urlencode()}#{message.id}"
