"""What makes the pages an app on a phone: the manifest, the service worker and the page it shows offline. All public, none about mail.

The worker keeps style, script, icons and that one page, and never an answer that holds anything of a mailbox.
"""

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

KEPT = ("postamt.css", "postamt.js", "list.js", "reading.js", "compose.js", "icons.svg")
GROUND, PAPER = "#eef1f5", "#ffffff"  # the tokens `--bg` and `--pane` of the style sheet


@require_GET
def manifest(_request: HttpRequest) -> HttpResponse:
    icons = [{"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)]
    icons += [{**icon, "purpose": "maskable"} for icon in icons]
    inbox = reverse("folder", args=["inbox"])
    content = {
        "id": "/",
        "name": "Postamt",
        "short_name": "Postamt",
        "start_url": inbox,
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": PAPER,
        "icons": [*icons, {"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        "shortcuts": [{"name": "Compose", "url": reverse("compose")}],
    }
    return HttpResponse(json.dumps(content), content_type="application/manifest+json")


@require_GET
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Served from the root, because a worker serves what lies below its own address."""
    shell = json.dumps([*(static(name) for name in KEPT), reverse("offline")])
    version = hashlib.sha256((shell + render_to_string("offline.html")).encode()).hexdigest()[:12]
    head = f"const SHELL = {shell};\nconst KEPT_AS = 'shell-{version}';\n"
    return HttpResponse(head + render_to_string("sw.js"), content_type="text/javascript; charset=utf-8")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")
