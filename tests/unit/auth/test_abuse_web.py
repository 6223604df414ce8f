"""Abuse of the whole webmail and its API, over every route there is, so that one added later is covered too: A13, A14, A16 to A18, A21 to
A26, A47."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from pytest_django import Settings

from mailbox.store import conversations
from mailbox.store.aws import client
from mailbox.store.keys import HOME_KEY, PULSE_KEY
from tests.unit.auth.conftest import ABSENT, Browser, Route, routes
from tests.unit.in_memory import Mailbox

pytestmark = pytest.mark.usefixtures("mailbox")

LEADS_ON = {"home", "settings"}  # to a page that is behind the gate
PUBLIC = LEADS_ON | {"login", "manifest", "service_worker", "offline", "api_document"}
API_REFUSALS = (400, 401, 405, 413, 415)
MAIL_AS_JSON = '{"to": [{"addr_spec": "victim@example.org"}], "subject": "s", "text": "t"}'
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
RAW = b"""From: Jonas <jonas@example.org>\r
To: me@postamt.localhost\r
Subject: With a file\r
Message-ID: <one@example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/html\r
\r
<p>Text <img src="https://tracker.example/x.png"></p>\r
--b\r
Content-Type: text/plain\r
Content-Disposition: attachment; filename=plan.txt\r
\r
Plan\r
--b--\r
"""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that is in the mailbox."""

    id: str
    thread_id: str

    def at(self, route: Route) -> str:
        return route.of(self.thread_id, self.id)


@pytest.fixture
def both(owner: Browser) -> Browser:
    """The owner with all he may carry: the cookie for pages, and a token for the API."""
    owner.carry_token()
    return owner


@pytest.fixture
def arrived(mailbox: Mailbox) -> Arrived:
    id = mailbox.arrive(RAW)
    message = conversations.find_message(id)
    assert message
    return Arrived(id, message.thread_id)


def everything_stored(mailbox: Mailbox) -> tuple[Any, ...]:
    """All objects, and all rows but those of sessions and attempts."""
    objects = client("s3").list_objects_v2(Bucket=mailbox.bucket)["Contents"]
    rows = {key: item for key, item in mailbox.items().items() if not key[0].startswith("a#")}
    return sorted((stored["Key"], stored["ETag"]) for stored in objects), rows


def pages() -> list[Route]:
    return [route for route in routes() if not route.is_api]


def api() -> list[Route]:
    return [route for route in routes() if route.is_api]


def every_answer(browser: Browser, path: str, **headers: str) -> list[Any]:
    return [browser.client.generic(method, path, headers=headers) for method in METHODS]


def test_every_page_but_the_sign_in_page_is_behind_the_gate(stranger: Browser) -> None:
    for route in routes():
        answer = stranger.get(route.absent)
        if route.name in PUBLIC:
            assert answer.status_code in (200, 302), route
        elif route.is_api:
            assert answer.status_code in (401, 405), route
        elif answer.status_code != 405:
            assert (answer.status_code, answer["Location"]) == (303, f"/login/?next={quote(route.absent, safe='')}"), route


def test_every_post_but_signing_in_and_out_is_behind_the_gate(stranger: Browser, mailbox: Mailbox, arrived: Arrived) -> None:
    before = everything_stored(mailbox)
    for route in routes():
        answer = stranger.post(arrived.at(route), {"do": "send", "to": "a@example.org", "text": "t"})
        assert answer.status_code in (401, 405) or route.name in LEADS_ON | {"sign_out", "api_auth"}, route
    assert everything_stored(mailbox) == before


def test_a13_a_form_of_another_site_changes_nothing(owner: Browser, mailbox: Mailbox, arrived: Arrived) -> None:
    before = everything_stored(mailbox)
    fields = {"to": "victim@example.org", "subject": "s", "text": "t", "do": "send", "t": arrived.thread_id}
    for route in pages():
        path = arrived.at(route)
        for fragment in ("0", "1"):
            for origin in ("https://evil.example", "null", "http://testserver.evil.example", "http://testserver:81"):
                assert owner.post(path, fields, Origin=origin, X_Fragment=fragment).status_code == 403, route
            assert owner.client.post(path, fields, headers={"X-Fragment": fragment}).status_code == 403, route
            for kind in ("text/plain", "application/json"):
                answer = owner.client.post(path, '{"do": "send"}', content_type=kind, headers={"X-Fragment": fragment})
                assert answer.status_code == 403, route
    assert everything_stored(mailbox) == before
    assert owner.is_signed_in


