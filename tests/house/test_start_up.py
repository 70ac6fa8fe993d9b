"""What starts fast must not import what starts slowly."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("boto3", "botocore", "httpx", "msgspec", "pydantic", "tabulate")


def loaded_by(code: str) -> set[str]:
    """The heavy modules that a fresh interpreter has loaded after running ``code``."""
    report = f"import sys\ntry:\n {code}\nexcept SystemExit: pass\nprint(*[m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("option", ["--help", "--version", "-h"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    assert loaded_by(f"from ash_ops.cli import main; main([{option!r}])") == set()


def test_importing_the_packages_imports_nothing_heavy() -> None:
    assert loaded_by("import ash_client, ash_ops") == set()


def test_explain_imports_nothing_heavy() -> None:
    """Only msgspec: making the classes of causes without it takes longer than importing it."""
    code = "from ash_ops.cli import main; main(['explain', 'container-oom'])"
    assert loaded_by(code) == {"msgspec"}
