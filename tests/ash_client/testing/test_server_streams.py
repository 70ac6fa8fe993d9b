"""The event stream as the captures realfix-msg-*, coord-message and real-unpatched-* show it."""

from __future__ import annotations

import socket
import threading

import pytest

from ash_client.testing import AgentFailure, Event, Fault, Thinking, Tool

INIT_FIELDS = [
    *("type", "subtype", "cwd", "session_id", "tools", "mcp_servers", "model", "permissionMode"),
    *("slash_commands", "apiKeySource", "claude_code_version", "output_style", "agents", "skills"),
    *("plugins", "uuid", "fast_mode_state"),
]
ASSISTANT_FIELDS = ["type", "message", "parent_tool_use_id", "session_id", "uuid"]
RESULT_FIELDS = [
    *("type", "subtype", "is_error", "duration_ms", "duration_api_ms", "num_turns", "result"),
    *("stop_reason", "session_id", "total_cost_usd", "usage", "modelUsage"),
    *("permission_denials", "fast_mode_state", "uuid"),
]


def kinds(reply):
    """``message`` events by the type inside, all others by their name."""
    return [data["type"] if name == "message" else name for name, data in reply.events()]


def test_a_plain_answer(api):
    session = api.session()
    api.server.reply("Hello, world")
    events = api.message(session).events()
    assert [name for name, _ in events] == [
        *("session_start", "message", "message", "turn_complete", "message", "done"),
    ]
    start, init, assistant, turn, result, done = (data for _, data in events)
    assert start == {"sessionId": session, "version": "0.2.0"}
    assert list(init) == INIT_FIELDS
    assert (init["type"], init["subtype"]) == ("system", "init")
    assert list(assistant) == ASSISTANT_FIELDS
    assert assistant["message"]["content"] == [{"type": "text", "text": "Hello, world"}]
    assert turn == {"numTurns": 1, "result": "Hello, world"}
    assert list(result) == RESULT_FIELDS
    assert (result["subtype"], result["is_error"]) == ("success", False)
    assert done == {"sessionId": session}
    assert init["session_id"] == assistant["session_id"] == result["session_id"] != session


def test_the_head_of_a_stream(api):
    session = api.session()
    connection, response = api.open_stream(session)
    assert response.status == 200
    assert [name for name, _ in response.getheaders()] == [
        *("Content-Type", "Cache-Control", "Connection", "Date", "Transfer-Encoding"),
    ]
    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Connection"] == "keep-alive"
    response.read()
    connection.close()


def test_one_http_chunk_is_one_event(api):
    session = api.session()
    body = b'{"content":"hi"}'
    head = (
        f"POST /api/sessions/{session}/messages HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {api.key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", api.server.port), 5) as sock:
        sock.sendall(head + body)
        wire = sock.makefile("rb")
        while wire.readline() != b"\r\n":
            continue
        chunks = []
        while size := int(wire.readline(), 16):
            chunks.append(wire.read(size))
            assert wire.readline() == b"\r\n"
    assert len(chunks) == 6
    assert all(c.startswith(b"event: ") and c.endswith(b"\n\n") for c in chunks)


def test_deltas_come_only_when_asked_for(api):
    session = api.session()
    api.server.reply("w0 w1 w2 ", "w0 w1 w2 ")
    plain = api.message(session)
    partial = api.message(session, includePartialMessages=True)
    assert "text_delta" not in kinds(plain)
    assert kinds(partial) == [
        *("session_start", "system", "stream_event", "stream_event"),
        *(["text_delta", "stream_event"] * 3),
        *("assistant", "stream_event", "stream_event", "stream_event"),
        *("turn_complete", "result", "done"),
    ]
    deltas = [data["delta"] for name, data in partial.events() if name == "text_delta"]
    assert deltas == ["w0 ", "w1 ", "w2 "]
    steps = [d["event"]["type"] for n, d in partial.events() if d.get("type") == "stream_event"]
    assert steps == [
        *("message_start", "content_block_start", *["content_block_delta"] * 3),
        *("content_block_stop", "message_delta", "message_stop"),
    ]


@pytest.mark.parametrize("text", ["", " ", "one", "  two  spaces ", "tab\tnew\nline", "é✓漢 𝄞"])
def test_deltas_add_up_to_the_text(api, text):
    api.server.reply(text)
    events = api.message(api.session(), includePartialMessages=True).events()
    assert "".join(data["delta"] for name, data in events if name == "text_delta") == text


