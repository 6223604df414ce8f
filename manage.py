#!/usr/bin/env python
"""Django's command line. Beside a running local post office it needs no environment: it takes the one `make run` wrote.

A command that names the domain of a deployment means that one, and not the post office on this machine.
"""

import os
import sys

from django.core.management import execute_from_command_line

from local.environment import read_environment

OF_A_DEPLOYMENT = {"check", "credentials", "show_dns"}


def means_a_deployment(words: list[str]) -> bool:
    return bool(OF_A_DEPLOYMENT & set(words[:1])) and any("." in word for word in words[1:] if not word.startswith("-"))


if __name__ == "__main__":
    if "POSTAMT_BUCKET" not in os.environ and not means_a_deployment(sys.argv[1:]):
        os.environ.update(read_environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postamt.settings")
    execute_from_command_line(sys.argv)
