"""The house: a floor imports only floors to its left, and each library lives on one floor."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.each import each

ROOT = Path(__file__).resolve().parents[2]
# From left to right; a module may import its own floor and those before it.
FLOORS = (
    (
        "errors",
        "cache",
        "secret",
        "redact",
        "documents",
        "files",
        "names",
        "modules",
        "patterns",
        "sizes",
        "template_parameters",
        "style",
        "wrapping",
        "env_file",
        "open_ranges",
        "webhook",
    ),
    ("settings", "facts", "config_file"),
    ("aws",),
    ("causes",),
    ("snapshot", "cost"),
    ("drift",),
    ("checks",),
    ("repairs",),
    ("diagnosis", "linking", "silence"),
    ("report", "examine"),
    ("logs",),
    ("iam", "assistant"),
    ("deploy",),
    ("commands",),
    ("demo",),
    ("cli",),
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
# library -> the only places that may import it.
HOMES = {
    "boto3": ("ash_ops/aws/", "ash_ops/demo/"),
    "botocore": ("ash_ops/aws/", "ash_ops/demo/"),
    "click": ("ash_ops/cli/",),
    "httpx": ("ash_client/", "ash_ops/snapshot/probe.py"),
    "httpcore": ("ash_client/",),
    "ministack": ("ash_ops/demo/",),
    "mcp": ("ash_ops/assistant/server.py",),
    "pydantic": ("ash_client/", "ash_ops/assistant/server.py"),
}


def modules() -> list[Path]:
    return sorted(
        p for package in ("ash_client", "ash_ops") for p in (ROOT / package).rglob("*.py")
    )


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Every module a file imports, wherever in the file, except for type checking alone."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def floor_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "ash_ops" and len(parts) > 1 and parts[1] in LEVEL else None


@each("path", modules())
def test_a_floor_imports_only_floors_to_its_left(path: Path) -> None:
    relative = path.relative_to(ROOT).with_suffix("")
    own = floor_of(".".join(relative.parts))
    for line, name in imports(path):
        if relative.parts[0] == "ash_client":
            assert not name.startswith("ash_ops"), f"{path}:{line} imports {name}"
        other = floor_of(name)
        if own and other:
            assert LEVEL[other] <= LEVEL[own], f"{path}:{line}: {own} imports {other}"


@each("path", modules())
def test_each_library_is_imported_only_on_its_floor(path: Path) -> None:
    relative = path.relative_to(ROOT).as_posix()
    for line, name in imports(path):
        homes = HOMES.get(name.split(".")[0])
        if homes:
            assert relative.startswith(homes), f"{relative}:{line} imports {name}"


def test_every_module_of_ash_ops_stands_on_a_floor() -> None:
    """A new folder must be given its place above, or the rule would not see it."""
    names = {p.stem if p.is_file() else p.name for p in (ROOT / "ash_ops").iterdir()}
    unplaced = names - set(LEVEL) - {"__init__", "__main__", "__pycache__", "py", "templates"}
    assert not unplaced
