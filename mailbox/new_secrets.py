"""Makes the secrets a mailbox needs, for the local post office and for a deployment alike. Standard library only."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else when typed


def login_secret() -> str:
    """Six groups of four characters, 119 bits: long enough for any guesser, short enough to type from paper."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(6))


def signing_secret() -> str:
    return secrets.token_hex(32)
