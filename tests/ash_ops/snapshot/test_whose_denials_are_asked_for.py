"""CloudTrail is asked once: for the calls of the task that failed, else of whoever deploys the stack that failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ash_ops.aws import cloudtrail
from ash_ops.errors import ReadFailed
from ash_ops.facts.rollouts import DeniedCall
from ash_ops.facts.stacks import Stack
from ash_ops.facts.start import Identity
from ash_ops.facts.tasks import Task
from ash_ops.snapshot.readings.denials import denied_calls
from tests.ash_ops.snapshot.test_small_readings import Context

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
ROOT = Identity(arn="arn:aws:iam::123456789012:root")
PERSON = Identity(arn="arn:aws:sts::123456789012:assumed-role/Deploy/jane")
CRASHED = Task(task_arn="a/crashed", stop_code="EssentialContainerExited", last_status="STOPPED")
ASKED = Task(task_arn="a/asked", stop_code="UserInitiated", last_status="STOPPED")
SICK = Task(task_arn="a/sick", health_status="UNHEALTHY", last_status="RUNNING")
SOUND = Task(task_arn="a/sound", health_status="HEALTHY", last_status="RUNNING")
FAILED, ROLLED, DONE = (Stack(status=s) for s in ("CREATE_FAILED", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE"))  # fmt: skip
SAID: Any = {"at": NOW, "action": "x:Y", "code": "AccessDenied", "message": ""}
OURS, OTHERS = (
    DeniedCall(source=cloudtrail.CLOUDFORMATION, **SAID),
    DeniedCall(source="ecs.amazonaws.com", **SAID),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    calls: list[Any] = []

    def denied(_: Any, session: str, since: datetime) -> tuple[DeniedCall, ...]:
        calls.append((session, since))
        return (OTHERS, OURS)

    monkeypatch.setattr(cloudtrail, "denied_calls", denied)
    return calls


@pytest.mark.parametrize(
    ("found", "session"),
    [
        ({"stopped_tasks": (ASKED, CRASHED), "tasks": (SICK,)}, "crashed"), ({"stopped_tasks": (ASKED,), "tasks": (SOUND, SICK)}, "sick"),
        ({"tasks": (SICK,), "stack": FAILED, "identity": PERSON}, "sick"), ({"tasks": (SOUND,), "stack": FAILED, "identity": PERSON}, "jane"),
        ({"stack": ROLLED, "identity": PERSON}, "jane"), ({"stack": FAILED, "identity": ROOT}, ROOT.arn), ({"stack": DONE, "identity": PERSON}, None), ({"identity": PERSON}, None), ({"stack": FAILED}, None), ({"tasks": (SOUND,)}, None),
    ],
)  # fmt: skip
def test_the_task_that_failed_comes_before_the_stack_and_where_nothing_failed_nobody_is_asked(
    asked: list[Any], found: dict[str, Any], session: str | None
) -> None:
    context: Any = Context(**found)
    context.clock = lambda: NOW
    if session is None:
        with pytest.raises(ReadFailed) as failed:
            denied_calls(context)
        assert (failed.value.call, failed.value.kind, asked) == ("cloudtrail:LookupEvents", "skipped", [])  # fmt: skip
        return
    told = denied_calls(context)
    assert asked == [(session, NOW - timedelta(hours=2))]
    # Of whoever deploys, only what CloudFormation called in that name.
    assert told == ((OURS,) if "stack" in found and session != "sick" else (OTHERS, OURS))
