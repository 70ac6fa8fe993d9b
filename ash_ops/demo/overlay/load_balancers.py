"""ELB: network load balancers that really listen, and targets that can be unhealthy.

A load balancer gets a loopback address of its own (Linux answers on all of 127.0.0.0/8) and its
listeners open their true ports there, so that a template's port 4100 collides with nobody's and
nothing that uses the emulator needs to know that the address is not AWS's.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_region
from ministack.services import alb
from ministack.services.cloudformation import provisioners

from ash_ops.demo.overlay import extras, network, state, targets
from ash_ops.demo.overlay.living import LIVING
from ash_ops.demo.tcp_proxy import TcpProxy

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Created = tuple[str, Record]

# Defaults of the ELB API reference (ModifyLoadBalancerAttributes, ModifyTargetGroupAttributes,
# ModifyListenerAttributes) for a network load balancer.
_BALANCER_DEFAULTS = {
    "access_logs.s3.enabled": "false",
    "deletion_protection.enabled": "false",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.cross_zone.enabled": "false",
    "dns_record.client_routing_policy": "any_availability_zone",
}
_GROUP_DEFAULTS = {
    "deregistration_delay.timeout_seconds": "300",
    "deregistration_delay.connection_termination.enabled": "false",
    "preserve_client_ip.enabled": "false",
    "proxy_protocol_v2.enabled": "false",
    "stickiness.enabled": "false",
    "stickiness.type": "source_ip",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "target_health_state.unhealthy.connection_termination.enabled": "true",
}
_LISTENER_DEFAULTS = {"tcp.idle_timeout.seconds": "350"}
# Whoever connects to one of this machine's loopback addresses comes from here.
_CALLER = "127.0.0.1"
_TOO_MANY = (
    'Resource handler returned message: "The maximum number of load balancers has been reached. '
    "(Service: ElasticLoadBalancingV2, Status Code: 400, Request ID: "
    '4a1f2c3e-9b7d-4e58-8c1a-2d3f4b5a6c7d) (SDK Attempt Count: 1)" (RequestToken: '
    "8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0, HandlerErrorCode: ServiceLimitExceeded)"
)


_doors: dict[str, TcpProxy] = {}
_doors_lock = threading.Lock()


def install() -> None:
    """Replace the answers about load balancers and target health."""
    alb._lb_xml = _with_zones(alb._lb_xml)


def install_handlers(table: dict[str, Record]) -> None:
    """Replace the CloudFormation handlers of load balancers, listeners and target groups."""
    table["AWS::ElasticLoadBalancingV2::LoadBalancer"] |= {
        "create": _create_balancer,
        "delete": _delete_balancer,
    }
    table["AWS::ElasticLoadBalancingV2::Listener"] |= {
        "create": _create_listener,
        "update": _update_listener,
        "delete": _delete_listener,
    }
    table["AWS::ElasticLoadBalancingV2::TargetGroup"] |= {"create": _create_target_group}


def close_doors() -> None:
    """Close every listening load balancer."""
    with _doors_lock:
        doors = list(_doors.values())
        _doors.clear()
    for proxy in doors:
        proxy.close()


def _with_zones(original: Callable[[Record], str]) -> Callable[[Record], str]:
    def xml(balancer: Record) -> str:
        text = original(balancer)
        for subnet_id in balancer.get("Subnets", []):
            zone = state.subnets().get(subnet_id, {}).get("AvailabilityZone", "")
            text = text.replace(
                f"<ZoneName>{get_region()}a</ZoneName><SubnetId>{subnet_id}<",
                f"<ZoneName>{zone}</ZoneName><SubnetId>{subnet_id}<",
            )
        return text

    return xml


def _create_balancer(logical_id: str, properties: Record, stack_name: str) -> Created:
    name = properties.get("Name")
    if name and any(lb["LoadBalancerName"] == name for lb in alb._lbs.values()):
        # CloudFormation's wording when the name is taken.
        raise ValueError(
            f"A load balancer with the same name '{name}' exists, but with other settings"
        )
    if properties.get("Type") == "network" and _network_balancers() >= _most_balancers():
        raise ValueError(_TOO_MANY)
    arn, attributes = provisioners._elbv2_load_balancer_create(logical_id, properties, stack_name)
    if properties.get("Type") != "network":
        return arn, attributes
    balancer = alb._lbs.pop(arn)
    arn = arn.replace("loadbalancer/app/", "loadbalancer/net/")
    balancer |= {"LoadBalancerArn": arn, "DNSName": free_loopback_address()}
    balancer["VpcId"] = state.subnets()[balancer["Subnets"][0]]["VpcId"]
    balancer["_interfaces"] = [_balancer_interface(balancer, s) for s in balancer["Subnets"]]
    _move(arn, balancer)
    full_name = attributes["LoadBalancerFullName"].replace("app/", "net/", 1)
    named = {"LoadBalancerArn": arn, "Arn": arn, "LoadBalancerFullName": full_name}
    return arn, {**attributes, **named, "DNSName": balancer["DNSName"]}


def _network_balancers() -> int:
    return sum(balancer["Type"] == "network" for balancer in alb._lbs.values())


def _most_balancers() -> float:
    return extras.quota("elasticloadbalancing", "L-69A177A2")


def _move(arn: str, balancer: Record) -> None:
    """File a balancer under its network ARN, with its tags and a network balancer's defaults."""
    old = arn.replace("loadbalancer/net/", "loadbalancer/app/")
    alb._lbs[arn] = balancer
    alb._tags[arn] = alb._tags.pop(old, [])
    declared = {a["Key"]: a["Value"] for a in alb._lb_attrs.pop(old, [])}
    declared.pop("idle_timeout.timeout_seconds", None)
    alb._lb_attrs[arn] = _attributes(_BALANCER_DEFAULTS, declared)


