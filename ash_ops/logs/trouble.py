"""What to say when there is no log, or nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ash_ops.errors import OpsError, ReadFailed
from ash_ops.logs.times import Stamps

if TYPE_CHECKING:
    from collections.abc import Callable

    from ash_ops.aws.logs import LogsReader
    from ash_ops.names import Deployment


def missing_group(group: str, region: str, expected: str | None) -> OpsError:
    """The complaint about a log group that does not exist.

    Args:
        group: its name.
        region: where it was looked for.
        expected: what the service's task definition says, if ECS told.
    """
    if expected is not None:
        why = f"the service's task definition names it, but nobody has made it in {region}"
        advice = "Run `ash-ops doctor`: a task whose log group is missing cannot start."
    else:
        why = (
            f"there is none of that name in {region}, and ECS shows no service that logs elsewhere"
        )
        advice = "Check --name and --region, or deploy first with `ash-ops deploy`."
    return OpsError(f"The log group {group} does not exist", why, advice)


def say_why_nothing(
    reader: LogsReader, names: Deployment, notice: Callable[[str], None], selective: bool
) -> None:
    """Say which of the reasons it is that nothing was printed.

    Raises:
        OpsError: the log group has never been written to.
    """
    try:
        streams = reader.streams_by_recency(limit=1)
    except ReadFailed as error:
        notice(f"Nothing to print from {reader.group}; whether it is empty is unknown: {error}")
        return
    if not streams:
        raise OpsError(
            f"The log group {reader.group} is empty",
            "no task has ever written to it",
            f"Run `ash-ops doctor --name {names.prefix}`: it says why no task gets that far.",
        )
    newest = streams[0].get("lastEventTimestamp")
    newest_of = f"; its newest event is of {_time(newest)}" if isinstance(newest, int) else ""
    what = "matches what was asked for" if selective else "is left: its events have expired"
    notice(f"Nothing in {reader.group} {what}{newest_of}.")


def _time(milliseconds: int) -> str:
    return Stamps(local=False).text(milliseconds)
