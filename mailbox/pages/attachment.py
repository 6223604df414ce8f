"""Downloads: the source of a message, `/m/<id>/raw`, and its attachments, `/m/<id>/a/<number>`. Never anything a browser would show.

Lambda's answers end at 6 MB, so what is larger than 4 MB is fetched from the bucket itself by a link that lives a minute: the raw message
as it is stored, an attachment as a decoded copy that the bucket's lifecycle removes. Nothing infected is handed out but the source.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import message_or_404, signed_in
from mailbox.message.attachments import SEPARATORS, Attachment, content_disposition
from mailbox.message.parse import parse
from mailbox.store import bucket, keys
from mailbox.store.models import Message

SERVED_AT_MOST = 4_000_000  # bytes; base64, in which API Gateway carries them, adds a third


@require_GET
@signed_in
def message_raw(_request: HttpRequest, id: str) -> HttpResponse:
    message = message_or_404(id)
    filename = f"{SEPARATORS.sub('-', message.subject) or 'message'}.eml"
    if message.size > SERVED_AT_MOST:
        return HttpResponseRedirect(bucket.presigned_download(message.key, filename))
    return _download(_raw(message), filename)


@require_GET
@signed_in
def message_attachment(request: HttpRequest, id: str, number: int) -> HttpResponse:
    message = message_or_404(id)
    if message.verdicts.get("virus") == "FAIL":
        return render(request, "infected.html", {"message": message}, status=403)
    attachments = parse(_raw(message)).attachments
    if number >= len(attachments):
        raise Http404
    attachment = attachments[number]
    if attachment.size > SERVED_AT_MOST:
        return HttpResponseRedirect(_link_to_copy(id, number, attachment))
    return _download(attachment.content, attachment.filename)


def _raw(message: Message) -> bytes:
    stored = bucket.get(message.key)
    if stored is None:
        raise Http404
    return stored.body


def _link_to_copy(id: str, number: int, attachment: Attachment) -> str:
    key = keys.part_key(id, number)
    bucket.put(key, attachment.content, if_none_match="*")  # raw mail never changes, so a copy that is there is the same
    return bucket.presigned_download(key, attachment.filename)


def _download(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition(filename)
    response["Content-Security-Policy"] = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"  # as for the body: `sandbox` with any other value is an error
    return response
