"""Snapshots as files: written so that they can be sent to anyone, read with suspicion.

A snapshot holds no secret even in memory. A file comes from outside: what it holds is redacted as
it is read.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ash_ops import redact
from ash_ops.errors import UsageProblem
from ash_ops.files import write_file

if TYPE_CHECKING:
    from ash_ops.facts.snapshot import Snapshot

SCHEMA = "ash-ops.snapshot"
VERSION = 1
_SCHEMA = re.compile(rf"{re.escape(SCHEMA)}/(\d+)")


def save_snapshot(snapshot: Snapshot, path: str | Path) -> tuple[str, ...]:
    """Write a snapshot as JSON that only its owner may read.

    Args:
        snapshot: what ``collect`` returned.
        path: the file; one that is there is replaced, at once or not at all.

    Returns:
        Where something was masked, for instance ``environment[ANTHROPIC_API_KEY]``.

    Raises:
        OpsError: the file cannot be written.
    """
    from ash_ops.facts.model import plain

    text = json.dumps(plain(snapshot), ensure_ascii=False, indent=1) + "\n"
    write_file(path, text, option="--save")
    return snapshot.masked


def load_snapshot(path: str | Path) -> Snapshot:
    """Read a snapshot that ``save_snapshot`` wrote.

    Raises:
        UsageProblem: there is no such file, or it is not a snapshot, or one of a newer ash-ops.
    """
    document = _document(Path(path))
    found = _SCHEMA.fullmatch(str(document.get("schema")))
    if found is None:
        raise _unusable(path, "it is JSON, but not a snapshot of ash-ops")
    if int(found[1]) > VERSION:
        raise UsageProblem(
            f"{path} cannot be used",
            f"it was written by ash-ops {document.get('tool_version', '?')}, "
            f"in a newer format ({found[0]}) than this version reads ({SCHEMA}/{VERSION})",
            "Upgrade ash-ops (`pip install --upgrade ash-ops`), then run the command again.",
        )
    return _validated(path, document)


def _validated(path: str | Path, document: dict[str, Any]) -> Snapshot:
    from msgspec import ValidationError

    from ash_ops.facts.model import parsed, place_of
    from ash_ops.facts.snapshot import Snapshot

    try:
        return parsed(Snapshot, document)
    except ValidationError as error:
        # Where, but not what: a damaged file may hold anything.
        place = ".".join(map(str, place_of(error)))
        raise _unusable(path, f"it is damaged: {place} is missing or not as it must be") from None


def _document(path: Path) -> dict[str, Any]:
    try:
        found = redact.document(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise _unusable(path, error.strerror or type(error).__name__) from None
    except UnicodeDecodeError:
        raise _unusable(path, "it is not text") from None
    except (ValueError, RecursionError):
        raise _unusable(path, "it is not JSON, or was cut off") from None
    if not isinstance(found, dict):
        raise _unusable(path, "it is JSON, but not a snapshot of ash-ops")
    return found


def _unusable(path: str | Path, why: str) -> UsageProblem:
    return UsageProblem(
        f"{path} cannot be used",
        why,
        "Give --from a file that `ash-ops doctor --save FILE` has written.",
    )
