"""What the house says about style and can be counted."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.bench.all import BENCHMARKS

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FUNCTION = 60
LONGEST_MODULE = 400
# Larger, and why.
LONG_FUNCTIONS = {
    "ash_client/_async/resources.py:__init__": "generated: one line an operation",
    "ash_client/_sync/resources.py:__init__": "generated: one line an operation",
    "tests/ash_ops/fakes/world.py:_network": "answers of AWS, written down",
    "tests/ash_ops/fakes/world.py:_rest": "answers of AWS, written down",
    "tests/ash_ops/deploy/test_taking_it_down.py:test_the_second_look_finds_what_a_stack_leaves": (
        "answers of AWS, written down"
    ),
}
LONG_MODULES = {
    "ash_client/events.py": "one event after the other, each with its literal names",
    "ash_client/models.py": "one record after the other, as the server's description has them",
    "ash_ops/aws/operations.py": "every operation of AWS, one row each",
    "tests/ash_client/test_end_of_stream.py": "every way a stream can end, for both clients",
    "tests/ash_client/test_operations.py": "every operation of the server, one row each",
    "tests/ash_ops/aws/test_readers.py": "every reader of aws/, one row each",
    "tests/ash_ops/fakes/world.py": "answers of AWS, written down",
    "tests/ash_ops/repairs/test_effects.py": "one command after the other, each with the facts after it",
}
# Messages as the world wrote them; their paths are part of what is tested.
DATA = ("tests/data/", "tests/scenarios/", "ash_ops/demo/scenarios/", "tests/ash_client/data/")
_MARKS = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
_SILENCED = re.compile(
    r"#\s*(?:noqa\b(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?)"
)
_PLACES = re.compile(
    r"(?<![\w.~}$/>-])/(?:home|root|opt|work|Users|tmp)/\w"
    r"|pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|proxy\.golang"
)


@cache
def tracked() -> list[str]:
    """The files of the repository; those of the folder, if it was unpacked without git."""
    listed = subprocess.run(
        ["git", "ls-files"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:
        names = [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if ".venv" not in p.parts]
    return sorted(n for n in set(names) if (ROOT / n).is_file() and "__pycache__" not in n)


def sources() -> list[str]:
    return [name for name in tracked() if name.endswith(".py")]


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text("utf-8").splitlines()


def functions(name: str) -> Iterator[tuple[str, int]]:
    """The functions of a file and their lengths in lines."""
    for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_long() -> None:
    long = {f for name in sources() for f, length in functions(name) if length > LONGEST_FUNCTION}
    assert long == set(LONG_FUNCTIONS)


def test_long_modules_are_known_and_have_a_reason() -> None:
    assert {n for n in sources() if len(lines(n)) > LONGEST_MODULE} == set(LONG_MODULES)


def test_nine_functions_in_ten_of_the_packages_are_short() -> None:
    """The style asks for at most 35 lines."""
    packages = [n for n in sources() if n.startswith(("ash_ops/", "ash_client/"))]
    lengths = sorted(length for name in packages for _, length in functions(name))
    assert lengths[len(lengths) * 9 // 10] <= 35


def test_nothing_is_left_for_later() -> None:
    left = [f"{n}: {line}" for n in sources() for line in lines(n) if _MARKS.search(line)]
    assert left == []


def test_what_silences_a_checker_says_why() -> None:
    """On the line itself behind the mark, or in a comment right above."""
    assert [place for name in sources() for place in bare_marks(name)] == []


def bare_marks(name: str) -> Iterator[str]:
    text = lines(name)
    for number, line in enumerate(text):
        mark = _SILENCED.search(line)
        if mark and not _explained(line[mark.end() :], text[max(0, number - 2) : number]):
            yield f"{name}:{number + 1}: {line.strip()}"


def _explained(behind: str, above: list[str]) -> bool:
    return bool(re.search(r"[a-z]{2,}", behind)) or any(a.lstrip().startswith("#") for a in above)


def test_no_file_names_a_place_of_one_machine_or_a_registry() -> None:
    found = []
    for name in tracked():
        if name.startswith(DATA) or name == Path(__file__).relative_to(ROOT).as_posix():
            continue
        try:
            text = lines(name)
        except UnicodeDecodeError:  # a picture or the like
            continue
        found += [f"{name}:{n}: {t.strip()}" for n, t in enumerate(text, 1) if _PLACES.search(t)]
    assert found == []


def test_what_must_pass_is_the_linters_the_site_the_packages_and_the_tests() -> None:
    commands = [line for line in lines(".ci/run") if line.startswith("make ")]
    assert commands == ["make lint", "make site", "make dist", "make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_make_bench_runs_every_benchmark() -> None:
    folder = ROOT / "tests" / "bench"
    programs = {p.stem for p in folder.glob("*.py") if "__main__" in p.read_text("utf-8")}
    assert programs == {*BENCHMARKS, "all"}
