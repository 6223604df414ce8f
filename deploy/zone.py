"""The Route 53 zone of a domain: whether there is one, whether the world asks it, and what its records say already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cdk_infra.dns import TTL


@dataclass(frozen=True, slots=True)
class Zone:
    id: str
    name: str
    name_servers: tuple[str, ...]


def zone_of(route53: Any, domain: str) -> Zone | None:
    """The public zone of the domain, or of the nearest domain above it, in this account."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        found = _exactly(route53, ".".join(labels[start:]))
        if found:
            return found
    return None


def zone_by_id(route53: Any, id: str) -> Zone:
    answer = route53.get_hosted_zone(Id=id)
    servers = answer.get("DelegationSet", {}).get("NameServers", [])
    name = str(answer["HostedZone"]["Name"]).rstrip(".")
    return Zone(str(answer["HostedZone"]["Id"]).removeprefix("/hostedzone/"), name, tuple(server.rstrip(".").lower() for server in servers))


def _exactly(route53: Any, name: str) -> Zone | None:
    for zone in route53.list_hosted_zones_by_name(DNSName=name)["HostedZones"]:
        if zone["Name"].rstrip(".") == name and not zone.get("Config", {}).get("PrivateZone"):
            return zone_by_id(route53, zone["Id"])
    return None


def is_asked(zone: Zone, served_by: Sequence[str]) -> bool:
    """Whether one of the name servers the world is told of is one of this zone's."""
    return bool(set(zone.name_servers) & set(served_by))


def record(route53: Any, zone: Zone, name: str, kind: str) -> list[str]:
    """The values the zone has for exactly this name and type, as Route 53 writes them."""
    return [entry["Value"] for entry in _record_set(route53, zone, name, kind).get("ResourceRecords", [])]


def has_record(route53: Any, zone: Zone, name: str, kind: str) -> bool:
    """Also one that is an alias, which has no values."""
    return bool(_record_set(route53, zone, name, kind))


def put(route53: Any, zone: Zone, name: str, kind: str, values: Sequence[str]) -> None:
    """In the place of what is there, in one step."""
    records = [{"Value": value} for value in values]
    _change(route53, zone, "UPSERT", {"Name": name, "Type": kind, "TTL": TTL, "ResourceRecords": records})


def remove(route53: Any, zone: Zone, name: str, kind: str) -> None:
    _change(route53, zone, "DELETE", _record_set(route53, zone, name, kind))


def _record_set(route53: Any, zone: Zone, name: str, kind: str) -> dict[str, Any]:
    """Empty when there is none."""
    answer = route53.list_resource_record_sets(HostedZoneId=zone.id, StartRecordName=name, StartRecordType=kind, MaxItems="1")
    found = ((entry["Name"].rstrip("."), entry["Type"], entry) for entry in answer["ResourceRecordSets"])
    return next((entry for found_name, found_kind, entry in found if (found_name, found_kind) == (name, kind)), {})


def _change(route53: Any, zone: Zone, action: str, record_set: dict[str, Any]) -> None:
    changes = [{"Action": action, "ResourceRecordSet": record_set}]
    route53.change_resource_record_sets(HostedZoneId=zone.id, ChangeBatch={"Changes": changes})
