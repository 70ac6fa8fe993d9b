"""Success means that this revision serves, its targets are healthy, and the server answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unittest.mock import Mock

import pytest
from botocore.stub import Stubber

from ash_client.testing import AshServer
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.run import verify as verifying
from ash_ops.deploy.run.verify import Proof, Wanted, verify
from ash_ops.names import Deployment
from ash_ops.secret import Secret
from ash_ops.snapshot.canary import send_canary
from tests.support.deploying import FakeTime, service

Script = Callable[[str], Stubber]
SEVEN = "arn:aws:ecs:us-east-1:123456789012:task-definition/ash-cloud-runtime:7"
DONE = service(rolloutState="COMPLETED", runningCount=1, pendingCount=0)
KEY = "right-key"


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer(api_key=KEY) as running:
        yield running


def wanted(url: str | None, **more: object) -> Wanted:
    known = {
        "task_definition": SEVEN,
        "image": "ghcr.io/ash-ai-org/ash:latest",
        "key": Secret(KEY),
        "canary": False,
        **more,
    }
    return Wanted(deployment=Deployment(), url=url, **known)  # type: ignore[arg-type]  # a table of values


def health(*states: str) -> dict[str, object]:
    found = [{"Target": {"Id": "10.0.0.1"}, "TargetHealth": {"State": s}} for s in states]
    return {"TargetHealthDescriptions": found}


def script(stub: Script, *states: str) -> None:
    stub("ecs").add_response("describe_services", DONE)
    stub("ecs").add_response("describe_services", DONE)
    stub("elbv2").add_response("describe_target_health", health(*states))


def prove(aws: Aws, time_: FakeTime, what: Wanted) -> list[Proof]:
    return list(verify(aws, what, time_.clock, lambda _lines: None, patience=9.0))


def test_every_step_is_proven(
    aws: Aws, stub: Script, time_: FakeTime, server: AshServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session runs an agent of its own, and has two minutes: the first one fetches what it runs."""
    asked = Mock(side_effect=send_canary)
    monkeypatch.setattr(verifying, "send_canary", asked)
    script(stub, "healthy")
    proofs = prove(aws, time_, wanted(server.url, canary=True))
    assert [proof.ok for proof in proofs] == [True] * 5
    assert "a session of ash-ops-canary-" in proofs[-1].text
    assert proofs[-1].seen == proofs[-1].text
    assert [call.kwargs for call in asked.call_args_list] == [
        {"own_agent": True, "patience": 120.0}
    ]


def test_another_revision_that_serves_is_no_success(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    """After the circuit breaker's rollback all is healthy, and it is not what was deployed."""
    for _ in range(4):
        stub("ecs").add_response("describe_services", DONE)
    proofs = prove(aws, time_, wanted(None, task_definition=SEVEN.replace(":7", ":8")))
    assert [proof.ok for proof in proofs] == [False]
    assert "ash-cloud-runtime:7 serves, not ash-cloud-runtime:8" in proofs[0].text


def test_a_target_is_given_time(aws: Aws, stub: Script, time_: FakeTime, server: AshServer) -> None:
    script(stub, "initial")
    stub("ecs").add_response("describe_services", DONE)
    stub("elbv2").add_response("describe_target_health", health("healthy"))
    assert all(proof.ok for proof in prove(aws, time_, wanted(server.url)))
    assert time_.naps == [3.0]


def test_a_denied_read_could_not_tell(aws: Aws, stub: Script, time_: FakeTime) -> None:
    """And asking again would not help: it is asked once."""
    stub("ecs").add_client_error("describe_services", "AccessDeniedException", "no", 400)
    (proof,) = prove(aws, time_, wanted(None))
    assert proof.ok is None
    assert time_.naps == []


@pytest.mark.parametrize(("reachable", "ok"), [(True, False), (False, None)])
def test_silence_proves_something_only_to_who_is_let_in(
    aws: Aws, stub: Script, time_: FakeTime, reachable: bool, ok: bool | None
) -> None:
    script(stub, "healthy")
    proofs = prove(aws, time_, wanted("http://127.0.0.1:1", reachable=reachable))
    assert proofs[-1].ok is ok


def test_a_wrong_key_is_a_problem(
    aws: Aws, stub: Script, time_: FakeTime, server: AshServer
) -> None:
    script(stub, "healthy")
    proofs = prove(aws, time_, wanted(server.url, key=Secret("wrong-key")))
    assert proofs[-1].ok is False
    assert "wrong-key" not in proofs[-1].text


def test_an_unknown_key_is_said_to_be_unknown(
    aws: Aws, stub: Script, time_: FakeTime, server: AshServer
) -> None:
    script(stub, "healthy")
    assert prove(aws, time_, wanted(server.url, key=None))[-1].ok is None
    # There is nothing to ask with: the server was asked for its health, and not again.
    assert len([r for r in server.requests if r.path == "/health"]) == 1


def test_a_version_that_the_tag_does_not_promise(
    aws: Aws, stub: Script, time_: FakeTime, server: AshServer
) -> None:
    script(stub, "healthy")
    proofs = prove(aws, time_, wanted(server.url, image="ghcr.io/ash-ai-org/ash:v9.9.9"))
    assert proofs[-1].ok is False
    assert "9.9.9 was wanted" in proofs[-1].text
