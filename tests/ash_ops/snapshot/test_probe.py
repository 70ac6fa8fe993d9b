"""The live ladder: the first broken rung is named, whatever stands at the other end."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ash_client.testing import AshServer, Limits
from ash_ops.facts.model import fact_of, plain
from ash_ops.facts.server import Probe
from ash_ops.secret import Secret
from ash_ops.snapshot.canary import send_canary
from ash_ops.snapshot.probe import Ladder

KEY = "ash-key-7Yq2mVx9"


def climb(url: str, key: str | None = KEY, **options: Any) -> Probe:
    row = Ladder(timeout=1.0, **options).climb(url, Secret(key) if key else None)
    return fact_of(Probe, row)


def outcomes(probe: Probe) -> dict[str, str]:
    return {rung.name: rung.outcome for rung in probe.rungs}


@contextmanager
def answering(respond: Callable[[socket.socket], None]) -> Iterator[str]:
    """A port that does with each connection as told."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    respond(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def saying(body: bytes, status: bytes = b"200 OK", head: bytes = b"") -> Any:
    def respond(connection: socket.socket) -> None:
        connection.recv(4096)
        length = str(len(body)).encode()
        connection.sendall(
            b"HTTP/1.1 "
            + status
            + b"\r\n"
            + head
            + b"Content-Length: "
            + length
            + b"\r\n\r\n"
            + body
        )

    return respond


def test_a_healthy_server_passes_every_rung() -> None:
    with AshServer(api_key=KEY) as server:
        probe = climb(server.url)
    assert outcomes(probe) | {"config-js": "?"} == {
        "dns": "ok", "tcp": "ok", "http": "ok", "health": "ok", "auth": "ok", "config-js": "?",
    }  # fmt: skip
    assert probe.health is not None
    assert probe.health.version == "0.2.0"
    assert probe.answers_without_key is False
    assert all(rung.elapsed_ms is not None for rung in probe.rungs)


def test_a_published_key_is_seen_and_not_kept() -> None:
    with AshServer(api_key=KEY) as server:
        probe = climb(server.url)
    assert probe.key_published is True
    assert KEY not in json.dumps(plain(probe))


def test_a_server_without_a_key_is_seen_to_answer_anyone() -> None:
    with AshServer() as server:
        probe = climb(server.url, key=None)
    assert probe.answers_without_key is True
    assert probe.key_published is False
    assert probe.key_rejected is None


@pytest.mark.parametrize(
    ("key", "text"),
    [("wrong-key-123", "Invalid API key"), (None, "Missing Authorization header")],
)
def test_the_401s_are_told_apart(key: str | None, text: str) -> None:
    with AshServer(api_key=KEY) as server:
        probe = climb(server.url, key=key)
    rung = probe.rung("auth")
    assert rung is not None
    assert (rung.outcome, rung.status, probe.key_rejected) == ("failed", 401, text)


def test_a_key_no_header_can_hold_is_no_crash() -> None:
    with AshServer(api_key=KEY) as server:
        probe = climb(server.url, key="line\nbreak é☃")
    assert probe.key_rejected


def test_the_request_limit_is_seen_on_health() -> None:
    """/health counts too: a busy client makes the load balancer think the server is ill."""
    with AshServer(api_key=KEY, limits=Limits(requests=1)) as server:
        climb(server.url)
        rung = climb(server.url).rung("health")
    assert rung is not None
    assert (rung.outcome, rung.status) == ("failed", 429)
    assert "retry after" in rung.detail


