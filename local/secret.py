"""`make secret`: new secrets for the local post office. It takes them when it is opened the next time, which ends all sessions."""

import sys

from local.environment import office_of, renew_secrets


def main() -> None:
    made = renew_secrets(office_of())
    sys.stdout.write(f"The login secret is now {made.auth}\n")
    sys.stdout.write("Open the post office again: it takes the new secrets then, and every session ends.\n")


if __name__ == "__main__":
    main()
