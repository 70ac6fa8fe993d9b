"""Several things wrong at once are mended in one go; what ECS took back troubles nobody."""

from __future__ import annotations

from typing import Any

from ash_ops.checks.connection._chain import is_cut_off
from ash_ops.diagnosis import diagnose
from tests.support import scenarios
from tests.support.changed_facts import findings

_REVISION = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:"
_TAKEN_BACK = "rolled-back-because-the-new-revision-ran-out-of-memory"


def wanted(revision: int) -> dict[str, Any]:
    """A stack that wants a revision of the task definition."""
    output = {"OutputKey": "TaskDefinitionArn", "OutputValue": f"{_REVISION}{revision}"}
    return {"stack": {"value": {"Outputs": [output]}}}


class TestARevisionThatEcsTookBack:
    def test_troubles_nobody_where_the_stack_wants_the_one_that_runs(self) -> None:
        change, _ = scenarios.parts(_TAKEN_BACK)
        snapshot, found = findings(change, wanted(7))
        assert diagnose(snapshot).status == "healthy"
        assert "container-oom" in {each.cause for each in found}

    def test_is_still_waited_for_where_the_stack_wants_it(self) -> None:
        change, _ = scenarios.parts(_TAKEN_BACK)
        snapshot, _ = findings(change, wanted(8))
        assert diagnose(snapshot).status == "problem"


def test_whoever_gets_no_byte_is_cut_off_whatever_the_targets_health_was() -> None:
    """Health changes only after several checks: the rules are believed before it does."""
    reset = {"name": "http", "outcome": "failed", "error": "ConnectionResetError"}
    silent, _ = findings({"probe": {"value": {"url": "http://x:4100", "rungs": [reset]}}})
    healthy, _ = findings({})
    assert is_cut_off(silent)
    assert not is_cut_off(healthy)
