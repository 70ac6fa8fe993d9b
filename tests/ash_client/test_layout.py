"""The SDK's rooms: no import circle, and no folder too full to be looked over."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import ash_client

PACKAGE = Path(ash_client.__file__).parent
MOST_FILES_IN_TESTING = 20


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def imported_by(path: Path) -> set[str]:
    """The package's modules a module imports, also inside functions; not what only type checkers read."""
    tree = ast.parse(path.read_text("utf-8"))
    unread = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for statement in branch.body
        for node in ast.walk(statement)
    }
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in unread:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= inside & MODULES.keys() or {node.module}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names & MODULES.keys()


def test_no_module_is_in_an_import_circle() -> None:
    graph = {name: imported_by(path) - {name} for name, path in MODULES.items()}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError, naming the circle
    assert set(order) == set(MODULES)


def test_the_graph_sees_imports() -> None:
    """A reader that saw nothing would find no circle either."""
    assert "ash_client._stream.sse" in imported_by(MODULES["ash_client._stream.transcript"])
    assert "ash_client._wire.decode" in imported_by(MODULES["ash_client._async.base"])


def test_the_rooms_of_the_stand_in_can_be_looked_over() -> None:
    files = Counter(path.parent.name for path in (PACKAGE / "testing").rglob("*.py"))
    assert set(files) == {"testing", "_fleet", "_http", "_model", "_operations"}
    assert max(files.values()) <= MOST_FILES_IN_TESTING
    top = {path.stem for path in (PACKAGE / "testing").glob("*.py")}
    assert top == {"__init__", "__main__", "server", "faults", "answers", "record", "runner"}
