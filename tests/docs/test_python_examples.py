"""Every Python example of the documentation runs, with the world it speaks of around it."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from ash_client import AshClient
from ash_client.testing import AshServer
from ash_ops.demo import Emulator
from tests.docs.pages import ROOT, Piece, blocks, written

Names = dict[str, Any]
ANSWER = "The answer of the agent."
# What a reader puts in for a placeholder of an example.
FILLED_IN = {
    '"http://HOST:4100"': "server.url",
    'api_key="..."': 'api_key="secret"',
    "...  # point your application at server.url": "application(server.url)",
}


def examples() -> list[Piece]:
    return [block for page in written() for block in blocks(page) if block.language == "python"]


def application(url: str) -> str:
    """Somebody's program: it asks the agent once."""
    with AshClient(url, api_key="secret") as client:
        session = client.create_session(agent_name="my-agent")
        with client.send_message(session.id, message="Hello!") as stream:
            return stream.get_final_text()


@contextmanager
def a_server(patch: pytest.MonkeyPatch) -> Iterator[Names]:
    """An Ash server with an agent, told to the example by variables or by its address."""
    with AshServer(api_key="secret", agents=["my-agent"]) as server:
        server.reply(ANSWER)
        patch.setenv("ASH_SERVER_URL", server.url)
        patch.setenv("ASH_API_KEY", "secret")
        yield {"server": server, "application": application}


@contextmanager
def an_account(patch: pytest.MonkeyPatch) -> Iterator[Names]:
    """An AWS account with nothing in it."""
    with Emulator() as emulator:
        for name, value in emulator.environment.items():
            patch.setenv(name, value)
        yield {}


@contextmanager
def an_installed_command(patch: pytest.MonkeyPatch) -> Iterator[Names]:
    """``ash-ops`` on the path, as after installation."""
    script = Path("bin/ash-ops")
    script.parent.mkdir()
    command = f"PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m ash_ops"
    script.write_text(f'#!/bin/sh\n{command} "$@"\n', "utf-8")
    script.chmod(0o755)
    patch.setenv("PATH", str(script.parent.absolute()), prepend=os.pathsep)
    yield {}


# What each page's examples need, and what they must have printed.
WORLDS: dict[
    str, tuple[Callable[[pytest.MonkeyPatch], AbstractContextManager[Names]], str | None]
] = {
    "README.md": (a_server, ANSWER),
    "docs/sdk.md": (a_server, ANSWER),
    "docs/recipes.md": (a_server, None),
    "docs/testing.md": (a_server, None),
    "docs/doctor.md": (an_account, "problem 3"),
    "docs/snapshot.md": (an_account, "problem"),
    "docs/demo.md": (an_installed_command, None),
    "docs/cost.md": (lambda _: nullcontext({}), "False"),
}


@pytest.mark.usefixtures("nobody")
@pytest.mark.parametrize("example", examples(), ids=str)
def test_an_example_runs(
    example: Piece, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world, printed = WORLDS[example.page]
    with world(monkeypatch) as names:
        run(example, names)
    assert (printed or "") in capsys.readouterr().out


def run(example: Piece, names: Names) -> None:
    """Run an example; one that awaits runs in asyncio."""
    text = example.text
    for blank, filled_in in FILLED_IN.items():
        text = text.replace(blank, filled_in)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(text, str(example), "exec", flags=flags, dont_inherit=True)
    result = eval(code, names)
    if inspect.iscoroutine(result):
        asyncio.run(result)


def test_a_fixture_of_the_testing_page_serves_a_test() -> None:
    """The page's fixture is a generator that opens a server and closes it."""
    (example,) = (e for e in examples() if "@pytest.fixture" in e.text)
    names: Names = {}
    exec(example.text.replace("@pytest.fixture\n", ""), names)
    generator = names["ash"]()
    assert next(generator).url.startswith("http://127.0.0.1:")
    assert list(generator) == []


def test_both_kinds_of_client_are_shown() -> None:
    texts = [example.text for example in examples()]
    assert any("async with" in text for text in texts)
    assert sum("send_message" in text for text in texts) >= 3
