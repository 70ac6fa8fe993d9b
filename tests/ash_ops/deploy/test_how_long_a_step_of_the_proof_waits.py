"""How long each step of the proof is given, what ends the wait, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botocore.stub import Stubber

from ash_client.testing import AshServer
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.run.verify import Proof, Wanted, verify
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

    def run(self, url: str | None, *, key: str = KEY, image: str = "x/ash:latest") -> list[Proof]:
        wanted = Wanted(
            deployment=Deployment(),
            task_definition=SEVEN,
            url=url,
            image=image,
            key=Secret(key),
            canary=False,
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
