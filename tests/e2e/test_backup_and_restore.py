"""What a deployment keeps is copied, listed, restored beside it, and told and removed in the end."""

from __future__ import annotations

import io
import re
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ash_ops.demo import Emulator
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.keep.backup import backup
from ash_ops.deploy.keep.restore import restore
from ash_ops.names import Deployment
from tests.e2e.conftest import Clients
from tests.e2e.test_deploy_and_teardown import _around
from tests.e2e.test_interrupted_commands import StopOnce
from tests.e2e.test_what_runs import run
from tests.support.deploying import User

ROLE = "arn:aws:iam::123456789012:role/backups"
NOW = datetime.now(UTC)


def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def interrupted(act: Callable[[Environment], object], users: list[User] | None = None) -> set[str]:
    """Run it again after Ctrl-C around each change: the operations at which it was interrupted."""
    stops = StopOnce()
    while True:
        user = User(*[True] * 9)
        (users if users is not None else []).append(user)
        environment = _around(user, quick=True)
        stops.watch(environment.aws)
        try:
            act(environment)
        except KeyboardInterrupt:
            assert "billed" in user.text
            continue
        return {name for _, name in stops.done} - {"CreateSecret"}


def restored(around: Environment) -> object:
    return restore(around, Deployment("second"), NOW, point=None, role=ROLE, plan_only=False)


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
    assert interrupted(
        lambda around: backup(around, NOW, role=ROLE, plan_only=False, wait=True)
    ) == {
        "CreateBackupVault",
        "StartBackupJob",
    }
    code, said = run("backup", "--list")
    assert (code, said.count("recovery-point")) == (0, 1), (
        "run again, it followed what it had begun"
    )
    (first,) = systems(client)
    assert f"file system {first}, less than an hour old, 0.0 GB, about $0.00 a month" in said

    code, said = run("restore", "ash-cloud", "--role", ROLE, "--yes")
    assert code == 2, said
    code, said = run("restore", "second", "--role", ROLE, "--plan")
    assert (code, list(systems(client))) == (0, [first]), said
    before = run("key")[1]
    users: list[User] = []
    assert interrupted(lambda around: restored(around), users) == {"StartRestoreJob", "TagResource"}
    tokens = [re.search(r"--creation-token (\S+)", user.text) for user in users]
    assert [bool(token) for token in tokens] == [True] * 4 + [False], (
        "each but the last was interrupted"
    )
    (token,) = {token[1] for token in tokens if token}
    (made,) = client("efs").describe_file_systems(CreationToken=token)["FileSystems"]
    assert set(systems(client)) - {first} == {made["FileSystemId"]}, "run again, it makes no other"
    code, said = run("restore", "second", "--role", ROLE, "--yes")
    assert code == 0, said
    assert (len(systems(client)), "is being restored already" in said) == (2, True)
    assert systems(client)[made["FileSystemId"]]["ash:deployment"] == "second"
    given = parameters(client, "second")
    assert (given["FileSystemId"], given["RestoredFiles"]) == (made["FileSystemId"], "true")
    assert run("key", "--name", "second")[1] == before
    code, said = run("doctor", "--name", "second")
    assert code == 0, said


def test_teardown_tells_the_copies_and_removes_them_by_their_own_consent(
    kept: Emulator, client: Clients, held_to_models: dict[str, str]
) -> None:
    kept.seed({"do": "copy_files", "ago": 3 * 86400.0})
    assert run("backup", "--role", ROLE, "--yes")[0] == 0
    client("ec2").create_snapshot(
        VolumeId=client("ec2").create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"],
        TagSpecifications=[
            {"ResourceType": "snapshot", "Tags": [{"Key": "ash:deployment", "Value": "another"}]}
        ],
    )
    code, said = run("restore", "second", "--role", ROLE, "--plan")
    assert (code, "less than an hour old" in said) == (0, True), said
    assert "3 days old" not in said, "a daily copy of EFS cannot be restored"

    code, said = run("teardown", "--yes", "--delete-data")
    assert code == 3, said
    assert "kept, and billed (--delete-backups)" in said
    assert "3 days old" in said
    assert "STILL THERE    recovery points" in said

    code, said = run("restore", "back", "--role", ROLE, "--yes")
    assert code == 0, said
    assert parameters(client, "back")["RestoredFiles"] == "true"

    code, said = run("teardown", "--yes", "--delete-backups")
    assert code == 3, said
    assert "its vault's own policy denies deleting; EFS lets it go after 35 days" in said
    code, said = run("backup", "--list")
    assert (said.count("recovery-point"), "3 days old" in said) == (1, True), said
    assert len(client("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]) == 1
    assert [tags["ash:deployment"] for tags in systems(client).values()] == ["back"]
    assert {"json", "query", "ec2", "rest-json"} <= set(held_to_models.values())


@pytest.mark.parametrize(
    "command",
    [("stop",), ("start",), ("backup", "--role", ROLE), ("restore", "web", "--role", ROLE)],
    ids=lambda command: command[0],
)
def test_what_is_another_ones_is_left_alone(
    command: tuple[str, ...], emulator: Emulator, client: Clients
) -> None:
    """A stack of our name and of the new one's that somebody else made."""
    body = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
    for name in ("ash-cloud", "web"):
        client("cloudformation").create_stack(StackName=name, TemplateBody=body)
    code, said = run(*command, "--yes")
    assert (code, "left alone" in said) == (1, True), said


def test_the_disk_of_an_instance_is_copied_and_stopped_and_comes_back(
    emulator: Emulator, client: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-emulated-0123456789")
    where = ("--launch-type", "ec2", "--no-canary", "--listener-port", port())
    code, said = run("deploy", "--yes", *where)
    assert code == 0, said
    groups = client("autoscaling").describe_auto_scaling_groups
    code, said = run("stop", "--yes")
    assert code == 0, said
    assert groups()["AutoScalingGroups"][0]["DesiredCapacity"] == 0
    assert run("doctor")[0] == 0
    code, said = run("backup", "--yes")
    assert (code, "`ash-ops stop` first" in said) == (0, False), "it is stopped: the copy is exact"
    code, said = run("start", "--yes", "--no-canary")
    assert (code, "Deployed and verified" in said) == (0, True), said
    assert groups()["AutoScalingGroups"][0]["DesiredCapacity"] == 1
    (snapshot,) = client("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]
    code, said = run("restore", "second", "--point", snapshot["SnapshotId"], "--yes")
    assert parameters(client, "second")["DataVolumeId"].startswith("vol-"), said
    assert code == 0, said
