"""Telling of every AWS call: its name, how long it took, what came of it; never what was sent."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from ash_ops.redact import redact

# Whoever wants to show the calls (``-v``) adds a handler to this logger.
CALLS = logging.getLogger("ash_ops.calls")
_KEY = "ash-ops call"


def report_call(name: str, began: float, outcome: str) -> None:
    """A call is over.

    Args:
        name: as IAM names it, for instance ``ecs:DescribeTasks``.
        began: ``perf_counter`` when it was made.
        outcome: ``ok``, or the error's code.
    """
    CALLS.info("%s %.0f ms %s", name, (perf_counter() - began) * 1000, redact(outcome))


def follow(client: Any) -> None:
    """Tell of every call that a boto3 client makes, with its retries as one."""
    events = client.meta.events
    events.register("before-call", _began)
    events.register("after-call", _answered)
    events.register("after-call-error", _failed)


def _began(model: Any, context: dict[str, Any], **_: Any) -> None:
    context[_KEY] = (f"{model.service_model.signing_name}:{model.name}", perf_counter())


def _answered(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    _over(context, str((parsed.get("Error") or {}).get("Code") or "ok"))


def _failed(exception: Exception, context: dict[str, Any], **_: Any) -> None:
    _over(context, type(exception).__name__)


def _over(context: dict[str, Any], outcome: str) -> None:
    # A handler that answers before the call is sent (botocore's Stubber) leaves no beginning.
    if _KEY in context:
        name, began = context[_KEY]
        report_call(name, began, outcome)
