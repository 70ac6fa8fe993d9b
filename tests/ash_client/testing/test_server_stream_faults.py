"""Faults of a stream: what the client sees, and what the session is afterwards."""

from __future__ import annotations

import http.client
import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ash_client.testing import AshServer, Event, Fault

WHOLE = 6
"""How many events a plain answer has."""


def names(body: bytes) -> list[str]:
    return [line[7:].decode() for line in body.split(b"\n") if line.startswith(b"event: ")]


def received(api, session, **more):
    """What arrived before the stream ended, and how it ended."""
    connection, response = api.open_stream(session, timeout=0.3, **more)
    try:
        return response.read(), None
    except http.client.IncompleteRead as error:
        return error.partial, http.client.IncompleteRead
    except (TimeoutError, ConnectionResetError) as error:
        return b"", type(error)
    finally:
        connection.close()


@pytest.mark.parametrize("events", range(1, WHOLE))
def test_dying_after_so_many_events(api, events):
    session = api.session()
    api.server.fail_next(Fault.die_mid_stream(events))
    body, error = received(api, session)
    assert error is http.client.IncompleteRead
    assert len(names(body)) == events
    assert api.status_of(session) == "paused", "a restarted server pauses what it finds"


@pytest.mark.parametrize("size", [0, 1, 50, 100, 500])
def test_dying_after_so_many_bytes(api, size):
    api.server.fail_next(Fault.die_mid_stream(after_bytes=size))
    body, error = received(api, api.session())
    assert (len(body), error) == (size, http.client.IncompleteRead)


def test_dying_may_leave_the_session_alone(api):
    session = api.session()
    api.server.fail_next(Fault.die_mid_stream(2, session=None))
    received(api, session)
    assert api.status_of(session) == "active"
    assert api.message(session).events()[-1][0] == "done"


def test_a_reset(api):
    api.server.fail_next(Fault.reset(1))
    session = api.session()
    connection, response = api.open_stream(session)
    with pytest.raises(ConnectionResetError):
        response.read()
    connection.close()
    assert api.status_of(session) == "active"


def test_silence_because_the_agents_process_was_killed(api):
    """As fail-sandbox-killed-*: resuming does nothing, the next message says why."""
    session = api.session()
    api.server.fail_next(Fault.go_silent(2))
    assert received(api, session)[1] is TimeoutError
    assert api.status_of(session) == "active"
    assert api.call("POST", f"/api/sessions/{session}/resume").status == 200
    assert api.message(session).events() == [
        ("session_start", {"sessionId": session, "version": "0.2.0"}),
        ("error", {"error": "Not connected"}),
        ("done", {"sessionId": session}),
    ]


@pytest.mark.parametrize("status", ["paused", "stopped"])
def test_silence_with_the_session_no_longer_running(api, status):
    session = api.session()
    api.server.fail_next(Fault.go_silent(1, session=status))
    assert received(api, session)[1] is TimeoutError
    assert api.status_of(session) == status
    assert api.call("POST", f"/api/sessions/{session}/resume").json()["session"]["status"] == (
        "active"
    )
    assert api.message(session).events()[-1][0] == "done"


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        pytest.param(Fault.error("it broke"), ["message", "error"], id="error, no done"),
        pytest.param(Fault.error("x", after_events=1), ["session_start", "error"], id="at once"),
        pytest.param(Fault.error_then_done("x"), ["message", "error", "done"], id="and done"),
        pytest.param(Fault.no_done(), ["turn_complete", "message"], id="done is missing"),
        pytest.param(Fault.no_done(1), ["session_start"], id="nothing but the start"),
        pytest.param(Fault.unknown_event(5), ["message", "brand_new_event", "done"], id="unknown"),
    ],
)
def test_streams_that_end_cleanly(api, fault, last):
    api.server.fail_next(fault)
    body, error = received(api, api.session())
    assert error is None
    assert names(body)[-len(last) :] == last


def test_done_after_an_error_names_the_session(api):
    session = api.session()
    api.server.fail_next(Fault.error_then_done("fetch failed", after_events=1))
    assert api.message(session).events()[1:] == [
        ("error", {"error": "fetch failed"}),
        ("done", {"sessionId": session}),
    ]


def test_data_that_is_not_json(api):
    api.server.fail_next(Fault.malformed_json(1))
    body, _ = received(api, api.session())
    with pytest.raises(ValueError, match="property name"):
        json.loads(body.split(b"\n\n")[1].split(b"data: ")[1])
    assert names(body)[-1] == "done"


def test_bytes_that_are_no_text(api):
    api.server.fail_next(Fault.garbage(2, b"\xff\x00\xfe"))
    body, _ = received(api, api.session())
    assert b"\xff\x00\xfe" in body
    with pytest.raises(UnicodeDecodeError):
        body.decode()


