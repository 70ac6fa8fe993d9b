"""Catalogues that are found by folder: a module that stands in one is part of it, and nothing lists it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType


def modules_of(package: str, but: frozenset[str] = frozenset()) -> Iterator[ModuleType]:
    """Import the modules below a package, in the order of their names, as its own loader lists them.

    Args:
        package: the package's dotted name.
        but: names of folders directly below it that are left out.
    """
    return map(import_module, _names(list(import_module(package).__path__), package, but))


def _names(folders: list[str], package: str, but: frozenset[str]) -> Iterator[str]:
    for module in iter_modules(folders):
        name = f"{package}.{module.name}"
        if not module.ispkg:
            yield name
        elif module.name not in but:
            inner = [str(Path(folder, module.name)) for folder in folders]
            yield from _names(inner, name, frozenset())
