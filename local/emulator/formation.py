"""CloudFormation as the CDK stacks use it: SES receipt rules and DKIM tokens, TTL and PITR of tables, lifecycles of buckets.

ministack 1.5.33 refuses the receipt rule resources, has no Dkim* attributes to Fn::GetAtt, and ignores the other properties in
silence when they come from a template. It calls every identity verified; so its DKIM and MAIL FROM are, too.
"""

import hashlib
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ministack.services import ses, ses_v2
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]


def is_true(value: object) -> bool:
    return str(value).lower() == "true"


def dkim_tokens(identity: str) -> list[str]:
    record = ses_v2._identities.get(identity)
    known: list[str] = (record or {}).get("DkimAttributes", {}).get("Tokens") or []
    tokens = known or [hashlib.sha256(f"{identity}{number}".encode()).hexdigest()[:32] for number in range(3)]
    if record is not None:
        record["DkimAttributes"]["Tokens"] = tokens
    return tokens


def identity_attributes(identity: str) -> dict[str, str]:
    attributes = {"EmailIdentity": identity}
    for number, token in enumerate(dkim_tokens(identity), 1):
        attributes[f"DkimDNSTokenName{number}"] = f"{token}._domainkey.{identity}"
        attributes[f"DkimDNSTokenValue{number}"] = f"{token}.dkim.amazonses.com"
    return attributes


def verify(identity: str) -> None:
    """As SES does once it has seen the records."""
    record = ses_v2._identities[identity]
    record["DkimAttributes"] |= {"Status": "SUCCESS", "SigningEnabled": True}
    if record["MailFromAttributes"].get("MailFromDomain"):
        record["MailFromAttributes"]["MailFromDomainStatus"] = "SUCCESS"


def create_rule_set(logical_id: str, properties: Properties, stack: str) -> Created:
    name = str(properties.get("RuleSetName") or f"{stack}-{logical_id}")
    if name in ses._receipt_rule_sets:
        raise ValueError(f"Rule set already exists: {name}")
    ses._receipt_rule_sets[name] = {"Metadata": {"Name": name, "CreatedTimestamp": ses._iso_now()}, "Rules": []}
    return name, {}


def delete_rule_set(name: str, _properties: Properties) -> None:
    if ses._active_receipt_rule_set.get("name") == name:
        raise ValueError(f"Cannot delete active rule set: {name}")  # as AWS does
    ses._receipt_rule_sets.pop(name, None)


def rule_of(properties: Properties, name: str) -> Properties:
    given = properties["Rule"]
    rule = {
        "Name": name,
        "Enabled": is_true(given.get("Enabled", False)),
        "TlsPolicy": given.get("TlsPolicy", "Optional"),
        "ScanEnabled": is_true(given.get("ScanEnabled", False)),
        "Actions": [{kind: dict(fields) for kind, fields in action.items()} for action in given.get("Actions", [])],
    }
    if "Recipients" in given:
        rule["Recipients"] = sorted(recipient.lower() for recipient in given["Recipients"])
    return rule


def rules_of(properties: Properties) -> list[Properties]:
    name = properties["RuleSetName"]
    if name not in ses._receipt_rule_sets:
        raise ValueError(f"Rule set does not exist: {name}")
    rules: list[Properties] = ses._receipt_rule_sets[name]["Rules"]
    return rules


def create_rule(logical_id: str, properties: Properties, stack: str) -> Created:
    name = str(properties["Rule"].get("Name") or f"{stack}-{logical_id}")
    rules = rules_of(properties)
    names = [rule["Name"] for rule in rules]
    if name in names:
        raise ValueError(f"Rule already exists: {name}")
    after = properties.get("After")
    rules.insert(names.index(after) + 1 if after in names else 0, rule_of(properties, name))
    return name, {}


def update_rule(name: str, _old: Properties, properties: Properties, _stack: str) -> Created:
    rules = rules_of(properties)
    position = next((index for index, rule in enumerate(rules) if rule["Name"] == name), len(rules))
    rules[position : position + 1] = [rule_of(properties, name)]
    return name, {}


def delete_rule(name: str, properties: Properties) -> None:
    rule_set = ses._receipt_rule_sets.get(properties.get("RuleSetName"))
    if rule_set:
        rule_set["Rules"][:] = [rule for rule in rule_set["Rules"] if rule["Name"] != name]


def complete_table(name: str, properties: Properties) -> None:
    tables = provisioners._dynamodb
    ttl = properties.get("TimeToLiveSpecification") or {}
    if is_true(ttl.get("Enabled")):
        tables._ttl_settings[name] = {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl["AttributeName"]}
    recovery = properties.get("PointInTimeRecoverySpecification") or {}
    tables._pitr_settings[name] = is_true(recovery.get("PointInTimeRecoveryEnabled"))
    table = tables._tables[name]
    for index in table.get("GlobalSecondaryIndexes") or []:
        index.setdefault("IndexStatus", "ACTIVE")
        index.setdefault("IndexArn", f"{table['TableArn']}/index/{index['IndexName']}")


