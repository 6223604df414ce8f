"""All URLs, of pages and API. An id in a URL is checked by its pattern here, and again by the store: what cannot exist is a 404."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from mailbox.api.auth import auth
from mailbox.api.document import document
from mailbox.api.email import email, raw
from mailbox.api.emails import emails
from mailbox.pages import (
    acts,
    attachment,
    block,
    body,
    compose,
    conversation,
    erase,
    folder,
    help,
    images,
    jobs,
    labels,
    login,
    news,
    search,
    security,
    settings,
    shell,
    source,
    status,
    trust,
)
from mailbox.store.keys import ID_PATTERN


class MessageId:
    regex = ID_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ThreadId(MessageId):
    regex = "[0-9a-f]{32}"


register_converter(MessageId, "message_id")
register_converter(ThreadId, "thread_id")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="folder"), {"box": "inbox"}, name="home"),
    path("login/", login.login, name="login"),
    path("sign-out/", login.sign_out, name="sign_out"),
    path("b/<slug:box>/", folder.folder, name="folder"),
    path("t/<thread_id:thread_id>/", conversation.conversation, name="conversation"),
    path("m/<message_id:id>/body", body.message_body, name="message_body"),
    path("m/<message_id:id>/images", body.show_images, name="show_images"),
    path("m/<message_id:id>/images/always", images.always_show, name="always_show"),
    path("m/<message_id:id>/images/stop", images.stop_showing, name="stop_showing"),
    path("m/<message_id:id>/block", block.block, name="block"),
    path("m/<message_id:id>/unblock", block.unblock, name="unblock_message"),
    path("m/<message_id:id>/trust", trust.trust, name="trust"),
    path("m/<message_id:id>/source", source.message_source, name="message_source"),
    path("m/<message_id:id>/raw", attachment.message_raw, name="message_raw"),
    path("m/<message_id:id>/a/<int:number>", attachment.message_attachment, name="message_attachment"),
    path("m/<message_id:id>/files.zip", attachment.message_files, name="message_files"),
    path("act/", acts.act, name="act"),
    path("undo/", acts.take_back, name="undo"),
    path("jobs/", jobs.job, name="job"),
    path("erase/", erase.erase, name="erase"),
    path("compose/", compose.compose, name="compose"),
    path("search/", search.search, name="search"),
    path("settings/", RedirectView.as_view(pattern_name="reading"), name="settings"),
    path("settings/reading/", settings.reading, name="reading"),
    path("settings/labels/", labels.labels, name="labels"),
    path("settings/labels/rename/", labels.rename, name="rename_label"),
    path("settings/labels/delete/", labels.delete, name="delete_label"),
    path("settings/senders/", settings.senders, name="senders"),
    path("settings/senders/remove/", settings.distrust, name="distrust"),
    path("settings/senders/unblock/", settings.unblock, name="unblock"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/sign-out/", security.sign_out_everywhere, name="sign_out_everywhere"),
    path("news/", news.news, name="news"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("sw.js", shell.service_worker, name="service_worker"),
    path("offline/", shell.offline, name="offline"),
    path("status/", status.status, name="status"),
    path("help/shortcuts/", help.shortcuts, name="shortcuts"),
    path("api/auth", auth, name="api_auth"),
    path("api/emails", emails, name="api_emails"),
    path("api/emails/<message_id:id>", email, name="api_email"),
    path("api/emails/<message_id:id>/raw", raw, name="api_raw"),
    path("api/openapi.json", document, name="api_document"),
]
