"""How long each step of the proof is given, what ends the wait, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.stub import Stubber

from ash_client.testing import AshServer
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.run import verify as verifying
from ash_ops.deploy.run.verify import Proof, Wanted, verify
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.fleet import Fleet, Member, Registered, RunnerTask
from ash_ops.names import Deployment
from ash_ops.secret import Secret
from tests.support.deploying import FakeTime, service

Script = Callable[[str], Stubber]
SEVEN = "arn:aws:ecs:us-east-1:123456789012:task-definition/ash-cloud-runtime:7"
DONE = service(rolloutState="COMPLETED", runningCount=1, pendingCount=0)
KEY = "right-key"
PATIENCE = 9.0


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer(api_key=KEY) as running:
        yield running


class Proving:
    """One proof with nine seconds a step, and what was shown meanwhile."""

    def __init__(self, aws: Aws, stub: Script, time_: FakeTime) -> None:
        self.aws, self.stub, self.time = aws, stub, time_
        self.shown: list[str] = []

    def run(
        self, url: str | None, *, key: str = KEY, image: str = "x/ash:latest", **more: Any
    ) -> list[Proof]:
        wanted = Wanted(
            deployment=Deployment(),
            task_definition=SEVEN,
            url=url,
            image=image,
            key=Secret(key),
            canary=False,
            **more,
        )
        return list(verify(self.aws, wanted, self.time.clock, self.shown.extend, PATIENCE))

    def services(self, *answers: dict[str, object]) -> None:
        for answer in answers:
            self.stub("ecs").add_response("describe_services", answer)

    def targets(self, *states: str) -> None:
        for state in states:
            row = {"Target": {"Id": "10.0.0.1"}, "TargetHealth": {"State": state}}
            answer = {"TargetHealthDescriptions": [row]}
            self.stub("elbv2").add_response("describe_target_health", answer)


@pytest.fixture
def proving(aws: Aws, stub: Script, time_: FakeTime) -> Proving:
    return Proving(aws, stub, time_)


def test_a_step_is_asked_every_three_seconds_until_its_time_is_over(proving: Proving) -> None:
    proving.services(*[DONE] * 5)
    proving.targets(*["initial"] * 4)
    proofs = proving.run(None)
    assert [proof.ok for proof in proofs] == [True, False]
    assert proving.time.naps == [3.0, 3.0, 3.0]
    assert len(proving.shown) == 3
    assert proving.shown[0] == f"  waiting  {proofs[1].check.title}: {proofs[1].text}"


def test_a_key_that_is_refused_has_a_quarter_of_the_time(
    proving: Proving, server: AshServer
) -> None:
    """The server answers by then: 9 / 4 = 2.25 seconds are over after the first pause."""
    proving.services(DONE, DONE)
    proving.targets("healthy")
    assert [p.ok for p in proving.run(server.url, key="wrong-key")] == [True, True, True, False]
    assert proving.time.naps == [3.0]
    # Once for its health, and anew at each look with the key.
    assert len([r for r in server.requests if r.path == "/health"]) == 3


def test_another_version_stays_another_however_long_one_waits(
    proving: Proving, server: AshServer
) -> None:
    proving.services(DONE, DONE)
    proving.targets("healthy")
    proofs = proving.run(server.url, image="x/ash:9.9.9")
    assert [proof.ok for proof in proofs] == [True, True, False]
    assert proving.time.naps == []


@pytest.mark.parametrize(
    ("code", "waits"),
    [("ThrottlingException", True), ("AccessDeniedException", False), ("Strange", False)],
)
def test_only_a_failure_that_passes_is_waited_for(proving: Proving, code: str, waits: bool) -> None:
    for _ in range(4 if waits else 1):
        proving.stub("ecs").add_client_error("describe_services", code, "no", 400)
    (proof,) = proving.run(None)
    assert proof.ok is None
    assert proving.time.naps == [3.0] * (3 if waits else 0)
    assert "ecs:DescribeServices" in str(proof.report.unknown)


def test_each_step_tells_what_was_there(proving: Proving, server: AshServer) -> None:
    proving.services(DONE, DONE)
    proving.targets("healthy")
    seen = {proof.check.id: proof.seen for proof in proving.run(server.url)}
    assert seen["revision"].startswith("ash-cloud-runtime:7 completed: 1 of 1 running")
    assert seen["targets"] == "10.0.0.1 healthy"
    assert seen["health"].startswith(f"{server.url} ")
    assert ", version " in seen["health"]
    assert seen["key"] == "the key is accepted"


def test_what_a_step_says_is_its_finding_then_its_gap_then_what_was_seen(
    proving: Proving, server: AshServer
) -> None:
    proving.services(DONE, DONE)
    proving.targets("healthy")
    proofs = proving.run(server.url, key="wrong-key")
    assert proofs[0].text == proofs[0].seen
    assert proofs[-1].text == proofs[-1].report.findings[0].summary
    proving.stub("ecs").add_client_error("describe_services", "AccessDeniedException", "no", 400)
    (blind,) = proving.run(None)
    assert blind.text == blind.report.unknown[0].reason


def fleet(registered: int, wanted: int) -> Fleet:
    task = RunnerTask(task_arn="t", last_status="RUNNING")
    now = datetime(2026, 11, 27, tzinfo=UTC)
    row = Registered(
        runner_id="r", host="10.0.0.2", port=4200, active=0, most=4, last_heartbeat=now
    )
    rows: list[Registered | None] = [row] * registered + [None] * (wanted - registered)
    members = tuple(Member(id=str(n), task=task, registered=row) for n, row in enumerate(rows))
    return Fleet(wanted=wanted, members=members, read_at=now)


@pytest.fixture
def fleets(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Mock]:
    """What is seen of the runners, at each look."""

    def seen(*looks: Fleet | Exception) -> Mock:
        read = Mock(side_effect=looks)
        monkeypatch.setattr(verifying, "read_fleet", read)
        return read

    return seen


def test_runners_are_waited_for_until_as_many_are_registered_as_are_wanted(
    proving: Proving, server: AshServer, fleets: Callable[..., Mock]
) -> None:
    proving.services(DONE, DONE)
    proving.targets("healthy")
    read = fleets(fleet(1, 3), fleet(2, 3), fleet(3, 3))
    proofs = proving.run(server.url, runners=3)
    assert [(p.check.id, p.ok) for p in proofs[3:]] == [("key", True), ("runners", True)]
    assert (proofs[4].seen, proofs[4].text) == ("3 of 3", "3 of 3")
    assert proving.time.naps == [3.0, 3.0]
    assert "1 of 3 runners are registered" in proving.shown[0]
    assert "2 of 3 runners are registered" in proving.shown[1]
    assert {call.args[:2] for call in read.call_args_list} == {(proving.aws, Deployment())}


def test_where_one_server_runs_everything_nobody_looks_for_runners(
    proving: Proving, server: AshServer, fleets: Callable[..., Mock]
) -> None:
    proving.services(DONE, DONE)
    proving.targets("healthy")
    read = fleets()
    proofs = proving.run(server.url)
    assert [proof.check.id for proof in proofs] == ["revision", "targets", "health", "key"]
    assert not read.called
    assert not any(request.path == "/api/sessions" and request.method == "POST" for request in server.requests)  # fmt: skip


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ReadFailed("ecs:ListTasks", "denied", "AccessDenied", "no"), "ecs:ListTasks"),
        (
            OpsError("It has no runners", "one server runs everything", "x"),
            "It has no runners: one",
        ),
    ],
)
def test_runners_that_cannot_be_counted_are_neither_proven_nor_refuted(
    proving: Proving, server: AshServer, fleets: Callable[..., Mock], failure: Exception, told: str
) -> None:
    proving.services(DONE, DONE)
    proving.targets("healthy")
    fleets(*[failure] * 4)
    proof = proving.run(server.url, runners=2)[-1]
    assert (proof.check.id, proof.ok, proof.seen) == ("runners", None, "")
    assert told in proof.text


def test_a_service_of_which_no_deployment_is_told_is_shown_without_words(proving: Proving) -> None:
    proving.services(*[{"services": [{**DONE["services"][0], "deployments": []}]}] * 4)
    (proof,) = proving.run(None)
    assert (proof.check.id, proof.ok, proof.seen) == ("revision", False, "")
