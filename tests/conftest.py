"""`post_office`: one running local post office for each xdist worker, shared by the tests of the roads and those in a browser."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from local.postoffice import PostOffice as Running
from mailbox.store import aws
from tests.aws.conftest import PostOffice, office_in

# CI tries the same examples every time: what fails there fails for a reason in the change. A developer's runs go on looking.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def post_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    running = Running(office_in(tmp_path_factory.mktemp("office") / "state"))
    # boto3 and the project's own clients in this process read these when they are made.
    os.environ.update(running.environment)
    aws.clients.clear()
    try:
        running.start()
        yield PostOffice(running)
    finally:
        running.stop()
