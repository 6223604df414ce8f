"""CloudFront as the deployed distribution describes it, on the loopback, which stands for TLS: the local AWS keeps one but serves nothing.

Origins, paths and headers come from the distribution; what its function at the entrance does (cdk_infra/constructs/entrance.js) is
done here in Python. Files come from their bucket with the headers they were stored with.
"""

import http.client
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.exceptions import ClientError

from deploy.origin import distribution_of
from tests.deploy.local_aws import LocalAws

PATIENCE = 120
HOPS = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "date", "server"})
WRITTEN_HERE = frozenset({"x-forwarded-host", "x-viewer-address", "x-origin-secret"})  # whatever a client wrote there
Answer = tuple[int, list[tuple[str, str]], bytes]


class Pace:
    """Keeps a test, which looks again and again, below the throttle of the deployed API: a person is slower, and so is CloudFront."""

    def __init__(self, rate: float = 4.5, burst: float = 8) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at = burst, time.monotonic()
        self._lock = threading.Lock()

    def keep(self) -> None:
        with self._lock:
            now = time.monotonic()
            self._left, self._at = min(self._burst, self._left + (now - self._at) * self._rate) - 1, now
            if self._left < 0:
                time.sleep(-self._left / self._rate)


class Front:
    def __init__(self, aws: LocalAws, host: str) -> None:
        self.viewer = "203.0.113.7"
        self.pace = Pace()
        self._aws = aws
        self._host = host
        front = self

        class Request(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, answered = front.answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in [*headers, ("Content-Length", str(len(answered)))]:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answered)

            do_POST = do_OPTIONS = do_GET

            def log_message(self, format: str, *args: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        config = self._config()
        origins = {origin["Id"]: origin for origin in config["Origins"]["Items"]}
        for behavior in config["CacheBehaviors"]["Items"]:
            if path.startswith(behavior["PathPattern"].rstrip("*")):
                return self._file(origins[behavior["TargetOriginId"]], path)
        return self._page(origins[config["DefaultCacheBehavior"]["TargetOriginId"]], method, path, headers, body)

    def _config(self) -> dict[str, Any]:
        cloudfront = self._aws.client("cloudfront")
        config: dict[str, Any] = cloudfront.get_distribution_config(Id=distribution_of(cloudfront, self._host))["DistributionConfig"]
        return config

    def _file(self, origin: Mapping[str, Any], path: str) -> Answer:
        bucket = origin["DomainName"].partition(".")[0]
        try:
            found = self._aws.client("s3").get_object(Bucket=bucket, Key=path.partition("?")[0].lstrip("/"))
        except ClientError as refusal:
            return int(refusal.response["ResponseMetadata"]["HTTPStatusCode"]), [], b""
        return 200, [("Content-Type", found["ContentType"]), ("Cache-Control", found["CacheControl"])], found["Body"].read()

    def _page(self, origin: Mapping[str, Any], method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        api = origin["DomainName"].partition(".")[0]
        self.pace.keep()
        connection = http.client.HTTPConnection("127.0.0.1", self._aws.port, timeout=PATIENCE)
        try:
            url = f"/_aws/execute-api/{api}{origin['OriginPath']}{path}"
            connection.request(method, url, body, dict(self._passed_on(origin, headers)))
            answer = connection.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOPS]
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _passed_on(self, origin: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        kept = {name: value for name, value in headers.items() if name.lower() not in HOPS | WRITTEN_HERE and "_" not in name}
        yield from kept.items()
        yield from (("X-Forwarded-Host", self._host), ("X-Viewer-Address", self.viewer))
        yield from ((header["HeaderName"], header["HeaderValue"]) for header in (origin.get("CustomHeaders") or {}).get("Items", []))
