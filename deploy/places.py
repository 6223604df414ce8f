"""Where things lie in this folder."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BUILD = PROJECT / "build"
STATIC = BUILD / "static"
MANIFEST = "staticfiles.json"  # in STATIC: under which hashed name each file is kept
LOGS = BUILD / "log"
