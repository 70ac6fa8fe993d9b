"""What a deployment keeps is copied, listed, restored beside it, and told and removed in the end."""

from __future__ import annotations

import io
import socket
import sys
from typing import Any

import pytest

from ash_ops.demo import Emulator
from tests.e2e.conftest import Clients
from tests.e2e.test_what_runs import run

ROLE = "arn:aws:iam::123456789012:role/backups"


def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@pytest.fixture
def kept(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-emulated-0123456789")
    code, said = run("deploy", "--yes", "--efs", "--listener-port", port())
    assert code == 0, said
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return emulator


def systems(client: Clients) -> dict[str, dict[str, str]]:
    found = client("efs").describe_file_systems()["FileSystems"]
    return {s["FileSystemId"]: {t["Key"]: t["Value"] for t in s["Tags"]} for s in found}


def parameters(client: Clients, name: str) -> dict[str, str]:
    stack: dict[str, Any] = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]}


def test_a_copy_becomes_a_deployment_beside_the_first(kept: Emulator, client: Clients) -> None:
    code, said = run("backup", "--yes")
    assert (code, "AWSBackupDefaultServiceRole" in said) == (1, True), "there is no role yet"
    code, said = run("backup", "--role", ROLE, "--plan")
    assert code == 0, said
    assert "`ash-ops stop` first makes it exact" in said
    assert "none" in run("backup", "--list")[1]
    code, said = run("backup", "--role", ROLE, "--yes")
    assert code == 0, said
    code, said = run("backup", "--list")
    assert code == 0, said
    (first,) = systems(client)
    assert f"file system {first}, less than an hour old, 0.0 GB, about $0.00 a month" in said

    code, said = run("restore", "ash-cloud", "--role", ROLE, "--yes")
    assert code == 2, said
    code, said = run("restore", "second", "--role", ROLE, "--plan")
    assert (code, list(systems(client))) == (0, [first]), said
    before = run("key")[1]
    kept.environment  # noqa: B018
    code, said = run("restore", "second", "--role", ROLE, "--yes")
    assert code == 0, said
    (made,) = set(systems(client)) - {first}
    assert systems(client)[made]["ash:deployment"] == "second"
    given = parameters(client, "second")
    assert (given["FileSystemId"], given["RestoredFiles"]) == (made, "true")
    assert run("key", "--name", "second")[1] == before
    code, said = run("doctor", "--name", "second")
    assert code == 0, said
