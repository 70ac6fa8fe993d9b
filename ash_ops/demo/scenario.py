"""Scenarios: what to break, and what doctor must say. Data, one TOML file each in ``scenarios/``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ash_ops.errors import UsageProblem

_FOLDER = Path(__file__).parent / "scenarios"
_KEYS = frozenset(
    {
        *("title", "story", "cause", "exit_code", "rank", "deploy_fails"),
        *("prepare", "break", "environment", "fault", "playbooks", "deploy", "choices"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One broken deployment.

    Attributes:
        name: the name of its file.
        title: one line for ``ash-ops demo --list``.
        story: what happened, as the person at 3 a.m. meets it.
        cause: the cause doctor must lead with; ``None`` when nothing is wrong.
        exit_code: what doctor must exit with.
        rank: its place in lists; the tour takes the first three.
        deploy_fails: whether ``ash-ops deploy`` itself is what fails.
        playbooks: the playbooks doctor is asked for; all of them if there are none.
        prepare: mutations made before the deployment.
        steps: mutations that break it, in order (``[[break]]`` in the file).
        faults: AWS calls that fail while doctor looks.
        environment: variables that the person has set besides those of the demo.
        deploy: options of ``ash-ops deploy`` besides those of every demo.
        choices: what a person who repairs it would put for the placeholders of a printed command.
    """

    name: str
    title: str
    story: str
    cause: str | None
    exit_code: int
    rank: int
    deploy_fails: bool = False
    playbooks: tuple[str, ...] = ()
    prepare: tuple[dict[str, Any], ...] = ()
    steps: tuple[dict[str, Any], ...] = ()
    faults: tuple[dict[str, Any], ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    deploy: tuple[str, ...] = ()
    choices: dict[str, str] = field(default_factory=dict)


def names() -> list[str]:
    """Every scenario's name, in the order of their ranks."""
    return [scenario.name for scenario in load_all()]


def load_all() -> list[Scenario]:
    """Every scenario, in the order of their ranks."""
    found = [_read(path) for path in _FOLDER.glob("*.toml")]
    return sorted(found, key=lambda scenario: (scenario.rank, scenario.name))


def load(name: str) -> Scenario:
    """One scenario by its name.

    Raises:
        UsageProblem: there is none of that name.
    """
    path = _FOLDER / f"{name}.toml"
    if path.parent != _FOLDER or not path.is_file():
        raise UsageProblem(
            f"There is no scenario {name!r}",
            f"there are {', '.join(names())}",
            "Run `ash-ops demo --list` to see what each is about.",
        )
    return _read(path)


def _read(path: Path) -> Scenario:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = set(data) - _KEYS
    if unknown:
        raise ValueError(f"{path.name} has keys that mean nothing: {', '.join(sorted(unknown))}")
    return Scenario(
        name=path.stem,
        title=data["title"],
        story=data["story"].strip(),
        cause=data.get("cause"),
        exit_code=data["exit_code"],
        rank=data.get("rank", 100),
        deploy_fails=data.get("deploy_fails", False),
        playbooks=tuple(data.get("playbooks", ())),
        prepare=tuple(data.get("prepare", ())),
        steps=tuple(data.get("break", ())),
        faults=tuple(data.get("fault", ())),
        environment=data.get("environment", {}),
        deploy=tuple(data.get("deploy", ())),
        choices=data.get("choices", {}),
    )
