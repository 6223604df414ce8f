"""The DNS of a test: what the Route 53 zones of the local AWS say, over UDP on the loopback, and the hosts that AWS itself has."""

import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

HOST = "127.0.0.1"
ALIASED = {"A": HOST, "AAAA": "::1"}  # whatever CloudFront's own hosts are


class NameServer:
    """`served` maps (name, type) to values and comes before the zones; a test changes it as it likes."""

    def __init__(self, route53: Any, served: dict[tuple[str, str], list[str]]) -> None:
        self.served = served
        self._route53 = route53
        answer = self._answer

        class Question(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                wire, socket = self.request
                socket.sendto(answer(wire), self.client_address)

        self._server = socketserver.ThreadingUDPServer((HOST, 0), Question)
        self.address = f"{HOST}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        values = self.served.get((name, kind)) or list(self._in_zones(name, kind))
        if values:
            response.answer.append(rrset_of(question, values))
        return response.to_wire()

    def _in_zones(self, name: str, kind: str) -> Iterator[str]:
        for zone in self._route53.list_hosted_zones()["HostedZones"]:
            pages = self._route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
            for record in (record for page in pages for record in page["ResourceRecordSets"]):
                if (record["Name"].rstrip(".").lower(), record["Type"]) == (name, kind):
                    yield from (entry["Value"] for entry in record.get("ResourceRecords", []))
                    yield from [ALIASED[kind]] if "AliasTarget" in record else []


def rrset_of(question: dns.rrset.RRset, values: list[str]) -> dns.rrset.RRset:
    """Names in a record may stand there without their last dot."""
    records = (dns.rdata.from_text(dns.rdataclass.IN, question.rdtype, value, dns.name.root, relativize=False) for value in values)
    return dns.rrset.from_rdata(question.name, 60, *records)
