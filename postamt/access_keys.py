"""Access keys of the two users outside AWS: a new one is shown once and then takes the place of the old."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

AT_MOST = 2  # keys of one user, AWS's limit


@dataclass(frozen=True, slots=True)
class AccessKey:
    id: str
    secret: str = field(repr=False)


def renew(iam: Any, user: str, show: Callable[[AccessKey], None], *, keep_old: bool) -> list[str]:
    """Answers with the ids of the keys that count no more. Until the new one is shown, one that is in use goes on working.

    Of two keys the younger is in use, for the older was to be replaced by it; so that one makes room. What cannot be shown is taken back.
    """
    old = oldest_first(iam, user)
    gone = old[: len(old) - AT_MOST + 1] if len(old) >= AT_MOST else []
    remove(iam, user, gone)
    made = iam.create_access_key(UserName=user)["AccessKey"]
    try:
        show(AccessKey(made["AccessKeyId"], made["SecretAccessKey"]))
    except OSError:
        remove(iam, user, [made["AccessKeyId"]])
        raise
    replaced = [] if keep_old else [id for id in old if id not in gone]
    remove(iam, user, replaced)
    return gone + replaced


def oldest_first(iam: Any, user: str) -> list[str]:
    found = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
    return [key["AccessKeyId"] for key in sorted(found, key=lambda key: key["CreateDate"])]


def remove(iam: Any, user: str, ids: list[str]) -> None:
    for id in ids:
        iam.delete_access_key(UserName=user, AccessKeyId=id)
