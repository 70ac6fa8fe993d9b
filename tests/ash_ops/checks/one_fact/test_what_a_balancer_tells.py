"""States, zones, addresses, ports and protocols of a balancer: what each decides, and what is done about it."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.ladders import DNS, REFUSED, SILENT, TCP, TWO, rungs, second
from tests.support.one_check import GONE, Row, facts, found, holds, unread

PAIR = "acl-of-the-second-balancers-subnets-drops-the-port"
ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/"
TG = f"{ARN}ash-cloud-tg/0123456789abcdef"
NLB, INTERNAL = "balancer/ash-cloud-nlb", "balancer/ash-internal"
HOST = "ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com"
AWSVPC = "service.networkConfiguration.awsvpcConfiguration"
SERVER, LB = "task_definition.containerDefinitions.0", "load_balancers.0"
REVISION = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime"
HEALTH = ("target_health.0.TargetHealth", "target_health.1.TargetHealth")
SICK = {f"{HEALTH[0]}.State": "unhealthy"}
ZONE_A, ZONE_B = {"ZoneName": "us-east-1a"}, {"ZoneName": "us-east-1b"}
NEXT = "warning target-az-not-enabled of subnet/subnet-{} stops next start"
ROOM = (
    "Give it room to scale (few addresses): free addresses in its subnets, at least eight in each."
)
UP: dict[str, Row] = {
    "it cannot scale": (
        "load-balancer", "", {f"{LB}.State": {"Code": "active_impaired", "Reason": "few addresses"}}, f"warning elb-internal-error of {NLB}",
        "lacks what it needs to scale (few addresses): it goes on", ROOM, "active_impaired (few addresses)", "!Remove what AWS names",
    ),
    "it cannot scale, nobody says why": ("load-balancer", "", {f"{LB}.State": {"Code": "active_impaired"}}, f"warning elb-internal-error of {NLB}", "Give it room to scale: free", "value='active_impaired'"),
    "it could not be made, nobody says why": ("load-balancer", "", {f"{LB}.State": {"Code": "failed"}}, f"error elb-internal-error of {NLB}", "could not be made: it never answers.", "Remove what AWS names, delete", "ash-ops deploy"),
    "its state was not told": ("load-balancer", "", {f"{LB}.State": GONE}, "sound"),
    "the second could not be made": ("load-balancer", PAIR, {"load_balancers.1.State": {"Code": "failed"}}, f"error elb-internal-error of {INTERNAL}", "LoadBalancers[ash-internal].State.Code"),
    "the service's was not found": ("load-balancer", "", {"load_balancers": []}, "sound"),
    "one that the service does not name": ("load-balancer", "", {"service.loadBalancers": []}, "sound"),
    "the next task finds no node in its zone": (
        "load-balancer", "", {f"{LB}.AvailabilityZones": [ZONE_A]}, NEXT.format("bbb"),
        "The service may put its next task into subnet subnet-bbb in us-east-1b, but load balancer ash-cloud-nlb serves only us-east-1a: a target there gets no connection.",
        "Subnets[subnet-bbb].AvailabilityZone", "value='us-east-1b'", "LoadBalancers[ash-cloud-nlb].AvailabilityZones", "value='us-east-1a'", "Deploy with the same subnets for tasks and load balancer.",
    ),
    "the next task is put there alone": ("load-balancer", "", {f"{LB}.AvailabilityZones": [ZONE_A], f"{AWSVPC}.subnets": ["subnet-aaa"]}, "sound"),
    "the task of an unnamed zone says nothing": ("load-balancer", "", {f"{LB}.AvailabilityZones": [ZONE_B], "tasks.0.availabilityZone": None}, NEXT.format("aaa")),
    "an unnamed zone of the balancer may be the one": ("load-balancer", "", {f"{LB}.AvailabilityZones": [ZONE_A, {}]}, "sound"),
    "the subnets were not read": ("load-balancer", "", {f"{LB}.AvailabilityZones": [ZONE_A], "subnets": unread()}, "sound"),
    "tasks without a network of their own": ("load-balancer", "", {f"{LB}.AvailabilityZones": [ZONE_A], "service.networkConfiguration": GONE}, "sound"),
    "it serves other zones alone": (
        "load-balancer", "", {f"{LB}.AvailabilityZones": [ZONE_B, {"ZoneName": "us-east-1c"}]}, "error target-az-not-enabled of task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f",
        "serves only us-east-1b, us-east-1c.", "tasks[8f2c1d0e].availabilityZone", "value='us-east-1a'", "value='us-east-1b, us-east-1c'",
    ),
}  # fmt: skip


def at(*said: str, **more: Any) -> dict[str, Any]:
    """What each of the balancer's addresses answered, from the first one on."""
    told = ", ".join(f"198.51.100.{n} {what}" for n, what in enumerate(said, 1))
    return {"probe.rungs": rungs(DNS, ("tcp", "TimeoutError", f"port 4100: {told}")), **more}


