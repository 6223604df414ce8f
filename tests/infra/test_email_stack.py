"""Mail in and out: what SES does with what arrives, what it tells about what leaves, and the records that make both work."""

import json

import pytest

from cdk_infra.deployment import Deployment
from cdk_infra.dns import Known, records
from cdk_infra.grants import grants_of
from tests.infra.templates import ZONE, Properties, Templates, in_route_53, synthesized

STACK = "EmailStack"
TWO = ("example.org", "example.net")
MX = json.dumps({"mx": "yes"})


def rules(templates: Templates) -> dict[str, Properties]:
    return {rule["Rule"]["Name"]: rule for rule in templates.all_of(STACK, "AWS::SES::ReceiptRule")}


def test_a_rule_takes_the_whole_domain_over_tls_scans_and_stores_it() -> None:
    (rule,) = rules(synthesized()).values()
    assert rule["Rule"]["Recipients"] == ["example.org"]
    assert (rule["Rule"]["TlsPolicy"], rule["Rule"]["ScanEnabled"], rule["Rule"]["Enabled"]) == ("Require", True, True)


def test_mail_is_stored_and_told_of_never_carried_by_a_notification() -> None:
    for rule in rules(synthesized(*TWO)).values():
        (action,) = rule["Rule"]["Actions"]
        assert set(action) == {"S3Action"}
        assert action["S3Action"]["BucketName"] == "postamt-123456789012-eu-west-1"
        assert action["S3Action"]["ObjectKeyPrefix"] == "incoming/"
        assert action["S3Action"]["TopicArn"] == {"Ref": topics()["postamt-receipts"]}


def topics() -> dict[str, str]:
    """Their logical ids, by name."""
    resources = synthesized().of(STACK)["Resources"].items()
    return {resource["Properties"]["TopicName"]: id for id, resource in resources if resource["Type"] == "AWS::SNS::Topic"}


def test_addresses_narrow_a_rule() -> None:
    narrowed = synthesized(addresses=["me@example.org", "you@example.org"])
    assert rules(narrowed)["postamt-example.org"]["Rule"]["Recipients"] == ["me@example.org", "you@example.org"]


def test_each_of_several_domains_has_its_rule_and_its_identity() -> None:
    both = synthesized(*TWO)
    assert {name: rule["Rule"]["Recipients"] for name, rule in rules(both).items()} == {f"postamt-{domain}": [domain] for domain in TWO}
    assert [identity["EmailIdentity"] for identity in both.all_of(STACK, "AWS::SES::EmailIdentity")] == list(TWO)


def test_rules_of_one_set_are_changed_one_after_the_other() -> None:
    first, second = synthesized(*TWO).resources(STACK, "AWS::SES::ReceiptRule")
    first_id = next(id for id, resource in synthesized(*TWO).of(STACK)["Resources"].items() if resource == first)
    assert first_id in second["DependsOn"]


def test_into_a_rule_set_in_force_only_the_rule_is_put() -> None:
    adopted = synthesized(adopt={"rule_set": "default-rule-set"})
    assert not adopted.all_of(STACK, "AWS::SES::ReceiptRuleSet")
    assert rules(adopted)["postamt-example.org"]["RuleSetName"] == "default-rule-set"
    assert "receipt-rule-set/default-rule-set:receipt-rule/*" in json.dumps(adopted.of("StorageStack"))


