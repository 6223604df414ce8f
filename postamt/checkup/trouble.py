"""What may lie between us and an answer, each as two sentences: what happened, and what to do."""

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from dns.exception import DNSException

DEPLOY = "Run `make deploy`; what was changed by hand since the last one, change back in the AWS console."
ADOPTED = "Set it in the AWS console: what was changed there by hand, or was there before this deployment, `make deploy` leaves alone."
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"})
TROUBLE = (ClientError, BotoCoreError, DNSException, OSError)


def explained(trouble: Exception) -> tuple[str, str]:
    match trouble:
        case ClientError():
            return refused(trouble)
        case NoCredentialsError():
            return "There are no AWS credentials here.", "Set AWS_PROFILE, or run `aws configure`, and try again."
        case BotoCoreError():
            return f"AWS was not reached: {str(trouble).rstrip('.')}.", "Check the network and AWS_REGION, then try again."
        case DNSException():
            why = str(trouble).partition(": Server")[0].rstrip(" .:")  # which servers said what follows
            return f"The DNS does not answer: {why}.", "Check the network, or name a resolver with POSTAMT_RESOLVER=address:port."
        case OSError(filename=str(name)):
            return f"{name} cannot be used: {trouble.strerror}.", "Mend that, then try again."
    return f"Nobody answers: {trouble}.", "Check the network, then try again."


def refused(refusal: ClientError) -> tuple[str, str]:
    error = refusal.response.get("Error", {})
    if error.get("Code") in DENIED:
        return f"AWS does not let us ask ({refusal.operation_name}).", f"Try again as an identity that may {refusal.operation_name}."
    return f"AWS answers {error.get('Code')} to {refusal.operation_name}: {str(error.get('Message')).rstrip('.')}.", DEPLOY
