"""`/settings/security/`: where and with what somebody signed in, or tried to, and the end of every session at once."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from mailbox import attempts, sessions
from mailbox.auth import OwnerRequest, signed_in
from mailbox.pages.frame import frame
from mailbox.pages.login import farewell
from mailbox.store import sign_ins


@require_GET
@signed_in
def security(request: OwnerRequest) -> HttpResponse:
    """Two Queries of at most 50 items."""
    now = timezone.now()
    admitted, refused = sign_ins.newest("admitted", now), sign_ins.newest("refused", now)
    context = {
        **frame(request),
        "admitted": admitted,
        "refused": refused,
        "shown": sign_ins.SHOWN,
        "kept_days": sign_ins.KEPT.days,
        "here_since": datetime.fromtimestamp(request.owner_session.signed_in_at, UTC),
        "quiet_minutes": sessions.QUIET // 60,
        "longest_hours": sessions.LONGEST // 3600,
        "tries": attempts.LIMIT,
        "pause_minutes": attempts.PAUSE // 60,
    }
    return render(request, "security.html", context)


@require_POST
@signed_in
def sign_out_everywhere(request: OwnerRequest) -> HttpResponse:
    """Here too: whoever fears a stranger's browser has to know the password, and nothing else, to be the only one again."""
    sessions.end_all()
    return farewell(request.owner_session)
