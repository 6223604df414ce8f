"""Pages travel compressed: CloudFront compresses only what it may keep, and it may keep nothing of ours.

Django's gzip adds random bytes to each answer, and tokens in forms are masked anew each time, so that its length gives nothing away
(BREACH). Mail and attachments stay as they are.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED = ("text/html", "application/json")


class CompressPages(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
