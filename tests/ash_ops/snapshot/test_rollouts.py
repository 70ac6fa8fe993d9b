"""Service deployments, the two revisions that are compared, hooks, and denied calls, as they are read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ash_ops.facts.model import plain
from tests.ash_ops.fakes import world as w
from tests.ash_ops.fakes.aws import FakeAws
from tests.ash_ops.snapshot.conftest import Collect

P = "ash-cloud"
NAME = f"{P}/{P}-runtime"


def rollout(number: int, status: str) -> dict[str, Any]:
    return {
        "serviceDeploymentArn": w.arn("ecs", f"service-deployment/{NAME}/d{number}"),
        "createdAt": w.START + timedelta(hours=number),
        "status": status,
        "targetServiceRevision": {"arn": w.arn("ecs", f"service-revision/{NAME}/{number}")},
    }


def brief(full: dict[str, Any]) -> dict[str, Any]:
    target = full["targetServiceRevision"]["arn"]
    kept = {key: value for key, value in full.items() if key != "targetServiceRevision"}
    return {**kept, "targetServiceRevisionArn": target}


def revision(number: int, definition: int) -> dict[str, Any]:
    return {
        "serviceRevisionArn": w.arn("ecs", f"service-revision/{NAME}/{number}"),
        "taskDefinition": w.arn("ecs", f"task-definition/{P}-runtime:{definition}"),
    }


def history(*states: str) -> dict[str, Any]:
    """Deployments, oldest first, told in no order; the revision n runs the definition n + 4."""
    full = [rollout(number, state) for number, state in enumerate(states, 1)]
    return {
        "ecs:ListServiceDeployments": {"serviceDeployments": [brief(each) for each in full]},
        "ecs:DescribeServiceDeployments": {"serviceDeployments": full, "failures": []},
        "ecs:DescribeServiceRevisions": {
            "serviceRevisions": [revision(n, n + 4) for n in range(1, len(full) + 1)],
            "failures": [],
        },
        "ecs:DescribeTaskDefinition": definition,
    }


def definition(request: dict[str, Any]) -> dict[str, Any]:
    found = w.task_definition(P)
    number = request["taskDefinition"].rsplit(":", 1)[-1]
    value = "one-value-hunter2" if number == "5" else "another-value-hunter2"
    found["taskDefinitionArn"] = w.arn("ecs", f"task-definition/{P}-runtime:{number}")
    found["containerDefinitions"][0]["environment"] = [{"name": "ASH_PASSWORD", "value": value}]
    return {"taskDefinition": found}


def test_deployments_come_newest_first_whatever_their_order(look: Collect) -> None:
    found = look(history("SUCCESSFUL", "STOPPED", "SUCCESSFUL")).service_deployments.value or ()
    assert [each.id for each in found] == ["d3", "d2", "d1"]


def test_the_newest_revision_is_compared_with_the_last_that_worked(look: Collect) -> None:
    pair = look(history("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL")).revision_pair.value
    assert pair is not None
    assert pair.before.task_definition_arn.endswith(":5")
    assert pair.after.task_definition_arn.endswith(":7")
    assert pair.changed_environment == ("ASH_PASSWORD",)
    assert "hunter2" not in str(plain(pair))


@pytest.mark.parametrize("states", [(), ("SUCCESSFUL",), ("STOPPED", "IN_PROGRESS")])
def test_without_another_revision_that_worked_there_is_nothing_to_compare(
    states: tuple[str, ...], look: Collect
) -> None:
    reading = look(history(*states)).revision_pair
    assert reading.value is None
    assert reading.gap is None


@pytest.mark.parametrize(
    "operation",
    ["ListServiceDeployments", "DescribeServiceDeployments", "DescribeServiceRevisions"],
)
def test_what_was_denied_is_a_gap_that_names_its_action(operation: str, look: Collect) -> None:
    snapshot = look(history("SUCCESSFUL", "SUCCESSFUL"), {f"ecs:{operation}": "denied"})
    gaps = [snapshot.service_deployments.gap, snapshot.service_revisions.gap]
    assert f"ecs:{operation}" in {gap.action for gap in gaps if gap}


def test_denied_calls_are_asked_for_by_the_task_that_failed(look: Collect) -> None:
    asked: list[dict[str, Any]] = []

    def lookup(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return {"Events": []}

    dead = w.stopped(P, 9, stopCode="EssentialContainerExited", stoppedReason="gone")
    answers = w.with_tasks({"cloudtrail:LookupEvents": lookup}, [], [dead])
    assert look(answers).denied_calls.value == ()
    (request,) = asked
    assert request["LookupAttributes"][0]["AttributeValue"] == dead["taskArn"].rsplit("/", 1)[-1]


def test_nobody_asks_cloudtrail_while_nothing_has_failed(
    shared_fake: FakeAws, look: Collect
) -> None:
    gap = look().denied_calls.gap
    assert gap is not None
    assert gap.kind == "skipped"
    assert "cloudtrail:LookupEvents" not in shared_fake.calls


def test_the_results_of_failed_hooks_alone_are_read(look: Collect) -> None:
    asked: list[str] = []

    def result(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request["HookResultId"])
        return {"HookResultId": request["HookResultId"], "Status": "HOOK_COMPLETE_FAILED"}

    events = [
        {
            "StackId": "s",
            "StackName": P,
            "EventId": str(number),
            "LogicalResourceId": "LoadBalancer",
            "Timestamp": w.START,
            "HookInvocationId": f"{number}" * 36,
            "HookStatus": status,
        }
        for number, status in enumerate(("HOOK_COMPLETE_SUCCEEDED", "HOOK_COMPLETE_FAILED"))
    ]
    answers = {
        "cloudformation:DescribeStackEvents": {"StackEvents": events},
        "cloudformation:GetHookResult": result,
    }
    found = look(answers).hook_results.value or ()
    assert [each.hook_result_id for each in found] == asked == ["1" * 36]