def test_a13_a_form_of_another_site_is_nothing_to_the_api(both: Browser, mailbox: Mailbox, arrived: Arrived) -> None:
    """Even if it could bring the token, which it cannot: what a form can post is no JSON."""
    before = everything_stored(mailbox)
    for route in api():
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"):
            answer = both.client.post(arrived.at(route), MAIL_AS_JSON, content_type=kind, headers={"Origin": "https://evil.example"})
            assert answer.status_code in (405, 415), (route, kind)
    assert everything_stored(mailbox) == before


def test_a13_the_cookie_alone_opens_nothing_of_the_api(owner: Browser, mailbox: Mailbox, arrived: Arrived) -> None:
    before = everything_stored(mailbox)
    for route in api():
        for answer in every_answer(owner, arrived.at(route)):
            assert answer.status_code in (204, *API_REFUSALS) or route.name == "api_document", route
        posted = owner.client.post(arrived.at(route), MAIL_AS_JSON, content_type="application/json")
        assert posted.status_code in (400, 401, 405), route
    assert everything_stored(mailbox) == before


def test_a14_an_image_of_a_mail_that_names_a_page_changes_nothing(both: Browser, mailbox: Mailbox, arrived: Arrived) -> None:
    before = everything_stored(mailbox)
    for route in routes():
        path = arrived.at(route)
        for site in ("cross-site", "same-site", "same-origin", "none"):
            both.get(path, Sec_Fetch_Site=site, Sec_Fetch_Dest="image", Sec_Fetch_Mode="no-cors")
            both.get(f"{path}?do=delete&t={arrived.thread_id}", Sec_Fetch_Site=site, Sec_Fetch_Dest="empty", Sec_Purpose="prefetch")
        both.get(path, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document", Sec_Fetch_Mode="navigate")
        assert everything_stored(mailbox) == before, route
    assert both.is_signed_in


def test_a14_signing_out_by_get_is_not_allowed(owner: Browser) -> None:
    assert owner.get("/sign-out/").status_code == 405
    assert owner.is_signed_in


def test_a16_an_id_of_nothing_of_ours_is_one_and_the_same_404(both: Browser, arrived: Arrived) -> None:
    hostile = [
        "incoming-other",
        "sent-other",
        "foreign-one",
        "..",
        "..%2f..%2fincoming%2fone",
        arrived.id.replace("-", "%2f"),
        f"{arrived.id}%00",
        f"{arrived.id}'",
        arrived.id.upper(),
        "0",
        "-1",
        str(10**30),
        "%00",
        "📮",
        "x" * 5_000,
        "0" * 32,
        "ABCDEF" + "0" * 26,
    ]
    for route in routes():
        if route.absent == arrived.at(route) or both.get(route.absent).status_code == 405:
            continue  # it takes no id, or no GET
        absent = both.get(route.absent)
        assert absent.status_code == 404, route
        for id in hostile:
            answer = both.get(route.of(quote(id, "%"), quote(id, "%")))
            assert (answer.status_code, answer.text) == (404, absent.text), (route, id[:40])


def test_a17_an_attachment_that_the_message_does_not_have_is_404(owner: Browser, mailbox: Mailbox, arrived: Arrived) -> None:
    other = mailbox.arrive(RAW.replace(b"attachment", b"inline").replace(b"one@", b"two@").replace(b"Plan\r\n--b--", b"--b--"))
    assert owner.get(f"/m/{arrived.id}/a/0").content.rstrip() == b"Plan"
    for number in ("-1", "1", "999999", str(10**30), "0;x", "0.0", "one", "%00", "0/../0", "٠1", "0x0"):
        assert owner.get(f"/m/{arrived.id}/a/{number}").status_code == 404, number
    assert b"Plan" not in owner.get(f"/m/{other}/a/0").content


def test_a18_no_parameter_names_an_object(both: Browser, mailbox: Mailbox, arrived: Arrived) -> None:
    asked: list[dict[str, str]] = []
    client("s3").meta.events.register("provide-client-params.s3", lambda params, **_: asked.append(params))
    values = ("incoming/../settings/x", "https://evil.example/x")
    for route in routes():
        for name in ("key", "bucket", "versionId", "file", "name", "id", "re", "before", "q", "in"):
            for value in values:
                assert both.get(f"{arrived.at(route)}?{name}={quote(value)}").status_code < 500, (route, name, value)
    assert {params["Bucket"] for params in asked} == {mailbox.bucket}
    name = arrived.id.replace("-", "/", 1)
    settings = {f"settings/{subject}.json" for subject in ("labels", "reading", "senders")}
    ours = {name, f"state/{arrived.id}.json", *settings, PULSE_KEY, HOME_KEY}
    assert {params.get("Key", name) for params in asked} <= ours


def test_a21_no_other_site_frames_a_page(both: Browser, stranger: Browser, arrived: Arrived) -> None:
    for route in routes():
        for browser in (both, stranger):
            answer = browser.get(arrived.at(route))
            framed_here = route.name == "message_body" and answer.status_code == 200
            assert answer["X-Frame-Options"] == ("SAMEORIGIN" if framed_here else "DENY"), route
            ancestors = "frame-ancestors 'self'" if framed_here else "frame-ancestors 'none'"
            assert ancestors in answer["Content-Security-Policy"], route


def test_a22_nothing_is_kept_by_any_cache(both: Browser, stranger: Browser, arrived: Arrived) -> None:
    for route in routes():
        for answer in [*every_answer(both, arrived.at(route)), *every_answer(stranger, route.absent)]:
            assert answer["Cache-Control"] == "private, no-store", route
            assert not {"ETag", "Last-Modified", "Expires"} & set(answer.headers), route


def test_a23_a_host_that_is_not_ours_is_refused(both: Browser, arrived: Arrived) -> None:
    for route in routes():
        path = arrived.at(route)
        for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "", "testserver:x", "[::1"):
            assert both.get(path, Host=host).status_code == 400, (route, host)
        plain, forwarded = both.get(path), both.get(path, X_Forwarded_Host="evil.example", Forwarded="host=evil.example")
        assert forwarded.status_code == plain.status_code, route
        assert b"evil.example" not in forwarded.content + forwarded.get("Location", "").encode(), route


