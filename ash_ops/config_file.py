"""What a project's configuration file says of the doctor: ``ash-ops.toml``, or ``pyproject.toml``.

.. code-block:: toml

    [doctor]                        # in pyproject.toml: [tool.ash-ops.doctor]
    ignore = ["state-not-durable", {cause = "memory-below-sandbox", reason = "no agents yet"}]
    fail-on = "warning"
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from ash_ops.errors import UsageProblem

_FILES = (("ash-ops.toml", ()), ("pyproject.toml", ("tool", "ash-ops")))
FAIL_ON = ("error", "warning")


class DoctorDefaults(Struct, frozen=True):
    """What holds for every ``doctor`` of a project.

    Attributes:
        ignore: the reason by the cause; empty where none is given.
        fail_on: ``error`` or ``warning``; ``None`` where nothing is said.
    """

    ignore: Mapping[str, str] = field(default_factory=dict)
    fail_on: str | None = None


def doctor_defaults(folder: Path) -> DoctorDefaults:
    """Read the first configuration file of a folder that speaks of ash-ops.

    Raises:
        UsageProblem: it cannot be read, or says what cannot be.
    """
    for name, path in _FILES:
        table = _table(folder / name, (*path, "doctor"))
        if table is not None:
            return _defaults(folder / name, table)
    return DoctorDefaults()


def _table(file: Path, path: tuple[str, ...]) -> Any:
    try:
        text = file.read_text("utf-8")
        import tomllib  # 2 ms, where there is something to read

        found: Any = tomllib.loads(text)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _complaint(file, str(error)) from None
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _defaults(file: Path, table: Any) -> DoctorDefaults:
    if not isinstance(table, dict) or not isinstance(table.get("ignore", []), list):
        raise _complaint(file, "ignore is not a list")
    fail_on = table.get("fail-on")
    if fail_on not in {None, *FAIL_ON}:
        raise _complaint(file, f"fail-on is {fail_on!r}, not one of {', '.join(FAIL_ON)}")
    return DoctorDefaults(dict(_ignored(file, each) for each in table.get("ignore", [])), fail_on)


def _ignored(file: Path, entry: Any) -> tuple[str, str]:
    if isinstance(entry, str):
        return entry, ""
    if isinstance(entry, dict) and isinstance(entry.get("cause"), str):
        return entry["cause"], str(entry.get("reason", ""))
    raise _complaint(file, f"{entry!r} names no cause to ignore")


def _complaint(file: Path, why: str) -> UsageProblem:
    return UsageProblem(f"{file.name} cannot be used", why, "Correct it: docs/doctor.md shows one.")
