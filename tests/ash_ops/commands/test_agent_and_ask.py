"""A folder goes up, a message is answered as it comes; and what is refused, stopped or lost is told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ash_client import AshClient
from ash_client.testing import AshServer, Fault
from ash_ops.aws.client.session import Aws
from ash_ops.commands.agent import AgentRequest, agent_deploy
from ash_ops.commands.ask import ask
from ash_ops.errors import ExitCode, OpsError, UsageProblem
from ash_ops.redact import holds_secret
from tests.support.deploying import User, ports_of, settings_of

KEY = "the-key-of-this-server"


def no_aws() -> Aws:
    raise AssertionError("AWS is not asked where ASH_SERVER_URL is set")


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer(api_key=KEY, agents=["my-agent"]) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "helper"
    made.mkdir()
    (made / "CLAUDE.md").write_text("Be brief.\n")
    return made


class Desk:
    """One command's world, and what came out of it."""

    def __init__(self, server: AshServer, *answers: bool) -> None:
        self.user = User(*answers)
        self.out: list[str] = []
        settings = settings_of(ASH_SERVER_URL=server.url, ASH_API_KEY=KEY)
        self.ports = replace(ports_of(settings, no_aws, self.user), show=self.out.append)

    @property
    def session(self) -> str:
        found = re.search(r"--session ([0-9a-f-]{36})", self.user.text)
        assert found is not None, self.user.text
        return found[1]


def client(server: AshServer) -> AshClient:
    return AshClient(server.url, api_key=KEY)


def test_the_answer_goes_to_standard_output_piece_by_piece(server: AshServer) -> None:
    server.reply("One. Two. Three.")
    desk = Desk(server)
    result = ask(desk.ports, "Hello", None, None)
    assert result.exit_code is ExitCode.OK
    assert "".join(desk.out) == "One. Two. Three.\n"
    assert len(desk.out) > 2, "the pieces were not shown as they came"


def test_a_session_is_kept_without_a_sandbox_and_goes_on(server: AshServer) -> None:
    first = Desk(server)
    ask(first.ports, "Hello", "my-agent", None)
    with client(server) as look:
        assert look.get_session(first.session).status == "paused"
    second = Desk(server)
    ask(second.ports, "Again", None, first.session)
    with client(server) as look:
        assert look.get_session(first.session).status == "active"
        said = [m.role for m in look.list_messages(first.session)]
        assert said.count("user") == 2
    third = Desk(server)
    ask(third.ports, "And again", None, first.session, end=True)
    with pytest.raises(OpsError, match="cannot be asked"):
        ask(Desk(server).ports, "Hello", None, first.session)


def test_what_acts_on_a_terminal_is_taken_out_of_an_answer(server: AshServer) -> None:
    server.reply("a\x1b[2Jb\x1b]0;owned\x07c\x9bd\rE")
    desk = Desk(server)
    ask(desk.ports, "Hello", None, None)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "".join(desk.out))


def test_the_key_is_masked_where_an_agent_says_it(server: AshServer) -> None:
    server.reply(f"It is {KEY} .")
    desk = Desk(server)
    ask(desk.ports, "What is your key?", None, None)
    assert KEY not in "".join(desk.out)


def test_an_unknown_agent_is_told_with_those_there_are(server: AshServer) -> None:
    with pytest.raises(OpsError) as caught:
        ask(Desk(server).ports, "Hello", "nobody", None)
    assert caught.value.what == "There is no agent 'nobody'"
    assert "my-agent" in caught.value.why
    assert "ash-ops agent deploy DIR" in caught.value.next_step


def test_of_several_agents_one_must_be_named() -> None:
    with AshServer(api_key=KEY, agents=["one", "two"]) as server:
        with pytest.raises(UsageProblem, match="Which agent") as caught:
            ask(Desk(server).ports, "Hello", None, None)
        assert "one, two" in caught.value.why


def test_without_any_agent_the_way_to_one_is_told() -> None:
    with AshServer(api_key=KEY, agents=[]) as server:
        with pytest.raises(OpsError) as caught:
            ask(Desk(server).ports, "Hello", None, None)
        assert "ash-ops agent deploy DIR" in caught.value.next_step


def test_an_answer_that_was_cut_is_no_success(server: AshServer) -> None:
    server.fail_next(Fault.die_mid_stream())
    desk = Desk(server)
    with pytest.raises(OpsError, match="The answer is not complete"):
        ask(desk.ports, "Hello", None, None)
    assert desk.session, "the session that goes on was not told"


def test_a_wrong_key_is_told_as_such(server: AshServer) -> None:
    desk = Desk(server)
    settings = settings_of(ASH_SERVER_URL=server.url, ASH_API_KEY="another-key-than-that")
    desk.ports = replace(desk.ports, settings=settings)
    with pytest.raises(OpsError, match="does not accept the key"):
        ask(desk.ports, "Hello", None, None)


