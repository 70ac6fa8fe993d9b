"""Do the server's settings, the task's mapping and the load balancer name one port?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import NO_TARGET, ROLLOUT_FAILS
from ash_ops.checks._facts import ash_container, definition, running
from ash_ops.checks._findings import deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, NotApplicable, Severity, present
from ash_ops.checks.connection._members import has_own_healthy, own
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.names import ASH_PORT

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The server listens where the load balancer asks, on an address that is reached from outside."""
    container = ash_container(snapshot)
    if _is_refuted(snapshot):
        return
    host = (container.setting("ASH_HOST") or "").strip().lower()
    if host in _LOOPBACK or host.startswith("127."):
        yield _loopback(snapshot, container, host)
    port = _listens_on(container)
    for place, wanted in _asked(snapshot, container):
        if wanted != port:
            yield _other_port(snapshot, container, place, port, wanted)
            return


def _listens_on(container: ContainerDefinition) -> int:
    """``ASH_PORT``, by default 4100.

    Raises:
        CannotTell: it is no port, or is filled from a secret.
    """
    given = container.setting("ASH_PORT")
    if any(secret.name == "ASH_PORT" for secret in container.secrets):
        raise CannotTell("ASH_PORT is filled from a secret")
    if given is None or not given.strip():
        return ASH_PORT
    if not given.strip().isdigit():
        raise CannotTell("ASH_PORT is no number: the server says so in its log")
    return int(given)


def _asked(snapshot: Snapshot, container: ContainerDefinition) -> Iterator[tuple[str, int]]:
    """The ports on which others ask this container: the service's balancer, and its own mapping."""
    named = present(snapshot.service).load_balancers
    mine = [b for b in named if b.container_name in {None, container.name} and b.container_port]
    if named and not mine:
        raise NotApplicable("another container of the task takes the connections")
    for each in mine:
        yield "services[0].loadBalancers[].containerPort", each.container_port or ASH_PORT
    if not mine and len(container.maps) == 1:
        yield "containerDefinitions[].portMappings[].containerPort", container.maps[0]


def _severity(snapshot: Snapshot) -> Severity:
    """A target that answers disproves it, unless it is known to be of another revision."""
    if not has_own_healthy(snapshot):
        return "error"
    return "error" if _answers_by_another(snapshot) else "warning"


def _is_refuted(snapshot: Snapshot) -> bool:
    """Whether all tasks that run are of this revision, and the load balancer calls one healthy."""
    arn = definition(snapshot).task_definition_arn
    try:
        tasks = running(snapshot)
    except CannotTell:
        return has_own_healthy(snapshot)
    same = all(t.task_definition_arn in {None, arn} for t in tasks)
    return same and has_own_healthy(snapshot)


def _answers_by_another(snapshot: Snapshot) -> bool:
    """Whether every healthy target is a task of another revision than the one in place."""
    arn = definition(snapshot).task_definition_arn
    try:
        of = {t.private_ip: t.task_definition_arn for t in running(snapshot) if t.private_ip}
        answering = [of.get(row.target.id) for row in own(snapshot) if row.state == "healthy"]
    except CannotTell:
        return False
    return bool(arn) and all(each not in {None, arn} for each in answering)


def _loopback(snapshot: Snapshot, container: ContainerDefinition, host: str) -> Finding:
    return finding(
        "bad-listen-config",
        "connection",
        f"The server listens on {host} (ASH_HOST) only: nothing outside its container reaches it.",
        [_quoted(snapshot, container, "environment[ASH_HOST]", host)],
        [deploy_fix(snapshot, "Let it listen on 0.0.0.0."), verify(snapshot, "connection")],
        severity=_severity(snapshot),
        subject=f"revision/{definition(snapshot).revision or '?'}",
    )


def _other_port(
    snapshot: Snapshot, container: ContainerDefinition, place: str, port: int, wanted: int
) -> Finding:
    by = "the load balancer sends connections to" if "loadBalancers" in place else "the task maps"
    reading = snapshot.service if "loadBalancers" in place else snapshot.task_definition
    return finding(
        "port-mapping-mismatch",
        "connection",
        f"The server listens on port {port} (ASH_PORT), but {by} {wanted}.",
        [
            _quoted(
                snapshot,
                container,
                "environment[ASH_PORT]",
                container.setting("ASH_PORT") or "not set: 4100",
            ),
            quote(reading, place, wanted),
        ],
        [
            deploy_fix(
                snapshot,
                f"Let ASH_PORT, the port mapping and the service name one port, {ASH_PORT}.",
            ),
            verify(snapshot, "connection"),
        ],
        severity=_severity(snapshot),
        subject=f"revision/{definition(snapshot).revision or '?'}",
    )


def _quoted(snapshot: Snapshot, container: ContainerDefinition, field: str, value: str) -> Evidence:
    return quote(snapshot.task_definition, f"containerDefinitions[{container.name}].{field}", value)


CHECK = Check(
    id="port-mapping",
    title="The server listens where the load balancer asks",
    playbook="connection",
    run=run,
    causes=("port-mapping-mismatch", "bad-listen-config"),
    explains=(*NO_TARGET, *ROLLOUT_FAILS, "container-healthcheck-failed"),
)
