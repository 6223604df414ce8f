"""Settings for the tests: those of the project, read from an environment that names no real account.

The names are the local post office's own (local/environment.py), so that tests in this process and the processes it starts agree.
"""

import os

from local.environment import ACCOUNT, BUCKET, DEAD_LETTER_URL, QUEUE_URL, REGION, TABLE

SECRET = "a-login-secret-for-tests-only"

for name in [name for name in os.environ if name.startswith(("AWS_", "POSTAMT_"))]:
    del os.environ[name]  # what a developer's shell says must not reach a test
os.environ.update(
    POSTAMT_DOMAIN="postamt.localhost",
    POSTAMT_BUCKET=BUCKET,
    POSTAMT_TABLE=TABLE,
    POSTAMT_QUEUE_URL=QUEUE_URL,
    POSTAMT_DEAD_LETTER_URL=DEAD_LETTER_URL,
    POSTAMT_AUTH_SECRET=SECRET,
    POSTAMT_JWT_SECRET="0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    POSTAMT_HOSTS="127.0.0.1,localhost,testserver",
    AWS_REGION=REGION,
    AWS_DEFAULT_REGION=REGION,
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_ACCOUNT_ID=ACCOUNT,
    AWS_EC2_METADATA_DISABLED="true",
)

from postamt.settings import *  # noqa: E402, F403
from postamt.settings import STORAGES as HASHED  # noqa: E402

# Names of static files as they are: hashed ones are known once the files were collected.
STORAGES = {**HASHED, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