def test_a_huge_event(api):
    api.server.fail_next(Fault.huge_event(3_000_000))
    body, _ = received(api, api.session())
    assert len(body) > 3_000_000
    assert names(body)[-1] == "done"


def test_an_event_of_ones_own_at_any_place(api):
    api.server.fail_next(Fault.insert(Event("ping", {}), after_events=WHOLE))
    body, _ = received(api, api.session())
    assert names(body)[-2:] == ["done", "ping"]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_chunks_of_any_size_carry_the_same_bytes(sizes):
    """Only the HTTP chunks change, never what they carry."""
    body = json.dumps({"content": "hi"}).encode()
    with AshServer(agents=["a"], limits=None) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        json_type = {"Content-Type": "application/json"}
        connection.request("POST", "/api/sessions", b'{"agent":"a"}', json_type)
        session = json.loads(connection.getresponse().read())["session"]["id"]
        server.reply_events(Event("x", "é✓漢" * 40), Event("done", {}))
        server.fail_next(Fault.chunked(*sizes))
        connection.request("POST", f"/api/sessions/{session}/messages", body, json_type)
        stream = connection.getresponse().read()
        connection.close()
    start, text, done, end = stream.decode().split("\n\n")
    assert (text, done, end) == (f"event: x\ndata: {'é✓漢' * 40}", "event: done\ndata: {}", "")
    assert start.startswith("event: session_start\n")


@pytest.mark.parametrize("sizes", [(), (0,), (3, -1)])
def test_chunks_without_bytes_are_refused(sizes):
    """A chunk of no bytes is the last one; it would end the stream."""
    with pytest.raises(ValueError, match="positive numbers of bytes"):
        Fault.chunked(*sizes)


@pytest.mark.parametrize(
    ("fault", "last"),
    [
        pytest.param(Fault.die_mid_stream(0), None, id="the head and nothing else"),
        pytest.param(Fault.die_mid_stream(99), "done", id="after all events, but no last chunk"),
        pytest.param(Fault.error(after_events=99), "error", id="an error after done"),
    ],
)
def test_streams_that_end_at_the_very_first_or_after_the_last_event(api, fault, last):
    api.server.fail_next(fault)
    body, error = received(api, api.session())
    assert (error is None) == (last == "error")
    assert (names(body) or [None])[-1] == last


def test_slowness_is_measured_with_the_injected_sleep(serve):
    waits: list[float] = []
    api = serve(sleep=waits.append)
    api.server.fail_next(Fault.slow(0.5) | Fault.slow_headers(9.0))
    assert api.message(api.session()).events()[-1][0] == "done"
    assert waits[0] == 9.0
    assert set(waits[1:]) == {0.5}
    assert len(waits) >= 4


def test_a_slow_line_waits_before_each_byte(serve):
    waits: list[float] = []
    api = serve(sleep=waits.append)
    session = api.session()
    api.server.fail_next(Fault.slow(per_byte=0.01) | Fault.no_done(1))
    body = api.message(session).body
    assert waits == [0.01] * len(body)


def test_faults_combine(api):
    session = api.session()
    fault = Fault.chunked(3) | Fault.unknown_event(1) | Fault.die_mid_stream(3)
    api.server.fail_next(fault)
    body, error = received(api, session)
    assert error is http.client.IncompleteRead
    assert names(body) == ["session_start", "brand_new_event", "message", "message"]


def test_a_fault_happens_as_often_as_asked_and_can_be_taken_back(api):
    session = api.session()
    api.server.fail_next(Fault.no_done(), times=2)
    ends = [api.message(session).events()[-1][0] for _ in range(3)]
    assert ends == ["message", "message", "done"]
    api.server.fail_next(Fault.no_done(), times=None)
    assert [api.message(session).events()[-1][0] for _ in range(3)] == ["message"] * 3
    api.server.heal()
    assert api.message(session).events()[-1][0] == "done"


def test_faults_of_streams_leave_other_requests_alone(api):
    session = api.session()
    api.server.fail_next(Fault.die_mid_stream(1))
    assert api.call("GET", f"/api/sessions/{session}/messages").status == 200
    assert received(api, session)[1] is http.client.IncompleteRead


def test_closing_does_not_wait_for_silent_streams_or_slow_agents(serve):
    api = serve()
    session = api.session()
    streams = []
    never = threading.Event()
    for fault in (Fault.go_silent(1), Fault.hold_back(never), Fault.slow(3600.0)):
        api.server.fail_next(fault)
        streams.append(api.open_stream(session if fault.ending else api.session()))
        streams[-1][1].readline()
    api.server.close()
    for connection, response in streams:
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            response.read()
        connection.close()