def test_nothing_to_say_is_refused_before_anything_is_asked(server: AshServer) -> None:
    with pytest.raises(UsageProblem, match="nothing to say"):
        ask(Desk(server).ports, " \n", None, None)
    assert not server.requests


def test_ctrl_c_ends_the_turn_and_keeps_the_session(server: AshServer) -> None:
    server.fail_next(Fault.go_silent(after_events=3))
    command = [sys.executable, "-m", "ash_ops", "ask", "Hello"]
    environ = {**os.environ, "ASH_SERVER_URL": server.url, "ASH_API_KEY": KEY}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environ) as asked:
        for _ in range(200):
            if any("/messages" in request.path for request in server.requests):
                break
            time.sleep(0.05)
        time.sleep(0.5)  # the beginning of the answer is there by now
        asked.send_signal(signal.SIGINT)
        _, told = asked.communicate(timeout=30)
    assert asked.returncode == 130, told
    assert "The turn is ended." in told
    session = re.search(r"--session ([0-9a-f-]{36})", told)
    assert session is not None, told
    with client(server) as look:
        assert look.get_session(session[1]).status == "stopped"
    server.heal()
    go_on = Desk(server)
    ask(go_on.ports, "Go on", None, session[1])
    assert "".join(go_on.out).strip()


def test_a_folder_goes_up_after_it_was_shown_and_agreed_to(server: AshServer, folder: Path) -> None:
    (folder / "notes.md").write_text("Set ANTHROPIC_API_KEY=sk-ant-... first.\nTOKEN=$(cat t)\n")
    desk = Desk(server, True)
    result = agent_deploy(desk.ports, AgentRequest(directory=folder))
    assert result.exit_code is ExitCode.OK
    assert "+ CLAUDE.md (10)" in desk.user.text
    assert desk.user.asked == ["Deploy this agent?"]
    with client(server) as look:
        assert look.get_agent_file("helper", "CLAUDE.md") == b"Be brief.\n"
        assert {f.path for f in look.list_agent_files("helper")} == {"CLAUDE.md", "notes.md"}


@pytest.mark.parametrize("answers", [(), (False,)], ids=["--plan", "declined"])
def test_nothing_is_sent_without_consent(
    server: AshServer, folder: Path, answers: tuple[bool, ...]
) -> None:
    desk = Desk(server, *answers)
    agent_deploy(desk.ports, AgentRequest(directory=folder, plan_only=not answers))
    assert not server.requests


def planted(name: str, text: str) -> Callable[[Path], Any]:
    def plant(folder: Path) -> None:
        (folder / name).write_text(text)

    return plant


REFUSED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a link that leaves the folder": (
        lambda folder: (folder / "x").symlink_to("/etc/hostname"),
        "leaves the folder",
    ),
    "a link that leads nowhere": (
        lambda folder: (folder / "x").symlink_to(folder / "absent"),
        "leads nowhere",
    ),
    "an .env": (planted(".env", "A=b\n"), ".env: may hold secrets"),
    "a key of Anthropic's": (
        planted("notes.md", "first\nuse sk-ant-api03-Zx81kLmPq0RsTuVwXyZ0123456789abcdef\n"),
        "notes.md: line 2 holds a secret",
    ),
    "a key of AWS": (
        planted(
            "conf.json", '{"AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzKEY"}'
        ),
        "conf.json: line 1 holds a secret",
    ),
    "a password in a URL": (
        planted("db.txt", "postgresql://ash:hunter2hunter2@db.example.com/ash\n"),
        "db.txt: line 1 holds a secret",
    ),
    "a private key under another name": (
        planted("id.txt", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n"),
        "private key",
    ),
    "a file that is too large": (planted("big.txt", "x" * 900_000), "too large"),
    "a pipe": (lambda folder: os.mkfifo(folder / "pipe"), "neither a file nor a folder"),
    "a folder without CLAUDE.md": (lambda folder: (folder / "CLAUDE.md").unlink(), "CLAUDE.md"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_must_not_go_up_is_refused(name: str, server: AshServer, folder: Path) -> None:
    plant, told = REFUSED[name]
    plant(folder)
    with pytest.raises(UsageProblem, match="cannot be deployed") as caught:
        agent_deploy(Desk(server, True).ports, AgentRequest(directory=folder))
    assert told in caught.value.why
    assert not holds_secret(str(caught.value))
    assert not server.requests


def test_what_is_left_here_by_name_refuses_nothing(server: AshServer, folder: Path) -> None:
    (folder / ".env").write_text("A=b\n")
    (folder / "keys.md").write_text("sk-ant-api03-Zx81kLmPq0RsTuVwXyZ0123456789abcdef\n")
    asked = AgentRequest(directory=folder, exclude=(".env",), include=("keys.md",), agent="other")
    assert agent_deploy(Desk(server, True).ports, asked).exit_code is ExitCode.OK
    with client(server) as look:
        assert {f.path for f in look.list_agent_files("other")} == {"CLAUDE.md", "keys.md"}
