"""Does the balancer cut streams that are silent for a while?

Ash sends nothing while an agent's tool works. A TCP listener drops a silent flow after
``tcp.idle_timeout.seconds`` (350 by default, at most 6000); a TLS listener after 350 s, always (AWS
documentation, "Connection idle timeout").
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._findings import change, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.checks.connection._chain import forwarding
from ash_ops.facts.load_balancing import Listener
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_ATTRIBUTE = "tcp.idle_timeout.seconds"
_LONG = 3600


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A stream may be silent for an hour."""
    listener = next(iter(forwarding(snapshot)), None)
    if listener is None or listener.protocol not in {"TCP", "TLS"}:
        raise NotApplicable("no TCP listener forwards to the service")
    attributes = snapshot.listener_attributes.get() or {}
    if listener.protocol == "TCP" and _ATTRIBUTE not in attributes:
        raise NotApplicable("the listener has no such attribute")
    told = attributes.get(_ATTRIBUTE, "")
    if listener.protocol == "TCP" and not told.isdigit():
        raise CannotTell(f"{_ATTRIBUTE} is {told!r}, which is no number of seconds")
    seconds = 350 if listener.protocol == "TLS" else int(told)
    if seconds < _LONG:
        yield _short(snapshot, listener, seconds)


def _short(snapshot: Snapshot, listener: Listener, seconds: int) -> Finding:
    return finding(
        "stream-idle-timeout",
        "connection",
        f"The {listener.protocol} listener on port {listener.port} drops a connection that is silent for "
        f"{seconds} s, and Ash is silent while a tool works: clients need TCP keep-alive (ash_client has it).",
        [quote(snapshot.listener_attributes, f"Attributes[{_ATTRIBUTE}]", str(seconds))],
        [_longer(snapshot, listener)],
        severity="info",
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
