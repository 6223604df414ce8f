"""Words for mail that reports on mail: what was not delivered, to whom and why. Said as the report's claim, since anybody can write one."""

from collections.abc import Sequence

from mailbox.message.report import Outcome, Report

LINES_AT_MOST = 20
NOT_TRUSTED = "So says this report. Nothing was changed because of it."

# Enhanced status codes without their first number, the longest that fits counts. RFC 3463.
REASONS = {
    "1": "the address was not accepted",
    "1.1": "there is no such address",
    "1.10": "there is no such address",
    "1.2": "there is no mail server for its domain",
    "1.3": "the address is not well formed",
    "1.6": "its owner has moved",
    "1.8": "your own address was not accepted",
    "2": "the mailbox takes no mail",
    "2.2": "the mailbox is full",
    "2.3": "the message is too large",
    "3.4": "the message is too large",
    "4": "its mail server could not be reached",
    "4.6": "the mail went round in a circle",
    "4.7": "it took too long",
    "6": "the content was not accepted",
    "7": "its mail server refused it",
}
RECEIPTS = {
    "displayed": "was opened",
    "deleted": "was deleted, perhaps unread",
    "dispatched": "was passed on",
    "processed": "was handled by a program",
    "denied": "was received; whether it was opened is not told",
    "failed": "could not be shown",
}


def heading_of(report: Report) -> str:
    """The claim of a report in one line."""
    if report.kind == "complaint":
        return "A report that somebody complained about your mail"
    action = worst_action(report)
    to = _whom([outcome for outcome in report.outcomes if outcome.action == action])
    if report.kind == "receipt":
        return f"Your mail to {to} {RECEIPTS.get(action, 'was answered by a receipt')}"
    match action:
        case "failed":
            return f"Your mail to {to} was not delivered"
        case "delayed":
            return f"Your mail to {to} is delayed"
    return f"Your mail to {to} was delivered"


def worst_action(report: Report) -> str:
    actions = [outcome.action for outcome in report.outcomes]
    return next((action for action in ("failed", "delayed") if action in actions), actions[0])


def words_of(report: Report) -> str:
    waits = report.kind == "delivery" and worst_action(report) == "delayed"
    return f"{'Its server keeps trying. You need not send it again. ' if waits else ''}{NOT_TRUSTED}"


def lines_of(report: Report) -> tuple[str, ...]:
    """A line for each address: the reason in plain words, and the remote server's own."""
    lines = [line for outcome in report.outcomes[:LINES_AT_MOST] if (line := _line(report, outcome))]
    more = len(report.outcomes) - LINES_AT_MOST
    return (*lines, f"and {more} more") if more > 0 else tuple(lines)


def _whom(outcomes: Sequence[Outcome]) -> str:
    return outcomes[0].recipient if len(outcomes) == 1 else f"{len(outcomes)} addresses"


def _line(report: Report, outcome: Outcome) -> str:
    if report.kind != "delivery":
        return ""
    said = f"its server said: {outcome.words}" if outcome.words else ""
    words = "; ".join(part for part in (_reason(outcome), said) if part)
    return f"{outcome.recipient}: {words or outcome.action}" if words or len(report.outcomes) > 1 else ""


def _reason(outcome: Outcome) -> str:
    """Why, in plain words; empty when the report names no reason that can be told."""
    code = outcome.status.partition(".")[2]
    if outcome.action not in ("failed", "delayed"):
        return ""
    return REASONS.get(code) or REASONS.get(code.partition(".")[0], "")