def complete_bucket(name: str, properties: Properties) -> None:
    rules = (properties.get("LifecycleConfiguration") or {}).get("Rules") or []
    if not rules:
        provisioners._s3._bucket_lifecycle.pop(name, None)
        return
    status, _headers, body = provisioners._s3._put_bucket_lifecycle(name, lifecycle_xml(rules))
    if status >= 300:
        raise ValueError(f"The lifecycle of {name} was refused: {body!r}")


def lifecycle_xml(rules: list[Properties]) -> bytes:
    """The API's form of CloudFormation's rules, as far as the stacks use them."""
    root = Element("LifecycleConfiguration", xmlns="http://s3.amazonaws.com/doc/2006-03-01/")
    for number, rule in enumerate(rules):
        element = SubElement(root, "Rule")
        _add(element, "ID", rule.get("Id", f"rule-{number}"))
        _add(element, "Status", rule["Status"])
        _add_filter(SubElement(element, "Filter"), rule)
        _add_ages(element, rule)
    return tostring(root)


def _add(parent: Element, tag: str, text: object) -> None:
    SubElement(parent, tag).text = str(text)


def _add_filter(element: Element, rule: Properties) -> None:
    if "ObjectSizeGreaterThan" in rule:
        _add(element, "ObjectSizeGreaterThan", rule["ObjectSizeGreaterThan"])
    else:
        _add(element, "Prefix", rule.get("Prefix", ""))


def _add_ages(element: Element, rule: Properties) -> None:
    if "ExpirationInDays" in rule:
        _add(SubElement(element, "Expiration"), "Days", rule["ExpirationInDays"])
    elif is_true(rule.get("ExpiredObjectDeleteMarker")):
        _add(SubElement(element, "Expiration"), "ExpiredObjectDeleteMarker", "true")
    for transition in rule.get("Transitions") or []:
        moved = SubElement(element, "Transition")
        _add(moved, "Days", transition.get("TransitionInDays", 0))
        _add(moved, "StorageClass", transition["StorageClass"])
    noncurrent = (rule.get("NoncurrentVersionExpiration") or {}).get("NoncurrentDays", rule.get("NoncurrentVersionExpirationInDays"))
    if noncurrent is not None:
        _add(SubElement(element, "NoncurrentVersionExpiration"), "NoncurrentDays", noncurrent)
    abort = rule.get("AbortIncompleteMultipartUpload")
    if abort:
        _add(SubElement(element, "AbortIncompleteMultipartUpload"), "DaysAfterInitiation", abort["DaysAfterInitiation"])


def with_ports(properties: Properties) -> Properties:
    """What CloudFront says of an origin for which a template names no ports: without them no SDK takes the answer."""
    for origin in (properties.get("DistributionConfig") or {}).get("Origins") or []:
        custom = origin.get("CustomOriginConfig")
        if custom is not None:
            origin["CustomOriginConfig"] = {"HTTPPort": 80, "HTTPSPort": 443} | custom
    return properties


def _complete_afterwards(resource_type: str, complete: Callable[[str, Properties], None]) -> None:
    """`create` takes the new properties as its second argument, `update` as its third; both answer with the name first."""
    handler = provisioners._RESOURCE_HANDLERS[resource_type]

    def wrapped(original: Callable[..., Created], position: int) -> Callable[..., Created]:
        def provision(*arguments: Any, **options: Any) -> Created:
            created = original(*arguments, **options)
            complete(created[0], arguments[position])
            return created

        return provision

    handler["create"] = wrapped(handler["create"], 1)
    if "update" in handler:
        handler["update"] = wrapped(handler["update"], 2)


def _with_dkim(original: Callable[..., Created]) -> Callable[..., Created]:
    def provision(*arguments: Any, **options: Any) -> Created:
        name, _attributes = original(*arguments, **options)
        verify(name)
        return name, identity_attributes(name)

    return provision


def install() -> None:
    handlers = provisioners._RESOURCE_HANDLERS
    identity = handlers["AWS::SES::EmailIdentity"]
    identity.update(create=_with_dkim(identity["create"]), update=_with_dkim(identity["update"]))
    handlers["AWS::SES::ReceiptRuleSet"] = {"create": create_rule_set, "delete": delete_rule_set}
    handlers["AWS::SES::ReceiptRule"] = {"create": create_rule, "update": update_rule, "delete": delete_rule}
    distribution_config = provisioners._cf_distribution_config
    provisioners._cf_distribution_config = lambda properties, reference: distribution_config(with_ports(properties), reference)
    _complete_afterwards("AWS::DynamoDB::Table", complete_table)
    _complete_afterwards("AWS::S3::Bucket", complete_bucket)
