"""The secret between CloudFront and the webmail: on the distribution, in no template and in no sentence."""

from typing import Any

import pytest

from deploy.account import Account
from deploy.origin import show_secret
from deploy.trouble import CannotDeploy
from tests.deploy.conftest import PAGES, make_distribution

HOST = "webmail.example.org"
FILES = {"Id": "files", "DomainName": "static.s3.eu-west-1.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}


@pytest.fixture
def cloudfront(account: Account) -> Any:
    made = account.client("cloudfront")
    make_distribution(made, HOST, PAGES, FILES)
    return made


def headers_of(cloudfront: Any, origin: str) -> dict[str, str]:
    (summary,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    origins = cloudfront.get_distribution_config(Id=summary["Id"])["DistributionConfig"]["Origins"]["Items"]
    (found,) = (entry for entry in origins if entry["Id"] == origin)
    return {header["HeaderName"]: header["HeaderValue"] for header in found.get("CustomHeaders", {}).get("Items", [])}


def test_it_works(cloudfront: Any) -> None:
    sentence = show_secret(cloudfront, HOST, "not-to-be-said")
    assert headers_of(cloudfront, "pages") == {"X-Other": "stays", "X-Origin-Secret": "not-to-be-said"}
    assert headers_of(cloudfront, "files") == {}
    assert "not-to-be-said" not in sentence
    assert show_secret(cloudfront, HOST, "not-to-be-said") == "CloudFront and the webmail share their secret already."


def test_another_secret_takes_the_place_of_the_first(cloudfront: Any) -> None:
    show_secret(cloudfront, HOST, "the-first")
    show_secret(cloudfront, HOST, "the-second")
    assert headers_of(cloudfront, "pages")["X-Origin-Secret"] == "the-second"


def test_a_missing_distribution_is_said_in_a_sentence(cloudfront: Any) -> None:
    with pytest.raises(CannotDeploy, match=r"CloudFront has no distribution for webmail\.example\.net: run this again"):
        show_secret(cloudfront, "webmail.example.net", "not-to-be-said")
