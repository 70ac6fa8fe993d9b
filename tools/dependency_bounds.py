"""Try the SDK with the oldest and the newest of each library it declares.

``python -m tools.dependency_bounds`` makes an environment for each in a temporary folder, installs, and runs the SDK's
tests there. It takes some minutes and needs a package registry, so it is run by hand, when a bound changes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("anyio", "httpcore", "httpx", "pydantic", "pydantic-core")
# pytest-httpx names the one httpx it can mock; the others go with any.
TESTS = [
    "pytest",
    "ruff",
    "pytest-httpx",
    "pytest-xdist",
    "hypothesis",
    "cryptography",
    "h11",
    "vcrpy",
]
TESTS += ["opentelemetry-instrumentation-httpx", "opentelemetry-sdk", "trio", "uvloop"]
# What these test is not a library's version: types, pages, and the tools of other extras.
LEFT_OUT = ["tests/ash_client/test_types.py"]


def main() -> int:
    """Try both; 1 if the tests failed with either."""
    declared = bounds()
    oldest = [f"{name}=={least(declared[name])}" for name in LIBRARIES if name != "pydantic-core"]
    newest = [declared[name] for name in LIBRARIES]
    return max(attempt("oldest", oldest), attempt("newest", newest))


def bounds() -> dict[str, str]:
    """Each library's line in pyproject.toml."""
    lines = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return {re.split(r"[<>=!~ \[;]", line)[0]: line for line in lines}


def least(line: str) -> str:
    """The version that ``>=`` names."""
    found = re.search(r">=([\w.]+)", line)
    if found is None:
        sys.exit(f"pyproject.toml gives no lower bound in {line!r}")
    return found[1]


def attempt(what: str, libraries: list[str]) -> int:
    """Install these libraries in a new environment and run the tests in it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, *libraries, *TESTS])
        run([*pip, "--no-deps", "--editable", str(ROOT)])
        shown = "import importlib.metadata as m, sys; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
        run([python, "-c", shown, *LIBRARIES])
        skipped = [f"--ignore={name}" for name in LEFT_OUT]
        tests = [python, "-m", "pytest", "-q", "-n", "2", "tests/ash_client", *skipped]
        code = subprocess.run(tests, cwd=ROOT, check=False).returncode  # noqa: S603 -- our own tests
        sys.stdout.write(f"{what}: {'passed' if code == 0 else 'FAILED'}\n")
        return int(code != 0)


def run(command: list[str]) -> None:
    """Run a step that must succeed."""
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 -- names come from pyproject.toml and this file


if __name__ == "__main__":
    sys.exit(main())
