"""The bucket: the mailbox itself. Reads and writes of single objects, with the conditions that S3 knows.

Nothing here knows what an object means. A raw mail is read up to a bound, so that no object can fill the memory of a Lambda.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from botocore.exceptions import ClientError
from django.conf import settings

from mailbox.message.attachments import content_disposition
from mailbox.store.aws import client
from mailbox.store.errors import code_of, reaching

READ_AT_MOST = 64_000_000  # SES takes 40 MB; whatever is larger is no mail and is read only this far
LINK_LIVES = 60  # seconds
ABSENT = {"NoSuchKey", "404", "NotFound"}
CONDITION_FAILED = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


@dataclass(frozen=True, slots=True)
class StoredObject:
    body: bytes = field(repr=False)
    etag: str
    last_modified: datetime
    size: int


@dataclass(frozen=True, slots=True)
class ListedObject:
    key: str
    last_modified: datetime
    size: int


def get(key: str, most: int = 0) -> StoredObject | None:
    """The object, or None if there is none. `size` is its true size even where `body` was cut: at `most` bytes, if given."""
    most = most or READ_AT_MOST
    with reaching("the bucket"):
        try:
            answer = client("s3").get_object(Bucket=settings.POSTAMT_BUCKET, Key=key)
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise
        size = answer["ContentLength"]
        with closing(answer["Body"]) as stream:
            body = stream.read() if size <= most else stream.read(most)  # a whole read notices a broken connection
        return StoredObject(body, answer["ETag"], answer["LastModified"], size)


def put(key: str, body: bytes | IO[bytes], *, if_match: str | None = None, if_none_match: str | None = None) -> bool:
    """False when the condition (an ETag, or `*` for: only if there is none) did not hold; nothing was written then."""
    conditions: dict[str, Any] = {"IfMatch": if_match} if if_match else {"IfNoneMatch": if_none_match} if if_none_match else {}
    with reaching("the bucket"):
        try:
            client("s3").put_object(Bucket=settings.POSTAMT_BUCKET, Key=key, Body=body, **conditions)
        except ClientError as error:
            if code_of(error) in CONDITION_FAILED or (if_match and code_of(error) in ABSENT):
                return False
            raise
    return True


def exists(key: str) -> bool:
    with reaching("the bucket"):
        try:
            client("s3").head_object(Bucket=settings.POSTAMT_BUCKET, Key=key)
        except ClientError as error:
            if code_of(error) in ABSENT:
                return False
            raise
    return True


def delete(key: str) -> None:
    with reaching("the bucket"):
        client("s3").delete_object(Bucket=settings.POSTAMT_BUCKET, Key=key)


def last_modified(key: str) -> datetime | None:
    with reaching("the bucket"):
        try:
            return client("s3").head_object(Bucket=settings.POSTAMT_BUCKET, Key=key)["LastModified"]
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise


def erase(key: str) -> None:
    """Takes an object away with all its versions; nothing brings it back."""
    erase_versions(version for version in versions(key) if version[0] == key)


def erase_below(folder: str) -> None:
    """The same for everything whose key begins so."""
    erase_versions(versions(folder))


def erase_versions(those: Iterable[tuple[str, str]]) -> None:
    with reaching("the bucket"):
        for key, version in list(those):
            client("s3").delete_object(Bucket=settings.POSTAMT_BUCKET, Key=key, VersionId=version)


def first_written(key: str) -> datetime | None:
    """When S3 took the oldest version of an object that it still has."""
    pages = client("s3").get_paginator("list_object_versions").paginate(Bucket=settings.POSTAMT_BUCKET, Prefix=key)
    with reaching("the bucket"):
        return min((found["LastModified"] for page in pages for found in page.get("Versions", ()) if found["Key"] == key), default=None)


def versions(prefix: str) -> Iterator[tuple[str, str]]:
    """(key, version) of everything that is or was under a prefix, marks of deletion too."""
    for page in client("s3").get_paginator("list_object_versions").paginate(Bucket=settings.POSTAMT_BUCKET, Prefix=prefix):
        for found in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            yield found["Key"], found["VersionId"]


def objects(prefix: str, start_after: str = "") -> Iterator[ListedObject]:
    """Everything under a prefix in the order of the keys, a thousand a call."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=settings.POSTAMT_BUCKET, Prefix=prefix, StartAfter=start_after)
    with reaching("the bucket"):
        for page in pages:
            for found in page.get("Contents", []):
                yield ListedObject(found["Key"], found["LastModified"], found["Size"])


def keys(prefix: str, start_after: str = "") -> Iterator[str]:
    return (found.key for found in objects(prefix, start_after))


def presigned_download(key: str, filename: str) -> str:
    """A link to one object that ends after a minute and always downloads under `filename`."""
    parameters = {
        "Bucket": settings.POSTAMT_BUCKET,
        "Key": key,
        "ResponseContentDisposition": content_disposition(filename),
        "ResponseContentType": "application/octet-stream",
        "ResponseCacheControl": "private, no-store",
    }
    with reaching("the bucket"):
        return client("s3").generate_presigned_url("get_object", Params=parameters, ExpiresIn=LINK_LIVES)
