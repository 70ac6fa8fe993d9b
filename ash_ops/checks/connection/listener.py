"""Does a listener hand connections to the service, in the language the server speaks?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._facts import answers_here
from ash_ops.checks._findings import aws_command, change, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.connection._chain import asked_port, forwarding
from ash_ops.checks.connection._members import groups_with_callers
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.wanted import LISTENER
from ash_ops.names import ASH_PORT

_STREAMS = {"TCP", "TLS", "TCP_UDP", "HTTP", "HTTPS"}


_OTHERS = {"UDP", "QUIC", "TCP_QUIC", "GENEVE"}


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """A listener forwards to the service's target group; its protocol carries HTTP."""
    service = present(snapshot.service)
    groups = list(items(snapshot.target_groups))
    balancer = next(items(snapshot.load_balancers), None)
    if service.load_balancers and not groups:
        if answers_here(snapshot):
            raise CannotTell("the service's target group was not found, and yet it answers")
        yield _no_group(snapshot, service.load_balancers[0].target_group_arn or "")
        return
    if not groups:
        raise NotApplicable("the service has no load balancer")
    listeners = list(items(snapshot.listeners))
    if answers_here(snapshot) and not listeners:
        raise CannotTell("no listener was found, and yet the server answers")
    mine = forwarding(snapshot)
    if listeners and not mine:
        _require_targets(listeners)
    if balancer is not None and not listeners:
        yield _no_listener(snapshot, balancer, groups[0])
    elif not mine:
        yield _elsewhere(snapshot, listeners, groups[0].target_group_arn)
    else:
        yield from _shared(snapshot, mine)
        yield from _unattached(snapshot, groups, listeners)
        if balancer is not None and _in_vain(snapshot):
            yield from _on_its_port(snapshot, balancer, mine, groups[0])
    odd = next((x for x in mine if x.protocol not in _STREAMS | _OTHERS), None)
    if odd is not None:
        raise CannotTell(f"listener {odd.port} speaks {odd.protocol!r}, which is not known")
    yield from (_wrong_protocol(snapshot, x) for x in mine if x.protocol in _OTHERS)


def _require_targets(listeners: list[Listener]) -> None:
    """A listener always leads somewhere: one of which that was not read may lead to the service.

    Raises:
        CannotTell: that is so.
    """
    lost = next((x for x in listeners if not any(a.groups for a in x.default_actions)), None)
    if lost is not None:
        raise CannotTell(f"where the listener on port {lost.port} forwards to was not told")


def _no_group(snapshot: Snapshot, arn: str) -> Finding:
    return finding(
        "target-group-missing",
        "connection",
        f"The service registers its tasks with target group {arn.split(':')[-1]}, which does not exist.",
        [quote(snapshot.service, "services[0].loadBalancers[0].targetGroupArn", arn)],
        [
            deploy_fix(snapshot, "Deploy again: that makes the target group and its listener."),
            verify(snapshot, "connection"),
        ],
        severity="error",
    )


def _listen(snapshot: Snapshot, balancer: LoadBalancer, group: TargetGroup) -> Fix:
    """A listener on the port that callers use, of the target group's own protocol.

    One that the stack had is the stack's to make: one made beside it lacks what the stack gives it, and is in the
    way of the next deployment.
    """
    if _was_the_stacks(snapshot):
        return deploy_fix(snapshot, "Make the listener again, as the stack wants it.")
    port, protocol = _callers_port(snapshot), group.protocol or "TCP"
    if protocol in {"TLS", "HTTPS"}:
        return Fix(
            why=f"Listen on port {port} and forward to the service's target group. A {protocol} "
            "listener needs a certificate: which one, is your decision."
        )
    return Fix(
        why=f"Listen on port {port} and forward to the service's target group.",
        command=aws_command(
            snapshot,
            f"elbv2 create-listener --load-balancer-arn {balancer.load_balancer_arn} "
            f"--protocol {protocol} --port {port} "
            f"--default-actions Type=forward,TargetGroupArn={group.target_group_arn}",
        ),
    )


def _was_the_stacks(snapshot: Snapshot) -> bool:
    """Whether the stack has made a listener that is not there any more."""
    there = {x.listener_arn for x in items(snapshot.listeners)}
    wanted = (each for each in snapshot.wanted.value or () if each.type == LISTENER)
    return any(each.physical_id not in there for each in wanted)


def _callers_port(snapshot: Snapshot) -> int:
    """The port in the deployment's own address, else the one that Ash listens on."""
    try:
        named = urlsplit(snapshot.deployment.url or "").port
        return asked_port(snapshot) or named or ASH_PORT
    except ValueError:
        return ASH_PORT


