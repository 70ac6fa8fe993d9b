"""From the revision to an answer of an agent: each step rests on the one before."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ash_ops.checks._findings import ash_command, finding, quote
from ash_ops.checks.agents import canary
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items, present
from ash_ops.facts.deploying.deployments import NewDeployment
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.server import Probe, Rung

# How a broken rung below HTTP is called, by its name and the class of its failure.
_BROKEN = {
    ("dns", ""): "dns-nxdomain",
    ("tcp", "TimeoutError"): "conn-timeout",
    ("tcp", ""): "conn-refused",
    ("tls", ""): "tls-certificate-invalid",
    ("http", ""): "conn-reset",
}
_REFUSALS = {401: "ash-auth-invalid", 403: "ash-auth-invalid", 429: "ash-rate-limited"}
_UNANSWERED = frozenset({"ConnectionFailed", "RequestTimeout"})


def revision(new: NewDeployment) -> Iterator[Finding]:
    """The revision that was deployed is in place, and no task of another runs beside it."""
    read = new.snapshot.service
    service = read.get()
    primary = service.primary if service else None
    if service is None or primary is None:
        yield _of_service(new, "service-missing", "There is no such service.", "services", "none")
        return
    wanted = (new.revision or "").rsplit("/", 1)[-1]
    others = [r for r in service.deployments if not r.is_primary and r.running_count]
    if wanted and primary.revision != wanted:
        told = f"{primary.revision} serves, not {wanted}."
        field = "deployments[PRIMARY].taskDefinition"
        yield _of_service(new, "deployment-rolled-back", told, field, primary.revision)
    elif primary.state != "COMPLETED" or others:
        field = "deployments[PRIMARY].rolloutState"
        yield _of_service(new, "deployment-in-progress", f"{primary.line}.", field, primary.state)


def _of_service(new: NewDeployment, cause: str, summary: str, field: str, value: str) -> Finding:
    look = ash_command(new.snapshot, "doctor deploy")
    return finding(
        cause,
        "proof",
        summary,
        [quote(new.snapshot.service, field, value)],
        [Fix(why="See what became of the rollout.", command=look)],
        severity="error",
    )


def targets(new: NewDeployment) -> Iterator[Finding]:
    """As many targets as tasks are wanted are healthy."""
    rows = list(items(new.snapshot.target_health))
    service = new.snapshot.service.get()
    least = max(1, (service.desired_count or 0) if service else 1)
    if len([row for row in rows if row.state == "healthy"]) >= least:
        return
    told = ", ".join(f"{row.target.id} {row.told}" for row in rows)
    waiting = any(row.state == "initial" for row in rows)
    unwell = "target-initial-wait" if waiting else "elb-healthcheck-failed"
    look = ash_command(new.snapshot, "doctor connection")
    yield finding(
        unwell if rows else "no-registered-targets",
        "proof",
        f"{told or 'No target is registered'}.",
        [
            quote(
                new.snapshot.target_health,
                "TargetHealthDescriptions[].TargetHealth",
                told or "none",
            )
        ],
        [Fix(why="See why the load balancer does not call them healthy.", command=look)],
        severity="error",
    )


def health(new: NewDeployment) -> Iterator[Finding]:
    """``GET /health`` is answered well, by the version that was deployed."""
    probe = _probe(new)
    if probe.healthy is None:
        yield from _silent(new, probe)
    elif not probe.healthy:
        yield _of_server(new, "app-unhealthy-5xx", f"{probe.answer}.", "health", probe.answer)
    elif new.version and probe.version and probe.version != new.version:
        told = f"The server is version {probe.version}, {new.version} was wanted."
        yield _of_server(new, "version-differs", told, "health", probe.version)


def _probe(new: NewDeployment) -> Probe:
    """What the server answered; a service without an address was not asked.

    Raises:
        CannotTell: it was not asked.
    """
    return new.snapshot.probe.get() or Probe(url="")


def _silent(new: NewDeployment, probe: Probe) -> Iterator[Finding]:
    if not probe.url:
        told = "No load balancer is in front of it."
        yield _of_server(new, "target-group-not-attached", told, "url", "none")
        return
    rung = probe.broken or Rung(name="http", outcome="failed")
    if not new.is_let_in:
        raise CannotTell(f"{rung.said}; this machine need not be let in")
    cause = _BROKEN.get((rung.name, rung.error or "")) or _BROKEN[rung.name, ""]
    yield _of_server(new, cause, f"{rung.said}.", rung.name, rung.said)


def _of_server(new: NewDeployment, cause: str, summary: str, rung: str, value: str) -> Finding:
    look = ash_command(new.snapshot, "doctor connection")
    return finding(
        cause,
        "proof",
        summary,
        [quote(new.snapshot.probe, f"rungs[{rung}]", value)],
        [Fix(why="See where the way to the server ends.", command=look)],
        severity="error",
    )


def key(new: NewDeployment) -> Iterator[Finding]:
    """A call that needs the key is answered: the list of sessions."""
    if not new.has_key:
        raise CannotTell("the key is not known")
    probe = _probe(new)
    rung = probe.rung("auth")
    if rung is None or rung.status is None:
        raise CannotTell((probe.broken or rung or Rung(name="auth", outcome="failed")).said)
    if rung.outcome != "ok":
        cause = _REFUSALS.get(rung.status, "ash-server-error")
        yield _of_server(new, cause, f"{rung.said}.", "auth", rung.said)


def runners(new: NewDeployment) -> Iterator[Finding]:
    """As many runners as are wanted are registered with the coordinator, and at least one."""
    if new.runners is None:
        raise NotApplicable("one server runs everything")
    fleet = present(new.fleet)
    if fleet.unasked:
        raise CannotTell(fleet.unasked)
    if fleet.registered >= max(new.runners, 1):
        return
    told = "; ".join(f"{id_}: {text}" for id_, text in fleet.disagreements)
    look = ash_command(new.snapshot, "runners list")
    yield finding(
        "ash-runner-missing" if fleet.registered else "ash-no-runner",
        "proof",
        f"{fleet.registered} of {new.runners} runners are registered{': ' if told else ''}{told}.",
        [quote(new.fleet, "registered", fleet.registered)],
        [Fix(why="See which runners the coordinator does not know.", command=look)],
        severity="error",
    )


def agent(new: NewDeployment) -> Iterator[Finding]:
    """A session is made, answers and is ended: nothing else proves that agents run."""
    if not new.wants_session:
        raise NotApplicable("no session was asked for")
    rung = _probe(new).rung("canary")
    if rung is None:
        raise CannotTell("no session was made")
    if rung.error in _UNANSWERED:
        raise CannotTell(rung.detail)
    for item in canary.run(new.snapshot):
        yield replace(item, playbook="proof")


REVISION = Check(
    id="revision",
    title="This revision is the one serving",
    playbook="proof",
    run=revision,
    causes=("service-missing", "deployment-rolled-back", "deployment-in-progress"),
)
TARGETS = Check(
    id="targets",
    title="Its targets are healthy",
    playbook="proof",
    run=targets,
    causes=("target-initial-wait", "elb-healthcheck-failed", "no-registered-targets"),
)
HEALTH = Check(
    id="health",
    title="The server says that it is well",
    playbook="proof",
    run=health,
    causes=(
        *_BROKEN.values(),
        "app-unhealthy-5xx",
        "target-group-not-attached",
        "version-differs",
    ),
)
KEY = Check(
    id="key",
    title="A call with the key is answered",
    playbook="proof",
    run=key,
    causes=(*dict.fromkeys(_REFUSALS.values()), "ash-server-error"),
)
RUNNERS = Check(
    id="runners",
    title="Its runners are registered",
    playbook="proof",
    run=runners,
    causes=("ash-runner-missing", "ash-no-runner"),
)
AGENT = Check(
    id="agent",
    title="An agent runs",
    playbook="proof",
    run=agent,
    causes=canary.CHECK.causes,
)
