"""`credentials`: makes or renews the key of a program outside AWS, and shows it once: on the terminal, and in no log."""

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandParser

from postamt.access_keys import AccessKey, renew
from postamt.management.deployment import about, domain_meant
from postamt.smtp_password import smtp_password

if TYPE_CHECKING:
    from cdk_infra.deployment import Deployment

SMTP = """Host:      email-smtp.{region}.amazonaws.com
Port:      587 (STARTTLS) or 465 (TLS)
User name: {id}
Password:  {password}"""
SYNC = """AWS_ACCESS_KEY_ID={id}
AWS_SECRET_ACCESS_KEY={secret}
AWS_REGION={region}
POSTAMT_BUCKET={bucket}"""
ONCE = "It is not shown again, and works within a minute."


class Command(BaseCommand):
    help = "Makes or renews the key of an SMTP client (smtp) or of the home server that copies mail (sync)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", choices=("smtp", "sync"))
        parser.add_argument("domain", nargs="?", default="", help="default: POSTAMT_DOMAIN")
        parser.add_argument("--keep-old", action="store_true", help="the key of before goes on working until the next time")

    def handle(self, *_args: Any, **options: Any) -> None:
        with about(domain_meant(options["domain"])) as deployed:
            names, program = deployed.deployment, options["program"]
            user = names.smtp_user if program == "smtp" else names.sync_user

            def show(key: AccessKey) -> None:
                self.stdout.write(shown(program, key, names))
                self.stdout.flush()

            gone = renew(deployed.client("iam"), user, show, keep_old=options["keep_old"])
        self.stderr.write(ONCE)
        if gone:
            self.stderr.write(f"No longer good: {', '.join(gone)}.")


def shown(program: str, key: AccessKey, names: "Deployment") -> str:
    if program == "smtp":
        return SMTP.format(region=names.region, id=key.id, password=smtp_password(key.secret, names.region))
    return SYNC.format(region=names.region, id=key.id, secret=key.secret, bucket=names.bucket)
