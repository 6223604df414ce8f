"""The WSGI application: the same one under Zappa on Lambda and under waitress on a laptop. It loads all pages before the first request."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postamt.settings")
application = get_wsgi_application()

import postamt.urls  # noqa: E402, F401  (needs the applications)
