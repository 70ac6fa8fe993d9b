"""A secret that its last change robbed of something: the version before it is still there."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.checks._findings import change
from ash_ops.checks.base import Fix
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import SecretState


def went_back(snapshot: Snapshot, state: SecretState) -> Fix | None:
    """The step that makes the version before the current one again; ``None`` where none is whole.

    Secrets Manager keeps the version before as AWSPREVIOUS (its user guide, "What's in a Secrets
    Manager secret?", "Version").
    """
    if not state.whole_version or not state.version:
        return None
    return change(
        snapshot,
        "Go back to the version before the last change: it has a value for all that is missing now, "
        "and the rest is the same.",
        op.UPDATE_SECRET_VERSION_STAGE,
        SecretId=state.arn or state.reference,
        VersionStage="AWSCURRENT",
        MoveToVersionId=state.whole_version,
        RemoveFromVersionId=state.version,
    )
