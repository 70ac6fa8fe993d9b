"""Images: their names taken apart, and a registry (a real one, on loopback) asked about them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan.image import is_reference, look_up, with_version

DIGEST = "sha256:" + "a" * 64


class Registry(BaseHTTPRequestHandler):
    """Hands a token to anyone, and knows ``team/ash`` in version 1.2.3."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if self.path.startswith("/token"):
            assert "scope=repository%3Ateam%2Fash%3Apull" in self.path
            self._answer(200, {"token": "anyone"})
        elif self.headers.get("Authorization") != "Bearer anyone":
            host = self.headers["Host"]
            scope = 'service="here",scope="repository:team/ash:pull"'
            challenge = f'Bearer realm="http://{host}/token",{scope}'
            self._answer(401, {}, {"WWW-Authenticate": challenge})
        elif self.path.endswith("/private"):
            self._answer(403, {})
        elif self.path.endswith(("/1.2.3", DIGEST)):
            kinds = ["arm64", "unknown"]  # attestations are listed as "unknown"
            self._answer(200, {"manifests": [{"platform": {"architecture": k}} for k in kinds]})
        else:
            self._answer(404, {})

    def _answer(
        self, code: int, body: dict[str, object], headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def registry() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("version", "exists"),
    [(":1.2.3", True), (f"@{DIGEST}", True), (":9.9.9", False), ("", False), (":private", None)],
)
def test_a_tag_or_digest_is_there_or_not(
    aws: Aws, registry: str, version: str, exists: bool | None
) -> None:
    assert look_up(aws, f"{registry}/team/ash{version}").exists is exists


def test_the_processors_are_told(aws: Aws, registry: str) -> None:
    answer = look_up(aws, f"{registry}/team/ash:1.2.3")
    assert answer.runs_on("ARM64") is True
    assert answer.runs_on("X86_64") is False


@pytest.mark.parametrize(
    ("image", "exists"),
    [
        ("127.0.0.1:1/team/ash:1", None),  # nobody listens: nothing is known
        ("Not An Image", False),
        ("https://ghcr.io/ash", False),
    ],
)
def test_what_cannot_be_asked_is_not_guessed(aws: Aws, image: str, exists: bool | None) -> None:
    assert look_up(aws, image).exists is exists


@pytest.mark.parametrize(
    ("image", "version", "expected"),
    [
        ("ghcr.io/ash-ai-org/ash:latest", "0.2.1", "ghcr.io/ash-ai-org/ash:0.2.1"),
        ("ghcr.io/ash-ai-org/ash", "0.2.1", "ghcr.io/ash-ai-org/ash:0.2.1"),
        ("localhost:5000/ash", "1", "localhost:5000/ash:1"),  # a port is no tag
        (f"ghcr.io/o/ash:1@{DIGEST}", "2", "ghcr.io/o/ash:2"),
        ("ghcr.io/o/ash:1", DIGEST, f"ghcr.io/o/ash@{DIGEST}"),
        ("ghcr.io/o/ash:1", "other.io/x/ash:3", "other.io/x/ash:3"),
    ],
)
def test_another_version_of_the_same_image(image: str, version: str, expected: str) -> None:
    assert with_version(image, version) == expected
    assert is_reference(expected)
