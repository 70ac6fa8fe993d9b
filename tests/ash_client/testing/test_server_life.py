"""Starting, stopping, dying and what the server keeps for a test to look at."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading

import pytest

from ash_client import testing
from ash_client.testing import AshServer, Fault

KEY = "secret-planted-key"


def refused(server: AshServer) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_the_public_names():
    assert testing.__all__ == [
        *("AgentFailure", "Answer", "AshRunner", "AshServer", "Event", "Fault", "Limits"),
        *("Prompt", "ReceivedRequest", "Thinking", "Tool"),
    ]
    assert all(hasattr(testing, name) for name in testing.__all__)


def test_it_imports_nothing_beyond_the_standard_library():
    """Users' test suites start it often; it must cost next to nothing."""
    code = (
        "import sys, ash_client.testing;"
        "print(sorted({'httpx', 'pydantic', 'boto3', 'click', 'asyncio', 'ssl'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_it_listens_on_loopback_only_while_it_is_open():
    with AshServer() as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert not refused(server)
    assert refused(server)


def test_closing_twice_does_no_harm():
    server = AshServer().start()
    server.close()
    server.close()


def test_a_taken_port_is_an_error():
    with AshServer() as first, pytest.raises(OSError, match="in use"):
        AshServer(port=first.port).start()


def test_connections_are_refused_on_demand_and_open_ones_go_on(api):
    connection = api.connect()
    api.send(connection, "GET", "/health")
    connection.getresponse().read()
    port = api.server.port
    api.server.stop_listening()
    assert refused(api.server)
    api.send(connection, "GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()
    api.server.start_listening()
    assert api.server.port == port
    assert api.call("GET", "/health").status == 200


def test_sigterm_leaves_open_streams_silent_and_sessions_paused(api):
    session = api.session()
    release = threading.Event()
    api.server.fail_next(Fault.hold_back(release))
    connection, response = api.open_stream(session, timeout=0.3)
    response.readline()
    api.server.terminate()
    release.set()
    with pytest.raises(TimeoutError):
        response.read()
    connection.close()
    assert refused(api.server)
    api.server.restart()
    assert api.status_of(session) == "paused"
    assert '"msg":"Shutting down..."' in "".join(api.server.logs)
    api.call("POST", f"/api/sessions/{session}/resume")
    assert api.message(session).events()[-1][0] == "done"


def test_sigkill_ends_every_connection_without_the_last_chunk(api):
    session = api.session()
    never = threading.Event()
    api.server.fail_next(Fault.hold_back(never))
    connection, response = api.open_stream(session)
    response.readline()
    api.server.kill()
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    connection.close()
    assert refused(api.server)
    api.server.restart()
    assert api.status_of(session) == "paused"
    never.set()


def test_what_was_received_shows_no_secret_unless_asked(serve):
    api = serve(api_key=KEY)
    api.call("POST", "/api/credentials", {"type": "anthropic", "key": "sk-ant-planted"})
    api.call("GET", "/api/sessions?agent=x")
    stored, listed = api.server.requests
    assert (stored.method, stored.path, stored.json()["type"]) == (
        *("POST", "/api/credentials", "anthropic"),
    )
    assert stored.headers["authorization"] == f"Bearer {KEY}"
    assert (listed.target, listed.path, listed.body) == (
        *("/api/sessions?agent=x", "/api/sessions", b""),
    )
    shown = repr(api.server.requests) + repr(api.server) + "".join(api.server.logs)
    assert "planted" not in shown


def test_refused_requests_are_recorded_too(api):
    api.key = None
    api.call("POST", "/api/sessions", {"agent": "my-agent"})
    assert [(r.method, r.path) for r in api.server.requests] == [("POST", "/api/sessions")]


def test_the_log_of_a_start_and_a_request(serve):
    lines: list[str] = []
    api = serve(on_log=lines.append, clock=lambda: 1795384370.185)
    api.call("GET", "/health")
    api.server.close()
    assert api.server.logs == lines
    assert lines[0] == "[entrypoint] cgroup v2 delegation configured"
    records = [json.loads(line) for line in lines if line.startswith("{")]
    assert all(
        list(r)[:4] == ["level", "time", "pid", "hostname"] and list(r)[-1] == "msg"
        for r in records
    )
    assert {r["time"] for r in records} == {1795384370185}
    messages = [r["msg"] for r in records]
    assert messages[0] == "API key authentication enabled"
    assert "Server listening at http://10.0.1.23:4100" in messages
    assert "Ash v0.2.0 listening on 0.0.0.0:4100 (mode: standalone)" in messages
    assert "Data directory: /data" in messages
    incoming, completed = records[-2:]
    assert incoming["reqId"] == completed["reqId"] == "req-1"
    assert incoming["req"]["url"] == "/health"
    assert set(incoming["req"]) == {"method", "url", "host", "remoteAddress", "remotePort"}
    assert completed["res"] == {"statusCode": 200}
    assert completed["responseTime"] >= 0


def test_without_a_key_the_log_says_so(serve):
    api = serve(api_key=None)
    assert any("auth disabled" in line for line in api.server.logs)


def test_sandboxes_that_cannot_be_made_show_in_the_log_at_once(serve):
    api = serve(cgroups=False)
    assert any(
        line.startswith("[pool] Pre-warm failed for my-agent (0/1): Error: SECURITY: cgroups")
        for line in api.server.logs
    )


def test_the_line_of_a_resume(api):
    session = api.session()
    for action in ("pause", "resume", "stop", "resume"):
        api.call("POST", f"/api/sessions/{session}/{action}")
    resumes = [json.loads(line) for line in api.server.logs if "resume_hit" in line]
    assert [(r["path"], r.get("source")) for r in resumes] == [("warm", None), ("cold", "local")]


def test_many_clients_at_once(api):
    sessions = [api.session() for _ in range(4)]
    ends: list[str] = []

    def talk(session: str) -> None:
        ends.extend(api.message(session).events()[-1][0] for _ in range(5))

    threads = [threading.Thread(target=talk, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == ["done"] * 20
