"""Acts as the pages do them, for tests of what comes after."""

from mailbox.store.acts import Act, Shown, changes_of
from mailbox.store.flags import Changed, change_messages


def act_on(thread_id: str, do: str, box: str = "") -> list[Changed]:
    """`do` to all of a conversation that is seen in `box`."""
    return change_messages(thread_id, lambda found: changes_of(Act(do, box), found, Shown()))