OFF = {"load_balancer_attributes": {"load_balancing.cross_zone.enabled": "false"}}
QUIET = "error balancer-address-silent of address/198.51.100.2"
LOOK = "Look at the balancer's subnet in that zone: its route table, its network ACL, and whether a task runs there."
ADDRESSES: dict[str, Row] = {
    "two of three": ("balancer-addresses", "", at("ok", "TimeoutError", "TimeoutError"), QUIET, "addresses 198.51.100.2, 198.51.100.3 does not answer (TimeoutError): about 2 of 3 connections fail", LOOK),
    "one refuses": ("balancer-addresses", "", at("ok", "ConnectionRefusedError"), QUIET, "(ConnectionRefusedError): about 1 of 2"),
    "a stranger under a name of one's own": ("balancer-addresses", "", at("ok", "TimeoutError", **{"probe.balancer_addresses": ["198.51.100.1"]}), "sound"),
    "strangers alone": ("balancer-addresses", "", at("ok", "TimeoutError", **{"probe.balancer_addresses": ["198.51.100.9"]}), QUIET),
    "this machine has a way to none": ("balancer-addresses", "", at("OSError", "OSError"), "none of its business"),
    "it may not call one": ("balancer-addresses", "", at("ok", "PermissionError"), "sound"),
    "one is no address": ("balancer-addresses", "", at("ok", "ValueError"), "sound"),
    "balancing across zones is off": ("balancer-addresses", "", at("ok", "TimeoutError", **OFF), QUIET, f"--load-balancer-arn {facts()['load_balancers']['value'][0]['LoadBalancerArn']} --attributes Key=load_balancing.cross_zone.enabled,Value=true", LOOK),
    "it is off, and each zone has a healthy task": ("balancer-addresses", "", {**second("healthy"), **at("ok", "TimeoutError", **OFF)}, QUIET, "!modify-load-balancer-attributes"),
    "it is off, and the other zone's is sick": ("balancer-addresses", "", {**second("unhealthy"), **at("ok", "TimeoutError", **OFF)}, QUIET, "modify-load-balancer-attributes"),
    "it is off, and the balancer was not found": ("balancer-addresses", "", at("ok", "TimeoutError", load_balancers=[], **OFF), QUIET, LOOK, "!modify-load-balancer-attributes"),
    "whether it is was not read": ("balancer-addresses", "", at("ok", "TimeoutError", load_balancer_attributes=unread()), QUIET, LOOK, "!modify-load-balancer-attributes"),
}  # fmt: skip
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
SHUT = {"route_tables.0.Routes": [LOCAL]}
ERROR_A, ERROR_B = (f"error balancer-subnet-private of subnet/subnet-{x}" for x in ("aaa", "bbb"))
SUBNETS: dict[str, Row] = {
    "a connection was waited for in vain": ("balancer-subnets", "", {**SHUT, "probe.rungs": rungs(DNS, ("tcp", "TimeoutError", "timed out"))}, f"{ERROR_A}; {ERROR_B}"),
    "none was made at all": ("balancer-subnets", "", {**SHUT, "probe.rungs": rungs(DNS)}, f"{ERROR_A}; {ERROR_B}"),
    "one was made": ("balancer-subnets", "", {**SHUT, "probe.rungs": rungs(DNS, TCP)}, "sound"),
    "the name resolved, no address was named, and it was refused": ("balancer-subnets", "", {**SHUT, "probe.rungs": REFUSED}, "sound"),
    "one address of two is silent": ("balancer-subnets", "", {**SHUT, **at("ok", "TimeoutError")}, f"{ERROR_A}; {ERROR_B}"),
    "a table without routes": ("balancer-subnets", "", {"route_tables.0.Routes": [], "probe.rungs": SILENT}, f"{ERROR_A}; {ERROR_B}", "value='none'", "has no default route. Its address in that zone never answers."),
    "no table of one": (
        "balancer-subnets", "", {**SHUT, "probe.rungs": SILENT, "route_tables.0.Associations": [{"SubnetId": "subnet-bbb"}]}, ERROR_B,
    ),
    "one was not read": ("balancer-subnets", "", {**SHUT, "probe.rungs": SILENT, "subnets": facts()["subnets"]["value"][1:]}, ERROR_B),
    "a range that is none": ("balancer-subnets", "", {"probe.rungs": SILENT, "route_tables.0.Routes": [{"DestinationCidrBlock": "all", "GatewayId": "igw-1", "State": "active"}]}, "sound"),
    "where no task of public addresses stands": (
        "balancer-subnets", "", {**SHUT, "probe.rungs": SILENT, f"{AWSVPC}.subnets": ["subnet-aaa"]}, f"{ERROR_A}; {ERROR_B}", "Give the balancer a public subnet of that zone", "create-route",
    ),
    "where tasks stand was not told": ("balancer-subnets", "", {**SHUT, "probe.rungs": SILENT, "service.networkConfiguration": GONE}, f"{ERROR_A}; {ERROR_B}", "Give the balancer a public subnet of that zone", "!create-route"),
    "it faces nobody outside": ("balancer-subnets", PAIR, {**SHUT, "probe.rungs": SILENT, f"{LB}.Scheme": "internal"}, "none of its business"),
    "the second does": ("balancer-subnets", PAIR, {**SHUT, "probe.rungs": SILENT, f"{LB}.Scheme": "internal", "load_balancers.1.Scheme": "internet-facing"}, "error balancer-subnet-private of subnet/subnet-iii; error balancer-subnet-private of subnet/subnet-jjj"),
}  # fmt: skip


