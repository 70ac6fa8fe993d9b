"""A loopback AWS that answers what a test tells it to, and settings that lead there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.settings import Options, Settings, load

Reply = tuple[int, Any]
Answer = Callable[[dict[str, Any]], Reply]

_IDENTITY = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn><UserId>AIDA</UserId>
<Account>111122223333</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""


class FakeAws:
    """Answers by operation; remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def settings(self, **variables: str) -> Settings:
        environ = {
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00",
            "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-not-a-real-secret-0000",
            "ASH_OPS_ENV_FILE": "/dev/null",
            **variables,
        }
        return load(Options(region="us-east-1", endpoint_url=self.url), environ)

    def session(self, **variables: str) -> Aws:
        return Aws(self.settings(**variables), attempts=1)

    def count(self, operation: str) -> int:
        return sum(name == operation for name, _ in self.asked)

    def _reply(self, operation: str, body: dict[str, Any]) -> Reply:
        self.asked.append((operation, body))
        if operation not in self.answers:
            return 400, {"__type": "AccessDeniedException", "message": f"no {operation}"}
        return self.answers[operation](body)

    def _handler(fake) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has its own self
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                target = self.headers.get("X-Amz-Target", "")
                if target:
                    status, answer = fake._reply(target.partition(".")[2], json.loads(data or "{}"))
                    sent = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                else:
                    status, sent = 200, _IDENTITY.encode()
                self.send_response(status)
                self.send_header(
                    "Content-Type", "application/x-amz-json-1.1" if target else "text/xml"
                )
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *args: object) -> None:
                """Keep the test's output to itself."""

        return Handler


@pytest.fixture
def fake_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    # Neither this machine's AWS configuration nor its proxy has a say.
    for name in ("AWS_PROFILE", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-real-secret-not-a-real-secret-0000")
    fake = FakeAws()
    yield fake
    fake.server.shutdown()
    fake.server.server_close()
