"""Images: their names taken apart, and a registry (a real one, on loopback) asked about them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan.image import is_reference, with_version
from ash_ops.errors import ReadFailed
from ash_ops.facts.start import ImageState
from ash_ops.snapshot.http_get import get
from ash_ops.snapshot.readings.image import find_image
from ash_ops.snapshot.registry import parse_image

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


def ask(aws: Aws, image: str) -> ImageState:
    return find_image(aws, parse_image(image), get)


@pytest.mark.parametrize(
    ("version", "exists"),
    [(":1.2.3", True), (f"@{DIGEST}", True), (":9.9.9", False), ("", False), (":private", None)],
)
def test_a_tag_or_digest_is_there_or_not(
    aws: Aws, registry: str, version: str, exists: bool | None
) -> None:
    assert ask(aws, f"{registry}/team/ash{version}").exists is exists


def test_the_processors_are_told(aws: Aws, registry: str) -> None:
    answer = ask(aws, f"{registry}/team/ash:1.2.3")
    assert answer.runs_on("ARM64") is True
    assert answer.runs_on("X86_64") is False


def test_what_cannot_be_asked_is_not_guessed(aws: Aws) -> None:
    with pytest.raises(ReadFailed):
        ask(aws, "127.0.0.1:1/team/ash:1")  # nobody listens: nothing is known


@pytest.mark.parametrize("text", ["Not An Image", "https://ghcr.io/ash", "ghcr.io/UPPER/ash"])
def test_what_is_no_name_of_an_image(text: str) -> None:
    assert not is_reference(text)


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
