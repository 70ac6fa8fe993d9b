"""Does the balancer cut streams that are silent for a while?

Ash sends nothing while an agent's tool works. A TCP listener drops a silent flow after
``tcp.idle_timeout.seconds`` (350 by default, at most 6000); a TLS listener after 350 s, always (AWS
documentation, "Connection idle timeout").
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._findings import change, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items
from ash_ops.checks.connection._chain import forwarding
from ash_ops.facts.load_balancing import Listener
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_ATTRIBUTE = "tcp.idle_timeout.seconds"
_LONG = 3600
_OF_TLS = 350  # and nobody can change it


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A stream may be silent for an hour."""
    mine = [x for x in forwarding(snapshot) if x.protocol in {"TCP", "TLS"}]
    if not mine:
        raise NotApplicable("no TCP listener forwards to the service")
    known = {x.listener_arn: _seconds(snapshot, x) for x in mine}
    if not any(known.values()):
        raise NotApplicable("the listener has no such attribute")
    for listener in mine:
        seconds = known[listener.listener_arn]
        if seconds is not None and seconds < _LONG:
            yield _short(snapshot, listener, seconds, apart=listener is not mine[0])


def _seconds(snapshot: Snapshot, listener: Listener) -> int | None:
    """After how long a silence it drops a connection; ``None`` where it has no such attribute.

    Raises:
        CannotTell: its attributes were not read, or tell no number.
    """
    if listener.protocol == "TLS":
        return _OF_TLS
    first = next(items(snapshot.listeners), None)
    if first is not None and first.listener_arn == listener.listener_arn:
        attributes = snapshot.listener_attributes.get() or {}
    else:
        attributes = (snapshot.other_attributes.value or {}).get(listener.listener_arn, {})
    told = attributes.get(_ATTRIBUTE)
    if told is not None and not told.isdigit():
        raise CannotTell(f"{_ATTRIBUTE} is {told!r}, which is no number of seconds")
    return None if told is None else int(told)


def _short(snapshot: Snapshot, listener: Listener, seconds: int, *, apart: bool) -> Finding:
    return finding(
        "stream-idle-timeout",
        "connection",
        f"The {listener.protocol} listener on port {listener.port} drops a connection that is silent for "
        f"{seconds} s, and Ash is silent while a tool works: clients need TCP keep-alive (ash_client has it).",
        [quote(snapshot.listener_attributes, f"Attributes[{_ATTRIBUTE}]", str(seconds))],
        [_longer(snapshot, listener)],
        severity="info",
        apart=str(listener.port) if apart else "",
    )


def _longer(snapshot: Snapshot, listener: Listener) -> Fix:
    if listener.protocol == "TLS":
        return Fix(why="A TLS listener's limit cannot be raised: let clients use TCP keep-alive.")
    return change(
        snapshot,
        "Allow the longest silence there is.",
        op.MODIFY_LISTENER_ATTRIBUTES,
        ListenerArn=listener.listener_arn,
        Attributes=[{"Key": _ATTRIBUTE, "Value": "6000"}],
    )


CHECK = Check(
    id="idle-timeout",
    title="Silent streams are not cut off",
    playbook="connection",
    run=run,
    causes=("stream-idle-timeout",),
)
