"""What Zappa 0.63 has no setting for, done in its `post` callback from a stage's `beyond_zappa`. Every step may run again.

Throttling and the page that those see who are throttled, where the id of the API is published, what becomes of events that fail, and
whether an event source was left out: Zappa only logs that, and mail would arrive unindexed.
"""

from collections.abc import Mapping
from typing import Any

from deploy.trouble import CannotDeploy

SECONDS_TO_WAIT = 5
LONGEST_WAIT = 21_600  # seconds that an event may wait for its turn: the most that Lambda allows
BUSY_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>One moment, please - Postamt</title>
<h1>One moment, please</h1>
<p>Too many pages were asked for at once. Nothing is lost: wait a few seconds, then load this page again.</p>
"""
BUSY_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Retry-After": str(SECONDS_TO_WAIT),
    "Cache-Control": "no-store",
    "Content-Security-Policy": "sandbox",  # quotes would end the value
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
BUSY = {
    "responseParameters": {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in BUSY_HEADERS.items()},
    "responseTemplates": {"text/html": BUSY_PAGE},
}


def complete(zappa: Any) -> None:
    """Zappa's `post` callback, after a deploy and after an update."""
    wanted: Mapping[str, Any] = zappa.stage_config.get("beyond_zappa", {})
    client = zappa.zappa.boto_session.client
    confirm_events(zappa)
    if "throttle" in wanted:
        api = zappa.zappa.get_api_id(zappa.lambda_name)
        throttle(client("apigateway"), api, zappa.api_stage, wanted["throttle"])
        publish(client("ssm"), wanted["api_id_parameter"], api)
    if "on_failure" in wanted:
        keep_failures(client("lambda"), zappa.lambda_name, wanted)


def confirm_events(zappa: Any) -> None:
    from zappa.utilities import get_event_source_status  # in the virtual environment of the zips alone

    function = zappa.zappa.get_lambda_function(function_name=zappa.lambda_name)
    for event in zappa.stage_config.get("events", []):
        source = event.get("event_source")
        if source and not get_event_source_status(source, function, event["function"], zappa.zappa.boto_session):
            raise CannotDeploy(f"{zappa.lambda_name} does not hear of {source['arn']}: see the lines above, then run this again.")


def throttle(gateway: Any, api: str, stage: str, limits: Mapping[str, str]) -> None:
    """The limits hold for everybody together: they bound the bill. The app itself counts attempts to sign in."""
    patches = [{"op": "replace", "path": f"/*/*/throttling/{name}", "value": value} for name, value in limits.items()]
    if not is_set(gateway, api):
        gateway.put_gateway_response(restApiId=api, responseType="THROTTLED", statusCode="429", **BUSY)
        gateway.create_deployment(restApiId=api, stageName=stage)  # a page counts from the next deployment on
    gateway.update_stage(restApiId=api, stageName=stage, patchOperations=patches)


def is_set(gateway: Any, api: str) -> bool:
    given = gateway.get_gateway_response(restApiId=api, responseType="THROTTLED")
    return all(given.get(name) == wanted for name, wanted in BUSY.items())


def publish(ssm: Any, parameter: str, api: str) -> None:
    """For CloudFront, whose stack is made after this and reads it there."""
    ssm.put_parameter(Name=parameter, Value=api, Type="String", Description="The API of the Postamt webmail", Overwrite=True)


def keep_failures(functions: Any, function: str, wanted: Mapping[str, Any]) -> None:
    functions.put_function_event_invoke_config(
        FunctionName=function,
        MaximumRetryAttempts=wanted["retries"],
        MaximumEventAgeInSeconds=LONGEST_WAIT,
        DestinationConfig={"OnFailure": {"Destination": wanted["on_failure"]}},
    )
