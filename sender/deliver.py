"""One queued mail from the outbox to SES and into `sent/`. At most once beats twice: where the outcome is unknown, nothing is sent again.

The claim comes before the read: whoever gets it after another sender gave it up or was done finds the mail untouched or gone. What became
of the mail is written into the claim: SES's id as soon as there is one, so that the next repetition finishes a filing that broke
off; or why the mail will never go, which leaves it in the outbox.
"""

import logging
from datetime import UTC, datetime

from django.conf import settings

from mailbox.store import outbox
from mailbox.store.errors import MailboxNotReachable
from mailbox.store.facts import ses_message_id
from mailbox.store.models import instant, stamp
from mailbox.store.outbox import Outcome, QueuedMessage, SentCopy
from sender import ses
from sender.outgoing import Outgoing, Refused, checked

log = logging.getLogger(__name__)


def deliver(id: str) -> None:
    """Sends the mail `outbox/<id>` unless somebody did. Any repetition is harmless. Raises MailboxNotReachable when SES certainly did
    not take it, or its filing broke off: the queue then brings it again."""
    if outbox.claim(id):
        _send(id)
    else:
        _finish(id)


def _send(id: str) -> None:
    try:
        queued = _read(id)
        if queued is None:
            return outbox.release(id)
        outgoing = checked(queued.envelope, queued.raw)
        outcome = Outcome(ses_id=ses.send(outgoing), sent_at=stamp(datetime.now(UTC)))
    except Refused as refusal:
        log.error("outbox/%s is refused and stays there: %s", id, refusal)
        return outbox.record(id, Outcome(refused=str(refusal)))
    except ses.OutcomeUnknown as unknown:
        log.error("Nobody knows whether outbox/%s was sent, so it is not sent again: %s", id, unknown)
        return None
    except MailboxNotReachable:
        outbox.release(id)
        raise
    log.info("outbox/%s was sent as %s", id, outcome.ses_id)
    outbox.record(id, outcome)
    return _file(id, outgoing, queued, outcome)


def _finish(id: str) -> None:
    """The mail was claimed before. Only its filing may be left to do; what is queued beside a filed copy, or after the copy was erased,
    is a repeated form's."""
    outcome = outbox.outcome_of(id)
    if not outcome.ses_id:
        return log.warning("outbox/%s is claimed already: %s", id, outcome.refused or "it is being sent, or nobody knows whether it was")
    if outbox.is_filed(outcome.ses_id) or outbox.is_repeated(id):
        return outbox.forget(id)
    try:
        queued = _read(id)
        return _file(id, checked(queued.envelope, queued.raw), queued, outcome) if queued else None
    except Refused as refusal:
        return log.error("outbox/%s was sent as %s, but is not what was sent any more: %s", id, outcome.ses_id, refusal)


def _read(id: str) -> QueuedMessage | None:
    try:
        return outbox.read_queued(id)
    except ValueError as error:
        raise Refused(str(error)) from error


def _file(id: str, outgoing: Outgoing, queued: QueuedMessage, outcome: Outcome) -> None:
    copy = SentCopy(
        envelope_from=outgoing.envelope_from,
        envelope_recipients=outgoing.envelope_recipients,
        bcc=outgoing.bcc,
        sent_at=instant(outcome.sent_at),
        message_id=outgoing.message_id,
        ses_message_id=ses_message_id(outcome.ses_id, settings.POSTAMT_REGION),
        outbox=id,
        draft=queued.envelope.draft,
    )
    outbox.file_sent(outcome.ses_id, outgoing.raw, copy)
    outbox.forget(id)
