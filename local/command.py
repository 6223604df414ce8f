"""A management command that ends with the post office: `python -m local.command reindex --missing`. A person uses manage.py."""

import sys

from django.core.management import execute_from_command_line

from local.lifeline import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    execute_from_command_line(["manage.py", *sys.argv[1:]])