def test_thinking_is_sent_again_whole_after_its_deltas(api):
    api.server.reply([Thinking("hm. well. "), "Yes."])
    events = api.message(api.session(), includePartialMessages=True).events()
    thoughts = [data["delta"] for name, data in events if name == "thinking_delta"]
    assert thoughts == ["hm. ", "well. ", "hm. well. "]
    names = [name for name, _ in events]
    signature = names.index("signature_delta")
    assert events[signature][1]["type"] == "signature_delta"
    assert names[signature + 2] == "thinking_delta"


def test_a_tool_call(api):
    api.server.reply(["I look.", Tool("Bash", {"command": "ls"}, "a.txt"), "Done."])
    reply = api.message(api.session())
    assert kinds(reply) == [
        *("session_start", "system", "assistant", "tool_use", "assistant", "tool_result", "user"),
        *("assistant", "turn_complete", "result", "done"),
    ]
    by_name = dict(reply.events())
    assert list(by_name["tool_use"]) == ["id", "name", "input"]
    assert by_name["tool_use"]["input"] == {"command": "ls"}
    assert by_name["tool_result"] == {"content": "a.txt"}, "the real one has no tool id either"
    assert by_name["turn_complete"] == {"numTurns": 2, "result": "Done."}
    user = next(d for _, d in reply.events() if d.get("type") == "user")
    assert user["message"]["content"][0]["tool_use_id"] == by_name["tool_use"]["id"]
    assert user["tool_use_result"]["stdout"] == "a.txt"


def test_a_tools_input_arrives_in_pieces(api):
    api.server.reply([Tool("Bash", {"command": "ls -l"}, "")])
    events = api.message(api.session(), includePartialMessages=True).events()
    pieces = [data["partial_json"] for name, data in events if name == "input_json_delta"]
    assert "".join(pieces) == '{"command":"ls -l"}'


def test_the_turn_limit_ends_a_turn_without_a_result(api):
    api.server.reply(["I look.", Tool("Bash", {}, "x"), "Done."])
    reply = api.message(api.session(), maxTurns=1)
    *_, (_, turn), (_, result), (last, _) = reply.events()
    assert turn == {"numTurns": 2}
    assert (result["subtype"], result["is_error"], result["errors"]) == (
        *("error_max_turns", False, []),
    )
    assert "result" not in result
    assert last == "done"


def test_an_agents_failure_says_success_then_error_and_never_done(api):
    api.server.reply(AgentFailure("API Error: 529 overloaded"))
    reply = api.message(api.session())
    assert kinds(reply) == [
        *("session_start", "system", "assistant", "turn_complete", "result", "error"),
    ]
    result, error = (data for _, data in reply.events()[-2:])
    assert (result["subtype"], result["is_error"]) == ("success", True)
    assert result["result"] == "API Error: 529 overloaded"
    assert error == {"error": "Claude Code process exited with code 1"}


@pytest.mark.parametrize(
    ("key", "text", "source"),
    [
        pytest.param(None, "Not logged in · Please run /login", "none", id="missing"),
        pytest.param(
            *("refused", "Invalid API key · Fix external API key", "ANTHROPIC_API_KEY"),
            id="refused by the model API",
        ),
    ],
)
def test_without_a_good_model_key_sessions_are_made_and_messages_fail(serve, key, text, source):
    """Texts measured with the agent SDK 0.2.71."""
    api = serve(anthropic_key=key)
    events = api.message(api.session()).events()
    assert events[1][1]["apiKeySource"] == source
    assert events[2][1]["error"] == "authentication_failed"
    assert events[-2][1]["result"] == text
    assert events[-1] == ("error", {"error": "Claude Code process exited with code 1"})


@pytest.mark.parametrize("how", ["extraEnv", "credential", "agent"])
def test_a_session_may_bring_its_own_model_key(serve, how):
    api = serve(anthropic_key=None)
    more = {}
    if how == "extraEnv":
        more = {"extraEnv": {"ANTHROPIC_API_KEY": "sk-ant-x"}}
    elif how == "credential":
        key = {"type": "anthropic", "key": "sk-ant-x"}
        created = api.call("POST", "/api/credentials", key).json()["credential"]
        more = {"credentialId": created["id"]}
    else:
        api.call("PATCH", "/api/agents/my-agent", {"env": {"ANTHROPIC_API_KEY": "sk-ant-x"}})
    assert api.message(api.session(**more)).events()[-1][0] == "done"


def test_separators_of_unicode_are_sent_raw(api):
    text = "a\u2028b\u2029c\u0085d"
    api.server.reply(text)
    reply = api.message(api.session())
    assert text.encode() in reply.body
    assert reply.events()[2][1]["message"]["content"][0]["text"] == text