def _attributes(defaults: dict[str, str], declared: dict[str, str]) -> list[Record]:
    return [{"Key": key, "Value": str(value)} for key, value in {**defaults, **declared}.items()]


def _balancer_interface(balancer: Record, subnet_id: str) -> str:
    full_name = balancer["LoadBalancerArn"].split(":loadbalancer/")[1]
    interface = network.create_interface(
        subnet_id,
        balancer["SecurityGroups"],
        f"ELB {full_name}",
        "network_load_balancer",
        public=balancer["Scheme"] == "internet-facing",
    )
    return str(interface["NetworkInterfaceId"])


def free_loopback_address() -> str:
    """A loopback address of this balancer's own, or 127.0.0.1 where there is only that one."""
    candidate = ".".join(["127", *(str(random.randint(1, 254)) for _ in range(3))])  # noqa: S311 - no secret
    return candidate if TcpProxy.can_bind(candidate) else "127.0.0.1"


def _delete_balancer(physical_id: str, properties: Record) -> None:
    balancer = alb._lbs.get(physical_id)
    if balancer is not None:
        network.delete_interfaces(balancer.get("_interfaces", []))
    for arn, listener in list(alb._listeners.items()):
        if listener["LoadBalancerArn"] == physical_id:
            _close(arn)
    provisioners._elbv2_load_balancer_delete(physical_id, properties)


def _create_listener(logical_id: str, properties: Record, stack_name: str) -> Created:
    arn, _ = provisioners._elbv2_listener_create(logical_id, properties, stack_name)
    balancer = alb._lbs[properties["LoadBalancerArn"]]
    if balancer["Type"] != "network":
        return arn, {"ListenerArn": arn, "Arn": arn}
    listener, tags = alb._listeners.pop(arn), alb._tags.pop(arn, [])
    for rule_arn in [a for a, rule in alb._rules.items() if rule["ListenerArn"] == arn]:
        alb._rules.pop(rule_arn)  # a network load balancer has no rules
    arn = arn.replace(":listener/app/", ":listener/net/")
    alb._listeners[arn] = listener | {"ListenerArn": arn}
    alb._tags[arn] = tags
    _set_listener_attributes(arn, properties)
    _open(arn)
    return arn, {"ListenerArn": arn, "Arn": arn}


