"""`world`: one deployment that is well, for each module."""

from collections.abc import Iterator

import pytest

from tests.checkup.world import World, healthy_world
from tests.deploy.local_aws import LocalAws


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    aws = LocalAws(tmp_path_factory.mktemp("check"))
    aws.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
            with healthy_world(aws) as world:
                yield world
    finally:
        aws.stop()