def test_nobody_scripted_an_answer(serve):
    api = serve(answer=lambda prompt: f"{prompt.agent} heard {prompt.text!r}, {prompt.options}")
    session = api.session()
    *_, (_, result), _ = api.message(session, "hi", effort="low").events()
    assert result["result"] == "my-agent heard 'hi', {'effort': 'low'}"


def test_answers_come_in_the_order_they_were_scripted(api):
    session = api.session()
    api.server.reply("one", "two")
    said = [api.message(session).events()[-2][1]["result"] for _ in range(3)]
    assert said == ["one", "two", "You said: hi"]


def test_a_tuple_is_one_answer_like_a_list(serve):
    api = serve(answer=lambda _: ("one", "two"))
    session = api.session()
    api.server.reply(("three", "four"))
    said = [api.message(session).events()[-2][1]["result"] for _ in range(2)]
    assert said == ["four", "two"]


def test_events_of_a_script_are_sent_with_nothing_added(api):
    api.server.reply_events(Event("message", {"type": "future"}), Event("x", "not json"))
    reply = api.message(api.session())
    assert reply.body.split(b"\n\n", 1)[1] == (
        b'event: message\ndata: {"type":"future"}\n\nevent: x\ndata: not json\n\n'
    )


def test_an_event_among_the_parts_is_sent_in_its_place(api):
    api.server.reply(["one", Event("brand_new", {"n": 1}), "two"])
    names = [name for name, _ in api.message(api.session()).events()]
    assert names == [
        *("session_start", "message", "message", "brand_new", "message"),
        *("turn_complete", "message", "done"),
    ]


def test_two_messages_at_once_mix_and_the_first_done_ends_both(api):
    """As fail-concurrent-A: whoever listens hears everything the sandbox says."""
    session = api.session()
    release = threading.Event()
    api.server.reply("first", "second")
    api.server.fail_next(Fault.hold_back(release, after_events=2))
    one, first = api.open_stream(session)
    head = [first.readline() for _ in range(6)]
    assert b'"subtype":"init"' in head[4]
    api.message(session)
    rest = first.read()
    release.set()
    one.close()
    assert b'"result":"second"' in rest
    assert b'"result":"first"' not in rest
    assert rest.count(b"event: done") == 1


def test_a_command_ends_a_running_stream_and_the_next_message_hears_the_old_turn(api):
    """As fail-exec-during-stream and fail-message-after-exec-cut."""
    session = api.session()
    release = threading.Event()
    api.server.reply("old", "new")
    api.server.fail_next(Fault.hold_back(release, after_events=2))
    connection, response = api.open_stream(session)
    head = [response.readline() for _ in range(6)]
    assert b'"subtype":"init"' in head[4]
    api.call("POST", f"/api/sessions/{session}/exec", {"command": "pwd"})
    assert response.read() == b'event: done\ndata: {"sessionId":""}\n\n'
    connection.close()

    again = threading.Event()
    api.server.fail_next(Fault.hold_back(again))
    connection, response = api.open_stream(session)
    assert b'"sessionId"' in [response.readline() for _ in range(3)][1]
    release.set()
    assert b'"result":"old"' in response.read()
    again.set()
    connection.close()


def test_a_turn_outlives_a_pause(api):
    session = api.session()
    release = threading.Event()
    api.server.fail_next(Fault.hold_back(release))
    connection, response = api.open_stream(session)
    response.readline()
    assert api.call("POST", f"/api/sessions/{session}/pause").status == 200
    release.set()
    assert b"event: done" in response.read()
    connection.close()


@pytest.mark.parametrize(
    ("method", "tail", "status"), [("POST", "/stop", "stopped"), ("DELETE", "", "ended")]
)
def test_a_turn_falls_silent_when_another_client_stops_the_session(api, method, tail, status):
    session = api.session()
    release = threading.Event()
    api.server.fail_next(Fault.hold_back(release, after_events=2))
    connection, response = api.open_stream(session, timeout=0.3)
    [response.readline() for _ in range(6)]
    assert api.call(method, f"/api/sessions/{session}{tail}").status == 200
    release.set()
    with pytest.raises(TimeoutError):
        response.read()
    connection.close()
    assert api.status_of(session) == status


def test_an_answer_nobody_waited_for_is_not_stored(api):
    """As fail-client-disconnect: the reply of that turn cannot be fetched later."""
    session = api.session()
    release = threading.Event()
    api.server.reply(["x" * 2_000_000] * 4)
    api.server.fail_next(Fault.hold_back(release))
    connection, response = api.open_stream(session)
    response.readline()
    connection.close()
    response.close()
    release.set()
    api.server.close()
    stored = [e for e in api.server.logs if "request completed" in e and "messages" in e]
    assert stored == []
