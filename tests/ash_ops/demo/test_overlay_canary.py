"""The overlay's private names: a newer emulator that moves one of them must fail here first."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import ash_ops.demo
from ash_ops.demo import overlay

PINNED = "1.5.33"
FOLDER = Path(overlay.__file__).parent


def emulator_names(path: Path) -> list[tuple[str, str]]:
    """Every ``(module, attribute)`` of ministack that a file of the overlay uses."""
    tree = ast.parse(path.read_text("utf-8"))
    modules: dict[str, str] = {}
    used: list[tuple[str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack"):
            for alias in node.names:
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                used.append((str(node.module), alias.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            # Only what ministack calls private: its public functions may grow attributes.
            if module and node.attr.startswith("_"):
                used.append((module, node.attr))
    return used


NAMES = sorted({name for path in FOLDER.glob("*.py") for name in emulator_names(path)})


def test_the_emulator_is_the_pinned_one() -> None:
    assert version("ministack") == PINNED


def test_there_are_names_to_watch() -> None:
    assert len(NAMES) > 60


@pytest.mark.parametrize(("module", "name"), NAMES, ids=".".join)
def test_the_emulator_has_the_name(module: str, name: str) -> None:
    try:
        found = import_module(module)
    except ModuleNotFoundError:
        parent, _, attribute = module.rpartition(".")
        found = getattr(import_module(parent), attribute)
    if not hasattr(found, name):
        import_module(f"{module}.{name}")  # a module of a package is not yet its attribute


def test_only_the_overlay_touches_the_emulator() -> None:
    """Whatever else of ash_ops.demo imports ministack would be out of the canary's sight."""
    root = Path(ash_ops.demo.__file__).parent
    for path in root.rglob("*.py"):
        if FOLDER not in path.parents:
            assert emulator_names(path) == [], path
            assert "import ministack" not in path.read_text("utf-8"), path
