"""The two templates that ship, built from parts in which what they share stands once.

The parts lie in ``tools/template_parts``: CloudFormation as it ships, except for two kinds of lines that begin in
the first column. ``#if MODE``, ``#else`` and ``#end`` hold what only one template has; ``#sizes of Fargate``
stands for the rules about ``Cpu`` and ``Memory``, which are made from the product's own table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ash_ops.sizes.fargate import LEGAL_CPU, legal_memory
from ash_ops.template_parameters import MODES, STANDALONE, declarations

PARTS = Path(__file__).parent / "template_parts"
SHARED = (
    "about",
    "parameters",
    "conditions",
    "record",
    "roles",
    "network",
    "domain",
    "files",
    "alarms",
)
ORDER = {
    "standalone": (*SHARED, "instances", "managed", "server", "outputs"),
    "multi-machine": (*SHARED, "database", "instances", "server", "runners", "outputs"),
}
_DOCUMENTED = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"
)
_WIDE = 100  # columns of a line that lists sizes


def files() -> dict[str, str]:
    """Both templates, and their parameters as data that is read in a millisecond."""
    built = {mode: build(mode) for mode in MODES}
    parameters = {mode: declarations(body) for mode, body in built.items()}
    made = {f"ash_ops/templates/{mode}.yaml": body for mode, body in built.items()}
    text = json.dumps(parameters, indent=1) + "\n"
    return {**made, "ash_ops/templates/parameters.json": text}


def build(mode: str) -> str:
    """The template of a mode."""
    parts = ((name, (PARTS / f"{name}.yaml").read_text("utf-8")) for name in ORDER[mode])
    return "".join(f"{line}\n" for name, text in parts for line in _lines(name, text, mode))


def _lines(part: str, text: str, mode: str) -> Iterator[str]:
    """The lines of a part that one template has."""
    only: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        word, _, rest = line.partition(" ")
        if word in ("#if", "#else", "#end"):
            only = _turned(word, rest, only, f"{part}.yaml:{number}")
        elif only not in (None, mode):
            continue
        elif line == "#sizes of Fargate":
            yield from _sizes(mode)
        elif line.startswith("#"):
            raise ValueError(f"{part}.yaml:{number}: {line!r} is no line that a part has")
        else:
            yield line
    if only:
        raise ValueError(f"{part}.yaml: an #if has no #end")


def _turned(word: str, mode: str, only: str | None, place: str) -> str | None:
    """Whose lines follow."""
    if (word == "#if") != (only is None) or (word == "#if" and mode not in MODES):
        raise ValueError(f"{place}: {word} {mode} cannot stand here")
    if word == "#else":
        return next(other for other in MODES if other != only)
    return mode if word == "#if" else None


def _sizes(mode: str) -> Iterator[str]:
    """A rule for each number of CPU units: the memory that goes with it."""
    yield f"  # {_DOCUMENTED}"
    for cpu in LEGAL_CPU:
        sizes = legal_memory(cpu)
        chosen = f"!Equals [!Ref Cpu, '{cpu}']"
        if mode == STANDALONE:
            chosen = f"!And [!Equals [!Ref LaunchType, FARGATE], {chosen}]"
        yield f"  Cpu{cpu}:"
        yield f"    RuleCondition: {chosen}"
        yield "    Assertions:"
        yield "      - Assert:"
        yield from _contains(", ".join(f"'{size}'" for size in sizes))
        yield f"        AssertDescription: With Cpu {cpu}, Memory is {_told(sizes)}."


def _contains(sizes: str) -> Iterator[str]:
    line = f"          Fn::Contains: [[{sizes}], !Ref Memory]"
    if len(line) <= _WIDE:
        yield line
    else:
        yield from (
            "          Fn::Contains:",
            f"            - [{sizes}]",
            "            - !Ref Memory",
        )


def _told(sizes: tuple[int, ...]) -> str:
    if len(sizes) <= 3:
        return f"{', '.join(map(str, sizes[:-1]))} or {sizes[-1]}"
    return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"
