"""`show_dns`: the DNS records of a domain, as a table for a person or as a zone for a name server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from postamt.management.deployment import about, domain_meant

TODAY = "Mail for {domain} goes to {hosts} today. Set the MX last, when all else works, and remove the others."
TO_COME = "Not made yet: {missing}. Run `make deploy`, then this again."


class Command(BaseCommand):
    help = "Prints the DNS records to set for a domain."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("domain", nargs="?", default="", help="default: POSTAMT_DOMAIN")
        parser.add_argument("--zone", action="store_true", help="as a BIND zone, to be included in that of the domain")

    def handle(self, *_args: Any, **options: Any) -> None:
        domain = domain_meant(options["domain"])
        with about(domain) as deployed:
            from cdk_infra.dns import records, table, zone
            from postamt.checkup.known import elsewhere, known, still_to_come

            handed_out = known(deployed.deployment, domain, deployed.client, deployed.resolver)
            rows = list(records(deployed.deployment, domain, handed_out))
            self.stdout.write(zone(domain, rows) if options["zone"] else table(rows))
            if hosts := elsewhere(deployed):
                self.stderr.write(TODAY.format(domain=domain, hosts=", ".join(hosts)))
            if missing := list(still_to_come(deployed, handed_out)):
                self.stderr.write(TO_COME.format(missing=", ".join(missing)))
