"""Style and scripts in their bucket: kept by browsers for ever under hashed names, and typed as browsers insist on."""

from pathlib import Path

import pytest

from deploy.account import Account
from deploy.static_files import content_type, upload
from local.environment import REGION

BUCKET = "static"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("postamt.0123456789ab.css", "icon.svg", "staticfiles.json"):
        (tmp_path / name).write_text(name)
    return tmp_path


def test_it_works(account: Account, folder: Path) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    assert upload(s3, BUCKET, folder) == 2
    style = s3.get_object(Bucket=BUCKET, Key="static/postamt.0123456789ab.css")
    assert style["CacheControl"] == "public, max-age=31536000, immutable"
    assert style["ContentType"] == "text/css; charset=utf-8"
    assert s3.get_object(Bucket=BUCKET, Key="static/icon.svg")["CacheControl"] == "public, max-age=300"
    (folder / "icon.svg").write_text("another")
    (folder / "list.0123456789ab.js").write_text("new")
    assert upload(s3, BUCKET, folder) == 2  # the new one, and the one whose name promises nothing
    assert s3.get_object(Bucket=BUCKET, Key="static/icon.svg")["Body"].read() == b"another"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.png", "image/png"),
        ("a.webmanifest", "application/manifest+json; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.unheardof", "application/octet-stream"),
    ],
)
def test_a_file_is_typed_by_its_name(name: str, kind: str) -> None:
    assert content_type(Path(name)) == kind
