"""CloudFront before the webmail, the bucket of static files, and the certificate."""

import json
import subprocess

import pytest

from tests.infra.templates import CERTIFICATE, ZONE, Properties, in_route_53, synthesized

STACK = "WebmailStack"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's own policies have the same ids everywhere
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CONTEXT = json.dumps({"certificate": CERTIFICATE})


def distribution() -> Properties:
    found: Properties = in_route_53(context=CONTEXT).only(STACK, "AWS::CloudFront::Distribution")["DistributionConfig"]
    return found


def origin(behavior: Properties) -> Properties:
    (found,) = (origin for origin in distribution()["Origins"] if origin["Id"] == behavior["TargetOriginId"])
    assert isinstance(found, dict)
    return found


def test_it_answers_at_the_webmails_host_with_modern_tls() -> None:
    assert distribution()["Aliases"] == ["webmail.example.org"]
    assert distribution()["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert distribution()["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_pages_come_from_the_api_uncached_with_every_method_and_every_header_but_host() -> None:
    pages = distribution()["DefaultCacheBehavior"]
    assert pages["CachePolicyId"] == CACHING_DISABLED
    assert pages["OriginRequestPolicyId"] == ALL_BUT_HOST
    assert set(pages["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
    assert pages["ViewerProtocolPolicy"] == "redirect-to-https"
    assert "ResponseHeadersPolicyId" not in pages  # Django owns the headers of pages


def test_the_api_is_the_one_that_zappa_left_the_id_of() -> None:
    api = origin(distribution()["DefaultCacheBehavior"])
    reference, host = api["DomainName"]["Fn::Join"][1]
    assert in_route_53(context=CONTEXT).of(STACK)["Parameters"][reference["Ref"]]["Default"] == "/webmail/api-id"
    assert host == ".execute-api.eu-west-1.amazonaws.com"
    assert api["OriginPath"] == "/production"
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_static_files_come_from_their_bucket_with_headers_of_their_own() -> None:
    (files,) = distribution()["CacheBehaviors"]
    assert files["PathPattern"] == "/static/*"
    assert set(files["AllowedMethods"]) == {"GET", "HEAD"}
    assert "FunctionAssociations" not in files
    assert "OriginAccessControlId" in origin(files)
    headers = in_route_53(context=CONTEXT).only(STACK, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    assert headers["SecurityHeadersConfig"]["ContentTypeOptions"] == {"Override": True}


def test_only_this_distribution_reads_the_static_bucket() -> None:
    templates = in_route_53(context=CONTEXT)
    policy = templates.only(STACK, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    (allowed,) = (statement for statement in policy if statement["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert "distribution/" in json.dumps(allowed["Condition"]["StringEquals"]["AWS:SourceArn"])
    assert set(templates.only(STACK, "AWS::S3::Bucket")["PublicAccessBlockConfiguration"].values()) == {True}


@pytest.mark.parametrize("written", ["203.0.113.9", "webmail.evil.example"])
def test_the_function_says_host_and_address_whatever_a_client_wrote(written: str) -> None:
    code = in_route_53(context=CONTEXT).only(STACK, "AWS::CloudFront::Function")["FunctionCode"]
    headers = {"host": {"value": "webmail.example.org"}, "x-forwarded-host": {"value": written}, "x-viewer-address": {"value": written}}
    event = {"request": {"headers": headers}, "viewer": {"ip": "2001:db8::7"}}
    run = subprocess.run(
        ["node", "-e", f"{code}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"], capture_output=True, check=True
    )
    said = json.loads(run.stdout)["headers"]
    assert said["x-forwarded-host"] == {"value": "webmail.example.org"}
    assert said["x-viewer-address"] == {"value": "2001:db8::7"}


def test_the_zone_points_at_cloudfront_for_both_kinds_of_address() -> None:
    aliases = in_route_53(context=CONTEXT).all_of(STACK, "AWS::Route53::RecordSet")
    assert [(alias["Type"], alias["Name"], alias["HostedZoneId"]) for alias in aliases] == [
        ("A", "webmail.example.org", ZONE),
        ("AAAA", "webmail.example.org", ZONE),
    ]


def test_the_certificate_is_made_where_aws_can_prove_the_name_by_itself() -> None:
    templates = in_route_53(context=CONTEXT)
    certificate = templates.only("CertificateStack", "AWS::CertificateManager::Certificate")
    assert certificate["DomainName"] == "webmail.example.org"
    assert certificate["DomainValidationOptions"] == [{"DomainName": "webmail.example.org", "HostedZoneId": ZONE}]
    assert "CertificateArn" in templates.of("CertificateStack")["Outputs"]


def test_elsewhere_nothing_waits_for_a_certificate() -> None:
    assert "CertificateStack" not in synthesized(context=CONTEXT).names
    assert not synthesized(context=CONTEXT).all_of(STACK, "AWS::Route53::RecordSet")


def test_without_a_certificate_cloudformation_asks_for_it() -> None:
    parameter = synthesized().of(STACK)["Parameters"]["CertificateArn"]
    assert "Default" not in parameter
