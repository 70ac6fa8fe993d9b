"""mypy --strict and pyright over a folder of modules, as a user of the packages would run them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PYRIGHT = {
    "extraPaths": [str(ROOT)],
    "pythonVersion": "3.11",
    "typeCheckingMode": "strict",
    # An example defines and imports what the text around it speaks of.
    "reportUnusedFunction": False,
    "reportUnusedExpression": False,
    "reportUnusedImport": False,
}


def mypy(folder: Path) -> list[str]:
    """What mypy's strict mode says, a line a fault."""
    command = [
        *(sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"),
        *("--cache-dir", str(ROOT / ".mypy_cache" / "examples"), str(folder)),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    assert not run.stderr, run.stderr
    return run.stdout.splitlines()


def pyright(folder: Path) -> list[str]:
    """What pyright's strict mode says. basedpyright is pyright with its own node, so nothing is downloaded."""
    settings = _PYRIGHT | {"include": [str(folder)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    command = [
        *(str(Path(sys.executable).parent / "basedpyright"), "--outputjson"),
        *("--project", str(folder), "--pythonpath", sys.executable),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    report = json.loads(run.stdout)
    assert report["summary"]["filesAnalyzed"] >= len(list(folder.glob("*.py")))
    return [
        f"{Path(d['file']).name}:{d['range']['start']['line'] + 1}: {d['message']}"
        for d in report["generalDiagnostics"]
        if d["severity"] == "error"
    ]