def test_a24_headers_of_a_proxy_that_is_not_ours_change_nothing(both: Browser, arrived: Arrived) -> None:
    written_by_a_client = {
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Port": "1",
        "X-HTTP-Method-Override": "POST",
        "X-Method-Override": "DELETE",
        "X-Original-URL": "/sign-out/",
        "X-Rewrite-URL": "/sign-out/",
        "X-Script-Name": "/evil",
    }
    for route in routes():
        plain = both.get(arrived.at(route)).status_code
        for header, value in written_by_a_client.items():
            assert both.get(arrived.at(route), **{header: value}).status_code == plain, (route, header)
    assert both.is_signed_in


def test_a24_behind_cloudfront_everything_is_https_and_nothing_redirects_in_a_circle(settings: Settings) -> None:
    settings.HTTPS, settings.POSTAMT_ORIGIN_SECRET, settings.SECURE_HSTS_SECONDS = True, "origin-secret", 63_072_000
    browser = Browser(X_Origin_Secret="origin-secret")
    for scheme in ("http", "https", ""):
        answer = browser.get("/login/", X_Forwarded_Proto=scheme)
        assert (answer.status_code, answer["Strict-Transport-Security"]) == (200, "max-age=63072000")
    assert Browser().get("/login/")["Strict-Transport-Security"] == "max-age=63072000"


def test_a25_no_other_origin_reads_an_answer(both: Browser, arrived: Arrived) -> None:
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-Fragment"}
    for route in routes():
        for origin in ("https://evil.example", "null", "https://testserver.evil.example"):
            for answer in every_answer(both, arrived.at(route), Origin=origin, **preflight):
                assert not [name for name in answer.headers if name.lower().startswith("access-control-")], route


