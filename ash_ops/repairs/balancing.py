"""What commands of Elastic Load Balancing do to the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ash_ops.facts.load_balancing import (
    Listener,
    ListenerAction,
    LoadBalancer,
    Matcher,
    TargetGroup,
    ZoneOfBalancer,
)
from ash_ops.facts.model import fact_of, plain
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.facts import (
    Refused,
    Unknowable,
    asked_anew,
    changed,
    copied,
    read,
    unread,
    with_values,
)

_Options = Mapping[str, Any]
# Which target groups a listener can serve, by their protocols (API reference, "CreateListener").
_SERVES = {
    "TCP": {"TCP", "TCP_UDP"},
    "TLS": {"TCP", "TLS"},
    "UDP": {"UDP", "TCP_UDP"},
    "TCP_UDP": {"TCP_UDP"},
    "HTTP": {"HTTP", "HTTPS"},
    "HTTPS": {"HTTP", "HTTPS"},
}


def _pairs(given: Any) -> dict[str, str]:
    rows = given if isinstance(given, list) else [given]
    return {row["Key"]: str(row["Value"]) for row in rows}


def _group_attributes(snapshot: Snapshot, options: _Options) -> Snapshot:
    arn = options["target-group-arn"]
    _known(snapshot, "target_groups", "target_group_arn", arn)
    after = _attributes(snapshot, "target_groups", arn, _pairs(options["attributes"]))
    # The way of the callers' packets is another one now: what got through proves nothing.
    return after if after is snapshot else asked_anew(after)


def _listener_attributes(snapshot: Snapshot, options: _Options) -> Snapshot:
    arn = options["listener-arn"]
    _known(snapshot, "listeners", "listener_arn", arn)
    return _attributes(snapshot, "listeners", arn, _pairs(options["attributes"]))


def _known(snapshot: Snapshot, name: str, key: str, arn: str) -> None:
    if not any(getattr(row, key) == arn for row in read(getattr(snapshot, name)) or ()):
        raise Unknowable(arn)


# What has attributes: how it is told apart, and where those of the first are.
_WITH_ATTRIBUTES = {
    "target_groups": ("target_group_arn", "target_group_attributes"),
    "listeners": ("listener_arn", "listener_attributes"),
}


def _attributes(snapshot: Snapshot, kind: str, arn: str, new: dict[str, str]) -> Snapshot:
    key, own = _WITH_ATTRIBUTES[kind]
    first = next(iter(read(getattr(snapshot, kind)) or ()), None)
    is_first = getattr(first, key) == arn
    others = {} if is_first else read(snapshot.other_attributes) or {}
    old = (read(getattr(snapshot, own)) or {}) if is_first else others.get(arn, {})
    merged = {**old, **new}
    if merged == old:
        return snapshot
    if is_first:
        return with_values(snapshot, **{own: merged})
    return with_values(snapshot, other_attributes={**others, arn: merged})


_GROUP_FIELDS = {
    "health-check-path": "health_check_path",
    "health-check-port": "health_check_port",
    "health-check-protocol": "health_check_protocol",
    "health-check-enabled": "health_check_enabled",
}


def _modify_group(snapshot: Snapshot, options: _Options) -> Snapshot:
    fields = {field: options[name] for name, field in _GROUP_FIELDS.items() if name in options}
    if "matcher" in options:
        fields["matcher"] = fact_of(Matcher, options["matcher"])
    protocol = fields.get("health_check_protocol")

    def apply(group: TargetGroup) -> TargetGroup:
        asks = protocol or group.health_check_protocol
        if "health_check_path" in fields and asks not in {None, "HTTP", "HTTPS"}:
            raise Refused(f"a health check over {asks} has no path")
        return copied(group, **fields)

    arn = options["target-group-arn"]
    after = changed(snapshot, "target_groups", "target_group_arn", arn, apply)
    if after is snapshot or any(
        r.target_health.state == "healthy" for r in after.target_health.value or ()
    ):
        return after
    return asked_anew(unread(after, "target_health"))


def _actions(snapshot: Snapshot, given: Any, protocol: str | None) -> tuple[ListenerAction, ...]:
    actions = given if isinstance(given, list) else [given]
    parsed = tuple(fact_of(ListenerAction, row) for row in actions)
    groups = {g.target_group_arn: g for g in read(snapshot.target_groups) or ()}
    for arn in (arn for action in parsed for arn in action.groups):
        group = groups.get(arn)
        if group is None:
            raise Unknowable(arn)
        if protocol in _SERVES and group.protocol and group.protocol not in _SERVES[protocol]:
            raise Refused(f"a {protocol} listener serves no target group of {group.protocol}")
    return parsed


def _modify_listener(snapshot: Snapshot, options: _Options) -> Snapshot:
    def apply(listener: Listener) -> Listener:
        protocol = options.get("protocol", listener.protocol)
        actions = listener.default_actions
        if "default-actions" in options:
            actions = _actions(snapshot, options["default-actions"], protocol)
        else:
            _actions(snapshot, [plain(a) for a in actions], protocol)
        return copied(listener, protocol=protocol, default_actions=actions)

    after = changed(snapshot, "listeners", "listener_arn", options["listener-arn"], apply)
    return after if after is snapshot else asked_anew(after)


def _create_listener(snapshot: Snapshot, options: _Options) -> Snapshot:
    balancer, port = options["load-balancer-arn"], int(options["port"])
    _known(snapshot, "load_balancers", "load_balancer_arn", balancer)
    listeners = read(snapshot.listeners) or ()
    actions = _actions(snapshot, options["default-actions"], options["protocol"])
    same = [x for x in listeners if x.port == port and x.load_balancer_arn in {None, balancer}]
    if any(x.protocol == options["protocol"] and x.default_actions == actions for x in same):
        return snapshot
    if same:
        raise Refused(f"port {port} has a listener already")
    new = Listener(
        listener_arn=f"{balancer.replace(':loadbalancer/', ':listener/')}/0",
        load_balancer_arn=balancer,
        port=port,
        protocol=options["protocol"],
        default_actions=actions,
    )
    return asked_anew(with_values(snapshot, listeners=(*listeners, new)))


def _set_subnets(snapshot: Snapshot, options: _Options) -> Snapshot:
    given = options["subnets"]
    ids = given if isinstance(given, list) else [given]
    known = {s.subnet_id: s for s in read(snapshot.subnets) or ()}
    if not set(ids) <= set(known):
        raise Unknowable(", ".join(ids))
    zones = tuple(ZoneOfBalancer(zone_name=known[i].availability_zone, subnet_id=i) for i in ids)
    if len({z.zone_name for z in zones}) < len(zones):
        raise Refused("a load balancer takes one subnet a zone")

    def apply(balancer: LoadBalancer) -> LoadBalancer:
        same = {z.subnet_id for z in balancer.availability_zones} == set(ids)
        return balancer if same else copied(balancer, availability_zones=zones)

    arn = options["load-balancer-arn"]
    after = changed(snapshot, "load_balancers", "load_balancer_arn", arn, apply)
    # What the checks of targets in a zone that is served now will find is not known yet.
    idle = any(r.target_health.state == "unused" for r in after.target_health.value or ())
    return after if after is snapshot or not idle else unread(after, "target_health")


def _register(snapshot: Snapshot, options: _Options) -> Snapshot:
    arn = options["target-group-arn"]
    _known(snapshot, "target_groups", "target_group_arn", arn)
    given = options["targets"]
    wanted = {row["Id"] for row in (given if isinstance(given, list) else [given])}
    rows = read(snapshot.target_health) or ()
    if wanted <= {row.target.id for row in rows if "draining" not in row.state}:
        return snapshot
    # What their checks will find is not known before they have asked.
    return asked_anew(unread(snapshot, "target_health"))


OPERATIONS = {
    "elbv2 create-listener": _create_listener,
    "elbv2 modify-listener": _modify_listener,
    "elbv2 modify-listener-attributes": _listener_attributes,
    "elbv2 modify-target-group": _modify_group,
    "elbv2 modify-target-group-attributes": _group_attributes,
    "elbv2 register-targets": _register,
    "elbv2 set-subnets": _set_subnets,
}
