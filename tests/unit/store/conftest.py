"""These tests work on a mailbox in memory."""

from tests.unit.in_memory import mailbox

__all__ = ["mailbox"]
