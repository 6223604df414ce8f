"""Records that a zone had before us: SPF is merged, an MX is taken only when asked for, all else is the owner's."""

import dataclasses
import io

import pytest

from deploy.preflight import preflight
from deploy.records import give_mx_back, merge_spf, point_mx
from deploy.trouble import CannotDeploy
from deploy.undeploy import look_around
from deploy.work import Work
from local.environment import REGION
from tests.deploy.conftest import DOMAIN, Names, Noting, Rented, make_zone, put_record, values_of

OURS = f"10 inbound-smtp.{REGION}.amazonaws.com."
THEIRS = "10 mail.elsewhere.example."
PROOF = '"proof=of-somebody-else"'


def asked_to_take(work: Work) -> None:
    work.asked = dataclasses.replace(work.asked, take_mx=True)


def stack_holds(account: Rented, work: Work, name: str, kind: str) -> None:
    record = {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": f"{name}.", "Type": kind}}
    account.stacks.templates[work.deployment.email_stack] = {"Resources": {"Record": record}}


def test_it_works(work: Work, names: Names) -> None:
    """Nobody received mail before: the stack makes the MX, last of all."""
    make_zone(work, names)
    preflight(work)
    point_mx(work)
    assert isinstance(work.cdk, Noting)
    ((stack, context),) = work.cdk.deployed
    assert (stack, context["mx"]) == ("EmailStack", "yes")


def test_an_mx_that_the_stack_made_stays_in_it_from_the_start(work: Work, account: Rented, names: Names) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "MX", OURS)
    stack_holds(account, work, DOMAIN, "MX")
    preflight(work)
    assert work.context == {"mx": "yes", "keep": ""}
    point_mx(work)
    assert isinstance(work.cdk, Noting)
    assert not work.cdk.deployed


@pytest.mark.parametrize(("kind", "value"), [("A", "192.0.2.1"), ("AAAA", "2001:db8::1"), ("CNAME", "www.elsewhere.example.")])
def test_a_name_of_the_webmail_that_leads_elsewhere_is_refused(work: Work, names: Names, kind: str, value: str) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, kind, value, name=work.deployment.webmail_host)
    with pytest.raises(CannotDeploy, match=f"leads elsewhere already: remove its {kind} record from the Route 53 zone {zone}"):
        preflight(work)


def test_a_name_of_the_webmail_that_the_stack_made_is_the_stacks(work: Work, account: Rented, names: Names) -> None:
    zone, host = make_zone(work, names), work.deployment.webmail_host
    put_record(work, zone, "A", "192.0.2.1", name=host)
    record = {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": host, "Type": "A"}}
    account.stacks.templates[work.deployment.webmail_stack] = {"Resources": {"AliasA": record}}
    assert preflight(work) == f"Account {work.account.number}, region {REGION}."


def test_the_mx_of_another_mailbox_is_left_and_told_of(work: Work, names: Names, said: io.StringIO) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "MX", THEIRS)
    preflight(work)
    point_mx(work)
    assert values_of(work, zone, "MX") == [THEIRS]
    assert "its mail still goes to mail.elsewhere.example. When all else works, run this again with TAKE_MX=yes" in said.getvalue()


def test_the_mx_of_another_mailbox_is_taken_when_asked(work: Work, names: Names, said: io.StringIO) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "MX", THEIRS, "20 second.elsewhere.example.")
    asked_to_take(work)
    preflight(work)
    assert values_of(work, zone, "MX") == [THEIRS, "20 second.elsewhere.example."]  # not before the last step
    point_mx(work)
    assert values_of(work, zone, "MX") == [OURS]
    assert "until now it went to mail.elsewhere.example, second.elsewhere.example" in said.getvalue()


def test_an_mx_that_was_taken_over_is_removed_when_leaving(work: Work, names: Names) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "MX", OURS)
    look_around(work)
    (sentence,) = give_mx_back(work)
    assert values_of(work, zone, "MX") == []
    assert "set the one of your next mailbox" in sentence


def test_leaving_does_not_touch_the_mx_of_another_mailbox(work: Work, names: Names) -> None:
    zone = make_zone(work, names, delegated=False)
    put_record(work, zone, "MX", THEIRS)
    look_around(work)
    assert list(give_mx_back(work)) == []
    assert values_of(work, zone, "MX") == [THEIRS]


def test_an_spf_record_is_merged_and_what_stands_beside_it_stays(work: Work, names: Names) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "TXT", PROOF, '"v=spf1 include:spf.elsewhere.example " "-all"')
    preflight(work)
    assert work.context["keep"] == f"TXT {DOMAIN}"
    assert list(merge_spf(work)) == [f"{DOMAIN}: its SPF record lets SES send too; what it said before stays."]
    merged = values_of(work, zone, "TXT")
    assert merged == [PROOF, '"v=spf1 include:spf.elsewhere.example include:amazonses.com -all"']
    assert list(merge_spf(work)) == []
    assert values_of(work, zone, "TXT") == merged


def test_text_records_without_spf_get_one_beside_them(work: Work, names: Names) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "TXT", PROOF)
    preflight(work)
    list(merge_spf(work))
    assert values_of(work, zone, "TXT") == [PROOF, '"v=spf1 include:amazonses.com ~all"']


def test_an_spf_record_that_the_stack_made_is_the_stacks(work: Work, account: Rented, names: Names) -> None:
    zone = make_zone(work, names)
    put_record(work, zone, "TXT", '"v=spf1 -all"')
    stack_holds(account, work, DOMAIN, "TXT")
    preflight(work)
    assert list(merge_spf(work)) == []
    assert values_of(work, zone, "TXT") == ['"v=spf1 -all"']