@each("case", UP | {f"address: {k}": v for k, v in ADDRESSES.items()} | {f"subnet: {k}": v for k, v in SUBNETS.items()})  # fmt: skip
def test_where_a_balancer_stands_and_answers(case: Row) -> None:
    holds(case)


def test_a_private_subnet_of_the_tasks_is_the_route_that_they_lack_too() -> None:
    items = found("balancer-subnets", "", {**SHUT, "probe.rungs": SILENT, f"{AWSVPC}.subnets": ["subnet-aaa"]})  # fmt: skip
    assert [item.id.partition(":")[2] for item in items] == ["with-the-tasks", "subnet-bbb"]


OVERRIDE = "target_health.0.AdministrativeOverride"
ACTIVE = {"State": "zonal_shift_active"}
SHIFTS: dict[str, Row] = {
    "both zones": (
        "zonal-shift", "", {**second("healthy", AdministrativeOverride=ACTIVE), OVERRIDE: ACTIVE}, "error zonal-shift of zone/us-east-1a, us-east-1b",
        "Zone us-east-1a, us-east-1b is shifted away", "no other task serves callers.", "TargetHealth[10.0.2.42].AdministrativeOverride",
    ),
    "one whose zone was not told": ("zonal-shift", "", {OVERRIDE: ACTIVE, "target_health.0.Target.AvailabilityZone": GONE}, "error zonal-shift of zone/?"),
    "one of two, of which the other is not": ("zonal-shift", "", {**second("healthy", AdministrativeOverride={"State": "no_override"}), OVERRIDE: ACTIVE}, "warning zonal-shift of zone/us-east-1a"),
    "what says nothing": ("zonal-shift", "", {OVERRIDE: {}}, "? whether target 10.0.1.23 is shifted away is not known: "),
    "a reason that nobody knows": ("zonal-shift", "", {OVERRIDE: {"Reason": "Odd"}}, "? whether target 10.0.1.23 is shifted away is not known: Odd"),
}  # fmt: skip
AGO = {"tasks.1.startedAt": "2026-11-22T11:50:00Z"}
GETS_NONE = "error target-not-registered of task/" + "b" * 32 + " since 11:50"
REGISTERED: dict[str, Row] = {
    "the group lets go of it": ("unregistered-task", "", {**second("draining"), **AGO}, GETS_NONE, "lets go of its address 10.0.2.42 (draining): it gets no new connections", "value='10.0.1.23'", "value='10.0.2.42'"),
    "it is to stop": ("unregistered-task", "", {**TWO, **AGO, "tasks.1.desiredStatus": "STOPPED"}, "sound"),
    "it has no address": ("unregistered-task", "", {**TWO, **AGO, "tasks.1.attachments": []}, "sound"),
    "it does not run yet": ("unregistered-task", "", {**TWO, **AGO, "tasks.1.lastStatus": "PENDING"}, "sound"),
}  # fmt: skip
LOOPBACK, MISMATCH = (f"error {cause} of revision/7" for cause in ("bad-listen-config", "port-mapping-mismatch"))  # fmt: skip


