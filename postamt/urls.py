"""All URLs are the mailbox's; the pages of what goes wrong are named here, because Django looks for them here."""

from django.urls import include, path

urlpatterns = [path("", include("mailbox.urls"))]

handler400 = "mailbox.failures.bad_request"
handler403 = "mailbox.failures.forbidden"
handler404 = "mailbox.failures.not_found"
handler500 = "mailbox.failures.server_error"
