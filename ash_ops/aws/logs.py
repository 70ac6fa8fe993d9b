"""CloudWatch Logs: pages of events, streams and groups.

``LogsReader`` serves ``ash-ops logs``, whose start must not be felt; the functions serve the rest.
Its log lines are redacted here, where they enter, a page at a time.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, fact, facts, pages, rows
from ash_ops.aws.client.json_api import JsonApi, RenewableCredentials
from ash_ops.redact import LogLines, redact

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.errors import ReadFailed
    from ash_ops.facts.start import LogGroup
    from ash_ops.facts.tagged import OwnLogGroup

# One event as FilterLogEvents answers it: eventId, timestamp, ingestionTime, logStreamName, message.
# It stays the decoded dict: a dump of 100,000 events would pay for every conversion.
Event = dict[str, Any]


class Query(Struct, frozen=True, kw_only=True):
    """One FilterLogEvents call.

    Attributes:
        start: the oldest event time wanted, in milliseconds since 1970.
        end: the first event time no longer wanted; ``None`` for no end.
        token: where to go on, from the page before.
        limit: the largest number of events wanted; ``None`` for AWS's own (10,000 or 1 MB).
        newest_first: the newest events first (``startFromHead`` false).
        window: which of the ranges that are read side by side; their lines have nothing to do with
            each other. The first one is 0.
    """

    start: int
    end: int | None = None
    token: str | None = None
    limit: int | None = None
    newest_first: bool = False
    window: int = 0


class Page(Struct, frozen=True, kw_only=True):
    """One answer of FilterLogEvents.

    Attributes:
        events: the events, in the order AWS gave them.
        token: where to go on; ``None`` at the end. A page without events may have one.
        server_time: when AWS answered, in milliseconds since 1970, if it said so.
    """

    events: list[Event] = field(default_factory=list)
    token: str | None = None
    server_time: float | None = None


# Windows whose lines are remembered: more than are ever read side by side.
_MOST_REDACTORS = 8


class LogsReader:
    """Reads one log group.

    Attributes:
        group: its name.
        pattern: CloudWatch's filter pattern, applied by AWS.
        streams: the only streams to read; ``None`` reads them all.
        raw: whether its lines stay as they came, secrets and control characters included.
    """

    def __init__(
        self,
        credentials: RenewableCredentials,
        group: str,
        pattern: str | None = None,
        *,
        raw: bool = False,
    ) -> None:
        self.group = group
        self.pattern = pattern
        self.streams: list[str] | None = None
        self._credentials = credentials
        self._api = JsonApi("logs", credentials, keep=frozenset({"events"}))
        self._redactors: dict[int, LogLines] = {}
        self.raw = raw

    def read(self, query: Query) -> Page:
        """Make one FilterLogEvents call.

        Raises:
            ReadFailed: no page came.
        """
        reply = self._api.call(op.FILTER_LOG_EVENTS, self._body(query))
        events = reply.answer.get("events")
        now = reply.server_time
        timed = _timed(events if isinstance(events, list) else [], query.start)
        if not self.raw:
            redact_events(timed, self._redactor(query))
        return Page(
            events=timed,
            token=reply.answer.get("nextToken") or None,
            server_time=None if now is None else now * 1000,
        )

    def _redactor(self, query: Query) -> LogLines:
        """What remembers the lines before: windows that are read side by side have one each."""
        redactor = self._redactors.get(query.window)
        if redactor is None:
            redactor = self._redactors[query.window] = LogLines()
            if len(self._redactors) > _MOST_REDACTORS:
                del self._redactors[min(self._redactors)]
        return redactor

    def renew(self) -> None:
        """Look for new credentials.

        Raises:
            OpsError: there are none now.
        """
        self._credentials.renew()

    def streams_by_recency(self, limit: int = 50) -> list[Event]:
        """The streams last written to, newest first, as DescribeLogStreams gives them.

        Raises:
            ReadFailed: the answer did not come.
        """
        body = {
            "logGroupName": self.group,
            "orderBy": "LastEventTime",
            "descending": True,
            "limit": limit,
        }
        found = self._api.call(op.DESCRIBE_LOG_STREAMS, body).answer.get("logStreams")
        return found if isinstance(found, list) else []

    def _body(self, query: Query) -> Event:
        body: Event = {"logGroupName": self.group, "startTime": max(0, query.start)}
        optional = {
            "endTime": query.end,
            "nextToken": query.token,
            "limit": query.limit,
            "filterPattern": self.pattern,
            "logStreamNames": self.streams,
            "startFromHead": False if query.newest_first else None,
        }
        body.update({name: value for name, value in optional.items() if value is not None})
        return body


def _timed(events: list[Any], fallback: int) -> list[Event]:
    """The events, each with a time: a stand-in may leave it out, and then its arrival counts."""
    if all(type(e) is dict and type(e.get("timestamp")) is int for e in events):
        return events
    return [
        event | {"timestamp": _first_number(event, fallback)}
        for event in events
        if isinstance(event, dict)
    ]


_PLAIN = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"  # of an event's id


def redact_events(events: list[Event], lines: LogLines) -> None:
    """Redact events in place: a dump of 100,000 would pay for every copy."""
    newest_first = len(events) > 1 and events[0]["timestamp"] > events[-1]["timestamp"]
    ordered = events[::-1] if newest_first else events
    # Pages that go back in time tell nothing of the line before their first.
    redactor = LogLines() if newest_first else lines
    texts = [e.get("message") or "" for e in ordered]
    for number, text in redactor.changed(
        texts, lambda n: ordered[n].get("logStreamName") or ""
    ).items():
        ordered[number]["message"] = text
    names = {e.get("logStreamName") or "" for e in ordered}
    ids = "".join([str(e.get("eventId")) for e in ordered]).encode("utf-8", "replace")
    if ids.translate(None, _PLAIN) or any(redact(name) != name for name in names):
        for event in ordered:
            event["logStreamName"] = redact(event.get("logStreamName") or "")
            event["eventId"] = event.get("eventId") and redact(str(event["eventId"]))


def _first_number(event: Event, fallback: int) -> int:
    times = (event.get("timestamp"), event.get("ingestionTime"), fallback)
    return next(int(t) for t in times if isinstance(t, (int, float)))


def is_missing_group(error: ReadFailed) -> bool:
    """Whether a failure says that the log group is not there (and not merely a stream of it)."""
    return error.kind == "missing" and "stream" not in error.message.lower()


def log_groups(aws: Aws, prefix: str, *, region: str | None = None) -> tuple[LogGroup, ...]:
    """The log groups whose names start so; the first fifty."""
    from ash_ops.facts.start import LogGroup  # ``logs`` starts without the facts

    answer = call(aws, op.DESCRIBE_LOG_GROUPS, region=region, logGroupNamePrefix=prefix)
    found = answer.get("logGroups") or ()
    return tuple(fact(op.DESCRIBE_LOG_GROUPS, LogGroup, row) for row in found)


def resource_policies(aws: Aws) -> tuple[str, ...]:
    """The names of the account's resource policies in this region; ten are the most there can be.

    Raises:
        ReadFailed: they could not be read.
    """
    return tuple(row["policyName"] for row in rows(aws, op.DESCRIBE_RESOURCE_POLICIES))


def all_log_groups(aws: Aws, prefix: str) -> tuple[LogGroup, ...]:
    """Every log group whose name starts so."""
    from ash_ops.facts.start import LogGroup

    return facts(aws, op.DESCRIBE_LOG_GROUPS, LogGroup, logGroupNamePrefix=prefix)


def last_lines(
    aws: Aws, group: str, stream: str, *, limit: int, region: str | None = None
) -> list[Answer]:
    """The last events of one stream, oldest first."""
    answer = call(
        aws,
        op.GET_LOG_EVENTS,
        region=region,
        logGroupName=group,
        logStreamName=stream,
        limit=limit,
        startFromHead=False,
    )
    return list(answer.get("events") or [])[-limit:]


def events_since(aws: Aws, group: str, since: datetime, *, limit: int) -> list[Answer]:
    """The events of a group from a moment on, of all its streams."""
    kept: list[Answer] = []
    start = int(since.timestamp() * 1000)
    for page in pages(aws, op.FILTER_LOG_EVENTS, logGroupName=group, startTime=start):
        kept += page.get("events") or []
        if len(kept) >= limit:
            break
    return kept


def find_log_group(aws: Aws, name: str) -> OwnLogGroup | None:
    """The log group of exactly this name, with its tags; ``None`` when there is none.

    Raises:
        ReadFailed: the group or its tags could not be read.
    """
    from ash_ops.facts.tagged import OwnLogGroup  # ``logs`` starts without the facts

    for raw in rows(aws, op.DESCRIBE_LOG_GROUPS, logGroupNamePrefix=name):
        if raw.get("logGroupName") == name:
            # DescribeLogGroups gives the ARN with ":*", the tagging calls take it without.
            arn = str(raw.get("arn", "")).removesuffix(":*")
            tags = call(aws, op.LOGS_LIST_TAGS, resourceArn=arn).get("tags") or {}
            created = int(raw.get("creationTime", 0))
            return OwnLogGroup(id=name, arn=arn, created=created, tags=tags)
    return None


def tag_log_group(aws: Aws, arn: str, tag: tuple[str, str]) -> None:
    """Put a tag on a log group.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.LOGS_TAG_RESOURCE, resourceArn=arn, tags={tag[0]: tag[1]})


def delete_log_group(aws: Aws, name: str) -> None:
    """Delete a log group with all that is in it.

    Raises:
        ReadFailed: AWS refused.
    """
    call(aws, op.DELETE_LOG_GROUP, logGroupName=name)
