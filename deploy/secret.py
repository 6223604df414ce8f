"""`make secret DOMAIN=...`: new login and token secrets in SSM, and the end of every session. The one place that prints a secret."""

import os
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from cdk_infra.deployment import Deployment
from deploy.looks import exists
from deploy.parameters import AUTH, JWT, renew
from deploy.trouble import code_of
from deploy.work import Work

SINCE = "POSTAMT_SECRETS_SINCE"  # nobody reads it
NOT_DEPLOYED = "The webmail is not deployed here; it takes the new secrets when it is."


def rotate(work: Work) -> None:
    deployment, ssm = work.deployment, work.client("ssm")
    secret = renew(ssm, AUTH)
    renew(ssm, JWT)
    work.progress.say(f"The login secret of {deployment.webmail_url}/ is now {secret}")
    work.progress.say("It is not shown again: keep it where you keep your passwords.")
    restarted = restart_web(work.client("lambda"), deployment)
    if exists(work.client("dynamodb").describe_table, TableName=deployment.table):
        end_sessions(deployment)
    work.progress.say("Every session has ended." if restarted else NOT_DEPLOYED)


def restart_web(functions: Any, deployment: Deployment) -> bool:
    """A function reads the secrets at its start, and a change of its environment starts it anew. False when there is none."""
    function = deployment.web_function
    try:
        variables = functions.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    except ClientError as refusal:
        if code_of(refusal) == "ResourceNotFoundException":
            return False
        raise
    since = {SINCE: datetime.now(UTC).isoformat(timespec="seconds")}
    functions.update_function_configuration(FunctionName=function, Environment={"Variables": variables | since})
    functions.get_waiter("function_updated_v2").wait(FunctionName=function)
    return True


def end_sessions(deployment: Deployment) -> None:
    """The table's own code does it. It reads the settings when it is imported, and they the environment."""
    os.environ.update(POSTAMT_TABLE=deployment.table, AWS_REGION=deployment.region, DJANGO_SETTINGS_MODULE="postamt.settings")
    import django

    django.setup()
    from mailbox import sessions

    sessions.end_all()
