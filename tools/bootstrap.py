"""Create .venv and install the project with the given extra, once, whoever asks at the same time.

Used by the Makefile: ``python3 tools/bootstrap.py dev``. Only the standard library is needed.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def main(extra: str) -> None:
    """Install unless .venv already holds this extra of this pyproject.toml."""
    VENV.mkdir(exist_ok=True)
    with (VENV / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two make commands may start at once
        stamp = VENV / f".installed-{extra}"
        wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        sys.stderr.write(f"Installing ash-ops[{extra}] into .venv (once; about a minute) ...\n")
        install(extra)
        stamp.write_text(wanted)


def install(extra: str) -> None:
    """Create the environment if it is not there and install the project in it, editable."""
    python = VENV / "bin" / "python"
    if not python.exists():
        venv.create(VENV, with_pip=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--editable", f"{ROOT}[{extra}]"], check=True)  # noqa: S603 -- fixed arguments


if __name__ == "__main__":
    main(sys.argv[1])
