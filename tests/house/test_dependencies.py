"""Every library that is imported is declared, with bounds; none is declared that nothing imports."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = {"ash_client", "ash_ops", "tests", "tools"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
# Imported where it is installed, and not asked for: docs/dependencies.md says why.
BY_CHANCE = {"trio"}
# Modules of peers that only `make bench` installs, by the distribution they come from.
PEERS = {"ash_sdk": "ash-ai-sdk", "httpx_sse": "httpx-sse"}
# Several distributions share this name.
NAMESPACES = {
    "opentelemetry.instrumentation.httpx": "opentelemetry-instrumentation-httpx",
    "opentelemetry.sdk": "opentelemetry-sdk",
}
# The owner asked for it: scripts beside ash-ops use it, and it keeps botocore's version in step.
# Clients are made by botocore itself, for importing boto3 as well costs every command 20 ms.
ASKED_FOR = {"boto3"}
# Run as programs, imported by a page's example, or plugged into pytest and mypy by being there.
PROGRAMS = {
    "basedpyright",
    "build",
    "boto3-stubs",
    "fastapi",
    "mutmut",
    "mypy",
    "pytest-httpx",
    "ruff",
    "types-pyyaml",
    "zensical",
    "types-tabulate",
}


def declared(*lists: list[str]) -> dict[str, str]:
    """Distribution -> its bounds, of the project's lists of requirements."""
    rows = (re.fullmatch(r"([\w.-]+)(?:\[.*\])?(.*)", row) for rows in lists for row in rows)
    found = {row[1].lower().replace("_", "-"): row[2] for row in rows if row}
    found.pop("ash-ops", None)
    return found


@cache
def imported(folder: str, *besides: str) -> frozenset[str]:
    """The distributions whose modules the Python files of a folder import."""
    names: set[str] = set()
    left = {ROOT / path for path in besides}
    files = [p for p in (ROOT / folder).rglob("*.py") if not left & {p, *p.parents}]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    spaces = {space for space in NAMESPACES if any(f"{n}.".startswith(f"{space}.") for n in names)}
    names -= {n for n in names if n.startswith("opentelemetry.")}
    tops = {name.split(".")[0] for name in names} - OWN - set(sys.stdlib_module_names)
    known = packages_distributions()
    found = {known.get(top, [PEERS.get(top, top)])[0].lower().replace("_", "-") for top in tops}
    return frozenset(found | {NAMESPACES[space] for space in spaces})


def test_what_the_product_imports_is_declared_and_nothing_else() -> None:
    extras = {"demo": "ash_ops/demo", "mcp": "ash_ops/assistant/server.py"}
    core = imported("ash_client") | imported("ash_ops", *extras.values())
    assert core | ASKED_FOR == set(declared(PROJECT["dependencies"]))
    assert imported("ash_ops/demo") - core == set(declared(EXTRAS["demo"]))
    assert imported("ash_ops/assistant") - core == set(declared(EXTRAS["mcp"]))


@pytest.mark.parametrize("folder", ["tests", "tools"])
def test_what_the_tests_and_tools_import_is_declared(folder: str) -> None:
    everything = declared(PROJECT["dependencies"], *EXTRAS.values())
    assert imported(folder) - BY_CHANCE - set(everything) == set()


def test_nothing_is_declared_for_development_that_nobody_uses() -> None:
    assert set(declared(EXTRAS["dev"])) - PROGRAMS <= imported("tests") | imported("tools")


def test_every_library_of_the_product_has_a_first_version_and_ends_before_a_major_one() -> None:
    bounds = declared(PROJECT["dependencies"], EXTRAS["demo"])
    loose = {name for name, said in bounds.items() if not re.fullmatch(r">=[\d.]+,<\d+|==.+", said)}
    assert loose == set()
