"""Where a secret really is: a literal (local only), `ssm:/name` or `secretsmanager:/name`. Read once, at start."""

import boto3


def read_secret(reference: str) -> str:
    """The secret that `reference` names. Raises botocore's ClientError when AWS does not hand it out."""
    scheme, _, name = reference.partition(":")
    if scheme == "ssm" and name.startswith("/"):
        parameter = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
        return str(parameter["Parameter"]["Value"])
    if scheme == "secretsmanager" and name.startswith("/"):
        return str(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    return reference
