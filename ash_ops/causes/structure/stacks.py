"""Stack events and answers of AWS APIs: statuses, error codes, failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import items, lenient, text_of
from ash_ops.causes.structure.hints import Fields, Hint, word
from ash_ops.facts.vocabulary import (
    CHANGE_SET_STATUS,
    DETAILED_STATUS,
    HOOK_STATUS,
    RESOURCE_STATUS,
    STACK_STATUS,
)
from ash_ops.patterns import regex

# DescribeEvents has words of its own for an operation beside those of stacks and resources.
_KNOWN_STATUSES: Final = frozenset(
    word.lower()
    for known in (STACK_STATUS, RESOURCE_STATUS, CHANGE_SET_STATUS, HOOK_STATUS, DETAILED_STATUS)
    for word in known.values
) | {"success", "pending", "in_progress"}


def stack_event(fields: Fields) -> Iterator[Hint]:
    """What the status and CloudFormation's own classification say."""
    yield from _cfn_event(fields)
    yield from _change_set(fields)
    yield from _handler_error(fields)


def _cfn_event(fields: Fields) -> Iterator[Hint]:
    status = (
        word(fields.get("resourceStatus"))
        or word(fields.get("stackStatus"))
        or word(fields.get("status"))
    )
    source, quote = "ResourceStatus", status.upper()
    reason = word(fields.get("resourceStatusReason")) or word(fields.get("stackStatusReason"))
    stack = "cloudformation::stack" in word(fields.get("resourceType"))
    if status == "update_rollback_failed":
        yield Hint("cfn-update-rollback-failed", Rank.GENERIC, source, quote)
    elif status in ("rollback_complete", "rollback_failed"):
        yield Hint("cfn-rollback-complete", Rank.GENERIC, source, quote)
    elif status == "review_in_progress":
        yield Hint(
            "stack-review-in-progress" if not stack else "healthy-cfn", Rank.NORMAL, source, quote
        )
    elif "rollback" in status:
        yield Hint("cfn-secondary", Rank.SYMPTOM if stack else Rank.NORMAL, source, quote)
    elif status == "delete_failed":
        yield Hint("cfn-delete-failed", Rank.NORMAL, source, quote)
    elif status in _KNOWN_STATUSES and "failed" not in status:
        yield Hint("healthy-cfn", Rank.NORMAL if reason else Rank.GENERIC, source, quote)
    elif stack and "failed" in status:
        yield Hint("cfn-secondary", Rank.NORMAL, source, quote)


def _change_set(fields: Fields) -> Iterator[Hint]:
    status = word(lenient(fields.get("changeSet")).get("status"))
    if status and "failed" not in status:
        yield Hint("healthy-cfn", Rank.GENERIC, "ChangeSet.Status", status.upper())


_HANDLER_ERROR: Final = regex(r"HandlerErrorCode: ?([A-Za-z]{3,40})")


_SAYS_NOTHING: Final = None
HANDLER_CODES: Final[Mapping[str, str | None]] = {
    "AlreadyExists": "cfn-already-exists",
    "AccessDenied": "cfn-access-denied",
    "InvalidCredentials": "aws-credentials-invalid",
    "ServiceLimitExceeded": "cfn-quota",
    "NotStabilized": "cfn-not-stabilized",
    "Throttling": "aws-throttled",
    "NotFound": "cfn-resource-missing",
    "ServiceInternalError": "aws-service-error",
    "InternalFailure": "aws-service-error",
    "NonCompliant": "cfn-validation",
    "NotUpdatable": "cfn-replacement-blocked",
    "InvalidRequest": _SAYS_NOTHING,
    "ResourceConflict": _SAYS_NOTHING,  # another change of it is under way: its message says which
    "NetworkFailure": "aws-service-error",
    "HandlerInternalFailure": "aws-service-error",
    "GeneralServiceException": _SAYS_NOTHING,
    "InvalidTypeConfiguration": _SAYS_NOTHING,
    "Unknown": _SAYS_NOTHING,
    "UnsupportedTarget": _SAYS_NOTHING,
}
"""What CloudFormation's own classification of a failure says.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""


def _handler_error(fields: Fields) -> Iterator[Hint]:
    reason = text_of(fields.get("resourceStatusReason"))[-2_000:]
    found = _HANDLER_ERROR.search(reason)
    slug = HANDLER_CODES.get(found.group(1)) if found else None
    if found and slug:
        rank = Rank.SYMPTOM if slug == "cfn-not-stabilized" else Rank.GENERIC
        yield Hint(slug, rank, "ResourceStatusReason", found.group())


_FAILURES: Final = {
    "missing": "aws-not-found",
    "agent": "agent-disconnected",
    # The instance that was tried has not enough of it left; a GPU it never had.
    "resource": "instances-full",
    "resource:gpu": "wrong-launch-type",
    "attribute": "wrong-launch-type",
    "memberof constraint unsatisfied.": "wrong-launch-type",
}
"""The reasons of ``failures[]`` in answers of ECS, whole or up to their colon.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
"""


def api_error(fields: Fields) -> Iterator[Hint]:
    """What the failures of an answer say."""
    failures = fields.get("failures")
    if isinstance(failures, list | tuple) and not failures and not fields.get("message"):
        yield Hint("healthy-http", Rank.NORMAL, "failures", "[]")
    for failure in items(failures):
        reason = text_of(failure.get("reason"))
        whole = reason.lower()
        slug = _FAILURES.get(whole) or _FAILURES.get(whole.split(":")[0])
        if slug:
            yield Hint(slug, Rank.CLEAR, "failures[].reason", reason)
