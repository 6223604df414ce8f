"""The DNS records of a domain: which there are, what becomes of an SPF record, and that a name server reads the zone."""

import dns.rdatatype
import dns.zone
import pytest

from cdk_infra.deployment import Deployment
from cdk_infra.dns import Known, Record, merged_spf, quoted, records, table, zone

DEPLOYMENT = Deployment("123456789012", "eu-west-1", ("example.org", "second.example"), "me@elsewhere.example")
KNOWN = Known(
    ("one", "two", "three"), ("v=spf1 mx -all", "another text"), (("_proof.webmail.example.org", "aws.example"),), "d1.cloudfront.net"
)


def rows(domain: str = "example.org", known: Known = KNOWN) -> list[Record]:
    return list(records(DEPLOYMENT, domain, known))


def test_it_works() -> None:
    assert [(row.name, row.kind, row.value) for row in rows()] == [
        ("example.org", "MX", "10 inbound-smtp.eu-west-1.amazonaws.com"),
        ("example.org", "TXT", "v=spf1 mx include:amazonses.com -all"),
        ("one._domainkey.example.org", "CNAME", "one.dkim.amazonses.com"),
        ("two._domainkey.example.org", "CNAME", "two.dkim.amazonses.com"),
        ("three._domainkey.example.org", "CNAME", "three.dkim.amazonses.com"),
        ("_dmarc.example.org", "TXT", "v=DMARC1; p=quarantine"),
        ("bounce.example.org", "MX", "10 feedback-smtp.eu-west-1.amazonses.com"),
        ("bounce.example.org", "TXT", "v=spf1 include:amazonses.com ~all"),
        ("webmail.example.org", "CNAME", "d1.cloudfront.net"),
        ("_proof.webmail.example.org", "CNAME", "aws.example"),
    ]


def test_only_the_first_domain_has_the_webmail() -> None:
    assert not any("webmail" in row.name for row in rows("second.example"))


def test_what_aws_has_not_handed_out_yet_is_left_out() -> None:
    assert [row.kind for row in rows(known=Known())] == ["MX", "TXT", "TXT", "MX", "TXT"]


@pytest.mark.parametrize(
    ("texts", "merged"),
    [
        ([], "v=spf1 include:amazonses.com ~all"),
        (["google-site-verification=1"], "v=spf1 include:amazonses.com ~all"),
        (["v=spf1"], "v=spf1 include:amazonses.com ~all"),
        (["v=spf1 ip4:192.0.2.0/24 -all"], "v=spf1 ip4:192.0.2.0/24 include:amazonses.com -all"),
        (["v=spf1 include:amazonses.com -all"], "v=spf1 include:amazonses.com -all"),
        (["V=SPF1 +Include:AmazonSES.com ?all"], "v=spf1 +Include:AmazonSES.com ?all"),
        (["v=spf1 mx redirect=_spf.example.net"], "v=spf1 mx include:amazonses.com redirect=_spf.example.net"),
        (["v=spf1 a -all", "v=spf1 a mx ~all"], "v=spf1 a mx include:amazonses.com -all"),
        (["v=spf10 mx -all"], "v=spf1 include:amazonses.com ~all"),
    ],
)
def test_ses_is_let_in_and_what_the_record_said_before_stays(texts: list[str], merged: str) -> None:
    assert merged_spf(texts) == merged
    assert merged_spf([merged]) == merged


def test_a_name_server_reads_the_zone_as_it_is_meant() -> None:
    read = dns.zone.from_text(zone("example.org", rows()), origin="example.org", check_origin=False, relativize=False)
    said = {
        (name.to_text(omit_final_dot=True), dns.rdatatype.to_text(kind), record.to_text())
        for name, _ttl, record in read.iterate_rdatas()
        for kind in (record.rdtype,)
    }
    meant = {(row.name, row.kind, quoted(row.value) if row.kind == "TXT" else f"{row.value}.") for row in rows()}
    assert said == meant


def test_a_long_text_and_its_quotation_marks_survive_the_zone() -> None:
    text = 'v=spf1 "\\ ' + "include:a.example " * 20 + "~all"
    read = dns.zone.from_text(zone("example.org", [Record("example.org", "TXT", text, "")]), origin="example.org", check_origin=False)
    (record,) = read.get_rdataset("@", "TXT")  # type: ignore[misc]
    assert b"".join(record.strings).decode() == text


def test_columns_stand_under_each_other() -> None:
    lines = table(rows()).splitlines()
    assert {line.index(row.kind, len(row.name)) for line, row in zip(lines[1:], rows(), strict=True)} == {lines[0].index("TYPE")}
    assert {line.index(row.value) for line, row in zip(lines[1:], rows(), strict=True)} == {lines[0].index("VALUE")}
    assert lines[1].endswith("brings the mail to SES")
