"""An assistant's own client finds the tools, reads short answers, and can change nothing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from ash_ops.assistant import brief
from ash_ops.assistant.server import server

ROOT = Path(__file__).resolve().parents[3]


def over_stdio(ask: Callable[[Client], Awaitable[Any]], cwd: Path, *options: str) -> Any:
    """Ask a server started as an assistant starts it, in a folder without any configuration."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "ASH_"))}
    how = StdioServerParameters(
        command=sys.executable,
        args=["-m", "ash_ops", *options, "mcp"],
        cwd=cwd,
        env=environment | {"HOME": str(cwd), "PYTHONPATH": str(ROOT)},
    )

    async def talk() -> Any:
        async with Client(how) as client:
            return await ask(client)

    return anyio.run(talk)


def test_every_tool_says_that_it_only_looks() -> None:
    async def ask() -> Any:
        async with Client(server()) as client:
            return (await client.list_tools()).tools

    tools = anyio.run(ask)
    assert {tool.name for tool in tools} == {"doctor", "explain", "status", "logs", "cost"}
    for tool in tools:
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.description


def test_a_message_is_explained_in_few_words(tmp_path: Path) -> None:
    message = "CannotPullContainerError: failed to resolve ref ghcr.io/a/b:9: not found"
    told = over_stdio(lambda client: client.call_tool("explain", {"text": message}), tmp_path)
    (content,) = told.content
    assert json.loads(content.text)["explanations"][0]["cause"] == "image-not-found"
    assert len(content.text) <= brief.MOST


def test_what_looks_like_an_option_is_only_a_text(tmp_path: Path) -> None:
    told = over_stdio(lambda client: client.call_tool("explain", {"text": "--list"}), tmp_path)
    assert len(told.content[0].text) <= brief.MOST
    assert "container-oom" not in told.content[0].text


def test_the_plan_is_priced_without_credentials(tmp_path: Path) -> None:
    told = over_stdio(lambda client: client.call_tool("cost", {"planned": True}), tmp_path)
    assert json.loads(told.content[0].text)["total"]["monthly"] > 40
    assert len(told.content[0].text) <= brief.MOST


def test_what_could_not_be_done_is_an_error_with_what_why_and_next(tmp_path: Path) -> None:
    told = over_stdio(lambda client: client.call_tool("doctor", {}), tmp_path)
    assert told.is_error
    for part in ("no usable AWS credentials", "why:", "next:"):
        assert part in told.content[0].text


def test_the_options_of_the_command_line_are_those_of_its_tools(tmp_path: Path) -> None:
    told = over_stdio(lambda client: client.call_tool("doctor", {}), tmp_path, "--name", "Bad_Name")
    assert told.is_error
    assert "Bad_Name" in told.content[0].text


@pytest.mark.parametrize("playbook", ["nonsense", "--fix", "pending --fix"])
def test_only_a_playbook_is_a_playbook(playbook: str, tmp_path: Path) -> None:
    told = over_stdio(lambda client: client.call_tool("doctor", {"playbook": playbook}), tmp_path)
    assert told.is_error
    assert "There is no playbook" in told.content[0].text
