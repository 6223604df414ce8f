"""The password of SES's SMTP interface, derived from the secret key of an IAM user as AWS documents it.

docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html, "Obtaining SES SMTP credentials by converting existing AWS credentials". Pure.
"""

import base64
import hashlib
import hmac

DATE = "11111111"
SERVICE = "ses"
MESSAGE = "SendRawEmail"
TERMINAL = "aws4_request"
VERSION = b"\x04"


def smtp_password(secret_key: str, region: str) -> str:
    """Holds in this one region only."""
    signature = f"AWS4{secret_key}".encode()
    for word in (DATE, region, SERVICE, TERMINAL, MESSAGE):
        signature = hmac.digest(signature, word.encode(), hashlib.sha256)
    return base64.b64encode(VERSION + signature).decode()
