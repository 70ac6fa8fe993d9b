"""CloudTrail: which calls of a session AWS denied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, fact, kind_of
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.facts.rollouts import DeniedCall

CLOUDFORMATION = "cloudformation.amazonaws.com"
_PAGE = 50  # the most that one call answers; the call itself is limited to two a second
_DOMAIN = ".amazonaws.com"


def denied_calls(aws: Aws, session: str, since: datetime) -> tuple[DeniedCall, ...]:
    """What was denied to a session of a role, newest first; of its latest fifty calls.

    CloudTrail records management events only, and up to 15 minutes late (CloudTrail user guide,
    "Viewing recent management events").

    Args:
        aws: the session.
        session: the name of the role's session, or the user's name.
        since: the time to look back to.

    Raises:
        ReadFailed: it was not answered, or is not what AWS documents.
    """
    by_name = {"AttributeKey": "Username", "AttributeValue": session}
    asked: dict[str, Any] = {"LookupAttributes": [by_name], "StartTime": since, "MaxResults": _PAGE}
    rows = call(aws, op.LOOKUP_EVENTS, **asked).get("Events") or ()
    found = [denial for row in rows for denial in _denials(row)]
    return tuple(sorted(found, key=lambda denial: denial.at, reverse=True))


def _denials(row: Answer) -> Iterator[DeniedCall]:
    """An event as a denied call; nothing where AWS allowed it, or it failed of something else."""
    record = _record(row)
    code = str(record.get("errorCode") or "")
    if not code or kind_of(code) != "denied":
        return
    identity = _part(record, "userIdentity")
    service = str(record.get("eventSource") or "").removesuffix(_DOMAIN)
    told = {
        "at": row.get("EventTime") or record.get("eventTime"),
        "action": f"{service}:{record.get('eventName') or row.get('EventName') or ''}",
        "code": code,
        "message": str(record.get("errorMessage") or ""),
        "role": str(_part(identity, "sessionContext", "sessionIssuer").get("userName") or ""),
        "by": str(identity.get("arn") or ""),
        "source": str(record.get("sourceIPAddress") or ""),
    }
    yield fact(op.LOOKUP_EVENTS, DeniedCall, told)


def _record(row: Answer) -> Mapping[str, Any]:
    try:
        record = json.loads(row.get("CloudTrailEvent") or "{}")
    except ValueError as error:
        why = f"an event is not JSON ({error})"
        raise ReadFailed(op.LOOKUP_EVENTS.action, "failed", "UnreadableAnswer", why) from None
    return record if isinstance(record, Mapping) else {}


def _part(record: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """A record within a record; an empty one where there is none."""
    for key in path:
        inner = record.get(key)
        record = inner if isinstance(inner, Mapping) else {}
    return record
