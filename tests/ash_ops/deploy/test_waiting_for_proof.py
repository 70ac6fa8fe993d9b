"""What the proof of a repair waits for, how long, and what it does not wait for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.checks.base import Finding
from ash_ops.deploy.fix.proof import Looked, Waiting, wait_for_proof
from ash_ops.diagnosis import Report, Unknown, diagnose
from ash_ops.errors import OpsError
from tests.support import scenarios

SOUND = scenarios.snapshot()
YOUNG, _ = scenarios.load("first-minute-of-a-deployment")


def finding(id_: str, severity: str = "error", **more: Any) -> Finding:
    return Finding(
        id=id_,
        cause=id_,
        title=f"Title of {id_}",
        severity=severity,  # type: ignore[arg-type]  # one of the three
        confidence="confirmed",
        playbook="restarts",
        summary="Why.",
        **more,
    )


def report(*findings: Finding, unknown: Sequence[Unknown] = ()) -> Report:
    return Report(
        deployment=SOUND.deployment, status="problem", findings=findings, unknown=tuple(unknown)
    )


class World:
    """Looks, one after the other; the last one is what stays."""

    def __init__(self, *looks: Looked | OpsError) -> None:
        self._looks: Iterator[Looked | OpsError] = iter(looks)
        self._last = looks[-1]
        self.time = 1_000.0
        self.said: list[str] = []
        self.progress: list[str] = []

    def _look(self) -> Looked:
        self._last = next(self._looks, self._last)
        if isinstance(self._last, OpsError):
            raise self._last
        return self._last

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    def wait(self, before: Report, *repaired: str) -> Report:
        how = Waiting(
            self._look, self.said.append, self.progress.append, lambda: self.time, self._sleep
        )
        return wait_for_proof(how, repaired, before)


DONE = (SOUND, report())


def test_a_task_that_starts_is_waited_for_though_nothing_is_wrong() -> None:
    """What nobody could tell before the repair either is no part of its proof."""
    before = replace(diagnose(YOUNG), findings=(finding("a"),))
    assert any(unknown.vital for unknown in before.unknown)
    world = World((YOUNG, replace(before, findings=())), DONE)
    assert world.wait(before, "a") == DONE[1]
    assert world.progress == ["a task is starting"]


def test_what_could_be_told_before_and_cannot_now_is_waited_for() -> None:
    blind = Unknown(check="b", reason="throttled")
    world = World((SOUND, report(unknown=[blind])), DONE)
    world.wait(report(finding("a"), unknown=[Unknown(check="c", reason="denied")]), "a")
    assert world.progress == ["could not tell: throttled"]


def test_what_hides_no_outage_is_not_waited_for() -> None:
    blind = Unknown(check="b", reason="denied", vital=False)
    world = World((SOUND, report(unknown=[blind])))
    assert world.wait(report(finding("a")), "a").unknown == (blind,)
    assert world.progress == []


def test_what_a_repaired_error_explained_is_to_go_with_it_and_no_warning_nor_what_stands_apart() -> (
    None
):
    before = report(
        finding("a", explains=("b", "c")),
        finding("b", explained_by="a", explains=("d",)),
        finding("c", "warning", explained_by="a"),
        finding("d", explained_by="b"),
        finding("e"),
    )
    left = (SOUND, report(finding("e"), finding("c", "warning")))
    world = World((SOUND, report(finding("e"), finding("d"))), left)
    assert world.wait(before, "a") == left[1]
    assert world.progress == ["still there: Title of d [d]"]


def test_what_two_repaired_errors_explained_goes_with_both_and_what_no_report_told_is_not_waited_for() -> (
    None
):
    """One of the two explains the other too, and a repair was made for what is told no more."""
    before = report(
        finding("a", explains=("b", "c")),
        finding("b", explains=("c",)),
        finding("c", explained_by="a", explains=("d",)),
    )
    world = World((SOUND, report(finding("c"))), (SOUND, report(finding("d"), finding("x"))))
    assert [item.id for item in world.wait(before, "a", "b", "x").findings] == ["d", "x"]
    assert world.progress == ["still there: Title of c [c]"]


def test_the_wait_is_told_and_ends_after_five_minutes_with_what_is_missing() -> None:
    world = World((SOUND, report(finding("a"))))
    assert world.wait(report(finding("a")), "a").findings == (finding("a"),)
    assert world.time == 1_300.0
    first, last = world.said
    assert first.startswith("Waiting for the proof, 5 minutes at most")
    assert last == "Not proven in time: still there: Title of a [a]."


def test_a_look_that_never_succeeds_ends_it_as_late_and_with_its_own_error() -> None:
    refused = OpsError("AWS did not answer", "the network is down", "Try again.")
    world = World(refused)
    with pytest.raises(OpsError) as failed:
        world.wait(report(finding("a")), "a")
    assert failed.value is refused
    assert world.time == 1_300.0
    assert set(world.progress) == {f"could not look: {refused}"}
