"""What agents stored outlives instance and stack, is lost only with consent, and can be attached again."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from ash_ops.cli import main
from ash_ops.demo import Emulator
from tests.e2e.conftest import Clients

# The emulator registers no targets for instances, so the proof of an EC2 deployment is not waited for.
EC2 = ("deploy", "--yes", "--launch-type", "ec2", "--no-wait")


def run(*args: str) -> tuple[int, str]:
    """The command line in this process: exit code, and all it said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as stop:
        main(list(args))
    return int(stop.value.code or 0), said.getvalue()


@pytest.fixture(autouse=True)
def _keys(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-emulated")
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("ASH_ECS_LISTENER_PORT", str(server.getsockname()[1]))


def started(client: Clients, *args: str) -> tuple[int, str]:
    """A deployment that is not waited for by the command, but here, until its stack is at rest."""
    code, said = run(*args)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        stack = client("cloudformation").describe_stacks(StackName="ash-cloud")["Stacks"][0]
        if stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return code, said
        time.sleep(0.1)
    raise AssertionError(stack["StackStatus"])


def of_type(client: Clients, type_: str) -> str:
    """The physical id of the stack's only resource of a type."""
    found = client("cloudformation").list_stack_resources(StackName="ash-cloud")
    ids = [
        r["PhysicalResourceId"]
        for r in found["StackResourceSummaries"]
        if r["ResourceType"] == type_ and r["ResourceStatus"] != "DELETE_COMPLETE"
    ]
    assert len(ids) == 1, ids
    return str(ids[0])


def parameters(client: Clients) -> dict[str, str]:
    stack = client("cloudformation").describe_stacks(StackName="ash-cloud")["Stacks"][0]
    return {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]}


def test_the_disk_stays_where_it_is_when_the_instance_changes(client: Clients) -> None:
    assert started(client, *EC2)[0] == 0
    disk = of_type(client, "AWS::EC2::Volume")
    zone = parameters(client)["DataZone"]
    volume = client("ec2").describe_volumes(VolumeIds=[disk])["Volumes"][0]
    assert volume["AvailabilityZone"] == zone

    code, said = started(client, "deploy", "--yes", "--instance-type", "m6i.xlarge", "--no-wait")

    assert code == 0, said
    assert "DATA LOSS" not in said
    assert of_type(client, "AWS::EC2::Volume") == disk


def test_a_kept_disk_is_attached_again_and_no_new_one_is_made(client: Clients) -> None:
    assert started(client, *EC2)[0] == 0
    disk = of_type(client, "AWS::EC2::Volume")
    code, said = run("teardown", "--yes")
    assert code == 3, "it is billed on, and the receipt says so"
    assert disk in said
    assert f"--volume {disk}" in said

    code, said = started(client, *EC2, "--volume", disk)

    assert code == 0, said
    assert parameters(client)["DataVolumeId"] == disk
    assert [v["VolumeId"] for v in client("ec2").describe_volumes()["Volumes"]] == [disk]
    assert run("teardown", "--yes", "--delete-data")[0] == 0
    assert client("ec2").describe_volumes()["Volumes"] == []


def test_a_kept_file_system_is_attached_again_and_only_lost_mount_targets_are_made_anew(
    client: Clients,
) -> None:
    assert run("deploy", "--yes", "--efs")[0] == 0
    files = of_type(client, "AWS::EFS::FileSystem")
    code, said = run("teardown", "--yes")
    assert code == 3
    assert f"--efs --file-system {files}" in said

    code, said = run("deploy", "--yes", "--efs", "--file-system", files)

    assert code == 0, said
    systems = client("efs").describe_file_systems()["FileSystems"]
    assert [s["FileSystemId"] for s in systems] == [files]
    definition = of_type(client, "AWS::ECS::TaskDefinition")
    told = client("ecs").describe_task_definition(taskDefinition=definition)
    assert files in json.dumps(told["taskDefinition"]["volumes"])

    lost = client("efs").describe_mount_targets(FileSystemId=files)["MountTargets"]
    for target in lost:
        client("efs").delete_mount_target(MountTargetId=target["MountTargetId"])
    code, said = run("deploy", "--yes")
    assert (code, said.count("  gone       MountTarget")) == (0, len(lost)), said
    made = client("efs").describe_mount_targets(FileSystemId=files)["MountTargets"]
    assert {t["SubnetId"] for t in made} == {t["SubnetId"] for t in lost}
    assert run("teardown", "--yes", "--delete-data")[0] == 0


