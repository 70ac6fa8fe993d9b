"""Every foreign thing beside every changing command: nothing of it changes."""

from __future__ import annotations

import io
import socket
from contextlib import redirect_stderr, redirect_stdout

import pytest

from ash_ops.cli import main
from ash_ops.demo import Emulator
from tests.e2e.conftest import Clients
from tests.support.foreign import BESIDE, NAME, TAKEN, photograph

DEPLOY = ("deploy", "--yes")
COMMANDS = {
    "deploy": DEPLOY,
    "deploy past every check": (
        *DEPLOY,
        *(
            part
            for check in ("names", "permissions", "replacement", "subnets", "routes")
            for part in ("--skip-check", check)
        ),
    ),
    "deploy and lose data": (*DEPLOY, "--lose-data", "--no-efs"),
    "rollout": ("rollout", "0.2.0", "--yes", "--lose-data"),
    "rollout of the same": ("rollout", "--yes"),
    "rollback": ("rollback", "--yes"),
    "teardown": ("teardown", "--yes"),
    "teardown of everything": ("teardown", "--yes", "--delete-data", "--delete-secret-now"),
    "doctor --fix": ("doctor", "--fix", "--yes"),
}


def run(*args: str) -> tuple[int, str]:
    """The command line in this process, for the deployment ``web``: exit code and all it said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as stop:
        main(["--name", NAME, *args])
    return int(stop.value.code or 0), said.getvalue()


@pytest.fixture(autouse=True)
def _keys(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-emulated")
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("ASH_ECS_LISTENER_PORT", str(server.getsockname()[1]))


@pytest.mark.parametrize("thing", TAKEN)
def test_what_stands_in_our_place_is_named_and_not_touched(
    thing: str, client: Clients, emulator: Emulator
) -> None:
    TAKEN[thing](client, emulator)
    before = photograph(client)
    assert before

    for command, args in COMMANDS.items():
        code, said = run(*args)
        after = photograph(client)
        assert {key: after.get(key) for key in before} == before, f"{command}:\n{said}"
        assert after.keys() == before.keys(), f"{command} left something:\n{said}"
        if args[0] in ("deploy", "teardown"):
            assert code == 1 or (args[0] == "teardown" and code == 0), f"{command}: {code}\n{said}"


@pytest.mark.parametrize("thing", TAKEN)
def test_deploy_says_what_is_there_why_it_stays_and_the_way_on(
    thing: str, client: Clients, emulator: Emulator
) -> None:
    TAKEN[thing](client, emulator)

    code, said = run(*DEPLOY)

    assert code == 1
    assert "left alone" in said
    assert "--name web-2" in said


def test_what_stands_beside_our_deployment_stays_as_it_is(
    client: Clients, emulator: Emulator
) -> None:
    """All of it at once: each has an identity of its own, so a change tells what it befell."""
    for make in BESIDE.values():
        make(client, emulator)
    before = photograph(client)
    assert len(before) >= len(BESIDE)
    assert run(*DEPLOY)[0] == 0

    for command, args in COMMANDS.items():
        _, said = run(*args)
        after = photograph(client)
        assert {key: after.get(key) for key in before} == before, f"{command}:\n{said}"
    assert photograph(client).keys() == before.keys(), "all that was ours is gone"


def test_a_refused_teardown_leaves_the_protection_on(client: Clients) -> None:
    """What others started in our cluster is asked about before anything is changed."""
    assert run(*DEPLOY)[0] == 0
    ecs, cloudformation = client("ecs"), client("cloudformation")
    container = {"name": "ash", "image": "nginx", "essential": True, "memory": 128}
    ecs.register_task_definition(family="billing", containerDefinitions=[container])
    ecs.create_service(
        cluster=NAME, serviceName="billing", taskDefinition="billing", desiredCount=0
    )
    cloudformation.update_termination_protection(EnableTerminationProtection=True, StackName=NAME)
    before = photograph(client)

    code, said = run("teardown", "--yes", "--delete-data", "--delete-secret-now")

    assert (code, "needs a person's answer" in said) == (2, True), said
    assert photograph(client) == before


@pytest.mark.parametrize("command", ["deploy", "teardown"])
@pytest.mark.parametrize("thing", ["a secret", "a stack that is CREATE_COMPLETE"])
def test_yes_does_not_adopt(thing: str, command: str, client: Clients, emulator: Emulator) -> None:
    """Adoption needs a person: without one to answer nothing is taken over."""
    TAKEN[thing](client, emulator)
    before = photograph(client)

    code, said = run(command, "--yes", "--adopt")

    assert code == 2, said
    assert "--yes does not agree" in said
    assert photograph(client) == before


def test_reserved_names_are_refused_with_the_reason() -> None:
    for name, why in (
        ("aws", "/aws/"),
        ("aws-tools", "/aws/"),
        ("amazon", "AWS keeps"),
        ("internal-a", "internal-"),
        ("sg", "security groups"),
        ("default", "cluster"),
    ):
        for command in ("deploy", "teardown", "rollout", "doctor"):
            said = io.StringIO()
            with redirect_stderr(said), pytest.raises(SystemExit) as stop:
                main(["--name", name, command])
            assert stop.value.code == 2
            assert why in said.getvalue()
