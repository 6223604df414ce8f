"""The app of the webmail: at start it only makes its system checks known."""

from django.apps import AppConfig
from django.core.checks import register


class MailboxConfig(AppConfig):
    name = "mailbox"

    def ready(self) -> None:
        from mailbox.checks import check_environment, check_secrets

        register(check_environment)
        register(check_secrets)
