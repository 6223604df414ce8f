"""`/jobs/<id>/`: how far a job came. A page that tells of one asks every few seconds, with `X-Background: 1`, and shows the answer instead
of what it told before; a browser without scripts follows "Look again".
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import safe_target, signed_in
from mailbox.pages.toast import Toast, saying, told_of_job
from mailbox.store import jobs

WAITING = "Still at work."


@require_GET
@signed_in
def job(request: HttpRequest, id: str) -> HttpResponse:
    if jobs.read(id) is None:
        raise Http404
    toast, here = Toast(WAITING, job=id), safe_target(request.GET.get("next", ""))
    if request.headers.get("X-Fragment") != "1":
        return HttpResponseRedirect(saying(here, toast), status=303)
    return render(request, "_toast.html", {"toast": told_of_job(toast), "here": here})
