"""What each state of a stack allows, and the way out of those that allow nothing."""

from __future__ import annotations

from enum import StrEnum


class StackAction(StrEnum):
    """What has to be done with a stack to get to a deployment."""

    CREATE = "create"  # nothing is in the way
    UPDATE = "update"
    WAIT = "wait"
    DELETE = "delete"  # the stack can only be deleted, then created anew
    CONTINUE = "continue"  # a stopped rollback has to be finished first


_DELETE_ONLY = frozenset(
    {
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "CREATE_FAILED",
        "DELETE_FAILED",
        "REVIEW_IN_PROGRESS",
    }
)

_MEANING = {
    "ROLLBACK_COMPLETE": "its creation failed and was undone; CloudFormation can only delete it now",
    "ROLLBACK_FAILED": "its creation failed and could not be undone; it has to be deleted",
    "CREATE_FAILED": "its creation failed; it has to be deleted",
    "DELETE_FAILED": "it was to be deleted and something was in the way; deleting has to be finished",
    "REVIEW_IN_PROGRESS": "it is an empty shell, left by a plan that was never carried out",
    "UPDATE_ROLLBACK_FAILED": "an update failed, and undoing it failed too; the undoing has to be finished",
}


def action_for(status: str | None) -> StackAction:
    """What a stack in this status needs; ``None`` means that there is no stack."""
    if status is None or status == "DELETE_COMPLETE":
        return StackAction.CREATE
    if status in _DELETE_ONLY:
        return StackAction.DELETE
    if status == "UPDATE_ROLLBACK_FAILED":
        return StackAction.CONTINUE
    return StackAction.WAIT if status.endswith("_IN_PROGRESS") else StackAction.UPDATE


def meaning(status: str) -> str:
    """What a status that allows nothing means, in words."""
    return _MEANING.get(status, status)


def is_success(status: str) -> bool:
    """Whether a stack came to rest as it was meant to."""
    return status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
