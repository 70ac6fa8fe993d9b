"""A reading becomes the step that was declared; of which tasks the last lines are read."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack, StackEvent
from ash_ops.facts.start import LogLine
from ash_ops.snapshot import readings
from ash_ops.snapshot.declaration import DECLARED, PATIENCE
from ash_ops.snapshot.readings import logs, stack
from tests.ash_ops.snapshot.test_small_readings import Context, done

for each in iter_modules(readings.__path__):
    import_module(f"{readings.__name__}.{each.name}")

# Seconds after which a reading is given up: a registry of others, and a ladder of questions.
PATIENT = {"image": 3.0, "probe": 12.0}
# Those that make no call of AWS, or one of another kind first, say what they are quoted by.
QUOTED = {
    "image": "registry:GetManifest",
    "probe": "probe:GET",
    "registered_runners": "probe:GET",
    "local_key": "local:ASH_API_KEY",
}
# Clients of AWS that are made ahead; most readings wait for one that another makes.
CLIENTS = {"", "cloudformation", "cloudwatch", "ec2", "ecs", "elbv2", "logs", "sts"}


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_a_step_is_what_its_reading_declares(name: str) -> None:
    declared = DECLARED[name]
    context: Any = object()
    read: list[Any] = []
    step = replace(declared, read=lambda given: read.append(given) or "read").step(context)
    assert (step.name, step.after) == (name, declared.after)
    assert step.patience == PATIENT.get(name, PATIENCE)
    assert step.call == (QUOTED.get(name) or declared.operations[0].action)
    told: Any = step.read()
    assert told == "read"
    assert read == [context]
    assert declared.client in CLIENTS


def tasks(*ids: str) -> tuple[Any, ...]:
    return tuple(SimpleNamespace(id=id_) for id_ in ids)


@pytest.mark.parametrize(
    ("dead", "alive", "asked"),
    [
        ("abcde", "xyz", "abcdxy"), ("a", None, "a"), (None, "x", "x"), ("", "", ""),
    ],
)  # fmt: skip
def test_last_lines_are_read_of_the_four_that_died_last_and_of_two_that_run(
    monkeypatch: pytest.MonkeyPatch, dead: str | None, alive: str | None, asked: str
) -> None:
    given = {"stopped_tasks": dead, "tasks": alive}
    found: dict[str, Any] = {n: None if ids is None else tasks(*ids) for n, ids in given.items()}
    context: Any = Context(**found, task_definition="definition")
    monkeypatch.setattr(logs, "lines_of", lambda _, newest, definition: (newest, definition))
    newest, definition = logs.log_lines(context)
    assert "".join(task.id for task in newest) == asked
    assert definition == "definition"


EVENT, FAILED, BARE = (
    StackEvent(logical_id=id_, status=status)
    for id_, status in (("1", "CREATE_COMPLETE"), ("2", "CREATE_FAILED"), ("3", ""))
)
FOUND, OF_DELETED = StackEvent(logical_id="v"), StackEvent(logical_id="d")


@pytest.mark.parametrize(
    ("events", "status", "there", "told"),
    [
        ((EVENT,), "REVIEW_IN_PROGRESS", True, (EVENT, FOUND)), ((EVENT, BARE), "REVIEW_IN_PROGRESS", True, (EVENT, BARE, FOUND)), ((EVENT, FAILED), "REVIEW_IN_PROGRESS", True, (EVENT, FAILED)),
        ((EVENT,), "CREATE_COMPLETE", True, (EVENT,)), ((EVENT,), None, True, (EVENT,)), ((), None, True, None), ((), None, False, (OF_DELETED,)),
    ],
)  # fmt: skip
def test_a_validation_that_no_event_tells_and_a_stack_that_deleted_itself_are_looked_for(
    monkeypatch: pytest.MonkeyPatch, events: Any, status: str | None, *, there: bool, told: Any
) -> None:
    monkeypatch.setattr(stack.cloudformation, "validation_events", lambda *_: (FOUND,))
    monkeypatch.setattr(stack.cloudformation, "deleted_stack_id", lambda *_: "arn:stack")
    monkeypatch.setattr(stack.cloudformation, "latest_events", lambda *_: [OF_DELETED])
    named: Any = Stack(status=status) if status else None
    context: Any = Context(_stack_events=events, stack=named, cluster="c", service="s" if there else None)  # fmt: skip
    assert stack.stack_events(context) == told


def test_of_several_streams_the_first_failure_counts_and_one_that_is_not_there_has_no_lines() -> None:  # fmt: skip
    def failed(kind: str) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(ReadFailed(kind, kind, "X", "x"))
        return future

    early, late = (LogLine(at=datetime(2026, 11, 27, hour, tzinfo=UTC), stream="s", message="m") for hour in (1, 2))  # fmt: skip
    assert logs._joined([done([late]), failed("missing"), done([early])]) == (early, late)
    with pytest.raises(ReadFailed) as raised:
        logs._joined([done([late]), failed("denied"), failed("throttled")])
    assert raised.value.kind == "denied"
