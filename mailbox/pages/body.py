"""The rich body of a message, for the frame in its conversation: `/m/<id>/body`. Its own response with its own policy.

It is the one place where a sender's HTML leaves the house, and only through sanitize. Remote images are in it only with a token that
`show_images` gave out, a POST, or if the reader said so of their sender (images.py); no address in a mail, and no link from elsewhere,
can turn them on.
The links of a doubtful mail lead nowhere.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from mailbox.auth import message_or_404, raw_or_404, signed_in
from mailbox.message.body import language_of, text_of
from mailbox.message.document import body_document, content_security_policy
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import read_mail
from mailbox.message.sanitize import Sanitized, sanitize
from mailbox.pages.choices import conversation_url, is_chosen, token_of
from mailbox.pages.images import is_shown, vouched_sender
from mailbox.pages.place import with_query
from mailbox.pages.trust import TRUST, acquaintance_of, authentication_of, trust_in
from mailbox.store import preferences

IMAGES = "images"


@require_GET
@signed_in
def message_body(request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    parsed = read_mail(raw_or_404(message))
    authentication = authentication_of(message, parsed, acquaintance_of(message))
    believed = bool(trust_in(request, id)) or not authentication.is_doubtful
    sender = vouched_sender(message, parsed, authentication)
    allow_remote = believed and (is_chosen(request, IMAGES, id) or (bool(sender) and is_shown(sender, preferences.senders())))
    sanitized = sanitized_html(parsed, own_hosts(request), allow_remote=allow_remote, links=believed)
    return body_response(parsed, sanitized, allow_remote=allow_remote)


@require_POST
@signed_in
def show_images(request: HttpRequest, id: str) -> HttpResponse:
    """Posted into the frame it comes back as the same body, with the remote images of this one message; with `next`, which the script
    leaves out, as the whole conversation."""
    message = message_or_404(id)
    choices = {IMAGES: token_of(IMAGES, id), **({TRUST: request.GET[TRUST]} if TRUST in request.GET else {})}
    if "next" in request.POST:
        return HttpResponseRedirect(conversation_url(message, request.POST["next"], **choices), status=303)
    return HttpResponseRedirect(with_query(reverse("message_body", args=[id]), **choices), status=303)


def images_in(request: HttpRequest, id: str) -> str:
    """The token of a reader who asked for the images of this message; empty for any other."""
    return request.GET[IMAGES] if is_chosen(request, IMAGES, id) else ""


def own_hosts(request: HttpRequest) -> set[str]:
    """The names under which mail must not reach us."""
    origins = [origin.partition("://")[2] for origin in settings.CSRF_TRUSTED_ORIGINS]
    hosts = [request.get_host(), *settings.ALLOWED_HOSTS, *origins]
    return {host.rpartition(":")[0] if ":" in host else host for host in map(str.lower, hosts)}


def sanitized_html(parsed: ParsedMessage, hosts: set[str], *, allow_remote: bool = False, links: bool = True) -> Sanitized:
    return sanitize(parsed.html, inline=_inline(parsed), allow_remote=allow_remote, own_hosts=hosts, links=links)


def _inline(parsed: ParsedMessage) -> dict[str, tuple[str, bytes]]:
    return {file.content_id: (file.content_type, file.content) for file in parsed.attachments if file.content_id}


def body_response(parsed: ParsedMessage, sanitized: Sanitized, *, allow_remote: bool) -> HttpResponse:
    document = body_document(sanitized, text=text_of(parsed), language=language_of(parsed))
    response = HttpResponse(document, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = content_security_policy(allow_remote=allow_remote)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    # By the standard a sandboxed response with any other value cannot be opened on its own. HTML 7.4.5.
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response
