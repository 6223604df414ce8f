"""Clients of AWS: each made once, when first needed (a first S3 client costs a cold start 60 to 90 ms).

Where AWS is, botocore reads from the environment itself; there is no other switch. It is botocore and not boto3, which loads a transfer
manager that nobody here uses: a fifth of the indexer's cold start. S3 signs with s3v4 for the regional host, because new buckets refuse
presigned links of the older kind.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from botocore.config import Config
from botocore.session import Session, get_session
from django.conf import settings

from mailbox.store.patience import patience

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

T = TypeVar("T")
R = TypeVar("R")
AT_ONCE = 16
WORTH_THREADS = 4

clients: dict[str, Any] = {}
making = threading.RLock()


@overload
def client(name: Literal["s3"]) -> "S3Client": ...
@overload
def client(name: Literal["sqs"]) -> "SQSClient": ...
def client(name: str) -> Any:
    return made_once(name, lambda: session().create_client(name, region_name=settings.POSTAMT_REGION, config=config_of(name)))


def session() -> Session:
    found: Session = made_once("session", get_session)
    return found


def made_once(name: str, make: Callable[[], Any]) -> Any:
    if name not in clients:
        with making:
            if name not in clients:
                clients[name] = make()
    return clients[name]


def config_of(name: str) -> Config:
    return Config(
        connect_timeout=patience().connect,
        read_timeout=patience().read,
        retries={"mode": "standard", "total_max_attempts": patience().attempts},  # exponential with jitter
        max_pool_connections=2 * AT_ONCE,
        signature_version="s3v4" if name == "s3" else None,
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"} if name == "s3" else None,
    )


def at_once(do: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """`do` for each of the things, in their order; side by side when there are enough of them to be worth it."""
    todo = list(things)
    if len(todo) < WORTH_THREADS:
        return [do(thing) for thing in todo]
    with ThreadPoolExecutor(min(AT_ONCE, len(todo))) as pool:
        return list(pool.map(do, todo))
