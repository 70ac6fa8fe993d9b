"""Do the server's settings, the task's mapping and the load balancer name one port, and speak one protocol?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import NO_TARGET, ROLLOUT_FAILS
from ash_ops.checks._facts import ash_container, definition, running
from ash_ops.checks._findings import change, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, NotApplicable, Severity, items, present
from ash_ops.checks.connection._members import group_attributes, has_own_healthy, is_of_ash, own
from ash_ops.facts.load_balancing import TargetGroup
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.names import ASH_PORT

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
ENCRYPTED = {"TLS": "TCP", "HTTPS": "HTTP"}
_PROXY = "proxy_protocol_v2.enabled"


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


def protocol(snapshot: Snapshot) -> Iterator[Finding]:
    """The load balancer speaks plain HTTP to the server, with nothing before it."""
    groups = [g for g in items(snapshot.target_groups) if is_of_ash(snapshot, g)]
    if not groups:
        raise NotApplicable("there is no target group of the server")
    for group in groups:
        if group.protocol in ENCRYPTED:
            yield _encrypted(snapshot, group, group.protocol)
    for group in groups:
        if group_attributes(snapshot, group).get(_PROXY) == "true":
            yield _proxied(snapshot, group)


def _encrypted(snapshot: Snapshot, group: TargetGroup, speaks: str) -> Finding:
    name, plain = group.target_group_name, ENCRYPTED[speaks]
    return finding(
        "target-protocol-mismatch",
        "connection",
        f"Target group {name} speaks {speaks} to its targets; Ash speaks plain HTTP and drops the handshake.",
        [quote(snapshot.target_groups, f"TargetGroups[{name}].Protocol", speaks)],
        [
            deploy_fix(
                snapshot,
                f"A target group keeps its protocol: have one of {plain} in its place (the listener may go on "
                "speaking TLS to callers).",
            ),
            verify(snapshot, "connection"),
        ],
        severity=_of_what_answers(snapshot),
        subject=f"group/{name}",
        apart=name,
    )


def _proxied(snapshot: Snapshot, group: TargetGroup) -> Finding:
    name = group.target_group_name
    return finding(
        "target-protocol-mismatch",
        "connection",
        f"Target group {name} puts a header of proxy protocol v2 before every connection, those of its health checks "
        "too: Ash does not know it and answers 400.",
        [quote(snapshot.target_group_attributes, f"Attributes[{name}][{_PROXY}]", "true")],
        [
            change(
                snapshot,
                "Switch it off.",
                op.MODIFY_TARGET_GROUP_ATTRIBUTES,
                TargetGroupArn=group.target_group_arn,
                Attributes=[{"Key": _PROXY, "Value": "false"}],
            ),
            verify(snapshot, "connection"),
        ],
        severity=_of_what_answers(snapshot),
        subject=f"group/{name}",
        apart=name,
    )


def _of_what_answers(snapshot: Snapshot) -> Severity:
    """What answers this machine well is not stopped by it, or was not yet when it was set."""
    probe = snapshot.probe.value
    well = bool(probe and probe.healthy)
    return "warning" if well and has_own_healthy(snapshot) else "error"


PROTOCOL = Check(
    id="target-protocol",
    title="The load balancer speaks the server's protocol",
    playbook="connection",
    run=protocol,
    causes=("target-protocol-mismatch",),
    explains=(*NO_TARGET, *ROLLOUT_FAILS, "ash-bad-request"),
)
