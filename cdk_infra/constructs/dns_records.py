"""The records of the domains whose zone is in Route 53; their values are those that `manage.py show_dns` prints.

Left out are the MX of a domain until it is asked for, because it takes the mail away from where it goes today, and what `kept` names,
because the zone has it already: CloudFormation writes over no record it did not make.
"""

from collections.abc import Collection

from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ses as ses
from constructs import Construct

from cdk_infra.deployment import Deployment
from cdk_infra.dns import TTL, Known, records, zone_value

DKIM_KEYS = 3


class DnsRecords(Construct):
    def __init__(self, scope: Construct, id: str, deployment: Deployment, *, mx: bool, kept: Collection[str]) -> None:
        super().__init__(scope, id)
        self._kept = kept
        self._mx = mx
        for domain in deployment.domains:
            zone = deployment.hosted_zone(domain)
            if zone:
                self._add_records(zone, domain, deployment)

    def _add_records(self, zone: str, domain: str, deployment: Deployment) -> None:
        for record in records(deployment, domain, Known()):
            is_mx = (record.kind, record.name) == ("MX", domain)
            if f"{record.kind} {record.name}" not in self._kept and (self._mx or not is_mx):
                self._add(zone, f"{record.kind}-{record.name}", record.name, record.kind, zone_value(record))

    def add_dkim(self, zone: str, domain: str, identity: ses.CfnEmailIdentity) -> None:
        """Where SES publishes the keys it signs with; it names them when the identity is made."""
        for number in range(1, DKIM_KEYS + 1):
            name, target = (getattr(identity, f"attr_dkim_dns_token_{part}{number}") for part in ("name", "value"))
            self._add(zone, f"DKIM{number}-{domain}", name, "CNAME", target)

    def _add(self, zone: str, id: str, name: str, kind: str, value: str) -> None:
        route53.CfnRecordSet(self, id, hosted_zone_id=zone, name=name, type=kind, ttl=str(TTL), resource_records=[value])
