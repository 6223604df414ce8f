"""All settings, read from the environment, for the web, the indexer and the sender alike.

There is no relational database anywhere and no switch between "local" and "production": where AWS is, boto3 reads from
`AWS_ENDPOINT_URL` itself. A missing value does not fail here but in a system check (mailbox/checks.py) that says what to do.
"""

import hashlib
import hmac
import os
from pathlib import Path

from csp.constants import NONE, SELF

from mailbox.secrets import read_secret

BASE_DIR = Path(__file__).resolve().parent.parent


def words(name: str, default: str = "") -> list[str]:
    return [word for word in os.environ.get(name, default).split(",") if word]


POSTAMT_DOMAIN = os.environ.get("POSTAMT_DOMAIN", "").lower()
POSTAMT_BUCKET = os.environ.get("POSTAMT_BUCKET", "")
POSTAMT_TABLE = os.environ.get("POSTAMT_TABLE", "")
POSTAMT_QUEUE_URL = os.environ.get("POSTAMT_QUEUE_URL", "")
POSTAMT_DEAD_LETTER_URL = os.environ.get("POSTAMT_DEAD_LETTER_URL", "")
POSTAMT_REGION = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "eu-west-1"
POSTAMT_ORIGIN_SECRET = read_secret("POSTAMT_ORIGIN_SECRET", os.environ.get("POSTAMT_ORIGIN_SECRET", ""))
POSTAMT_AUTH_SECRET = read_secret("POSTAMT_AUTH_SECRET", os.environ.get("POSTAMT_AUTH_SECRET", ""))
POSTAMT_JWT_SECRET = read_secret("POSTAMT_JWT_SECRET", os.environ.get("POSTAMT_JWT_SECRET", ""))
POSTAMT_PATIENCE = os.environ.get("POSTAMT_PATIENCE", "")  # "page" where somebody waits for one: mailbox/store/patience.py
POSTAMT_REQUEST_MAX_BYTES = 30_000_000  # what SES takes, 40 MB, is less a third before base64

# Session tokens are signed with the JWT secret itself; everything Django signs, with a key derived from it.
SECRET_KEY = hmac.digest(POSTAMT_JWT_SECRET.encode(), b"django.SECRET_KEY", hashlib.sha256).hex() if POSTAMT_JWT_SECRET else ""

DEBUG = False
HTTPS = bool(POSTAMT_ORIGIN_SECRET)  # behind CloudFront everything is https; without an origin secret this is the loopback
ALLOWED_HOSTS = words("POSTAMT_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = words("POSTAMT_ORIGINS")
USE_X_FORWARDED_HOST = HTTPS  # API Gateway takes its own host alone; CloudFront says which one was asked for, see mailbox/entrance.py
FORCE_SCRIPT_NAME = ""  # Zappa would put the API Gateway stage before every URL

ROOT_URLCONF = "postamt.urls"
WSGI_APPLICATION = "postamt.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles", "csp", "postamt", "mailbox", "indexer", "sender", "local"]
MIDDLEWARE = [
    "mailbox.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "mailbox.compression.CompressPages",
    "mailbox.entrance.Entrance",
    "mailbox.failures.NotReachablePage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "mailbox.theme.theme"],
            "builtins": ["mailbox.templatetags.postamt"],
        },
    }
]
DATABASES: dict[str, dict[str, str]] = {}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
MESSAGE_STORAGE = None

LANGUAGE_CODE = "en"
TIME_ZONE = os.environ.get("POSTAMT_TIME_ZONE", "UTC")
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = os.environ.get("POSTAMT_STATIC_ROOT", str(BASE_DIR / "build" / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "postamt.static_files.HashedFiles"},
}

# Security (ux/SPEC section 2; the sandboxed body response sets a policy of its own)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"  # templates/base.html says same-origin: else browsers post forms with `Origin: null`
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = None
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "mailbox.failures.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "mailbox.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Zappa would write down each URL, and with it what was searched for; botocore, what AWS answered.
    "loggers": {name: {"level": "WARNING"} for name in ("django.server", "botocore", "pynamodb", "zappa", "zappa.handler")},
}