def assert_guarded(answer: Any, what: object) -> None:
    policy = answer["Content-Security-Policy"]
    sandboxed = bool(re.search(r"(^|; )sandbox", policy))
    for directive in ("default-src 'none'", "base-uri 'none'", "form-action", "frame-ancestors"):
        assert directive in policy, what
    assert not re.search(r"script-src[^;]*(unsafe|\*|data:|http)", policy), what
    assert answer["X-Content-Type-Options"] == "nosniff", what
    assert answer["Referrer-Policy"] == "no-referrer", what
    assert answer["Cross-Origin-Opener-Policy"] == ("unsafe-none" if sandboxed else "same-origin"), what
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin", what
    assert "camera=()" in answer["Permissions-Policy"], what
    assert answer["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), what


def test_a26_every_answer_carries_the_headers(both: Browser, stranger: Browser, arrived: Arrived) -> None:
    for route in routes():
        for answer in [*every_answer(both, arrived.at(route)), *every_answer(stranger, route.absent), both.get(route.absent)]:
            assert_guarded(answer, (route, answer.request["REQUEST_METHOD"], answer.status_code))


def test_a26_so_does_every_fault(owner: Browser, stranger: Browser, settings: Settings) -> None:
    answers = [
        owner.get("/nowhere/"),
        owner.get("/login"),
        owner.get("/static/absent.css"),
        owner.get("/sign-out/"),
        owner.get("/login/", Host="evil.example"),
        owner.client.post("/login/"),
        owner.client.post("/login/", headers={"Content-Length": "99999999999"}),
        *[stranger.sign_in("wrong") for _ in range(6)],
    ]
    settings.POSTAMT_JWT_SECRET = ""
    answers.append(owner.get("/b/inbox/"))
    settings.POSTAMT_ORIGIN_SECRET = "origin-secret"
    answers.append(owner.get("/b/inbox/"))
    assert [answer.status_code for answer in answers] == [404, 301, 404, 405, 400, 403, 413] + [401] * 5 + [429, 500, 403]
    for answer in answers:
        assert_guarded(answer, answer.status_code)
        assert answer["Cache-Control"] == "private, no-store"


def test_a26_the_policy_of_pages_is_the_one_we_chose(stranger: Browser) -> None:
    assert set(stranger.get("/login/")["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "connect", "frame", "manifest", "worker")),
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    }


def test_a47_bodies_that_are_too_large_or_of_too_many_fields_are_refused(owner: Browser) -> None:
    token = owner.form_token()
    many = {"csrfmiddlewaretoken": token, **{f"field{n}": "" for n in range(10_000)}}
    form = "application/x-www-form-urlencoded"
    for route in pages():
        huge = owner.client.generic("POST", route.absent, headers={"Content-Length": "50000000", "X-CSRFToken": token})
        assert huge.status_code == 413, route
        assert owner.client.post(route.absent, many).status_code == 400, route
        assert owner.client.generic("POST", route.absent, "text=" + "x" * 6_000_000, content_type=form).status_code == 413, route
        packed = owner.client.generic("POST", route.absent, b"\x1f\x8b\x08" * 9, form, headers={"Content-Encoding": "gzip"})
        assert packed.status_code == 403, route


def test_a47_the_api_refuses_them_too(both: Browser) -> None:
    for route in api():
        for size in (50_000_000, 29_000_000):
            huge = both.client.generic("POST", route.absent, headers={"Content-Length": str(size)}, content_type="application/json")
            assert huge.status_code in (405, 413), route
        assert both.client.generic("POST", route.absent, "[" * 6_000_000, content_type="application/json").status_code in (405, 413), route
        fields = '{"secret": "", ' + ", ".join(f'"field{n}": ""' for n in range(2_000)) + "}"
        assert both.client.generic("POST", route.absent, fields, content_type="application/json").status_code in (400, 405), route
        packed = both.client.generic("POST", route.absent, b"\x1f\x8b\x08" * 9, "application/json", headers={"Content-Encoding": "gzip"})
        assert packed.status_code in (405, 415), route


def test_a47_a_verb_that_no_page_knows_is_refused(owner: Browser, arrived: Arrived) -> None:
    for route in routes():
        for method in ("TRACE", "PROPFIND", "CONNECT", "EVIL"):
            assert owner.client.generic(method, arrived.at(route)).status_code in (403, 405), (route, method)


def test_a47_paths_of_other_shapes_are_404(owner: Browser) -> None:
    for path in ("/b/inbox/;x", "/;/b/inbox/", "/b//inbox/", "/b/inbox/..;/", "/%2e%2e/", "/b/%2finbox/", "/b/inbox%00/"):
        assert owner.get(path).status_code == 404, path


def test_the_walk_finds_the_pages() -> None:
    assert {route.name for route in pages()} >= {"login", "sign_out", "folder", "conversation", "message_body", "message_raw", "compose"}
    assert ABSENT["id"] in next(route.absent for route in routes() if route.name == "message_body")
    assert len(api()) == 5
