"""Asks the DNS, as any mail server would: through the system's resolver, or the one that POSTAMT_RESOLVER=address:port names."""

import os
from collections.abc import Mapping

import dns.resolver
from dns.exception import DNSException
from dns.rdata import Rdata
from dns.rdtypes.txtbase import TXTBase

PATIENCE = 10.0  # seconds for one question, tries included


class Resolver:
    """Raises DNSException, with a sentence, when POSTAMT_RESOLVER cannot be meant."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        place = environ.get("POSTAMT_RESOLVER", "")
        self._resolver = dns.resolver.Resolver(configure=not place)
        self._resolver.lifetime = PATIENCE
        if place:
            self._ask_at(place)

    def _ask_at(self, place: str) -> None:
        address, _, port = place.rpartition(":")
        try:
            self._resolver.nameservers = [address.strip("[]")]
            self._resolver.port = int(port)
        except ValueError as error:
            said = f"POSTAMT_RESOLVER is {place}, which is no address and port"
            raise DNSException(said) from error  # type: ignore[no-untyped-call]

    def ask(self, name: str, kind: str) -> list[str]:
        """The answers in text, names in lower case and without their last dot; empty when there are none. Raises DNSException."""
        try:
            answer = self._resolver.resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        return sorted(shown(record) for record in answer)


def shown(record: Rdata) -> str:
    if isinstance(record, TXTBase):
        return b"".join(record.strings).decode("utf-8", "replace")
    return record.to_text().lower().rstrip(".")
