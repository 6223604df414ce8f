"""`world`: one deployment that is well, for each module, in a local AWS of its own."""

from collections.abc import Iterator

import pytest

from tests.checkup.world import World, healthy_world
from tests.deploy.local_aws import LocalAws


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    aws = LocalAws(tmp_path_factory.mktemp("check"))
    aws.start()
    try:
        yield aws
    finally:
        aws.stop()


@pytest.fixture(scope="module")
def world(aws: LocalAws) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, healthy_world(aws) as world:
        patch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
        yield world
