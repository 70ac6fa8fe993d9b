"""Ctrl-C around every change: each command is finished by running it again, and nothing is billed untold."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import boto3
import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.demo import Emulator
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.pause.start import start
from ash_ops.deploy.pause.stop import stop
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.run.deploy import deploy
from ash_ops.errors import ExitCode
from ash_ops.report.receipt import Receipt
from tests.e2e.test_deploy_and_teardown import (
    PLANTED,
    _around,
    _assert_one_of_everything,
    _tear_down,
)
from tests.support.deploying import User
from tests.support.shared_clients import with_own_clients

_READING = ("BatchGet", "Describe", "Filter", "Get", "List", "Lookup", "Simulate")


# A first version has the request's token for its id (Secrets Manager API, CreateSecret), by which an
# interrupted run knows its own secret; the emulator gives it another. tests/ash_ops/deploy/test_keeping_keys.py
# has this step.
_UNLIKE_AWS = ("after-call", "CreateSecret")


class StopOnce:
    """Interrupts right before and right after each changing operation: once a run, each once in all."""

    def __init__(self) -> None:
        self.done = {_UNLIKE_AWS}
        self.armed = True

    def watch(self, aws: Aws) -> Aws:
        self.armed = True
        for moment in ("before-call", "after-call"):
            aws._session.register(moment, partial(self._look, moment))
        return with_own_clients(aws)

    def _look(self, moment: str, model: Any, **_: Any) -> None:
        step = (moment, model.name)
        waits = self.armed and threading.current_thread() is threading.main_thread()
        if waits and step not in self.done and not model.name.startswith(_READING):
            self.done.add(step)
            self.armed = False
            raise KeyboardInterrupt


def _insist(act: Callable[[Environment], object]) -> tuple[object, set[str]]:
    """Run it again after each interruption: its end, and the operations at which it was interrupted."""
    stops = StopOnce()
    while True:
        user = User(*[True] * 9)
        environment = _around(user)
        stops.watch(environment.aws)
        try:
            return act(environment), {name for _, name in stops.done - {_UNLIKE_AWS}}
        except KeyboardInterrupt:
            _assert_what_is_billed_was_told(user)


def _assert_what_is_billed_was_told(user: User) -> None:
    """A secret without a stack that uses it: the last thing that was said is what becomes of it."""
    stacks = boto3.client("cloudformation").describe_stacks()["Stacks"]
    if any(stack["StackStatus"] != "REVIEW_IN_PROGRESS" for stack in stacks):
        return
    secrets = boto3.client("secretsmanager").list_secrets()["SecretList"]
    if any("DeletedDate" not in secret for secret in secrets):
        ways = ("The secret ash-cloud/server", "`ash-ops teardown` again finishes it")
        assert any(way in user.heard[-1] for way in ways)


def test_interrupted_around_every_change_each_command_is_finished_by_running_it_again(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From nothing, through a stop and a start, to nothing: one deployment, interrupted at each step."""
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
    options = DeployOptions(listener_port=port)
    end, stops = _insist(lambda around: deploy(around, options, DeployChoices()))
    assert end is ExitCode.OK
    assert stops >= {"CreateChangeSet", "CreateSecret", "DeleteChangeSet", "ExecuteChangeSet"}
    _assert_one_of_everything()

    end, stops = _insist(lambda around: stop(around, DeployChoices()))
    assert (end, stops) == (ExitCode.OK, {"TagResource", "UpdateService"})
    end, stops = _insist(lambda around: start(around, DeployChoices()))
    assert (end, stops) == (ExitCode.OK, {"UntagResource", "UpdateService"})
    _assert_one_of_everything()

    receipt, stops = _insist(_tear_down)
    assert isinstance(receipt, Receipt)
    assert receipt.exit_code is ExitCode.OK
    assert stops >= {"DeleteStack", "DeleteSecret"}
    assert not boto3.client("ecs").list_clusters()["clusterArns"]