@pytest.mark.parametrize("options", [(), ("--plan",)])
def test_taking_the_file_system_away_needs_consent_of_its_own(
    client: Clients, options: tuple[str, ...]
) -> None:
    assert run("deploy", "--yes", "--efs")[0] == 0
    files = of_type(client, "AWS::EFS::FileSystem")

    code, said = run("deploy", "--yes", "--no-efs", *options)

    assert "DATA LOSS" in said
    assert "all agents and sessions on this file system are lost" in said
    assert code == (0 if options else 1), said
    assert options or "--lose-data" in said
    assert of_type(client, "AWS::EFS::FileSystem") == files

    if not options:
        code, said = run("deploy", "--yes", "--no-efs", "--lose-data")
        assert code == 0, said
        assert parameters(client)["UseEfs"] == "false"
        kept = client("efs").describe_file_systems()["FileSystems"]
        assert [s["FileSystemId"] for s in kept] == [files], "detached, and itself kept"


def test_a_template_that_keeps_nothing_is_told_and_needs_consent(
    client: Clients, tmp_path: Path
) -> None:
    """A user's own copy without ``DeletionPolicy``: the data would go with the stack."""
    assert run("deploy", "--yes", "--efs")[0] == 0
    own = of_type(client, "AWS::EFS::FileSystem")
    assert run("template", str(tmp_path / "own"))[0] == 0
    template = tmp_path / "own" / "standalone.yaml"
    body = template.read_text()
    template.write_text(body.replace("DeletionPolicy: RetainExceptOnCreate", ""))
    loose = ("deploy", "--yes", "--template", str(tmp_path / "own"))

    code, said = run(*loose)
    assert (code, "is kept no longer when the stack goes" in said) == (1, True), said
    assert run(*loose, "--lose-data")[0] == 0

    code, said = run("teardown", "--yes")
    assert code == 1, said
    assert "goes with the stack, whose template does not keep it" in said
    assert "Kept:" not in said
    assert of_type(client, "AWS::EFS::FileSystem") == own

    assert run("teardown", "--yes", "--delete-data")[0] == 0
    assert client("efs").describe_file_systems()["FileSystems"] == []


def test_the_own_file_system_is_not_taken_out_of_the_stack(client: Clients) -> None:
    assert run("deploy", "--yes", "--efs")[0] == 0
    own = of_type(client, "AWS::EFS::FileSystem")

    code, said = run("deploy", "--yes", "--efs", "--lose-data", "--file-system", own)

    assert (code, "is this deployment's own already" in said) == (1, True), said
    assert of_type(client, "AWS::EFS::FileSystem") == own


def test_what_cannot_be_attached_is_refused_with_the_reason(client: Clients) -> None:
    efs, ec2 = client("efs"), client("ec2")
    subnets = ec2.describe_subnets()["Subnets"]
    ours = [{"Key": "ash:deployment", "Value": "ash-cloud"}]
    plain = efs.create_file_system(CreationToken="1")["FileSystemId"]
    mounted = efs.create_file_system(CreationToken="2", Tags=ours)["FileSystemId"]
    efs.create_mount_target(FileSystemId=mounted, SubnetId=subnets[0]["SubnetId"])
    single = efs.create_file_system(
        CreationToken="3", Tags=ours, AvailabilityZoneName=subnets[0]["AvailabilityZone"]
    )["FileSystemId"]
    for files, why in (
        ("fs-00000000", "There is no file system"),
        (plain, "is not ours"),
        (mounted, "has a mount target in"),
        (single, "One Zone"),
    ):
        code, said = run("deploy", "--yes", "--efs", "--file-system", files)
        assert (code, why in said) == (1, True), f"{files}: {code}\n{said}"
    disk = ec2.create_volume(AvailabilityZone="us-east-1f", Size=1)["VolumeId"]
    code, said = run(*EC2, "--volume", disk)
    assert (code, "is not ours" in said) == (1, True), said
    ec2.create_tags(Resources=[disk], Tags=ours)
    code, said = run(*EC2, "--volume", disk)
    assert (code, "is in us-east-1f, and the task's subnets are in" in said) == (1, True), said
    stacks = client("cloudformation").describe_stacks()["Stacks"]
    assert [s for s in stacks if s["StackStatus"] != "DELETE_COMPLETE"] == []
    assert client("secretsmanager").list_secrets()["SecretList"] == []


def test_keys_that_a_teardown_removed_come_back_with_the_next_deployment(client: Clients) -> None:
    assert run("deploy", "--yes")[0] == 0
    key = run("key")[1]
    assert run("teardown", "--yes")[0] == 0
    secrets = client("secretsmanager")
    assert secrets.describe_secret(SecretId="ash-cloud/server")["DeletedDate"]

    other = pytest.MonkeyPatch()
    other.setenv("ASH_CREDENTIAL_KEY", "another-key-than-the-one-in-the-secret")
    code, said = run("deploy", "--yes")
    other.undo()
    assert (code, "ASH_CREDENTIAL_KEY is replaced" in said) == (1, True), said
    assert secrets.describe_secret(SecretId="ash-cloud/server")["DeletedDate"], "and waits again"

    code, said = run("deploy", "--yes")

    assert code == 0, said
    assert "will be taken back with its values" in said
    assert "/data is inside the task" in said, "the plan says what a rollout ends"
    assert run("key")[1] == key
    assert run("teardown", "--yes", "--delete-secret-now")[0] == 0
    assert secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"] == []


