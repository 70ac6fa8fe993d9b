"""Does ASH_SERVER_URL, which clients on this machine use, lead to this deployment?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from ash_ops.checks._findings import ash_command, finding, quote, verify
from ash_ops.checks.base import Check, Confidence, Finding, Fix, NotApplicable, Severity, present
from ash_ops.facts.snapshot import Snapshot

_DEFAULT_PORTS = {"http": 80, "https": 443}


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Scheme, host and port are those of the load balancer's listener."""
    given, wanted = present(snapshot.local_key).server_url, snapshot.deployment.url
    if not given or not wanted:
        raise NotApplicable("ASH_SERVER_URL is not set, or the deployment has no address")
    ours, theirs = urlsplit(given), urlsplit(wanted)
    if ours.hostname != theirs.hostname:
        if _is_balancer(ours):
            yield _elsewhere(snapshot, given, wanted)
        return
    if _port(ours) != _port(theirs):
        why = f"the server listens on port {_port(theirs)}, not on {_port(ours)}"
        yield _wrong(snapshot, "conn-timeout", given, wanted, why)
    elif ours.scheme != theirs.scheme:
        cause = "tls-to-plain-http" if ours.scheme == "https" else "http-to-tls-port"
        speaks = "plain HTTP" if ours.scheme == "https" else "TLS"
        yield _wrong(snapshot, cause, given, wanted, f"that port speaks {speaks}")


def _is_balancer(url: SplitResult) -> bool:
    """Whether the name is a load balancer's own; any other may well be an alias of this one."""
    return (url.hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _port(url: SplitResult) -> int | None:
    return url.port or _DEFAULT_PORTS.get(url.scheme)


def _elsewhere(snapshot: Snapshot, given: str, wanted: str) -> Finding:
    why = "it names another load balancer; this one's name changed if it was made anew"
    return _wrong(snapshot, "dns-nxdomain", given, wanted, why, "warning", "likely")


def _wrong(
    snapshot: Snapshot,
    cause: str,
    given: str,
    wanted: str,
    why: str,
    severity: Severity = "error",
    confidence: Confidence = "confirmed",
) -> Finding:
    return finding(
        cause,
        "connection",
        f"ASH_SERVER_URL is {given}, but the server is at {wanted}: {why}.",
        [quote(snapshot.local_key, "ASH_SERVER_URL", given)],
        [
            Fix(
                why="Use the deployment's own address.",
                command=f'eval "$({ash_command(snapshot, "connect")})"',
            ),
            verify(snapshot, "connection"),
        ],
        severity=severity,
        confidence=confidence,
        apart="ASH_SERVER_URL",
    )


CHECK = Check(
    id="client-url",
    title="ASH_SERVER_URL leads to this deployment",
    playbook="connection",
    run=run,
    causes=("conn-timeout", "tls-to-plain-http", "http-to-tls-port", "dns-nxdomain"),
)
