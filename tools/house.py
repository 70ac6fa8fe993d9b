"""Measure the house: ``python -m tools.house`` prints the table; part of ``make lint``.

The limits stand in ``LIMITS``; a figure beyond its limit fails. How each is counted is said by the
function that counts it, so that anybody can count again.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from ash_ops.aws.operations import OPERATIONS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ash_client", "ash_ops")
LONGEST = 1_000
SHORT = 6  # lines; a private helper below this with one caller hides a line rather than a thought
LIMITS: dict[str, float] = {
    "AWS operations named outside aws/": 0,
    "models of an ECS service": 1,
    "modules that declare AWS operations": 1,
    "most files in a folder": 20,
    "modules in import circles": 0,
    "function median": 8,
    "function p90": 20,
    "of them short, share of functions": 0.15,
}


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method: where it stands, its name and its length in lines."""

    path: str
    name: str
    length: int


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of a file."""
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in the syntax of a file."""
    return tuple(ast.walk(tree(path)))


@cache
def product() -> list[Path]:
    """The modules that ship, without the generated synchronous client."""
    found = (p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
    return sorted(p for p in found if "_sync" not in p.parts)


def lines() -> int:
    """Lines of the product's Python files, blank ones and comments too, generated ones too."""
    found = (p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
    return sum(len(p.read_text("utf-8").splitlines()) for p in found)


@cache
def functions() -> tuple[Function, ...]:
    """Every function and method of the product."""
    return tuple(each for path in product() for each in functions_of(path))


@cache
def functions_of(path: Path) -> tuple[Function, ...]:
    """Every function and method of a module."""
    return tuple(
        Function(
            path.relative_to(ROOT).as_posix(),
            node.name,
            (node.end_lineno or node.lineno) - node.lineno + 1,
        )
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def most_files() -> tuple[int, str]:
    """The fullest folder of the product: its Python files, and its name."""
    count = Counter(p.parent.relative_to(ROOT).as_posix() for p in product())
    # Catalogues are data, found by folder: a cause a file, a scenario a folder.
    folder, files = count.most_common(1)[0]
    return files, folder


def helper_share(below: int) -> float:
    """Private functions below a length that one place names, as a share of all functions.

    A name counts wherever the module holds it, as a call or as a value; another module may not
    hold a private name.
    """
    hidden = 0
    for path in product():
        named = Counter(
            node.id if isinstance(node, ast.Name) else node.attr
            for node in nodes(path)
            if isinstance(node, ast.Name | ast.Attribute)
        )
        hidden += sum(
            f.name.startswith("_")
            and not f.name.startswith("__")
            and f.length < below
            and named[f.name] == 1
            for f in functions_of(path)
        )
    return hidden / len(functions())


@cache
def imports() -> dict[str, frozenset[str]]:
    """Module -> the product's modules it imports, those for type checking alone left out."""
    names = {dotted(path) for path in product()}
    return {dotted(path): frozenset(_imported(path, names)) for path in product()}


def dotted(path: Path) -> str:
    """The module's name as Python imports it."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, names: set[str]) -> Iterator[str]:
    for node in _running(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from {inner} & names or {node.module} & names


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Everything but what stands there for type checking alone."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)):
            yield child
            yield from _running(child)


def circle_members() -> list[str]:
    """Modules that reach themselves by imports, those inside functions too."""
    graph = imports()
    return sorted(name for name in graph if name in _reached(name, graph))


def _reached(start: str, graph: dict[str, frozenset[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


def named_operations() -> list[str]:
    """Where an AWS operation is named as text outside ``aws/``: ``file:line name``.

    A name counts as the API spells it (``DescribeTasks``) or as boto3's method (``describe_tasks``);
    and so does every text that is given to ``call`` or ``pages`` to name one. Actions of policies
    (``ecs:DescribeTasks``) and `aws` commands are for people to read. The demo answers as AWS.
    """
    names = {name for each in OPERATIONS for name in (each.name, each.method)}
    places = (ROOT / "ash_ops" / "aws", ROOT / "ash_ops" / "demo")
    return [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.value}"
        for path in product()
        if not any(path.is_relative_to(place) for place in places)
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value in names or node in _texts_of_calls(path)
    ]


@cache
def _texts_of_calls(path: Path) -> frozenset[ast.expr]:
    """The texts among the arguments by which ``call`` and ``pages`` are told what to call."""
    return frozenset(
        argument
        for node in nodes(path)
        if isinstance(node, ast.Call)
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in ("call", "pages", "rows")
        for argument in node.args
        if isinstance(argument, ast.Constant)
    )


def service_models() -> list[str]:
    """The classes that hold how many tasks a service of a name should run: ``file:line name``."""
    return [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}"
        for path in product()
        for node in nodes(path)
        if isinstance(node, ast.ClassDef)
        if {"service_name", "desired_count"}
        <= {
            s.target.id
            for s in node.body
            if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
        }
    ]


def declaring_modules() -> list[str]:
    """The modules that make an ``Operation``."""
    return [
        path.relative_to(ROOT).as_posix()
        for path in product()
        if any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Operation"
            for node in nodes(path)
        )
    ]


def measures() -> dict[str, float]:
    """Every figure of the table by its name."""
    lengths = sorted(f.length for f in functions())
    modules = [len(p.read_text("utf-8").splitlines()) for p in product()]
    tests = sum(len(p.read_text("utf-8").splitlines()) for p in (ROOT / "tests").rglob("*.py"))
    return {
        "files": len(modules),
        "product lines": lines(),
        "module median": median(modules),
        "most files in a folder": most_files()[0],
        "AWS operations named outside aws/": len(named_operations()),
        "models of an ECS service": len(service_models()),
        "modules that declare AWS operations": len(declaring_modules()),
        "modules in import circles": len(circle_members()),
        "function median": median(lengths),
        "function p90": lengths[len(lengths) * 9 // 10],
        "function max": lengths[-1],
        "helpers with one caller, share of functions": round(helper_share(LONGEST), 3),
        "of them short, share of functions": round(helper_share(SHORT), 3),
        "test lines per source line": round(tests / lines(), 2),
    }


def markdown() -> str:
    """The measures as a table of the documentation; lines rounded, so that not every change shows."""
    rows = [
        f"| {name} | {_rounded(name, value)} | {f'{LIMITS[name]:g}' if name in LIMITS else ''} |"
        for name, value in measures().items()
    ]
    return "\n".join(("| | now | at most |", "| --- | --- | --- |", *rows))


def _rounded(name: str, value: float) -> str:
    if name == "product lines":
        return f"{value / 1000:.0f}k"
    return f"{round(value / 10) * 10:g}" if name in {"files", "module median"} else f"{value:.2g}"


def main(*options: str) -> int:
    """Print the table; 1 when a figure is beyond its limit. ``--markdown`` prints it for the documentation."""
    if "--markdown" in options:
        print(markdown())
        return 0
    found = measures()
    broken = [name for name, limit in LIMITS.items() if found[name] > limit]
    for name, value in found.items():
        limit = f"(at most {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"{'!' if name in broken else ' '} {name:52} {value:>8g} {limit}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
