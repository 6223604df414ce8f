"""The call to SES: made once, and told apart by what is certain afterwards.

botocore would repeat a call whose answer got lost, and the mail would go out twice: so its retries are off, and the queue repeats what
SES certainly did not take. All recipients go as `ToAddresses`: an explicit destination is the envelope, SES ignores the header for it and
leaves the header alone, so Bcc needs no line and To and Cc stay as written.
"""

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError, NoCredentialsError
from django.conf import settings

from mailbox.store import aws
from mailbox.store.errors import MailboxNotReachable
from sender.outgoing import Outgoing, Refused

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

TOO_FAST = {"TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling"}


class TryLater(MailboxNotReachable):
    """SES certainly did not take the mail, and may take it later."""


class OutcomeUnknown(Exception):
    """SES may have taken the mail. It is not sent again unless a person says so."""


@cache
def client() -> "SESV2Client":
    config = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 1})
    made: Any = aws.session().create_client("sesv2", region_name=settings.POSTAMT_REGION, config=config)
    return cast("SESV2Client", made)


def send(outgoing: Outgoing) -> str:
    """The id that SES gave the mail. Raises Refused, TryLater or OutcomeUnknown."""
    try:
        answer = client().send_email(
            FromEmailAddress=outgoing.envelope_from,
            Destination={"ToAddresses": list(outgoing.envelope_recipients)},
            Content={"Raw": {"Data": outgoing.raw}},
        )
    except ClientError as error:
        raise meaning_of(error) from error
    except (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError) as error:
        raise TryLater(f"SES was not reached: {error}") from error
    except BotoCoreError as error:
        raise OutcomeUnknown(f"SES did not answer: {type(error).__name__}") from error
    return answer["MessageId"].partition("@")[0]


def meaning_of(error: ClientError) -> Exception:
    """A refusal of this mail is final; a wrong key or right is for the operator to mend, and the mail waits for that."""
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    sentence = f"{code}: {error.response.get('Error', {}).get('Message', '')}"
    if code in TOO_FAST or status in (401, 403, 429):
        return TryLater(sentence)
    return Refused(sentence) if 400 <= status < 500 else OutcomeUnknown(sentence)