def test_an_identity_signs_with_dkim_and_bounces_under_its_own_name() -> None:
    identity = synthesized().only(STACK, "AWS::SES::EmailIdentity")
    assert identity["DkimSigningAttributes"] == {"NextSigningKeyLength": "RSA_2048_BIT"}
    assert identity["FeedbackAttributes"] == {"EmailForwardingEnabled": True}  # whoever sent a mail that bounces gets it back
    assert identity["MailFromAttributes"] == {"MailFromDomain": "bounce.example.org", "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
    assert identity["ConfigurationSetAttributes"] == {"ConfigurationSetName": "postamt"}


def test_an_adopted_identity_is_left_as_it_is() -> None:
    adopted = in_route_53(adopt={"identity": True})
    assert not adopted.all_of(STACK, "AWS::SES::EmailIdentity")
    assert not [record for record in adopted.all_of(STACK, "AWS::Route53::RecordSet") if record["Type"] == "CNAME"]


def test_one_domain_may_be_known_to_ses_and_another_new() -> None:
    mixed = synthesized(*TWO, adopt={"identity": ["example.org"]})
    assert [identity["EmailIdentity"] for identity in mixed.all_of(STACK, "AWS::SES::EmailIdentity")] == ["example.net"]


def test_what_becomes_of_a_mail_is_told_to_the_topic() -> None:
    events = synthesized().only(STACK, "AWS::SES::ConfigurationSetEventDestination")
    assert events["ConfigurationSetName"] == synthesized().only(STACK, "AWS::SES::ConfigurationSet")["Name"] == "postamt"
    told = events["EventDestination"]
    assert {"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT"} <= set(told["MatchingEventTypes"])
    assert not {"OPEN", "CLICK"} & set(told["MatchingEventTypes"])  # nobody is watched
    assert told["SnsDestination"] == {"TopicARN": {"Ref": topics()["postamt-events"]}}


def test_only_ses_of_this_account_publishes_and_only_over_tls() -> None:
    policies = synthesized().all_of(STACK, "AWS::SNS::TopicPolicy")
    assert len(policies) == 2
    for policy in policies:
        allowed = [statement for statement in policy["PolicyDocument"]["Statement"] if statement["Effect"] == "Allow"]
        assert [statement["Principal"] for statement in allowed] == [{"Service": "ses.amazonaws.com"}]
        assert allowed[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
        assert "aws:SecureTransport" in json.dumps(
            [statement for statement in policy["PolicyDocument"]["Statement"] if statement["Effect"] == "Deny"]
        )


def test_topics_are_not_encrypted_with_a_key_that_ses_cannot_use() -> None:
    assert all("KmsMasterKeyId" not in topic for topic in synthesized().all_of(STACK, "AWS::SNS::Topic"))


@pytest.mark.parametrize("user", ["smtp", "sync"])
def test_a_user_may_do_what_its_file_says_and_has_no_key(user: str) -> None:
    (policy,) = (policy for policy in synthesized().all_of(STACK, "AWS::IAM::Policy") if policy["PolicyName"] == f"postamt-{user}")
    said = {statement["Sid"]: statement["Resource"] for statement in grants_of(user, synthesized().deployment)["Statement"]}
    assert {statement["Sid"]: statement["Resource"] for statement in policy["PolicyDocument"]["Statement"]} == said
    assert f"postamt-{user}" in {made["UserName"] for made in synthesized().all_of(STACK, "AWS::IAM::User")}
    assert "LoginProfile" not in json.dumps(synthesized().of(STACK))


def test_lost_mail_bounces_and_complaints_raise_alarms() -> None:
    alarms = {alarm["AlarmName"]: alarm for alarm in synthesized(*TWO).all_of(STACK, "AWS::CloudWatch::Alarm")}
    watched = {name: (alarm["MetricName"], alarm["Threshold"]) for name, alarm in alarms.items()}
    assert watched == {
        "postamt-publish-failure-example.org": ("PublishFailure", 1),
        "postamt-publish-failure-example.net": ("PublishFailure", 1),
        "postamt-publish-expired-example.org": ("PublishExpired", 1),
        "postamt-publish-expired-example.net": ("PublishExpired", 1),
        "postamt-bounces": ("Bounce", 3),
        "postamt-bounce-rate": ("Reputation.BounceRate", 0.05),
        "postamt-complaint-rate": ("Reputation.ComplaintRate", 0.001),
    }
    assert alarms["postamt-bounces"]["Period"] == 86_400
    assert alarms["postamt-publish-expired-example.net"]["Dimensions"] == [{"Name": "RuleName", "Value": "postamt-example.net"}]
    assert {json.dumps(alarm["AlarmActions"]) for alarm in alarms.values()} == {'["arn:aws:sns:eu-west-1:123456789012:postamt-alarms"]'}


def test_the_deployment_knows_every_alarm_by_name() -> None:
    both = synthesized(*TWO)
    made = [alarm["AlarmName"] for stack in ("StorageStack", STACK) for alarm in both.all_of(stack, "AWS::CloudWatch::Alarm")]
    assert sorted(made) == sorted(both.deployment.alarms)


def zone(templates: Templates) -> set[tuple[str, str, str]]:
    """The records of the stack whose names are known beforehand."""
    found = templates.all_of(STACK, "AWS::Route53::RecordSet")
    assert {record["HostedZoneId"] for record in found} <= {ZONE}
    return {(record["Type"], record["Name"], *record["ResourceRecords"]) for record in found if isinstance(record["Name"], str)}


def wanted(deployment: Deployment) -> set[tuple[str, str, str]]:
    """Those that `manage.py show_dns` prints."""
    every = [record for domain in deployment.domains for record in records(deployment, domain, Known())]
    return {(record.kind, record.name, f'"{record.value}"' if record.kind == "TXT" else f"{record.value}.") for record in every}


def test_the_zone_gets_what_show_dns_prints_once_the_mx_is_asked_for() -> None:
    both = in_route_53(*TWO, context=MX)
    assert zone(both) == wanted(both.deployment)


def test_mail_goes_where_it_went_until_the_mx_is_asked_for() -> None:
    assert wanted(in_route_53().deployment) - zone(in_route_53()) == {("MX", "example.org", "10 inbound-smtp.eu-west-1.amazonaws.com.")}


def test_the_three_dkim_names_are_those_that_ses_gives() -> None:
    dkim = [record for record in in_route_53().all_of(STACK, "AWS::Route53::RecordSet") if record["Type"] == "CNAME"]
    assert [record["Name"]["Fn::GetAtt"][1] for record in dkim] == [f"DkimDNSTokenName{number}" for number in (1, 2, 3)]
    assert [record["ResourceRecords"][0]["Fn::GetAtt"][1] for record in dkim] == [f"DkimDNSTokenValue{number}" for number in (1, 2, 3)]


def test_records_that_the_zone_had_before_are_left_out() -> None:
    kept = in_route_53(context=json.dumps({"mx": "yes", "keep": "TXT example.org, MX example.org"}))
    assert {record[:2] for record in wanted(kept.deployment) - zone(kept)} == {("TXT", "example.org"), ("MX", "example.org")}


def test_without_a_zone_there_are_no_records() -> None:
    assert zone(synthesized(context=MX)) == set()
