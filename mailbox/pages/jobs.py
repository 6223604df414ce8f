"""`/jobs/?id=<id>`: how far a job came. A page that tells of one asks every few seconds, with `X-Background: 1`, and shows the answer in
its place; a browser without scripts follows "Look again".
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mailbox.auth import safe_target, signed_in
from mailbox.pages.toast import Toast, saying, told_of_job
from mailbox.store import jobs

WAITING, UNKNOWN = "Still at work.", "Nothing is known of this task any more."


@require_GET
@signed_in
def job(request: HttpRequest) -> HttpResponse:
    id = request.GET.get("id", "")
    toast = Toast(WAITING, job=id) if jobs.read(id) else Toast(UNKNOWN)
    here = safe_target(request.GET.get("next", ""))
    if request.headers.get("X-Fragment") != "1":
        return HttpResponseRedirect(saying(here, toast), status=303)
    return render(request, "_toast.html", {"toast": told_of_job(toast) if toast.job else toast, "here": here})
