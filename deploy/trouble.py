"""Why a deployment ends early. The sentence is all a person sees, so it says what is missing and what to do."""

from botocore.exceptions import BotoCoreError, ClientError

AWS_TROUBLE = (BotoCoreError, ClientError)


class CannotDeploy(RuntimeError):
    """With one sentence for the person at the terminal. The same command, given again, goes on where this one ended."""


def code_of(refusal: ClientError) -> str:
    return str(refusal.response.get("Error", {}).get("Code", ""))
