"""What a request must be before any view sees it: come through our own CloudFront where there is one, and be of bearable size.

With an origin secret configured, whoever calls API Gateway around CloudFront is refused; so what our CloudFront says can be believed, and
only then is it read: the address of the client and the host it asked for, since API Gateway takes no host name but its own. No other
header that a client may write itself (X-Forwarded-*) is ever read.
"""

import hmac
import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest
from django.http.response import HttpResponseBase

IPV6_SITE = 64  # bits: what one subscriber has; single addresses in it cost nothing


class Entrance:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.HTTPS:
            request.META["wsgi.url_scheme"] = "https"  # CloudFront speaks nothing else, whatever X-Forwarded-Proto says
        if not comes_from_cloudfront(request) and settings.POSTAMT_ORIGIN_SECRET:
            raise PermissionDenied("The request did not come through CloudFront.")
        take_host_asked_for(request)
        if declared_length(request) > settings.POSTAMT_REQUEST_MAX_BYTES:
            raise RequestDataTooBig("The request is larger than POSTAMT_REQUEST_MAX_BYTES.")
        return self.get_response(request)


def comes_from_cloudfront(request: HttpRequest) -> bool:
    expected, given = settings.POSTAMT_ORIGIN_SECRET, request.headers.get("X-Origin-Secret", "")
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def take_host_asked_for(request: HttpRequest) -> None:
    asked_for = request.headers.get("X-Forwarded-Host")
    if asked_for and comes_from_cloudfront(request):
        request.META["HTTP_HOST"] = asked_for


def declared_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0


def client_network(request: HttpRequest) -> str:
    """Whom a request counts for: an IPv4 address, or the /64 of an IPv6 one."""
    ip = _client_ip(request)
    return str(ipaddress.ip_network((ip, IPV6_SITE), strict=False)) if isinstance(ip, ipaddress.IPv6Address) else client_address(request)


def client_address(request: HttpRequest) -> str:
    """The address a request came from, for people to read; `unknown` if that is none."""
    return str(_client_ip(request) or "unknown")


def _client_ip(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    address = request.META.get("REMOTE_ADDR", "")
    if comes_from_cloudfront(request):
        address = _viewer(request) or address
    try:
        ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return (ip.ipv4_mapped or ip) if isinstance(ip, ipaddress.IPv6Address) else ip


def _viewer(request: HttpRequest) -> str:
    """As our function at CloudFront says (cdk_infra/constructs/entrance.js), or CloudFront itself where its policy forwards that header."""
    viewer, _, _port = request.headers.get("CloudFront-Viewer-Address", "").rpartition(":")
    return request.headers.get("X-Viewer-Address") or viewer