def test_a_name_that_does_not_resolve_stops_at_dns() -> None:
    def resolve(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    probe = climb("http://ash-nlb.invalid:4100", resolve=resolve)
    assert outcomes(probe) == {"dns": "failed"}
    assert probe.rungs[0].error == "gaierror"
    assert "ash-nlb.invalid" in probe.rungs[0].detail


def test_a_closed_port_stops_at_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    probe = climb(f"http://127.0.0.1:{port}")
    assert outcomes(probe) == {"dns": "ok", "tcp": "failed"}
    assert probe.rungs[-1].error == "ConnectionRefusedError"


def test_one_zone_that_refuses_is_told_and_the_other_used() -> None:
    """A balancer without cross-zone balancing answers in one zone only."""
    with AshServer(api_key=KEY) as server:
        port = int(server.url.rsplit(":", 1)[1])

        def resolve(*_: object, **__: object) -> list[Any]:
            return [(0, 0, 0, "", ("127.0.0.9", port)), (0, 0, 0, "", ("127.0.0.1", port))]

        probe = climb(server.url, resolve=resolve)
    rung = probe.rung("tcp")
    assert rung is not None
    assert rung.outcome == "ok"
    assert "127.0.0.9 ConnectionRefusedError" in rung.detail
    assert outcomes(probe)["health"] == "ok"


@pytest.mark.parametrize(
    ("respond", "error", "remark"),
    [
        (lambda c: c.recv(4096), "RemoteDisconnected", "accepts and hangs up"),
        (lambda _: threading.Event().wait(1.5), "TimeoutError", "accepts and is silent"),
        (lambda c: c.sendall(b"SSH-2.0-OpenSSH_9\r\n"), "BadStatusLine", "is something else"),
    ],
)
def test_what_is_not_http_stops_at_http(respond: Any, error: str, remark: str) -> None:
    with answering(respond) as url:
        probe = climb(url)
    rung = probe.rung("http")
    assert rung is not None, remark
    assert (rung.outcome, rung.error) == ("failed", error), remark
    assert probe.rung("health") is None


@pytest.mark.parametrize(
    ("respond", "status", "detail", "remark"),
    [
        (saying(b'{"status":"starting"}', b"503 X"), 503, "starting", "not ready"),
        (saying(b"<html>502</html>", b"502 X"), 502, "", "a proxy's page is not quoted"),
        (saying(b'{"status":"down"}'), 200, "down", "200, but not ok"),
        (saying(b"hello"), 200, "", "200 from something else"),
        (saying(b'{"error":"no","statusCode":500}', b"500 X"), 500, "no", "Ash's own shape"),
    ],
)
def test_an_ill_server_stops_at_health(respond: Any, status: int, detail: str, remark: str) -> None:
    with answering(respond) as url:
        rung = climb(url).rung("health")
    assert rung is not None, remark
    assert (rung.outcome, rung.status, rung.detail) == ("failed", status, detail), remark


@pytest.mark.parametrize(
    ("body", "status", "published"),
    [
        (b'window.__ASH_CONFIG__={"apiKey":"planted0001"}', b"200 OK", True),
        (b'window.__ASH_CONFIG__={"apiKey":null}', b"200 OK", False),
        (b"window.ASH = {apiKey: 'planted0001'}", b"200 OK", True),
        (b'{"apiKey":""}', b"200 OK", False),
        (b"nothing of the sort", b"200 OK", False),
        (b"", b"404 X", False),
        (b"", b"503 X", None),
    ],
)
def test_whether_the_key_is_published(body: bytes, status: bytes, published: bool | None) -> None:
    with answering(saying(body, status)) as url:
        probe = climb(url)
    assert probe.key_published is published
    assert "planted0001" not in json.dumps(plain(probe))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", path, "-out", f"{path}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def behind_tls(certificate: Path, respond: Any) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def secured(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inner:
            respond(inner)

    return secured


def test_plain_http_to_a_tls_port_is_named(certificate: Path) -> None:
    with answering(behind_tls(certificate, saying(b'{"status":"ok"}'))) as url:
        probe = climb(url)
    rung = probe.rung("tls")
    assert rung is not None
    assert rung.detail == "the port speaks TLS, not plain HTTP"
    assert outcomes(probe)["http"] == "failed"


def test_tls_to_a_plain_port_is_named() -> None:
    with AshServer(api_key=KEY) as server:
        probe = climb(server.url.replace("http:", "https:"))
    rung = probe.rung("tls")
    assert rung is not None
    assert (rung.outcome, rung.detail) == ("failed", "the port speaks plain HTTP, not TLS")


def test_a_certificate_nobody_trusts_is_told_and_the_server_asked(certificate: Path) -> None:
    with answering(behind_tls(certificate, saying(b'{"status":"ok"}'))) as url:
        probe = climb(url.replace("http:", "https:").replace("127.0.0.1", "localhost"))
    rung = probe.rung("tls")
    assert rung is not None
    assert rung.error == "SSLCertVerificationError"
    assert outcomes(probe)["health"] == "ok"


BALANCER = "ash-nlb-1.elb.us-east-1.amazonaws.com"


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for ash.example.com that this machine trusts."""
    path = tmp_path / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=ash", "-addext", "subjectAltName=DNS:ash.example.com",
         "-keyout", path, "-out", f"{path}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", f"{path}.crt")
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.mark.parametrize(
    ("known_as", "outcome"),
    [
        ("ash.example.com", "ok"),  # the name that clients use
        (None, "skipped"),  # nobody has a certificate for the balancer's own name
        ("other.example.com", "failed"),  # clients use a name that it is not for
        (BALANCER, "failed"),  # clients use the balancer's own name
    ],
)
def test_the_certificate_at_a_balancer_is_judged_by_the_name_that_clients_use(
    trusted: Path, known_as: str | None, outcome: str
) -> None:
    def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with answering(behind_tls(trusted, saying(b'{"status":"ok"}'))) as url:
        named = url.replace("http:", "https:").replace("127.0.0.1", BALANCER)
        probe = climb(named, resolve=resolve, known_as=known_as)
    assert outcomes(probe)["tls"] == outcome
    assert outcomes(probe)["health"] == "ok"


def test_this_machine_has_no_address_to_itself() -> None:
    """No security group stands between, so none can be wrong about it."""
    with AshServer() as server:
        assert climb(server.url).caller_ip is None


def test_a_canary_creates_uses_and_ends_a_session() -> None:
    with AshServer(api_key=KEY, agents=["helper"]) as server:
        probe = climb(server.url, canary=send_canary)
        made = [(r.method, r.path) for r in server.requests if r.path.startswith("/api/sessions")]
    rung = probe.rung("canary")
    assert rung is not None
    assert rung.outcome == "ok", rung.detail
    assert ("POST", "/api/sessions") in made
    assert made[-1][0] == "DELETE"


def test_a_canary_without_an_agent_is_skipped() -> None:
    with AshServer(api_key=KEY) as server:
        rung = climb(server.url, canary=send_canary).rung("canary")
    assert rung is not None
    assert rung.outcome == "skipped"


def test_a_canary_on_fargate_tells_why_agents_cannot_run() -> None:
    with AshServer(api_key=KEY, agents=["helper"], cgroups=False) as server:
        rung = climb(server.url, canary=send_canary).rung("canary")
    assert rung is not None
    assert (rung.outcome, rung.status) == ("failed", 500)
    assert "cgroup" in rung.detail
