"""Downloads: the source of a message, `/m/<id>/raw`, its attachments, `/m/<id>/a/<number>`, and all of them, `/m/<id>/files.zip`.

Never anything a browser would show. Lambda's answers end at 6 MB, so what is larger than 4 MB is fetched from the bucket itself by a link
that lives a minute: the raw message as it is stored, files as a copy that the bucket's lifecycle removes. Of an infected message nothing
is handed out but the source.
"""

from tempfile import SpooledTemporaryFile
from typing import IO

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from mailbox.auth import message_or_404, raw_or_404, signed_in
from mailbox.message.attachments import Attachment, content_disposition, download_name, named_after
from mailbox.message.body import is_rich
from mailbox.message.bundle import write_zip
from mailbox.message.parse import ParsedMessage
from mailbox.message.protection import read_mail
from mailbox.pages.body import own_hosts, sanitized_html
from mailbox.pages.files import listed
from mailbox.store import bucket, keys
from mailbox.store.models import Message

SERVED_AT_MOST = 4_000_000  # bytes; base64, in which API Gateway carries them, adds a third


@require_GET
@signed_in
def message_raw(_request: HttpRequest, id: str) -> HttpResponse:
    return raw_download(message_or_404(id))


def raw_download(message: Message) -> HttpResponse:
    filename = named_after(message.subject, "eml")
    if message.size > SERVED_AT_MOST:
        return HttpResponseRedirect(bucket.presigned_download(message.key, filename))
    return _download(raw_or_404(message), filename)


@require_GET
@signed_in
def message_attachment(request: HttpRequest, id: str, number: int) -> HttpResponse:
    message = message_or_404(id)
    if message.is_infected:
        return _refused(request, message)
    attachments = read_mail(raw_or_404(message)).attachments
    if number >= len(attachments):
        raise Http404
    content, filename = attachments[number].content, download_name(attachments[number])
    if len(content) > SERVED_AT_MOST:
        return _link_to_copy(keys.part_key(id, number), content, filename)
    return _download(content, filename)


@require_GET
@signed_in
def message_files(request: HttpRequest, id: str) -> HttpResponse:
    """The files that the page lists; `?pictures=1` where it lists those of the text too, because it shows no frame."""
    message = message_or_404(id)
    if message.is_infected:
        return _refused(request, message)
    parsed = read_mail(raw_or_404(message))
    files = _listed(request, parsed)
    if len(files) < 2:
        raise Http404
    filename = named_after(message.subject, "zip")
    with SpooledTemporaryFile(max_size=SERVED_AT_MOST) as archive:
        write_zip(files, timezone.localtime(message.received_at), archive)
        size = archive.tell()
        archive.seek(0)
        if size > SERVED_AT_MOST:
            return _link_to_copy(keys.bundle_key(id, len(files)), archive, filename)
        return _download(archive.read(), filename)


def _refused(request: HttpRequest, message: Message) -> HttpResponse:
    return render(request, "infected.html", {"message": message}, status=403)


def _listed(request: HttpRequest, parsed: ParsedMessage) -> list[Attachment]:
    framed = is_rich(parsed.html) and "pictures" not in request.GET
    html = sanitized_html(parsed, own_hosts(request)).html if framed else ""
    return [attachment for _, attachment in listed(parsed, shown_in=html)]


def _link_to_copy(key: str, content: bytes | IO[bytes], filename: str) -> HttpResponse:
    bucket.put(key, content, if_none_match="*")  # raw mail never changes, so a copy that is there is the same
    return HttpResponseRedirect(bucket.presigned_download(key, filename))


def _download(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition(filename)
    response["Content-Security-Policy"] = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"  # as for the body: `sandbox` with any other value is an error
    return response
