"""Ports, limits, zones and addresses: where two settings must agree."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.ladders import DNS, HTTP, REFUSED, SILENT, TCP, TWO, rungs, second
from tests.support.one_check import Row, holds

NLB = "balancer/ash-cloud-nlb"
MINE = "task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"


LISTENER = "listeners.0"
HIDDEN: dict[str, Any] = {"target_group_attributes": {"preserve_client_ip.enabled": "false"}}
SERVER = "task_definition.containerDefinitions.0"
SICK = {"target_health.0.TargetHealth": {"State": "unhealthy"}}


def setting(name: str, value: str) -> dict[str, Any]:
    return {**SICK, f"{SERVER}.environment.+": {"name": name, "value": value}}


PORTS: dict[str, Row] = {
    "one port": ("port-mapping", "", SICK, "sound"),
    "the same, said": ("port-mapping", "", setting("ASH_PORT", " 4100 "), "sound"),
    "another": (
        "port-mapping", "", setting("ASH_PORT", "8080"), "error port-mapping-mismatch of revision/7",
        "The server listens on port 8080 (ASH_PORT), but the load balancer sends connections to 4100.", "value='8080'", "value='4100'",
    ),
    "another, that a target of this revision disproves": (
        "port-mapping", "", {f"{SERVER}.environment.+": {"name": "ASH_PORT", "value": "8080"}}, "sound",
    ),
    "the balancer's is another": (
        "port-mapping", "", {**SICK, "service.loadBalancers.0.containerPort": 8080}, "error port-mapping-mismatch of revision/7",
        "not set: 4100", "sends connections to 8080.",
    ),
    "no number": (
        "port-mapping", "", setting("ASH_PORT", "http"), "? ASH_PORT is no number: the server says so in its log",
    ),
    "a secret": (
        "port-mapping", "", {**SICK, f"{SERVER}.secrets.+": {"name": "ASH_PORT", "valueFrom": "arn:aws:ssm:us-east-1:1:parameter/p"}},
        "? ASH_PORT is filled from a secret",
    ),
    "empty is the default": ("port-mapping", "", setting("ASH_PORT", " "), "sound"),
    "loopback": (
        "port-mapping", "", setting("ASH_HOST", "LOCALHOST "), "error bad-listen-config of revision/7",
        "The server listens on localhost (ASH_HOST) only", "Let it listen on 0.0.0.0.",
    ),
    "any of its addresses": ("port-mapping", "", setting("ASH_HOST", "127.0.0.5"), "error bad-listen-config of revision/7"),
    "everywhere": ("port-mapping", "", setting("ASH_HOST", "0.0.0.0"), "sound"),
    "another container takes the connections": (
        "port-mapping", "", {**SICK, "service.loadBalancers.0.containerName": "proxy"}, "none of its business",
    ),
    "without a balancer its own mapping counts": (
        "port-mapping", "", {**setting("ASH_PORT", "8080"), "service.loadBalancers": []}, "error port-mapping-mismatch of revision/7",
        "but the task maps 4100.",
    ),
}  # fmt: skip
STREAMS: dict[str, Row] = {
    "an hour": ("idle-timeout", "", {"listener_attributes": {"tcp.idle_timeout.seconds": "3600"}}, "sound"),
    "a second less": (
        "idle-timeout", "", {"listener_attributes": {"tcp.idle_timeout.seconds": "3599"}}, "info stream-idle-timeout",
        "The TCP listener on port 4100 drops a connection that is silent for 3599 s", ["Key=tcp.idle_timeout.seconds", "6000"][1],
        "modify-listener-attributes",
    ),
    "no such attribute": ("idle-timeout", "", {"listener_attributes": {}}, "none of its business"),
    "no number": (
        "idle-timeout", "", {"listener_attributes": {"tcp.idle_timeout.seconds": "long"}},
        "? tcp.idle_timeout.seconds is 'long', which is no number of seconds",
    ),
    "by TLS it is fixed": (
        "idle-timeout", "", {f"{LISTENER}.Protocol": "TLS"}, "info stream-idle-timeout", "silent for 350 s",
        "A TLS listener's limit cannot be raised",
    ),
    "another protocol": ("idle-timeout", "", {f"{LISTENER}.Protocol": "UDP"}, "none of its business"),
    "no listener of the service": ("idle-timeout", "", {"listeners": []}, "none of its business"),
    "hidden callers share one limit": (
        "client-addresses", "", HIDDEN, "warning maybe ash-rate-limited", "limit of 1500 requests in 15 minutes", "value='false'",
    ),
    "callers are seen": ("client-addresses", "", {}, "sound"),
    "a group without the attribute": ("client-addresses", "", {"target_group_attributes": {}}, "none of its business"),
}  # fmt: skip
WRONG = "error healthcheck-wrong-path"
TG_HEALTH = "target_groups.0.HealthCheck"
HEALTH: dict[str, Row] = {
    "as it should be": ("target-health-check", "", SICK, "sound"),
    "by HTTPS": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Protocol": "HTTPS"}, WRONG, "asks by HTTPS, but Ash speaks plain HTTP",
        "--health-check-protocol HTTP ",
    ),
    "on another port": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Port": "8080"}, WRONG,
        "asks on port 8080, but the server listens on 4100.", "--health-check-port traffic-port",
    ),
    "by HTTPS, of a group of TLS: nobody is answered through that whatever is asked": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Protocol": "HTTPS", "target_groups.0.Protocol": "TLS"}, f"{WRONG} stops next start",
    ),
    "on the server's own port": ("target-health-check", "", {**SICK, f"{TG_HEALTH}Port": "4100"}, "sound"),
    "another path": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Path": "/"}, WRONG, "asks for /; Ash answers its health at /health.",
        "--health-check-path /health",
    ),
    "another path, by TCP": ("target-health-check", "", {**SICK, f"{TG_HEALTH}Path": "/", f"{TG_HEALTH}Protocol": "TCP"}, "sound"),
    "another path, and yet healthy": ("target-health-check", "", {f"{TG_HEALTH}Path": "/"}, WRONG.replace("error", "warning")),
    "a group of a sidecar": (
        "target-health-check", "", {**SICK, f"{TG_HEALTH}Path": "/", "service.loadBalancers.0.containerName": "proxy"},
        "none of its business",
    ),
    "no group": ("target-health-check", "", {"target_groups": []}, "none of its business"),
}  # fmt: skip
UP: dict[str, Row] = {
    "it is up": ("load-balancer", "", {}, "sound"),
    "there is none": (
        "load-balancer", "", {"load_balancers": [], "service.loadBalancers": []}, "warning target-group-not-attached",
        "Service ash-cloud-runtime stands behind no load balancer: it has no address that stays.",
    ),
    "it is being made": (
        "load-balancer", "", {"load_balancers.0.State": {"Code": "provisioning"}}, f"info balancer-provisioning of {NLB}",
        "is still being made: that takes one to three minutes.", "doctor connection",
    ),
    "it could not be made": (
        "load-balancer", "", {"load_balancers.0.State": {"Code": "failed", "Reason": "No subnet"}}, f"error elb-internal-error of {NLB}",
        "could not be made (No subnet): it never answers.", "Remove what AWS names (No subnet)", "failed (No subnet)",
    ),
    "no node in the zone of the task": (
        "load-balancer", "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1b"}]}, f"error target-az-not-enabled of {MINE}",
        "Task 8f2c1d0e runs in us-east-1a, but the load balancer serves only us-east-1b.",
    ),
    "no node in the zone of one of two tasks": (
        "load-balancer", "", {**TWO, "load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1a"}]},
        "warning target-az-not-enabled of task/" + "b" * 32,
    ),
    "a zone without its name": (
        "load-balancer", "", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1b"}, {}]},
        "? a zone of ash-cloud-nlb was told without its name",
    ),
    "zones that were not told": ("load-balancer", "", {"load_balancers.0.AvailabilityZones": []}, "sound"),
}  # fmt: skip


def at(**told: str) -> dict[str, Any]:
    each_of = ", ".join(f"198.51.100.{name[1:]} {said}" for name, said in told.items())
    return {"probe.rungs": rungs(DNS, ("tcp", "TimeoutError", f"port 4100: {each_of}"))}


ADDRESSES: dict[str, Row] = {
    "each answers": ("balancer-addresses", "", at(a1="ok", a2="ok"), "sound"),
    "none was tried": ("balancer-addresses", "", {}, "none of its business"),
    "one of two is silent": (
        "balancer-addresses", "", at(a1="ok", a2="TimeoutError"), "error balancer-address-silent of address/198.51.100.2",
        "Of the load balancer's 2 addresses 198.51.100.2 does not answer (TimeoutError): about 1 of 2 connections fail or wait.",
        "198.51.100.1 ok", "198.51.100.2 TimeoutError", "Look at the balancer's subnet", "!billed",
    ),
    "all are silent: that is another trouble": ("balancer-addresses", "", at(a1="TimeoutError", a2="TimeoutError"), "sound"),
    "this machine has no way to one": ("balancer-addresses", "", at(a1="ok", a2="OSError"), "sound"),
    "without balancing across zones, in a zone without a task": (
        "balancer-addresses", "", {**at(a1="ok", a2="TimeoutError"), "load_balancer_attributes": {"load_balancing.cross_zone.enabled": "false"}},
        "error balancer-address-silent of address/198.51.100.2", "modify-load-balancer-attributes", "billed",
    ),
    "without it, and a task in each zone": (
        "balancer-addresses", "", {**at(a1="ok", a2="TimeoutError"), **second("healthy"),
                                   "load_balancer_attributes": {"load_balancing.cross_zone.enabled": "false"}},
        "error balancer-address-silent of address/198.51.100.2", "!modify-load-balancer-attributes",
    ),
}  # fmt: skip
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
PRIVATE_A = "error balancer-subnet-private of subnet/subnet-aaa"


def routes(*more: dict[str, Any]) -> dict[str, Any]:
    return {"probe.rungs": SILENT, "route_tables.0.Routes": [LOCAL, *more]}


def via(gateway: str, to: str = "0.0.0.0/0") -> dict[str, Any]:
    kind = "NatGatewayId" if gateway.startswith("nat") else "GatewayId"
    return {"DestinationCidrBlock": to, kind: gateway, "State": "active"}


BOTH = f"{PRIVATE_A}; {PRIVATE_A.replace('aaa', 'bbb')}"
SUBNETS: dict[str, Row] = {
    "both lead to the gateway": ("balancer-subnets", "", routes(via("igw-1")), "sound"),
    "neither leads anywhere": (
        "balancer-subnets", "", routes(), BOTH, "route table rtb-main has no default route.", "create-route", "10.0.0.0/16 -> local",
    ),
    "both lead to a NAT gateway": ("balancer-subnets", "", routes(via("nat-1")), BOTH, "route table rtb-main leads to nat-1."),
    "a part of the internet is led out": ("balancer-subnets", "", routes(via("igw-1", "203.0.113.0/24")), BOTH),
    "a public part of the internet is led out": ("balancer-subnets", "", routes(via("igw-1", "8.8.8.0/24")), "sound"),
    "the gateway hangs in the air": (
        "balancer-subnets", "", {**routes(via("igw-1")), "internet_gateways.0.Attachments": []}, BOTH,
        "leads to igw-1, which is attached to no VPC", "attach-internet-gateway",
    ),
    "nobody asked": ("balancer-subnets", "", {**routes(), "probe": None}, BOTH.replace("error", "warning maybe")),
    "each address answered": ("balancer-subnets", "", {**routes(), "probe.rungs": rungs(DNS, TCP, HTTP)}, "sound"),
    "each refused": ("balancer-subnets", "", {**routes(), "probe.rungs": REFUSED}, "sound"),
    "tasks without public addresses say nothing of what is meant": (
        "balancer-subnets", "", {**routes(), "service.networkConfiguration.awsvpcConfiguration.assignPublicIp": "DISABLED"}, BOTH,
        "Give the balancer a public subnet of that zone (`aws elbv2 set-subnets`), or rtb-main a default route", "!create-route",
    ),
    "an internal one is not asked": ("balancer-subnets", "", {**routes(), "load_balancers.0.Scheme": "internal"}, "none of its business"),
    "no table": ("balancer-subnets", "", {**routes(), "route_tables": []}, "none of its business"),
}  # fmt: skip


def override(state: str = "", reason: str = "", description: str = "") -> dict[str, Any]:
    said = {"State": state, "Reason": reason, "Description": description}
    return {"target_health.0.AdministrativeOverride": {k: v for k, v in said.items() if v}}


SHIFTED = "zonal-shift of zone/us-east-1a"
SHIFTS: dict[str, Row] = {
    "the balancer tells of none": ("zonal-shift", "", {}, "none of its business"),
    "none": ("zonal-shift", "", override("no_override", "AdministrativeOverride.NoOverride"), "sound"),
    "by its reason alone": ("zonal-shift", "", override("", "AdministrativeOverride.NoOverride"), "sound"),
    "the only zone": (
        "zonal-shift", "", override("zonal_shift_active", "AdministrativeOverride.ZonalShiftActive", "Zonal shift is active"),
        f"error {SHIFTED}", "its targets get no connections; no other task serves callers.", "list-zonal-shifts --status ACTIVE",
        "zonal_shift_active AdministrativeOverride.ZonalShiftActive Zonal shift is active",
    ),
    "left to DNS": ("zonal-shift", "", override("zonal_shift_delegated_to_dns"), f"error {SHIFTED}"),
    "by its reason": ("zonal-shift", "", override("", "AdministrativeOverride.ZonalShiftActive"), f"error {SHIFTED}"),
    "another zone serves": (
        "zonal-shift", "", {**second("healthy"), **override("zonal_shift_active")}, f"warning {SHIFTED}",
        "tasks in other zones serve callers.",
    ),
    "another zone does not": (
        "zonal-shift", "", {**second("unhealthy", "Target.Timeout"), **override("zonal_shift_active")}, f"error {SHIFTED}",
    ),
    "the balancer does not know": (
        "zonal-shift", "", override("unknown"), "? whether target 10.0.1.23 is shifted away is not known: unknown",
    ),
}  # fmt: skip


@each(
    "case",
    PORTS
    | {f"stream: {k}": v for k, v in STREAMS.items()}
    | {f"check: {k}": v for k, v in HEALTH.items()},
)
def test_ports_limits_and_health_checks_agree(case: Row) -> None:
    holds(case)


@each("case", UP | {f"zone: {k}": v for k, v in SHIFTS.items()})
def test_the_balancer_is_up_where_the_tasks_are(case: Row) -> None:
    holds(case)


@each("case", ADDRESSES | {f"subnet: {k}": v for k, v in SUBNETS.items()})
def test_each_address_of_the_balancer_is_reached(case: Row) -> None:
    holds(case)
