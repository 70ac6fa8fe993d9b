"""Does the server answer from here: name, TCP, HTTP, health, an authenticated call?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ash_ops.causes import classify
from ash_ops.checks._consequences import UNANSWERED_CHECK
from ash_ops.checks._facts import RECENT, WARM_UP, ready_at, runs_a_task
from ash_ops.checks._findings import ash_command, finding, playbook_of, quote, verify
from ash_ops.checks._repairs import repair
from ash_ops.checks.base import Check, Finding, Fix, present
from ash_ops.checks.connection._chain import asked_port
from ash_ops.checks.relations import entrance_subject
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.server import LADDER, Probe, Rung
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import is_balancers_own
from ash_ops.patterns import regex

_OTHER_NAME = regex(r"hostname mismatch|not valid for|doesn't match", re.IGNORECASE)
# Rungs that fail of themselves while no task is ready yet.
_SILENT = frozenset({"tcp", "http"})
# What a balancer that was just made cannot do.
_NOT_YET = {"dns": "its name is not in DNS", "tcp": "takes no connection"}
# What a failed rung means when its error names no cause of its own.
_FALLBACK = {
    "dns": "dns-nxdomain",
    "tcp": "conn-refused",
    "tls": "http-to-tls-port",
    "http": "conn-reset",
    "health": "app-unhealthy-5xx",
    "auth": "ash-server-error",
}


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The first broken rung, with the time each one took."""
    probe = snapshot.probe.get()
    if probe is None and snapshot.load_balancers.value:
        raise CannotTell("the server was not asked: no address of it is known")
    probe = present(snapshot.probe)
    broken = _first_broken(snapshot, probe)
    if broken is None and probe.rung("health") is None and runs_a_task(snapshot):
        raise CannotTell(f"{probe.url} was not asked for its health")
    if broken is None or (broken.name == "auth" and probe.key_rejected):
        return  # a 401 belongs to the checks of the key
    if broken.name == "tls" and _is_for_another_name(snapshot, probe, broken):
        raise CannotTell(
            f"the certificate at {probe.url} is for another name than the load balancer's own, as it "
            "should be: put that name into ASH_SERVER_URL and use it"
        )
    if broken.name in _NOT_YET and _is_new(snapshot, probe):
        raise CannotTell(
            f"the load balancer of {probe.url} was made a moment ago, and {_NOT_YET[broken.name]} yet: "
            "that takes one to three minutes"
        )
    ready = ready_at(snapshot) if broken.name in _SILENT else None
    if ready is not None:
        raise CannotTell(
            f"{probe.url} does not answer yet, and the task is still coming up: "
            f"wait until {ready:%H:%M:%S} UTC, then look again"
        )
    yield _broken(snapshot, probe, broken)


def _first_broken(snapshot: Snapshot, probe: Probe) -> Rung | None:
    """The rung at which callers fail: not that of a certificate for another name, if it answers."""
    broken = probe.broken
    if broken is None or broken.name != "tls" or probe.rung("http") is None:
        return broken
    if not _is_for_another_name(snapshot, probe, broken):
        return broken
    above = (probe.rung(name) for name in LADDER if name != "tls")
    return next((r for r in above if r is not None and r.outcome == "failed"), None)


def _is_for_another_name(snapshot: Snapshot, probe: Probe, rung: Rung) -> bool:
    """Whether a certificate fits only another name than the balancer's, which clients do not use.

    Nobody can have a certificate for a name under amazonaws.com.
    """
    host = urlsplit(probe.url).hostname or ""
    local = snapshot.local_key.value
    used = urlsplit((local.server_url if local else None) or "").hostname
    return is_balancers_own(host) and used != host and _OTHER_NAME.search(rung.detail) is not None


def _is_new(snapshot: Snapshot, probe: Probe) -> bool:
    """Whether the balancer of the name that was asked is still being made, or only just was.

    Raises:
        CannotTell: it was not read, and the service that it was made for is as young.
    """
    service = snapshot.service.value
    if service and service.created_at and snapshot.taken_at - service.created_at < RECENT:
        snapshot.load_balancers.get()
    host = (urlsplit(probe.url).hostname or "").lower()
    mine = [b for b in snapshot.load_balancers.value or () if (b.dns_name or "").lower() == host]
    return any(
        b.created_time is not None and snapshot.taken_at - b.created_time < WARM_UP for b in mine
    )


def _broken(snapshot: Snapshot, probe: Probe, rung: Rung) -> Finding:
    known = classify("http", _as_message(rung))
    cause = (
        known.cause
        if known.cause != "unknown" and known.severity != "info"
        else _FALLBACK[rung.name]
    )
    if rung.name == "http" and _is_met_by_tls(snapshot, probe):
        cause = "http-to-tls-port"
    heard = (str(part) for part in (rung.error or rung.status, rung.detail) if part)
    below = ", ".join(
        f"{r.name} ok in {r.elapsed_ms:.0f} ms"
        for r in probe.rungs
        if r.outcome == "ok" and r.elapsed_ms is not None and r.name in LADDER
    )
    return finding(
        cause,
        playbook_of(cause),
        f"{probe.url} fails at {rung.name.upper()}: {rung.detail or rung.error or 'no answer'}"
        + (f" ({below})." if below else "."),
        [quote(snapshot.probe, f"rungs[{rung.name}]", ": ".join(heard) or "none")],
        [
            *repair(snapshot, cause),
            Fix(why="Ask again.", command=ash_command(snapshot, "health")),
            verify(snapshot, "connection"),
        ],
        severity="error",
        subject=entrance_subject(snapshot),
    )


def _is_met_by_tls(snapshot: Snapshot, probe: Probe) -> bool:
    """Whether the port that was asked in plain HTTP is one of a listener that speaks TLS."""
    listeners = snapshot.listeners.value or ()
    mine = {x.protocol for x in listeners if x.port == asked_port(snapshot)}
    return urlsplit(probe.url).scheme == "http" and bool(mine) and mine <= {"TLS", "HTTPS"}


def _as_message(rung: Rung) -> dict[str, object]:
    """The failed rung as the catalogue reads an HTTP attempt."""
    path = "/api/sessions" if rung.name == "auth" else "/health"
    fields: dict[str, object] = {"method": "GET", "path": path, "body": rung.detail}
    if rung.status is not None:
        fields["status"] = rung.status
    if rung.error is not None:
        fields["error"] = f"{rung.error}: {rung.detail}"
    return fields


CHECK = Check(
    id="live-ladder",
    title="The server answers from this machine",
    playbook="connection",
    run=run,
    causes=tuple(dict.fromkeys(_FALLBACK.values())),
    explains=(UNANSWERED_CHECK,),
    vital=True,
)
