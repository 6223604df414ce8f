"""The history of signing in: `a#sign-ins#<outcome>` / `<when>#<random>`, kept 90 days.

Successes and refusals lie apart, so that no stranger's tries push the owner's own out of what the page shows. No secret, no token and no
id of a session is in it. It is in the table alone, like everything about the door: whoever loses the table loses this list, and no mail.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from mailbox.store.errors import reaching
from mailbox.store.models import TableMeta, instant, stamp

KEPT = timedelta(days=90)
SHOWN = 50

Outcome = Literal["admitted", "refused"]


class SignInItem(Model):
    class Meta(TableMeta):
        pass

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    address = UnicodeAttribute()
    browser = UnicodeAttribute()
    expires = NumberAttribute()  # seconds since 1970; DynamoDB may be days late, so it is compared too


@dataclass(frozen=True, slots=True)
class SignIn:
    at: datetime
    address: str
    browser: str  # in words


def record(outcome: Outcome, sign_in: SignIn) -> None:
    sort_key = f"{stamp(sign_in.at)}#{secrets.token_hex(4)}"
    expires = int((sign_in.at + KEPT).timestamp())
    with reaching("the table"):
        SignInItem(f"a#sign-ins#{outcome}", sort_key, address=sign_in.address, browser=sign_in.browser, expires=expires).save()


def newest(outcome: Outcome, now: datetime) -> list[SignIn]:
    """One Query, newest first."""
    with reaching("the table"):
        found = list(SignInItem.query(f"a#sign-ins#{outcome}", consistent_read=True, scan_index_forward=False, limit=SHOWN))
    return list(_kept(found, now))


def _kept(found: Iterable[SignInItem], now: datetime) -> Iterable[SignIn]:
    for item in found:
        if item.expires > now.timestamp():
            yield SignIn(instant(item.sk.partition("#")[0]), item.address, item.browser)
