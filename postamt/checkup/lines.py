"""All lines of the check, in the order in which they are told: what the world sees, the way of a mail, then who keeps watch."""

from postamt.checkup import names, receiving, roads, roles, secrets, storage, table, watch, web

LINES = (
    *names.LINES,
    *receiving.LINES,
    *storage.LINES,
    *table.LINES,
    *roles.LINES,
    *roads.LINES,
    *web.LINES,
    *secrets.LINES,
    *watch.LINES,
)