def env(name: str, value: str, **more: Any) -> dict[str, Any]:
    return {f"{SERVER}.environment.+": {"name": name, "value": value}, **more}


def of_revision(number: int) -> dict[str, Any]:
    return env("ASH_PORT", "8080", **{"tasks.0.taskDefinitionArn": f"{REVISION}:{number}"})


SERVED = "service.loadBalancers"
PORTS: dict[str, Row] = {
    f"it listens on {host} alone": ("port-mapping", "", env("ASH_HOST", host, **SICK), LOOPBACK, f"listens on {host} (ASH_HOST) only", f"value='{host}'", "containerDefinitions[ash].environment[ASH_HOST]")
    for host in ("127.0.0.1", "localhost", "::1", "[::1]")
} | {
    "and on another port": ("port-mapping", "", {**SICK, f"{SERVER}.environment": [{"name": "ASH_HOST", "value": "::1"}, {"name": "ASH_PORT", "value": "8080"}]}, f"{LOOPBACK}; {MISMATCH}"),
    "what answers is of the revision before": ("port-mapping", "", of_revision(6), MISMATCH),
    "what answers is of this one": ("port-mapping", "", of_revision(7), "sound"),
    "one of each answers": (
        "port-mapping", "", {**second("healthy"), **of_revision(6)}, MISMATCH.replace("error", "warning"),
    ),
    "the tasks were not read, and one answers": ("port-mapping", "", env("ASH_PORT", "8080", tasks=unread()), "sound"),
    "the tasks were not read, and none does": ("port-mapping", "", env("ASH_PORT", "8080", tasks=unread(), **SICK), MISMATCH),
    "of which revision nobody told": ("port-mapping", "", env("ASH_PORT", "8080", **SICK, **{"task_definition.revision": None}), MISMATCH.replace("7", "?")),
    "the balancer's container was not told": ("port-mapping", "", env("ASH_PORT", "8080", **SICK, **{f"{SERVED}.0.containerName": None}), MISMATCH),
    "the balancer's port was not told": ("port-mapping", "", env("ASH_PORT", "8080", **SICK, **{f"{SERVED}.0.containerPort": None}), "none of its business"),
    "two groups, of which the second asks elsewhere": ("port-mapping", PAIR, {**SICK, f"{HEALTH[1]}.State": "unhealthy", f"{SERVED}.1.containerPort": 8080}, MISMATCH, "sends connections to 8080", "services[0].loadBalancers[].containerPort"),
    "of two mappings nobody knows which": (
        "port-mapping", "", env("ASH_PORT", "8080", **SICK, **{SERVED: [], f"{SERVER}.portMappings.+": {"containerPort": 80}}), "sound",
    ),
    "its only mapping is another": ("port-mapping", "", {**SICK, SERVED: [], f"{SERVER}.portMappings.0.containerPort": 80}, MISMATCH, "but the task maps 80.", "containerDefinitions[].portMappings[].containerPort", "value='80'"),
}  # fmt: skip
PROXY = "proxy_protocol_v2.enabled"
TALKS, TO = "error target-protocol-mismatch of group/ash-cloud-tg", "target_groups.0.Protocol"
DOWN = {"probe.rungs": REFUSED}
PROTOCOLS: dict[str, Row] = {
    "plain": ("target-protocol", "", {}, "sound"),
    "no group": ("target-protocol", "", {"target_groups": []}, "none of its business"),
    "of a sidecar": ("target-protocol", "", {TO: "TLS", f"{SERVED}.0.containerName": "proxy"}, "none of its business"),
    "TLS": ("target-protocol", "", {TO: "TLS", **SICK}, TALKS, "speaks TLS to its targets", "have one of TCP in its place", "value='TLS'", "TargetGroups[ash-cloud-tg].Protocol"),
    "HTTPS": ("target-protocol", "", {TO: "HTTPS", **SICK}, TALKS, "have one of HTTP in its place"),
    "TLS, and it answers": ("target-protocol", "", {TO: "TLS"}, TALKS.replace("error", "warning")),
    "TLS, and this machine is not answered": ("target-protocol", "", {TO: "TLS", **DOWN}, TALKS),
    "a header before it": (
        "target-protocol", "", {"target_group_attributes": {PROXY: "true"}, **SICK}, TALKS, "proxy protocol v2", "Switch it off.", f"Attributes[ash-cloud-tg][{PROXY}]",
        f"""modify-target-group-attributes --target-group-arn {TG} --attributes '[{{"Key": "{PROXY}", "Value": "false"}}]'""",
    ),
    "no header": ("target-protocol", "", {"target_group_attributes": {PROXY: "false"}}, "sound"),
    "both": ("target-protocol", "", {TO: "TLS", "target_group_attributes": {PROXY: "true"}, **SICK}, f"{TALKS}; {TALKS}"),
    "the second group's": ("target-protocol", PAIR, {"target_groups.1.Protocol": "TLS", **SICK}, TALKS.replace("tg", "tg2"), "Target group ash-cloud-tg2 speaks TLS"),
}  # fmt: skip
LIMIT = {"tcp.idle_timeout.seconds": "350"}
ASKS = "error healthcheck-wrong-path"
CHECKED: dict[str, Row] = {
    "a short silence of the second listener": ("idle-timeout", PAIR, {"other_attributes": {facts(PAIR)["listeners"]["value"][1]["ListenerArn"]: LIMIT}}, "info stream-idle-timeout", "listener on port 4100 drops a connection that is silent for 350 s", "net/ash-internal/"),
    "the second tells nothing": ("idle-timeout", PAIR, {"other_attributes": unread()}, "sound"),
    "the first was not read": ("idle-timeout", PAIR, {"listener_attributes": unread("a:B")}, "? elasticloadbalancing:DescribeListenerAttributes could not be read (denied): AccessDenied"),
    "a path that is wrong in the second group": ("target-health-check", PAIR, {"target_groups.1.HealthCheckPath": "/x"}, ASKS, "The health check of target group ash-cloud-tg2 asks for /x", "TargetGroups[ash-cloud-tg2].HealthCheckPath", "value='/x'"),
    "a path that is wrong in the first, whose target is well": ("target-health-check", PAIR, {"target_groups.0.HealthCheckPath": "/x"}, ASKS.replace("error", "warning")),
    "and nothing tells whose is": ("target-health-check", PAIR, {"target_groups.1.HealthCheckPath": "/x", "target_health.0.TargetGroupArn": GONE}, ASKS.replace("error", "warning")),
    "the targets were not read": ("target-health-check", "", {"target_groups.0.HealthCheckPath": "/x", "target_health": unread()}, ASKS),
    "codes without 200": ("target-health-check", "", {"target_groups.0.Matcher.HttpCode": "204", **SICK}, ASKS, "takes 204 for healthy; Ash answers 200 when it is.", """--matcher '{"HttpCode": "200"}'""", "value='204'", "TargetGroups[ash-cloud-tg].Matcher"),
    "codes without 200, by TCP": ("target-health-check", "", {"target_groups.0.Matcher.HttpCode": "204", "target_groups.0.HealthCheckProtocol": "TCP", **SICK}, "sound"),
    "no codes": ("target-health-check", "", {"target_groups.0.Matcher": GONE, **SICK}, "sound"),
    "no path": ("target-health-check", "", {"target_groups.0.HealthCheckPath": GONE, **SICK}, "sound"),
    "no port": ("target-health-check", "", {"target_groups.0.HealthCheckPort": GONE, **SICK}, "sound"),
}  # fmt: skip
CHECKED |= {
    f"up to 200: {codes}": ("target-health-check", "", {"target_groups.0.Matcher.HttpCode": codes, **SICK}, answer)
    for codes, answer in (("100-200", "sound"), ("200-299", "sound"), ("201-299", ASKS), ("100-199", ASKS), ("204, 200", "sound"), ("all", "sound"), ("200-all", "sound"))
}  # fmt: skip


@each("case", SHIFTS | {f"listed: {k}": v for k, v in REGISTERED.items()} | {f"port: {k}": v for k, v in PORTS.items()})  # fmt: skip
def test_which_targets_a_balancer_reaches(case: Row) -> None:
    holds(case)


@each("case", PROTOCOLS | {f"check: {k}": v for k, v in CHECKED.items()})
def test_what_a_balancer_speaks_and_asks(case: Row) -> None:
    holds(case)


def test_of_two_listeners_the_second_has_a_name_of_its_own() -> None:
    second_one = facts(PAIR)["listeners"]["value"][1]["ListenerArn"]
    both = {"listener_attributes": LIMIT, "other_attributes": {second_one: LIMIT}, "listeners.1.Port": 80}  # fmt: skip
    assert [item.id for item in found("idle-timeout", PAIR, both)] == [
        "stream-idle-timeout",
        "stream-idle-timeout:80",
    ]
