"""The three Lambda functions, and the static files that their pages name."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy import zappa
from deploy.looks import has_bucket
from deploy.places import LOGS, STATIC
from deploy.static_files import upload
from deploy.work import Work


def deploy_function(work: Work, stage: str) -> str:
    with log_of(stage) as say:
        zappa.deploy_stage(work.deployment, stage, work.client, say)
    return f"{zappa.function_of(stage)} runs the code of this folder."


def remove_function(work: Work, stage: str) -> None:
    with log_of(stage) as say:
        zappa.remove_stage(work.deployment, stage, work.client, say)


@contextmanager
def log_of(stage: str) -> Iterator[zappa.Say]:
    """Where all that Zappa says is written."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"zappa-{stage}.log").open("w") as log:

        def say(line: str) -> None:
            log.write(f"{line}\n")

        yield say


def collect(_work: Work) -> str:
    zappa.collect_static()
    return "Collected under names that carry their hash."


def upload_static(work: Work) -> str:
    """Before new pages name them where the bucket is there already; it is made with CloudFront."""
    bucket, s3 = work.deployment.static_bucket, work.client("s3")
    if not has_bucket(s3, bucket, work.account.number):
        return "Their bucket is made with CloudFront; they follow it."
    return f"{upload(s3, bucket, STATIC)} files are new in {bucket}."
