"""What is looked at before anything is made: credentials, region, domain, what is in the account already. It changes nothing."""

from collections.abc import Iterator

from dns.exception import DNSException

from deploy.looks import exists, found, has_bucket, resources_of
from deploy.receiving import foreign_rule_set, own_rule_set
from deploy.records import note_present, refuse_taken_host
from deploy.trouble import CannotDeploy
from deploy.work import Work
from deploy.zone import Zone, is_asked, zone_by_id, zone_of

SANDBOX = (
    "SES is in its sandbox here: mail comes in, but goes out to verified addresses only, until AWS grants production access. "
    "docs/OPERATIONS.md has the request."
)

ANOTHER = (
    "{deployed} is deployed here, and {asked} is not: type DOMAIN={deployed}, or DOMAIN={deployed},{asked} to have both. "
    "To give {deployed} up, run `make undeploy DOMAIN={deployed} REGION={region}` first."
)
NOT_DELEGATED = (
    "{name} is not delegated to its Route 53 zone: enter the zone's name servers at your registrar ({servers}), "
    "or delete the zone if the DNS of {name} is elsewhere, and run this again."
)


def preflight(work: Work) -> str:
    deployment = work.deployment
    check_region(work, deployment.region)
    refuse_another(work)
    for domain in deployment.domains:
        work.progress.say(look_at_domain(work, domain))
    for bucket in (deployment.zappa_bucket, deployment.static_bucket):
        has_bucket(work.client("s3"), bucket, work.account.number)
    for sentence in (*adopted(work), *warnings(work)):
        work.progress.say(sentence)
    note_present(work)
    refuse_taken_host(work)
    return f"Account {work.account.number}, region {deployment.region}."


def check_region(work: Work, region: str) -> None:
    """AWS gives every region that receives mail a host of this name, so the DNS knows it before any list does."""
    if not ask(work, f"inbound-smtp.{region}.amazonaws.com", "A"):
        raise CannotDeploy(
            f"SES receives no mail in {region}: take a region where it does, for example REGION=eu-west-1 or REGION=us-east-1."
        )


def refuse_another(work: Work) -> None:
    """There is one post office an account and region: a domain that was mistyped or left out must not take the place of it."""
    function = found(work.client("lambda").get_function_configuration, FunctionName=work.deployment.web_function) or {}
    deployed = function.get("Environment", {}).get("Variables", {}).get("POSTAMT_DOMAIN", "")
    if deployed and deployed not in work.deployment.domains:
        asked = ",".join(work.deployment.domains)
        raise CannotDeploy(ANOTHER.format(deployed=deployed, asked=asked, region=work.deployment.region))


def ask(work: Work, name: str, kind: str) -> list[str]:
    try:
        return work.resolver.ask(name, kind)
    except DNSException as trouble:
        raise CannotDeploy(
            f"The DNS does not answer ({trouble}): check the network, or name a resolver with POSTAMT_RESOLVER."
        ) from trouble


def look_at_domain(work: Work, domain: str) -> str:
    zone = find_zone(work, domain)
    served_by = ask(work, zone.name if zone else domain, "NS")
    if zone is None:
        return elsewhere(work, domain, served_by)
    if not is_asked(zone, served_by):
        raise CannotDeploy(NOT_DELEGATED.format(name=zone.name, servers=", ".join(zone.name_servers)))
    return f"{domain}: its DNS is the Route 53 zone {zone.id}."


def find_zone(work: Work, domain: str) -> Zone | None:
    """The zone that cdk.json names for the domain, else the one that is there; noted for all later steps."""
    id, route53 = work.deployment.hosted_zone(domain), work.client("route53")
    zone = zone_by_id(route53, id) if id else zone_of(route53, domain)
    if zone:
        work.zones[domain] = zone
        work.adopt["hosted_zone"] = {name: found.id for name, found in work.zones.items()}
    return zone


def elsewhere(work: Work, domain: str, served_by: list[str]) -> str:
    if not served_by and not any(ask(work, parent, "NS") for parent in parents(domain)):
        raise CannotDeploy(f"{domain} is in no DNS: register it, or have it delegated to name servers, and run this again.")
    return f"{domain}: its DNS is not in this account, so you set its records yourself; they are printed when they are needed."


def parents(domain: str) -> Iterator[str]:
    """Of a name below a domain that is registered, the names above it that are no top-level domain."""
    labels = domain.split(".")
    for start in range(1, len(labels) - 1):
        yield ".".join(labels[start:])


def adopted(work: Work) -> Iterator[str]:
    """What is in the account already and not in a stack of ours is used as it is, by its name."""
    deployment, formation = work.deployment, work.client("cloudformation")
    bucket, table = deployment.bucket, deployment.table
    owned = resources_of(formation, deployment.storage_stack) | resources_of(formation, deployment.email_stack)
    if has_bucket(work.client("s3"), bucket, work.account.number) and ("AWS::S3::Bucket", bucket) not in owned:
        work.adopt["bucket"] = bucket
        yield f"The bucket {bucket} is there already: its mail stays, and this deployment uses it."
    if ("AWS::DynamoDB::Table", table) not in owned and exists(work.client("dynamodb").describe_table, TableName=table):
        work.adopt["table"] = table
        yield f"The table {table} is there already and is used as it is."
    known = [domain for domain in deployment.domains if ("AWS::SES::EmailIdentity", domain) not in owned and is_identity(work, domain)]
    if known:
        work.adopt["identity"] = known
        yield f"SES knows {' and '.join(known)} already and goes on with it."
    yield from joined(work)


def is_identity(work: Work, domain: str) -> bool:
    return exists(work.client("sesv2").get_email_identity, EmailIdentity=domain)


def joined(work: Work) -> Iterator[str]:
    other = foreign_rule_set(work.client("ses"), own_rule_set(work.deployment))
    if other:
        work.adopt["rule_set"] = other
        yield f"The receipt rule set {other} is active here: it stays so, and our rule is added to it."


def warnings(work: Work) -> Iterator[str]:
    sending = work.client("sesv2").get_account()
    if not sending.get("ProductionAccessEnabled"):
        yield SANDBOX
