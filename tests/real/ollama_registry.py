"""A registry of models that a real Ollama pulls from: one tiny model, whose bytes can be held back."""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json"
_CHUNK = 256 * 1024


class Registry(ThreadingHTTPServer):
    """Serves `library/tiny:latest`; a blob comes from another host name, as from a content network."""

    daemon_threads = True

    def __init__(self, size: int = 16 * 1024 * 1024) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.name = f"http://127.0.0.1:{self.server_port}/library/tiny:latest"
        """What to ask Ollama to pull."""
        self.listed = f"127.0.0.1:{self.server_port}/library/tiny:latest"
        """What Ollama calls it then."""
        weights = _gguf(size)
        config = json.dumps({"model_format": "gguf", "model_family": "llama", "model_type": "1M"}).encode()
        self.weights = _digest(weights)
        self.blobs = {self.weights: weights, _digest(config): config}
        self.manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": _MANIFEST_TYPE,
                "config": _layer("application/vnd.docker.container.image.v1+json", config),
                "layers": [_layer("application/vnd.ollama.image.model", weights)],
            }
        ).encode()
        self.ranges: list[tuple[int, int]] = []
        """First and last byte of each piece of the weights that was asked for."""
        self.limit = size
        """Only so many of them go out; the rest waits until `release`."""
        self._released = threading.Event()

    def hold(self, limit: int) -> None:
        """Send no more than so many bytes of the weights."""
        self._released.clear()
        self.limit = limit

    def release(self) -> None:
        """Send the rest."""
        self.limit = len(self.blobs[self.weights])
        self._released.set()

    def wait(self) -> None:
        self._released.wait()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Registry

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        digest = self.path.rpartition("/")[2]
        if self.path == "/v2/library/tiny/manifests/latest":
            self._head(200, _MANIFEST_TYPE, len(self.server.manifest))
            if body:
                self.wfile.write(self.server.manifest)
        elif digest not in self.server.blobs:
            self._head(404, "application/json", 0)
        elif self.path.startswith("/cdn/"):
            self._piece(digest)
        elif not body:
            self._head(200, "application/octet-stream", len(self.server.blobs[digest]))
        else:
            self.send_response(307)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/cdn/{digest}")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _piece(self, digest: str) -> None:
        content = self.server.blobs[digest]
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first = int(wanted[1]) if wanted else 0
        last = int(wanted[2] or len(content) - 1) if wanted else len(content) - 1
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        if digest != self.server.weights:
            self.wfile.write(content[first : last + 1])
            return
        self.server.ranges.append((first, last))
        for start in range(first, last + 1, _CHUNK):
            if start >= self.server.limit:
                self.server.wait()
            self.wfile.write(content[start : min(start + _CHUNK, last + 1)])

    def _head(self, status: int, kind: str, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name in the standard library
        """Nothing: what was asked for is kept in `Registry.ranges`."""


@contextmanager
def serving() -> Iterator[Registry]:
    with Registry() as registry:
        thread = threading.Thread(target=registry.serve_forever)
        thread.start()
        try:
            yield registry
        finally:
            registry.release()
            registry.shutdown()
            thread.join()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _layer(kind: str, content: bytes) -> dict[str, object]:
    return {"mediaType": kind, "digest": _digest(content), "size": len(content)}


def _gguf(size: int) -> bytes:
    """A file that has the head of a model and then noise: it can be pulled and listed, not loaded."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    string_type = struct.pack("<I", 8)
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("general.architecture") + string_type + text("llama")
    return head + os.urandom(size - len(head))
