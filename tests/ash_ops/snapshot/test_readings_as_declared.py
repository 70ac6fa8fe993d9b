"""A reading becomes the step that was declared; of which tasks the last lines are read."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.snapshot import readings
from ash_ops.snapshot.declaration import DECLARED, PATIENCE
from ash_ops.snapshot.readings import logs
from tests.ash_ops.snapshot.test_small_readings import Context

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
