"""Build wheel and sdist into ``dist/`` and try the wheel as a stranger would: ``python -m tools.dist``.

For each supported Python that this machine has, an environment that holds nothing else: the
command line starts, a kept incident is diagnosed, and the SDK is imported.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
_SUPPORTED: Final = ("3.11", "3.12", "3.13")
_VERSION: Final = "import sys; print('%d.%d' % sys.version_info[:2])"


def pythons() -> dict[str, str]:
    """The interpreters here, one a version: this one, those of the path, and those of pyenv."""
    found: dict[str, str] = {}
    for path in (sys.executable, *_candidates()):
        asked = subprocess.run([path, "-c", _VERSION], capture_output=True, text=True, check=False)  # noqa: S603 -- found on the path
        version = asked.stdout.strip()
        # A shim of a version that is not chosen fails.
        if asked.returncode == 0 and version in _SUPPORTED:
            found.setdefault(version, path)
    return found


def _candidates() -> Iterator[str]:
    for version in _SUPPORTED:
        if path := shutil.which(f"python{version}"):
            yield path
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from (str(path) for path in sorted(versions.glob("3.*/bin/python")))


def build() -> Path:
    """The wheel; made from the sdist, so that it holds all that a build needs."""
    shutil.rmtree(DIST, ignore_errors=True)
    _run(sys.executable, "-m", "build", "--outdir", str(DIST), str(ROOT))
    (wheel,) = DIST.glob("*.whl")
    return wheel


def attempt(python: str, wheel: Path) -> str:
    """Install the wheel alone and use it; what it said of its version.

    Raises:
        SystemExit: something of it failed; its last words are printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        _run(python, "-m", "venv", folder)
        bin_ = Path(folder, "bin")
        _run(
            str(bin_ / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            str(wheel),
        )
        version = _run(str(bin_ / "ash-ops"), "--version")
        _run(str(bin_ / "python"), "-c", "import ash_client, ash_ops; ash_client.AshClient")
        facts = Path(folder, "facts.json")
        facts.write_text(_incident(), "utf-8")
        told = _run(str(bin_ / "ash-ops"), "doctor", "--from", str(facts))
        return f"{version.strip()}; {told.splitlines()[1]}"


def _incident() -> str:
    kept = json.loads((ROOT / "tests/scenarios/healthy.json").read_text("utf-8"))
    return json.dumps({"schema": "ash-ops.snapshot/1", **kept})


def _run(*line: str) -> str:
    place = DIST if DIST.exists() else ROOT
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=place)  # noqa: S603 -- fixed words
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(f"{' '.join(line)}: exit code {done.returncode}")
    return done.stdout


def main() -> None:
    """Build, try, and tell."""
    wheel = build()
    for path in sorted(DIST.iterdir()):
        sys.stdout.write(f"{path.name}: {path.stat().st_size / 1024:,.0f} KiB\n")
    for version, python in sorted(pythons().items()):
        sys.stdout.write(f"Python {version}: {attempt(python, wheel)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
