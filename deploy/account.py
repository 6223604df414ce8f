"""The AWS account a deployment goes into, as its owner sees it. Clients are made once; `AWS_ENDPOINT_URL` may lead to the local AWS."""

from functools import cache, cached_property
from typing import Any

import boto3
from botocore.exceptions import ClientError, NoCredentialsError, PartialCredentialsError, ProfileNotFound

from deploy.trouble import CannotDeploy, code_of

NO_CREDENTIALS = (
    "There are no AWS credentials here: run `aws configure` (or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) "
    "and run this again."
)
CREDENTIALS_REFUSED = (
    "AWS does not take these credentials ({code}): sign in again, or set AWS_PROFILE to another profile, and run this again."
)


class Account:
    def __init__(self, region: str) -> None:
        self.region = region
        self._make = cache(self._client)

    def client(self, service: str, region: str = "") -> Any:
        return self._make(service, region or self.region)

    def _client(self, service: str, region: str) -> Any:
        make: Any = self._session.client
        return make(service, region_name=region)

    @cached_property
    def _session(self) -> boto3.Session:
        try:
            return boto3.Session(region_name=self.region)
        except ProfileNotFound as trouble:
            raise CannotDeploy(f"{trouble}: set AWS_PROFILE to a profile of ~/.aws/config and run this again.") from trouble

    @cached_property
    def number(self) -> str:
        """The twelve digits, which is also the proof that the credentials are good."""
        try:
            return str(self.client("sts").get_caller_identity()["Account"])
        except (NoCredentialsError, PartialCredentialsError) as trouble:
            raise CannotDeploy(NO_CREDENTIALS) from trouble
        except ClientError as refusal:
            raise CannotDeploy(CREDENTIALS_REFUSED.format(code=code_of(refusal))) from refusal
