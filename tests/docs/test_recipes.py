"""The recipe of a web application does what its text says, on a real server and with a browser that leaves."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from ash_client.testing import AshServer, Fault
from tests.ash_client.loopback import START, Loopback, Request, sse
from tests.docs.pages import blocks

(WEB_APPLICATION,) = (b.text for b in blocks("docs/recipes.md") if "FastAPI(" in b.text)
CHAT = "8d9dceaa-5492-4181-a003-c5b8b32d0637"


@contextmanager
def running(loop: str = "asyncio") -> Iterator[httpx.Client]:
    """The application behind uvicorn, and a browser for it."""
    names: dict[str, Any] = {}
    exec(WEB_APPLICATION, names)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(names["app"], log_level="error", loop=loop, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with httpx.Client(base_url=url, timeout=20) as browser:
                yield browser
        finally:
            server.should_exit = True
            thread.join(20)


def read_sse(text: str) -> tuple[str, list[str]]:
    """The text of the answer, and the names of the other events."""
    words, others = [], []
    for block in filter(None, text.split("\n\n")):
        lines = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in lines:
            others.append(lines["event"])
        else:
            words.append(json.loads(lines["data"]))
    return "".join(words), others


@pytest.fixture
def ash(monkeypatch: pytest.MonkeyPatch) -> Iterator[AshServer]:
    with AshServer(agents=["my-agent"]) as server:
        monkeypatch.setenv("ASH_SERVER_URL", server.url)
        monkeypatch.delenv("ASH_API_KEY", raising=False)
        yield server


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_the_answer_reaches_the_browser(loop: str, ash: AshServer) -> None:
    ash.reply("First answer.", "Second.")
    with running(loop) as browser:
        chat = browser.post("/chats").json()["id"]
        for expected in ("First answer.", "Second."):
            got = browser.get(f"/chats/{chat}/ask", params={"message": "Hello!"})
            assert got.headers["content-type"].startswith("text/event-stream")
            assert read_sse(got.text) == (expected, ["done"])


def test_what_goes_wrong_has_a_status_or_an_event(ash: AshServer) -> None:
    with running() as browser:
        assert browser.get(f"/chats/{CHAT}/ask", params={"message": "?"}).status_code == 404
        chat = browser.post("/chats").json()["id"]
        ash.reply("one two three four five six")
        ash.fail_next(Fault.die_mid_stream(after_events=5), on="POST */messages")
        _, others = read_sse(browser.get(f"/chats/{chat}/ask", params={"message": "?"}).text)
        assert others == ["failed"]


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_browser_that_leaves_ends_the_request_to_ash(
    loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = threading.Event()

    def answer(request: Request) -> None:
        request.stream([START, sse("text_delta", {"delta": "Hel"})], end=False)
        if request.wait_for_client_to_leave():
            left.set()

    upstream = Loopback(answer)
    monkeypatch.setenv("ASH_SERVER_URL", upstream.url)
    try:
        with running(loop) as browser:
            with browser.stream("GET", f"/chats/{CHAT}/ask", params={"message": "?"}) as got:
                assert next(got.iter_text()) == 'data: "Hel"\n\n'
            assert left.wait(10)
    finally:
        upstream.close()
    assert upstream.faults == []


def test_the_next_question_after_a_browser_left_is_answered(ash: AshServer) -> None:
    """By its own answer: the session is restarted in between."""
    ash.reply("a long answer " * 50, "The second answer.")
    with running() as browser:
        chat = browser.post("/chats").json()["id"]
        ash.fail_next(Fault.slow(0.05), on="POST */messages")
        with browser.stream("GET", f"/chats/{chat}/ask", params={"message": "1"}) as got:
            next(got.iter_text())
        deadline = time.monotonic() + 10
        while True:
            got = browser.get(f"/chats/{chat}/ask", params={"message": "2"})
            if got.status_code != 409 or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        assert read_sse(got.text) == ("The second answer.", ["done"])
