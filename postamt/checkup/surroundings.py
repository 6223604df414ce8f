"""The environment in which a command works on a deployment, as the owner of the account: no secret, only where each is kept."""

import shlex

from cdk_infra.deployment import Deployment


def environment(deployment: Deployment) -> dict[str, str]:
    return {
        "AWS_REGION": deployment.region,
        "POSTAMT_DOMAIN": deployment.domain,
        "POSTAMT_DOMAINS": ",".join(deployment.domains),
        "POSTAMT_BUCKET": deployment.bucket,
        "POSTAMT_TABLE": deployment.table,
        "POSTAMT_QUEUE_URL": deployment.queue_url(deployment.queue),
        "POSTAMT_DEAD_LETTER_URL": deployment.queue_url(deployment.dead_letter_queue),
        "POSTAMT_AUTH_SECRET": f"ssm:{deployment.auth_secret}",
        "POSTAMT_JWT_SECRET": f"ssm:{deployment.jwt_secret}",
    }


def exports(deployment: Deployment) -> str:
    """For the shell: `eval "$(manage.py check example.org --environment)"`."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in environment(deployment).items())
