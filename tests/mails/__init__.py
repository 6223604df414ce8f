"""The mails of the tests; README.md says what is odd about each."""

from pathlib import Path


def mail(name: str) -> bytes:
    return (Path(__file__).parent / f"{name}.eml").read_bytes()
