"""What of a service is put back after a plan that left it as it was, and with consent alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from msgspec import structs

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.plan.drift import Drift
from ash_ops.deploy.run import proof as proving
from ash_ops.deploy.run import put_back as module
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.put_back import put_back_rest, put_back_service
from ash_ops.drift import Difference
from ash_ops.errors import ExitCode
from ash_ops.facts.wanted import COMPARED, SERVICE
from tests.ash_ops.deploy.test_proof_and_putting_back import (
    COUNT,
    GO,
    HEALTHY,
    STACK,
    Proven,
    many,
    report,
    rolled,
)
from tests.support.deploying import FakeTime, User

LINE = "  differs    the thing: its count is 1, the stack wants 2"


def drift() -> Drift:
    """The service's count, and a rule that is none of the service's."""
    rule, count, _ = many()
    found = (_of(rule, "AWS::EC2::SecurityGroup"), _of(count, SERVICE))
    return Drift(differences=found)


def _of(difference: Difference, kind: str) -> Difference:
    return structs.replace(difference, type=kind)


@pytest.fixture
def here(aws: Aws, time_: FakeTime, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], Proven]:
    def make(agreed: bool) -> Proven:
        made = Proven(aws, time_, User(agreed), report(HEALTHY), True)
        monkeypatch.setattr(proving, "verify", made.verify)
        made.account.answers["UpdateService"] = {"service": rolled("COMPLETED")["services"][0]}
        made.account.answers["DescribeServices"] = rolled("COMPLETED")
        return made

    return make


@pytest.mark.parametrize("differs", [True, False])
def test_after_a_plan_what_it_left_of_the_service_is_put_back_without_another_question(
    here: Callable[[bool], Proven], monkeypatch: pytest.MonkeyPatch, differs: bool
) -> None:
    world, read = here(True), []

    def read_drift(_: Any, names: Any, stack: Any, types: Any) -> Drift:
        read.append((names, stack.name, types))
        return drift() if differs else Drift(differences=drift().differences[:1])

    evidence, prove = Evidence(), Mock(side_effect=module.prove)
    monkeypatch.setattr(module, "read_drift", read_drift)
    monkeypatch.setattr(module, "prove", prove)
    assert put_back_rest(world.environment, GO, evidence) is ExitCode.OK
    # What was seen to die while the plan was carried out is told with the verdict on it.
    assert (prove.call_args.args[1] is evidence) is not differs
    names = world.environment.deployment
    assert read == [(names, names.stack, COMPARED)]
    assert (LINE in world.user.heard) is differs
    assert world.account.asked("UpdateService") == [{**COUNT, "desiredCount": 2}] * differs
    assert (len(world.wanted), world.user.asked) == (1, [])


@pytest.mark.parametrize(
    ("agreed", "choices", "code", "calls"),
    [
        (True, GO, ExitCode.OK, 1),
        (False, GO, ExitCode.FAILED, 0),
        (True, DeployChoices(plan_only=True), ExitCode.OK, 0),
    ],
)
def test_the_service_alone_is_put_back_and_only_if_that_is_agreed_to(
    here: Callable[[bool], Proven], agreed: bool, choices: DeployChoices, code: ExitCode, calls: int
) -> None:
    world = here(agreed)
    done = put_back_service(world.environment, STACK, drift(), choices, "Put the service back?")
    assert done is code
    assert world.user.heard.count(LINE) == 1
    assert world.user.asked == ["Put the service back?"] * (choices is GO)
    assert len(world.account.asked("UpdateService")) == calls
    assert "RevokeSecurityGroupIngress" not in world.did()
