#!/usr/bin/env python
"""Django's command line. Beside a running local post office it needs no environment: it takes the one `make run` wrote."""

import os
import sys

from django.core.management import execute_from_command_line

from local.environment import read_environment

if __name__ == "__main__":
    if "POSTAMT_BUCKET" not in os.environ:
        os.environ.update(read_environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postamt.settings")
    execute_from_command_line(sys.argv)