def _no_listener(snapshot: Snapshot, balancer: LoadBalancer, group: TargetGroup) -> Finding:
    return finding(
        "listener-missing",
        "connection",
        f"Load balancer {balancer.load_balancer_name} has no listener: it accepts no connection at all.",
        [quote(snapshot.listeners, f"Listeners[{balancer.load_balancer_name}]", "[]")],
        [_listen(snapshot, balancer, group), verify(snapshot, "connection")],
        severity="error",
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _in_vain(snapshot: Snapshot) -> bool:
    """Whether this machine called and was not answered at all."""
    probe = snapshot.probe.value
    tcp = probe.rung("tcp") if probe else None
    return tcp is not None and tcp.outcome == "failed"


def _on_its_port(
    snapshot: Snapshot, balancer: LoadBalancer, mine: list[Listener], group: TargetGroup
) -> Iterator[Finding]:
    """Whether the listener was moved, or this machine called at a port on which none listens."""
    wanted, asked = _moved_from(snapshot, mine), asked_port(snapshot)
    if wanted is not None:
        yield _moved(snapshot, balancer, mine[0], wanted)
    elif asked is not None and asked not in {x.port for x in items(snapshot.listeners)}:
        yield _on_another_port(snapshot, balancer, mine[0], group)


def _moved_from(snapshot: Snapshot, mine: list[Listener]) -> str | None:
    """The port on which the stack wants a listener of its own that is on another now."""
    there = {x.listener_arn: str(x.port) for x in mine}
    return next(
        (
            str(each.properties["Port"])
            for each in snapshot.wanted.value or ()
            if each.type == LISTENER
            and "Port" in each.properties
            and there.get(each.physical_id, "") not in {"", str(each.properties["Port"])}
        ),
        None,
    )


def _moved(snapshot: Snapshot, balancer: LoadBalancer, listener: Listener, wanted: str) -> Finding:
    return finding(
        "listener-missing",
        "connection",
        f"The listener of {balancer.load_balancer_name} was moved past the stack from port {wanted}, which callers "
        f"know and the security group admits, to port {listener.port}.",
        [
            quote(
                snapshot.listeners,
                f"Listeners[{balancer.load_balancer_name}].Port",
                f"{listener.port}, the stack wants {wanted}",
            )
        ],
        [
            deploy_fix(snapshot, f"Put it back to port {wanted}, as the stack wants it."),
            verify(snapshot, "connection"),
        ],
        severity="error",
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _on_another_port(
    snapshot: Snapshot, balancer: LoadBalancer, listener: Listener, group: TargetGroup
) -> Finding:
    asked, port = asked_port(snapshot), listener.port
    return finding(
        "listener-missing",
        "connection",
        f"Load balancer {balancer.load_balancer_name} has no listener on port {asked}, at which callers "
        f"knock: the one that leads to the service is on port {port}.",
        [quote(snapshot.listeners, f"Listeners[{balancer.load_balancer_name}].Port", port)],
        [
            _listen(snapshot, balancer, group),
            Fix(why=f"Or let callers use port {port}: put it into their ASH_SERVER_URL."),
            verify(snapshot, "connection"),
        ],
        severity="error",
        subject=f"balancer/{balancer.load_balancer_name}",
    )


def _elsewhere(snapshot: Snapshot, listeners: list[Listener], arn: str) -> Finding:
    named = ", ".join(f"{x.protocol} {x.port}" for x in listeners) or "none"
    missing = f"No listener (there are: {named}) forwards"
    if not snapshot.load_balancers.value:
        missing = "There is no load balancer that leads"
    steps = [verify(snapshot, "connection")]
    if len(listeners) == 1:
        steps.insert(0, _forward(snapshot, listeners[0], arn))
    else:
        steps.insert(0, deploy_fix(snapshot, "Deploy again: that makes what is missing."))
    return finding(
        "target-group-not-attached",
        "connection",
        f"{missing} to the service's target group {arn.split(':')[-1]}.",
        [
            quote(
                snapshot.listeners,
                "Listeners[].DefaultActions[].TargetGroupArn",
                ", ".join(g for x in listeners for a in x.default_actions for g in a.groups)
                or "none",
            )
        ],
        steps,
        severity="error",
    )


def _unattached(
    snapshot: Snapshot, groups: list[TargetGroup], listeners: list[Listener]
) -> Iterator[Finding]:
    """Another group in which the service registers every task, and to which nothing leads: its callers are shut out.

    Of a blue and a green group one is in use; the rules of an application load balancer are not read.
    """
    named, balancers = groups_with_callers(snapshot), list(items(snapshot.load_balancers))
    reached = {arn for x in listeners for action in x.default_actions for arn in action.groups}
    if any(b.type == "application" for b in balancers):
        return
    deaf = [
        b for b in balancers if b.load_balancer_arn not in {x.load_balancer_arn for x in listeners}
    ]
    for group in groups:
        if group.target_group_arn not in named - reached:
            continue
        _require_targets(listeners)
        if len(deaf) == 1:
            yield replace(
                _no_listener(snapshot, deaf[0], group),
                id=f"listener-missing:{group.target_group_name}",
            )
        else:
            found = _elsewhere(snapshot, listeners, group.target_group_arn)
            again = deploy_fix(
                snapshot, "Deploy again: that makes what is missing of the stack's own."
            )
            steps = (again, verify(snapshot, "connection"))
            yield replace(found, id=f"{found.cause}:{group.target_group_name}", fix=steps)


def _shared(snapshot: Snapshot, mine: list[Listener]) -> Iterator[Finding]:
    """A listener spreads connections by weights: what goes to groups of others never reaches the service."""
    own = {arn for b in present(snapshot.service).load_balancers for arn in b.target_groups}
    own = own or {g.target_group_arn for g in items(snapshot.target_groups)}
    for listener in mine:
        shares = {
            share.target_group_arn or "": share.weight
            for action in listener.default_actions
            for share in (action.forward_config.target_groups if action.forward_config else ())
        }
        if None in shares.values() or not own & set(shares):
            continue
        weights = {arn: weight or 0 for arn, weight in shares.items()}
        astray = {arn: weight for arn, weight in weights.items() if weight and arn not in own}
        if astray:
            yield _astray(snapshot, listener, weights, astray)


def _astray(
    snapshot: Snapshot, listener: Listener, weights: dict[str, int], astray: dict[str, int]
) -> Finding:
    part, whole = sum(astray.values()), sum(weights.values())
    kept = next(arn for arn in weights if arn not in astray)
    names = ", ".join(arn.split(":")[-1] for arn in astray)
    return finding(
        "target-group-not-attached",
        "connection",
        f"The listener on port {listener.port} hands {'all' if part == whole else f'{part} of {whole}'} connections to "
        f"{names}, which is none of this service's target groups.",
        [
            quote(
                snapshot.listeners,
                f"Listeners[{listener.port}].DefaultActions[].ForwardConfig.TargetGroups[].Weight",
                ", ".join(f"{arn.split(':')[-1]}: {weight}" for arn, weight in weights.items()),
            )
        ],
        [_forward(snapshot, listener, kept), verify(snapshot, "connection")],
        severity="error" if part == whole and not answers_here(snapshot) else "warning",
        subject=f"listener/{listener.port}",
        apart=f"{listener.port}-shared",
    )


def _forward(snapshot: Snapshot, listener: Listener, arn: str) -> Fix:
    step = change(
        snapshot,
        "Forward to the service's target group.",
        op.MODIFY_LISTENER,
        ListenerArn=listener.listener_arn,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": arn}],
    )
    taken = [g for action in listener.default_actions for g in action.groups if g != arn]
    if not taken:
        return step
    # Something else may be served there: whether it may be cut off, its owner knows.
    why = f"{step.why} What it serves now, {taken[0].split(':')[-1]}, then gets no connection any more."
    return replace(step, why=why, action=None)


def _wrong_protocol(snapshot: Snapshot, listener: Listener) -> Finding:
    return finding(
        "listener-missing",
        "connection",
        f"The listener on port {listener.port} takes {listener.protocol}; Ash is called over TCP.",
        [quote(snapshot.listeners, f"Listeners[{listener.port}].Protocol", listener.protocol)],
        [
            change(
                snapshot,
                "Let it take TCP.",
                op.MODIFY_LISTENER,
                ListenerArn=listener.listener_arn,
                Protocol="TCP",
            ),
            verify(snapshot, "connection"),
        ],
        severity="error",
        subject=f"listener/{listener.port}",
        apart=str(listener.port),
    )


CHECK = Check(
    id="listener",
    title="A listener forwards to the service",
    playbook="connection",
    run=run,
    causes=("target-group-missing", "listener-missing", "target-group-not-attached"),
    explains=(
        *NOTHING_ANSWERS,
        "dns-nxdomain",
        "target-initial-wait",
        "no-registered-targets",
        "target-group-not-attached",
    ),
    vital=True,
)
