"""What Zappa has no setting for, as AWS shows it afterwards. Each step is taken twice: the second time changes nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cdk_infra.deployment import Deployment
from deploy.beyond_zappa import keep_failures, publish, throttle
from local.environment import ACCOUNT, REGION
from tests.deploy.local_aws import LocalAws

NAMES = Deployment(ACCOUNT, REGION, ("example.org",), "me@elsewhere.example")
LIMITS = {"rateLimit": "5", "burstLimit": "10"}
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    aws = LocalAws(tmp_path_factory.mktemp("aws"))
    aws.start()
    try:
        yield aws.client
    finally:
        aws.stop()


@pytest.fixture
def api(client: Client) -> str:
    """With one method, so that it can be deployed."""
    gateway = client("apigateway")
    api = gateway.create_rest_api(name="postamt-production")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=api, stageName="production")
    return str(api)


def test_it_works(client: Client, api: str) -> None:
    """All methods together take five requests a second."""
    for _ in range(2):
        throttle(client("apigateway"), api, "production", LIMITS)
    settings = client("apigateway").get_stage(restApiId=api, stageName="production")["methodSettings"]["*/*"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (5.0, 10)


def test_who_asks_too_often_gets_a_page_and_a_time_to_wait(client: Client, api: str) -> None:
    gateway = client("apigateway")
    throttle(gateway, api, "production", LIMITS)
    response = gateway.get_gateway_response(restApiId=api, responseType="THROTTLED")
    assert response["statusCode"] == "429"
    assert set(response["responseTemplates"]) == {"text/html"}
    page = response["responseTemplates"]["text/html"]
    assert "load this page again" in page
    assert "<html lang" in page
    assert response["responseParameters"]["gatewayresponse.header.Retry-After"] == "'5'"
    # A value stands in single quotes, so it can hold none.
    assert not [value for value in response["responseParameters"].values() if "'" in value[1:-1]]


def test_the_page_is_deployed_once(client: Client, api: str) -> None:
    gateway = client("apigateway")
    before = len(gateway.get_deployments(restApiId=api)["items"])
    for _ in range(2):
        throttle(gateway, api, "production", LIMITS)
    assert len(gateway.get_deployments(restApiId=api)["items"]) == before + 1


def test_the_id_of_the_api_is_where_cloudfront_looks_for_it(client: Client) -> None:
    for api in ("first", "second"):
        publish(client("ssm"), NAMES.api_id_parameter, api)
    found = client("ssm").get_parameter(Name=NAMES.api_id_parameter)["Parameter"]
    assert (found["Value"], found["Type"]) == ("second", "String")


def test_an_event_that_fails_three_times_is_kept(client: Client) -> None:
    client("iam").create_role(RoleName=NAMES.role("indexer"), AssumeRolePolicyDocument="{}")
    client("lambda").create_function(
        FunctionName=NAMES.indexer_function,
        Runtime="python3.11",
        Role=NAMES.role_arn("indexer"),
        Handler="none.none",
        Code={"ZipFile": EMPTY_ZIP},
    )
    wanted = {"on_failure": NAMES.queue_arn(NAMES.dead_letter_queue), "retries": 2}
    for _ in range(2):
        keep_failures(client("lambda"), NAMES.indexer_function, wanted)
    kept = client("lambda").get_function_event_invoke_config(FunctionName=NAMES.indexer_function)
    assert kept["MaximumRetryAttempts"] == 2
    assert kept["DestinationConfig"]["OnFailure"]["Destination"] == NAMES.queue_arn(NAMES.dead_letter_queue)