def _set_listener_attributes(arn: str, properties: Record) -> None:
    declared = {a["Key"]: a["Value"] for a in properties.get("ListenerAttributes") or []}
    # The idle timeout of a TLS listener cannot be changed, and is not among its attributes.
    defaults = _LISTENER_DEFAULTS if alb._listeners[arn]["Protocol"] == "TCP" else {}
    alb._listener_attrs[arn] = _attributes(defaults, declared)


def _update_listener(
    physical_id: str, old: Record, new: Record, stack_name: str, logical_id: str
) -> Created:
    arn, attributes = provisioners._elbv2_listener_update(
        physical_id, old, new, stack_name, logical_id
    )
    _set_listener_attributes(arn, new)
    _close(arn)
    _open(arn)
    return arn, attributes


def _delete_listener(physical_id: str, properties: Record) -> None:
    _close(physical_id)
    alb._listener_attrs.pop(physical_id, None)
    provisioners._elbv2_listener_delete(physical_id, properties)


def _open(listener_arn: str) -> TcpProxy:
    listener = alb._listeners[listener_arn]
    return _opened(listener_arn, listener, alb._lbs[listener["LoadBalancerArn"]])


def _opened(listener_arn: str, listener: Record, balancer: Record) -> TcpProxy:
    """The door of a listener, which is made if there is none."""

    def backend() -> int | None:
        LIVING.advance()
        with state.scope():
            return _backend(listener)

    with _doors_lock:
        if listener_arn not in _doors:
            port = int(listener["Port"])
            _doors[listener_arn] = TcpProxy(balancer["DNSName"], port, backend)
        return _doors[listener_arn]


def _close(listener_arn: str) -> None:
    with _doors_lock:
        proxy = _doors.pop(listener_arn, None)
    if proxy is not None:
        proxy.close()


def keep_doors() -> None:
    """Let listeners, as they are now, answer whom their balancer's groups and ACLs let in."""
    with _doors_lock:
        doors = list(_doors.items())
    for arn, door in doors:
        listener = alb._listeners.get(arn)
        if listener is None or int(listener["Port"]) != door.port:
            _close(arn)
    # A stack that is deleted takes listeners and balancers away meanwhile: each is asked for once.
    for arn, listener in list(alb._listeners.items()):
        balancer = alb._lbs.get(listener["LoadBalancerArn"])
        if balancer is not None and balancer["Type"] == "network":
            lets_in = _lets_callers_in(balancer, int(listener["Port"]))
            _opened(arn, listener, balancer).let_in(anybody=lets_in)


def _lets_callers_in(balancer: Record, port: int) -> bool:
    return any(LIVING.from_client(balancer, s, port, _CALLER) for s in balancer["Subnets"])


def _backend(listener: Record) -> int | None:
    """The port of the server behind one target: a healthy one, or any if none is (fail open)."""
    groups = [a["TargetGroupArn"] for a in listener["DefaultActions"] if "TargetGroupArn" in a]
    registered = [target for group in groups for target in state.targets(group)]
    healthy = [t for t in registered if targets.health_of(t)["State"] == "healthy"]
    ports = [_port_behind(listener, target) for target in healthy or registered]
    return next((port for port in ports if port is not None), None)


def _port_behind(listener: Record, target: Record) -> int | None:
    """The port of the stand-in behind a target, if packets come to it and it takes them."""
    from ash_ops.demo.overlay.containers import server_of

    task = state.tasks().get(target.get("_task", ""), {})
    server = server_of(task.get("taskArn", ""))
    balancer = alb._lbs.get(listener["LoadBalancerArn"])
    if server is None or not LIVING.serves(task, int(target["Port"]), balancer):
        return None
    return server.port


def _create_target_group(logical_id: str, properties: Record, stack_name: str) -> Created:
    arn, attributes = provisioners._elbv2_target_group_create(logical_id, properties, stack_name)
    declared = {a["Key"]: a["Value"] for a in properties.get("TargetGroupAttributes") or []}
    if properties.get("Protocol") in ("TCP", "TLS", "UDP", "TCP_UDP"):
        alb._tg_attrs[arn] = _attributes(_GROUP_DEFAULTS, declared)
    return arn, attributes
