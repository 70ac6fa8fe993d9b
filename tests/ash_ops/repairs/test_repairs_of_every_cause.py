"""The repair of every cause of the catalogue, on a deployment of every shape."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest

from ash_ops.causes import CAUSES
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Fix, Interruption
from ash_ops.checks.commands import command_of
from ash_ops.commands.deploy import options_of
from ash_ops.deploy.plan.request import read_request
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.interruptions import interruption
from ash_ops.settings import Options, load
from tests.support import scenarios
from tests.support.aws_parameters import problems_of
from tests.support.commands import parsed_options, problem_with

_BLANK = re.compile(r"<[^<>]*>")
# The `aws` command's own, of no service's model.
_CUSTOM = ("aws sso login", "aws cloudformation deploy")
_ON_THE_MACHINE = ("curl", "docker", "export", "session-manager-plugin", "sudo", "sysctl")
_ON_EC2 = {"service": {"value": {"launchType": "EC2", "capacityProviderStrategy": []}}}
SHAPES = {
    "on Fargate": scenarios.snapshot(),
    "on EC2": scenarios.snapshot(_ON_EC2),
    "a coordinator": scenarios.load("coordinator-without-runners")[0],
    "of Terraform": scenarios.load("public-terraform")[0],
    "named": scenarios.snapshot({"deployment": {"name": "blue", "region": "eu-west-1"}}),
}
# What the stack that made each would have as its parameters.
PREVIOUS = {
    "on Fargate": {"LaunchType": "FARGATE", "Mode": "standalone"},
    "on EC2": {"LaunchType": "EC2", "Mode": "standalone"},
    "a coordinator": {"Mode": "multi-machine", "RunnerSubnetIds": "subnet-1,subnet-2"},
    "named": {"LaunchType": "FARGATE", "Mode": "standalone"},
}


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def printed(snapshot: Snapshot) -> Iterator[tuple[str, Fix, str]]:
    for slug in CAUSES:
        for step in repair(snapshot, slug):
            if step.command is not None:
                yield slug, step, step.command


def test_each_command_is_one_that_its_tool_takes(shape: str) -> None:
    wrong = []
    for slug, _, command in printed(SHAPES[shape]):
        if command.startswith((*_CUSTOM, *_ON_THE_MACHINE)):
            continue
        problems = [p for p in [problem_with(command)] if p]
        if command.startswith("aws ") and not _BLANK.search(command):
            problems += problems_of(shlex.split(command)[1:])
        wrong += [f"{slug}: {problem}\n   {command}" for problem in problems]
    assert wrong == []


def test_each_command_is_known_for_what_it_interrupts(shape: str) -> None:
    snapshot = SHAPES[shape]
    for slug, step, command in printed(snapshot):
        read = command_of(step)
        assert read is not None, f"{slug}: {command}"
        assert interruption(snapshot, read) is not Interruption.UNKNOWN, f"{slug}: {command}"


def test_no_command_names_a_file_or_sends_back_to_the_doctor(shape: str) -> None:
    for slug, _, command in printed(SHAPES[shape]):
        assert "file://" not in command, slug
        assert not command.startswith("ash-ops doctor"), slug


def test_what_ash_ops_would_refuse_for_the_shape_is_not_printed(shape: str) -> None:
    snapshot, previous = SHAPES[shape], PREVIOUS.get(shape)
    for slug, _, command in printed(snapshot):
        if not re.match(r"ash-ops (--name \S+ )?deploy\b", command):
            continue
        given = parsed_options(shlex.split(command)[1:])
        name = given.pop("name", None) or snapshot.deployment.name
        beside = name != snapshot.deployment.name
        assert beside or previous is not None, f"{slug}: {command}"  # Terraform's own stays its own
        read_request(load(Options(name=name), {}), options_of(given), {} if beside else previous)


def test_a_deployment_of_terraform_is_offered_no_rollout(shape: str) -> None:
    if shape == "of Terraform":
        assert not [c for _, _, c in printed(SHAPES[shape]) if c.startswith("ash-ops roll")]


def test_another_name_is_not_taken_back_by_the_own(shape: str) -> None:
    """The later of two --name wins: a command that names another deployment has but one."""
    assert not [c for _, _, c in printed(SHAPES[shape]) if c.count("--name ") > 1]