def test_a_secret_that_another_run_made_meanwhile_is_not_touched(
    client: Clients, emulator: Emulator
) -> None:
    """Two deployments at once: the later one ends, and says how it goes on."""
    secrets = client("secretsmanager")
    emulator.fault("cloudformation:CreateChangeSet", "delay", seconds=2)
    said: list[tuple[int, str]] = []
    late = threading.Thread(target=lambda: said.append(started_apart("deploy", "--yes")))
    late.start()
    while "cloudformation:CreateChangeSet" not in emulator.calls():
        time.sleep(0.05)
    made = secrets.create_secret(Name="ash-cloud/server", SecretString="{}")["ARN"]
    late.join(timeout=60)

    code, told = said[0]
    assert (code, "somebody else is deploying at the same time" in told) == (1, True), told
    assert secrets.get_secret_value(SecretId=made)["SecretString"] == "{}"


def test_a_first_deployment_that_is_refused_leaves_no_billed_secret(
    client: Clients, emulator: Emulator
) -> None:
    emulator.fault("cloudformation:ExecuteChangeSet", "deny")

    code, said = run("deploy", "--yes")

    assert code == 1
    assert "made by this run, is deleted again" in said
    assert client("secretsmanager").list_secrets()["SecretList"] == []
    emulator.heal()
    assert run("deploy", "--yes")[0] == 0


def test_what_may_not_be_read_is_not_touched(client: Clients, emulator: Emulator) -> None:
    """Whose it is could not be told: exit 4, with the action that is missing."""
    for call in ("ecs:DescribeClusters", "secretsmanager:DescribeSecret", "logs:DescribeLogGroups"):
        emulator.fault(call, "deny")
        code, said = run("deploy", "--yes")
        assert code == 4, f"{call}: {said}"
        assert f"Allow {call}" in said
        emulator.heal()
    assert client("secretsmanager").list_secrets()["SecretList"] == []


def started_apart(*args: str) -> tuple[int, str]:
    """A command in a process of its own, which nobody answers."""
    done = subprocess.run(
        [sys.executable, "-m", "ash_ops", *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.decode()


def adopting(answers: str, *args: str) -> tuple[int, str]:
    """A command at a terminal, where a person answers."""
    main_end, its_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ash_ops", *args],
        stdin=its_end,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    os.close(its_end)
    os.write(main_end, answers.encode())
    said = process.communicate(timeout=60)[0].decode()
    os.close(main_end)
    return process.returncode, said


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1)])
def test_a_person_may_adopt_a_secret_which_is_then_tagged(
    client: Clients, answer: str, code: int
) -> None:
    secrets = client("secretsmanager")
    arn = secrets.create_secret(Name="ash-cloud/server", SecretString="{}")["ARN"]

    ended, said = adopting(answer, "deploy", "--yes", "--adopt")

    assert ended == code, said
    assert "The secret ash-cloud/server is not ours" in said
    tags: list[dict[str, Any]] = secrets.describe_secret(SecretId=arn)["Tags"]
    adopted = {"Key": "ash:deployment", "Value": "ash-cloud"} in tags
    assert adopted is (code == 0)
    values = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert ("ASH_API_KEY" in values) is (code == 0)


def test_a_plan_adopts_nothing(client: Clients) -> None:
    """``--plan`` changes nothing, not even a tag that a person agreed to."""
    secrets = client("secretsmanager")
    values = json.dumps({"ANTHROPIC_API_KEY": "sk-ant-emulated"})
    arn = secrets.create_secret(Name="ash-cloud/server", SecretString=values)["ARN"]

    code, said = adopting("y\n", "deploy", "--plan", "--adopt")

    assert code == 0, said
    assert not secrets.describe_secret(SecretId=arn).get("Tags")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_first_deployment_leaves_no_secret_that_nothing_reads(
    number: signal.Signals, client: Clients, emulator: Emulator
) -> None:
    """A real signal, of Ctrl-C or of a job that is cancelled, while CloudFormation is slow to start."""
    emulator.fault("cloudformation:ExecuteChangeSet", "delay", seconds=20)
    process = subprocess.Popen(
        [sys.executable, "-m", "ash_ops", "deploy", "--yes"],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    deadline = time.monotonic() + 60
    while "cloudformation:ExecuteChangeSet" not in emulator.calls():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1].decode()

    assert process.returncode == 130, said
    told = "made by this run, is deleted again" in said or "AWS goes on by itself" in said
    assert told, said
