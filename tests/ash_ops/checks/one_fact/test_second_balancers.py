"""A service behind two balancers, or behind a listener that others share: which of them keeps whom out."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.ladders import REFUSED, SILENT, TWO, row, rule, second
from tests.support.one_check import GONE, Row, facts, found, holds

PAIR = "acl-of-the-second-balancers-subnets-drops-the-port"
ELB = "arn:aws:elasticloadbalancing:us-east-1:111122223333:"
TG, TG2 = (f"{ELB}targetgroup/{n}/0123456789abcdef" for n in ("ash-cloud-tg", "ash-cloud-tg2"))
OTHER, THIRD = (
    f"{ELB}targetgroup/other/fedcba9876543210",
    f"{ELB}targetgroup/third/fedcba9876543210",
)
NLB, INTERNAL = "balancer/ash-cloud-nlb", "balancer/ash-internal"
HOST = "ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com"
UNHEARD: dict[str, Any] = {"probe.rungs": REFUSED, "target_health": []}
WELL, ILL = {"State": "healthy"}, {"State": "unhealthy", "Reason": "Target.Timeout"}
NO_TASK: dict[str, Any] = {"tasks": [], "service.runningCount": 0, "probe.rungs": SILENT}
HEALTH = ("target_health.0.TargetHealth", "target_health.1.TargetHealth")
LISTENERS = facts(PAIR)["listeners"]["value"]
BLUE_GREEN = {"service.loadBalancers.0.advancedConfiguration": {"alternateTargetGroupArn": OTHER}}


def to(group: str) -> list[dict[str, str]]:
    return [{"Type": "forward", "TargetGroupArn": group}]


def shares(**weights: int | None) -> dict[str, Any]:
    """A listener that spreads connections over groups of these names by weight."""
    arns = {"own": TG, "other": OTHER, "third": THIRD}
    groups = [{"TargetGroupArn": arns[n], **({} if w is None else {"Weight": w})} for n, w in weights.items()]  # fmt: skip
    return {"listeners.0.DefaultActions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]}  # fmt: skip


def wanted(arn: str, type_: str = "AWS::ElasticLoadBalancingV2::Listener", **properties: Any) -> dict[str, Any]:  # fmt: skip
    return {"wanted.+": {"logical_id": "X", "type": type_, "physical_id": arn, "properties": properties}}  # fmt: skip


MINE = facts()["listeners"]["value"][0]["ListenerArn"]
DEAF, ASTRAY = f"error listener-missing of {INTERNAL}", "error target-group-not-attached"
SHARED = "warning target-group-not-attached of listener/4100"
MISSING = f"error listener-missing of {NLB}"
GIVEN = "What it serves now, targetgroup/other/fedcba9876543210, then gets no connection any more."
OURS, THEIRS = "targetgroup/ash-cloud-tg/0123456789abcdef", "targetgroup/other/fedcba9876543210"
LISTENS: dict[str, Row] = {
    "each group has one": ("listener", PAIR, {}, "sound"),
    "the second balancer has none": (
        "listener", PAIR, {"listeners": LISTENERS[:1]}, DEAF, "Load balancer ash-internal has no listener",
        f"create-listener --load-balancer-arn {ELB}loadbalancer/net/ash-internal/0123456789abcdef --protocol TCP --port 4100 --default-actions Type=forward,TargetGroupArn={TG2} ",
        "Listeners[ash-internal]",
    ),
    "the second one's leads elsewhere": (
        "listener", PAIR, {"listeners.1.DefaultActions": to(OTHER)}, ASTRAY, "No listener (there are: TCP 4100, TCP 4100) forwards to the service's target group targetgroup/ash-cloud-tg2/",
        "Deploy again: that makes what is missing of the stack's own.", "!modify-listener", f"{TG}, {OTHER}",
    ),
    "of two that have none nobody knows whose is missing": (
        "listener", PAIR, {"listeners": LISTENERS[:1], "load_balancers.+": {"LoadBalancerArn": "x/third", "LoadBalancerName": "third", "Type": "network"}}, ASTRAY,
        "(there are: TCP 4100)", "of the stack's own.", "!modify-listener", "!create-listener",
    ),
    "the second one's is told without its group": (
        "listener", PAIR, {"listeners.1.DefaultActions": []}, "? where the listener on port 4100 forwards to was not told",
    ),
    "of blue and green one is in use": ("listener", PAIR, {"listeners": LISTENERS[:1], **BLUE_GREEN}, "sound"),
    "the rules of an application's are not read": ("listener", PAIR, {"listeners": LISTENERS[:1], "load_balancers.1.Type": "application"}, "sound"),
    "neither is reached": ("listener", PAIR, {**UNHEARD, "listeners.0.DefaultActions": to(OTHER), "listeners.1.DefaultActions": to(THIRD)}, ASTRAY, f"{OTHER}, {THIRD}", "Deploy again: that makes what is missing.", "!modify-listener"),
    "both are shared": ("listener", PAIR, {**shares(own=1, other=1), "listeners.1": {**LISTENERS[1], "Port": 80, "DefaultActions": shares(own=1, other=1)["listeners.0.DefaultActions"]}},
                        f"{SHARED}; {SHARED.replace('4100', '80')}; {ASTRAY}"),
    "half goes to others": (
        "listener", "", shares(own=50, other=50), SHARED, f"The listener on port 4100 hands 50 of 100 connections to {THEIRS}, which is none of this service's target groups.",
        f"value='{OURS}: 50, {THEIRS}: 50'", GIVEN, f"""modify-listener --listener-arn {MINE} --default-actions '[{{"Type": "forward", "TargetGroupArn": "{TG}"}}]'""",
    ),
    "most goes to two others": ("listener", "", shares(own=1, other=1, third=2), SHARED, f"hands 3 of 4 connections to {THEIRS}, targetgroup/third/"),
    "half goes to others, and nobody is answered": ("listener", "", {**UNHEARD, **shares(own=50, other=50)}, SHARED),
    "all goes to others": ("listener", "", {**UNHEARD, **shares(own=0, other=100)}, SHARED.replace("warning", "error"), "hands all connections to"),
    "all goes to others, and it answers": ("listener", "", shares(own=0, other=100), SHARED, "hands all connections to"),
    "nothing goes to others": ("listener", "", shares(own=100, other=0), "sound"),
    "nobody told how much": ("listener", "", shares(own=1, other=None), "sound"),
    "to the green one": ("listener", "", {**shares(own=50, other=50), **BLUE_GREEN}, "sound"),
    "the service names no group: those that were found are its own": ("listener", "", {**shares(own=50, other=50), "service.loadBalancers": []}, SHARED),
    "only others' groups have shares": ("listener", "", {"listeners.0.DefaultActions": [*to(TG), *shares(other=1)["listeners.0.DefaultActions"]]}, "sound"),
    "one that a stack made is gone": ("listener", "", {**UNHEARD, "listeners": [], **wanted("x/gone")}, MISSING, "Make the listener again, as the stack wants it.", "!create-listener"),
    "one that a stack made stands elsewhere": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, **wanted(MINE)}, MISSING, "create-listener"),
    "a group that a stack made is no listener": ("listener", "", {**UNHEARD, "listeners": [], **wanted("x/gone", "AWS::ElasticLoadBalancingV2::TargetGroup")}, MISSING, "create-listener"),
    "none, and the address has no port": ("listener", "", {**UNHEARD, "listeners": [], "probe.url": f"http://{HOST}", "deployment.url": f"http://{HOST}"}, MISSING, "--port 4100 "),
    "none, and the address's port is none": ("listener", "", {**UNHEARD, "listeners": [], "probe": None, "deployment.url": f"http://{HOST}:x"}, MISSING, "--port 4100 "),
    "none, and the address is of https": ("listener", "", {**UNHEARD, "listeners": [], "probe.url": f"https://{HOST}"}, MISSING, "--port 443 "),
    "none, of a group that tells no protocol": ("listener", "", {**UNHEARD, "listeners": [], "target_groups.0.Protocol": None}, MISSING, "--protocol TCP "),
    "none, of a group of HTTPS": ("listener", "", {**UNHEARD, "listeners": [], "target_groups.0.Protocol": "HTTPS"}, MISSING, "A HTTPS listener needs a certificate", "!create-listener"),
    "moved, and a stack wants its port": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, **wanted(MINE, Port="4100")}, MISSING, "was moved past the stack from port 4100"),
    "moved where the stack wants it": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, "probe.url": f"http://{HOST}:5000", **wanted(MINE, Port="5000")}, "sound"),
    "the stack wants another's port": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, "probe.url": f"http://{HOST}:5000", **wanted("x/else", Port="4100")}, "sound"),
    "the stack wants no port": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, "probe.url": f"http://{HOST}:5000", **wanted(MINE)}, "sound"),
    "the stack wants a port of something else": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, "probe.url": f"http://{HOST}:5000", **wanted(MINE, "AWS::ElasticLoadBalancingV2::TargetGroup", Port="4100")}, "sound"),
    "another port, and the address names none": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, "probe.url": f"http://{HOST}"}, "sound"),
    "another port, and nobody asked": ("listener", "", {"listeners.0.Port": 5000, "target_health": [], "probe": None}, "sound"),
    "another port has another's listener": ("listener", "", {**UNHEARD, "listeners.0.Port": 5000, "listeners.+": {"ListenerArn": "x/y", "Port": 4100, "Protocol": "TCP", "DefaultActions": to(OTHER)}}, "sound"),
}  # fmt: skip
LISTENS |= {
    f"by {protocol} it carries a call": (
        "listener", "", {"listeners.0.Protocol": protocol}, "sound",
    ) for protocol in ("TCP", "TLS", "TCP_UDP", "HTTP", "HTTPS")
}  # fmt: skip
LISTENS |= {
    f"by {protocol} it does not": (
        "listener", "", {"listeners.0.Protocol": protocol}, "error listener-missing of listener/4100", f"takes {protocol};", f"value='{protocol}'", f"modify-listener --listener-arn {MINE} --protocol TCP ",
    ) for protocol in ("UDP", "QUIC", "TCP_QUIC", "GENEVE")
}  # fmt: skip


@each("case", LISTENS)
def test_which_listener_leads_to_which_group(case: Row) -> None:
    holds(case)


def ids(check: str, base: str, changes: dict[str, Any]) -> list[str]:
    return [item.id for item in found(check, base, changes)]


def test_findings_of_two_of_a_kind_have_names_of_their_own() -> None:
    assert ids("listener", PAIR, {"listeners": LISTENERS[:1]}) == ["listener-missing:ash-cloud-tg2"]
    assert ids("listener", PAIR, {"listeners.1.DefaultActions": to(OTHER)}) == [
        "target-group-not-attached:ash-cloud-tg2"
    ]
    both = {"listeners.0.Protocol": "UDP", "listeners.1": {**LISTENERS[1], "Protocol": "UDP", "Port": 80}}  # fmt: skip
    assert ids("listener", PAIR, both) == ["listener-missing:4100", "listener-missing:80"]
    assert ids("listener", "", shares(own=1, other=1)) == ["target-group-not-attached:4100-shared"]
    assert ids("security-groups", PAIR, {"security_groups.2.IpPermissions": []}) == [
        "caller-address-blocked:ash-internal"
    ]
    assert ids("security-groups", PAIR, {SG_TASK: [rule(group="sg-nlb")]}) == [
        "task-security-group-blocks:ash-internal"
    ]


def test_what_a_listener_serves_besides_is_not_taken_from_it_without_its_owner() -> None:
    """`doctor --fix` makes a step that has an action; this one a person makes."""
    (shared,) = found("listener", "", shares(own=1, other=1))
    (elsewhere,) = found("listener", "", {**UNHEARD, "listeners.0.DefaultActions": to(OTHER)})
    (datagrams,) = found("listener", "", {"listeners.0.Protocol": "UDP"})
    assert [f.fix[0].action is None for f in (shared, elsewhere, datagrams)] == [True, True, False]


TIMED_OUT = "error target-timeout of target/10.0.1.23:4100"
NOBODY_ELSE, CUT_OFF = (
    "Who calls through its target group reaches no other.",
    "The others answer; whoever has a session there is cut off.",
)
NAMELESS = {"target_health.0.TargetGroupArn": GONE, "target_health.1.TargetGroupArn": GONE}
TWO_TASKS = {"tasks.+": TWO["tasks.+"], "service.runningCount": 2}
TARGETS: dict[str, Row] = {
    "a group without a healthy target": ("target-health", PAIR, {}, TIMED_OUT, NOBODY_ELSE, f"!{CUT_OFF}"),
    "with another that is well": (
        "target-health", PAIR, {**TWO_TASKS, "target_health.+": row("10.0.2.42", "healthy", TargetGroupArn=TG2)}, TIMED_OUT, CUT_OFF, f"!{NOBODY_ELSE}",
    ),
    "each has one": ("target-health", PAIR, {HEALTH[1]: WELL}, "sound"),
    "it is not used": ("target-health", PAIR, {HEALTH[1]: {"State": "unused", "Reason": "Target.NotInUse"}}, "warning target-group-not-attached of target/10.0.1.23:4100"),
    "the other group of blue and green is not used": ("target-health", PAIR, {HEALTH[1]: {"State": "unused", "Reason": "Target.NotInUse"}, **BLUE_GREEN}, "sound"),
    "both groups of blue and green are not used": (
        "target-health", "", {HEALTH[0]: {"State": "unused", "Reason": "Target.NotInUse"}, **BLUE_GREEN}, "error target-group-not-attached of target/10.0.1.23:4100",
    ),
    "a group of one is told though it is not used": ("target-health", PAIR, {HEALTH[0]: ILL, HEALTH[1]: {"State": "unused", "Reason": "Target.NotInUse"}}, f"{TIMED_OUT}; error target-group-not-attached of target/10.0.1.23:4100"),
    "it has none": ("target-health", PAIR, {"target_health": facts(PAIR)["target_health"]["value"][:1]}, f"? no task is registered in target group {TG2}, though one is in another"),
    "of two that nothing tells apart one is sick": ("target-health", PAIR, NAMELESS, TIMED_OUT, NOBODY_ELSE),
    "of three that nothing tells apart": (
        "target-health", PAIR, {**NAMELESS, **TWO_TASKS, "target_health.+": row("10.0.2.42", "healthy")},
        "warning target-timeout of target/10.0.1.23:4100; ? target 10.0.1.23 is unhealthy in one of 2 target groups, and it was not told in which: whether that group has another that answers is not known",
    ),
    "strangers that are sick, beside one of ours": ("target-health", PAIR, {HEALTH[1]: WELL, "target_health.+": row("10.0.1.99", "unhealthy")}, "sound"),
    "the check of its own group is told": ("target-health", PAIR, {"target_groups.1.HealthCheckPath": "/two"}, TIMED_OUT, "(it asks HTTP /two on port traffic-port)"),
    "it is in its first checks": ("target-health", PAIR, {HEALTH[1]: {"State": "initial"}, "tasks.0.startedAt": "2026-11-22T11:58:00Z"}, "info target-initial-wait of target/10.0.1.23:4100 since 11:58", f"!{NOBODY_ELSE}"),
    "nobody checks one of a group of two": (
        "target-health", "", {**second("unavailable", "Target.HealthCheckDisabled")}, "warning target-healthcheck-disabled of target/10.0.2.42:4100",
    ),
    "both are sick, each for its own cause": (
        "target-health", "", {**second("unhealthy", "Target.FailedHealthChecks"), HEALTH[0]: ILL}, f"{TIMED_OUT}; error elb-healthcheck-failed of target/10.0.2.42:4100",
    ),
}  # fmt: skip


@each("case", TARGETS)
def test_which_group_keeps_its_callers_waiting(case: Row) -> None:
    holds(case)


SG_TASK, SG_INT = "security_groups.0.IpPermissions", "security_groups.2.IpPermissions"
SG_OUT = "security_groups.2.IpPermissionsEgress"
BLOCKS, SHUT_IN = f"error task-security-group-blocks of {INTERNAL}", f"error egress-blocked of {INTERNAL}"  # fmt: skip
NOBODY = f"warning caller-address-blocked of {INTERNAL}"
GROUPS: dict[str, Row] = {
    "both are admitted": ("security-groups", PAIR, {}, "sound"),
    "the second's group is not": (
        "security-groups", PAIR, {SG_TASK: [rule(group="sg-nlb")]}, BLOCKS, "Security group sg-task of the task does not admit the load balancer on TCP 4100.",
        "Admit the load balancer.", '"UserIdGroupPairs": [{"GroupId": "sg-int"}]', "value='no rule admits TCP 4100 from the load balancer'",
    ),
    "it is not, and its health checks come through": ("security-groups", PAIR, {SG_TASK: [rule(group="sg-nlb")], HEALTH[1]: WELL}, "sound"),
    "its subnets are": ("security-groups", PAIR, {SG_TASK: [rule(group="sg-nlb"), rule("10.0.21.0/24"), rule("10.0.22.0/24")]}, "sound"),
    "one of its subnets is": ("security-groups", PAIR, {SG_TASK: [rule(group="sg-nlb"), rule("10.0.21.0/24")]}, BLOCKS),
    "it has none": (
        "security-groups", PAIR, {SG_TASK: [rule(group="sg-nlb")], "load_balancers.1.SecurityGroups": []}, BLOCKS, '"IpRanges": [{"CidrIp": "10.0.21.0/24"}, {"CidrIp": "10.0.22.0/24"}]',
    ),
    "its own port counts": ("security-groups", PAIR, {"service.loadBalancers.1.containerPort": 8080}, BLOCKS, "on TCP 8080.", '"FromPort": 8080, "ToPort": 8080'),
    "its callers have no address outside": ("security-groups", PAIR, {SG_TASK: [rule(group="sg-nlb"), rule("10.0.0.0/16")], "probe.rungs": SILENT}, "sound"),
    "it may not speak to the tasks": ("security-groups", PAIR, {SG_OUT: [rule("192.0.2.0/24")]}, SHUT_IN, "Let it out to the tasks.", "--group-id sg-int", "no rule lets TCP 4100 out to the tasks"),
    "to the task's subnet it may": ("security-groups", PAIR, {SG_OUT: [rule("10.0.1.0/24")]}, "sound"),
    "to the task's group it may": ("security-groups", PAIR, {SG_OUT: [rule(group="sg-task")]}, "sound"),
    "nobody is let in": (
        "security-groups", PAIR, {SG_INT: []}, NOBODY, "Security group sg-int of the load balancer admits nobody on TCP 4100.",
        "Admit the networks of its callers on TCP 4100 in sg-int; whom, you must say.", "!authorize", "doctor connection",
    ),
    "on its listener's port nobody is": ("security-groups", PAIR, {"listeners.1.Port": 80}, NOBODY, "on TCP 80."),
    "somebody is, on the first port of a range": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", first=4100, last=5000)]}, "sound"),
    "on the last": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", first=4000, last=4100)]}, "sound"),
    "below it": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", first=4000, last=4099)]}, NOBODY),
    "above it": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", first=4101, last=5000)]}, NOBODY),
    "from a port that was not told": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", FromPort=None)]}, "sound"),
    "to one that was not told": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", ToPort=None)]}, "sound"),
    "by its number as a protocol": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", IpProtocol="6")]}, "sound"),
    "by UDP": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", IpProtocol="udp")]}, NOBODY),
    "by every protocol": ("security-groups", PAIR, {SG_INT: [rule("10.0.0.0/16", first=1, last=2, IpProtocol="-1")]}, "sound"),
    "it has no listener": ("security-groups", PAIR, {SG_INT: [], "listeners": LISTENERS[:1]}, "sound"),
    "its group was not found": ("security-groups", PAIR, {"load_balancers.1.SecurityGroups": ["sg-x"]}, "? security group sg-x was not found"),
    "what the first lacks is told beside it": (
        "security-groups", PAIR, {"security_groups.1.IpPermissions": [], "load_balancers.1.SecurityGroups": ["sg-x"], "probe.rungs": SILENT, "probe.caller_ip": None},
        f"error caller-address-blocked of {NLB}; ? security group sg-x was not found",
    ),
}  # fmt: skip


@each("case", GROUPS)
def test_whom_the_groups_of_two_balancers_let_through(case: Row) -> None:
    holds(case)
