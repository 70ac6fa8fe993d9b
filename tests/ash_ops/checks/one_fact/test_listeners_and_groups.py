"""Listeners and security groups: where they lead, and whom they let through."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.ladders import REFUSED, SILENT, rule
from tests.support.one_check import Row, holds

NLB = "balancer/ash-cloud-nlb"
HOST = "ash-cloud-nlb-0123.elb.us-east-1.amazonaws.com"
TG = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/ash-cloud-tg/0123456789abcdef"
OTHER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/other/fedcba9876543210"


LISTENER = "listeners.0"


def listener(
    port: int, protocol: str = "TCP", group: str = TG, arn: str = "listener/net/x/1/2"
) -> dict[str, Any]:
    return {"ListenerArn": arn, "Port": port, "Protocol": protocol, "DefaultActions": [
        {"Type": "forward", "TargetGroupArn": group}]}  # fmt: skip


NOBODY = {"probe.rungs": REFUSED, "target_health": []}
WANTED = {"logical_id": "Listener", "type": "AWS::ElasticLoadBalancingV2::Listener",
          "physical_id": "listener/net/x/1/2", "properties": {"Port": 4100}}  # fmt: skip
LISTENERS: dict[str, Row] = {
    "one that leads to the service": ("listener", "", {}, "sound"),
    "no balancer": ("listener", "", {"service.loadBalancers": [], "target_groups": []}, "none of its business"),
    "the group is gone": (
        "listener", "", {**NOBODY, "target_groups": []}, "error target-group-missing",
        "target group targetgroup/ash-cloud-tg/0123456789abcdef, which does not exist.", "ash-ops deploy",
    ),
    "the group is gone, and it answers": (
        "listener", "", {"target_groups": []}, "? the service's target group was not found, and yet it answers",
    ),
    "none": (
        "listener", "", {**NOBODY, "listeners": []}, f"error listener-missing of {NLB}", "accepts no connection at all",
        f"create-listener --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/ash-cloud-nlb/0123456789abcdef --protocol TCP --port 4100 --default-actions Type=forward,TargetGroupArn={TG}",
    ),
    "none, and it answers": ("listener", "", {"listeners": []}, "? no listener was found, and yet the server answers"),
    "none, on the port of the deployment's address": (
        "listener", "", {"listeners": [], "target_health": [], "probe": None, "deployment.url": f"http://{HOST}:8080"},
        f"error listener-missing of {NLB}", "--port 8080 ",
    ),
    "none for a group that wants a certificate": (
        "listener", "", {**NOBODY, "listeners": [], "target_groups.0.Protocol": "TLS"}, f"error listener-missing of {NLB}",
        "A TLS listener needs a certificate: which one, is your decision.", "!create-listener",
    ),
    "none, of a stack that wants one": (
        "listener", "", {**NOBODY, "listeners": [], "wanted.+": WANTED}, f"error listener-missing of {NLB}",
        "Make the listener again, as the stack wants it.", "!create-listener",
    ),
    "one that leads elsewhere": (
        "listener", "", {**NOBODY, "listeners": [listener(4100, group=OTHER)]}, "error target-group-not-attached",
        "No listener (there are: TCP 4100) forwards to the service's target group targetgroup/ash-cloud-tg/0123456789abcdef.",
        "What it serves now, targetgroup/other/fedcba9876543210, then gets no connection any more.", "modify-listener",
    ),
    "one of which nobody told where it leads": (
        "listener", "", {**NOBODY, "listeners": [{**listener(4100), "DefaultActions": []}]},
        "? where the listener on port 4100 forwards to was not told",
    ),
    "none, and no balancer either": (
        "listener", "", {**NOBODY, "listeners": [], "load_balancers": []}, "error target-group-not-attached", "There is no load balancer that leads to the service's target group",
        "value='none'", "Deploy again: that makes what is missing.",
    ),
    "two that lead elsewhere": (
        "listener", "", {**NOBODY, "listeners": [listener(4100, group=OTHER), listener(80, group=OTHER)]},
        "error target-group-not-attached", "(there are: TCP 4100, TCP 80)", "Deploy again", "!modify-listener",
    ),
    "one that takes datagrams": (
        "listener", "", {f"{LISTENER}.Protocol": "UDP"}, "error listener-missing of listener/4100",
        "The listener on port 4100 takes UDP; Ash is called over TCP.", "--protocol TCP",
    ),
    "one that takes both": ("listener", "", {f"{LISTENER}.Protocol": "TCP_UDP"}, "sound"),
    "one that speaks what nobody knows": (
        "listener", "", {f"{LISTENER}.Protocol": "CARRIER"}, "? listener 4100 speaks 'CARRIER', which is not known",
    ),
    "one on another port than this machine called": (
        "listener", "", {**NOBODY, f"{LISTENER}.Port": 5000}, f"error listener-missing of {NLB}",
        "has no listener on port 4100, at which callers knock: the one that leads to the service is on port 5000.",
        "Or let callers use port 5000", "--port 4100 ",
    ),
    "one on another port, and this machine got through": ("listener", "", {f"{LISTENER}.Port": 5000}, "sound"),
    "one on another port than its stack wants": (
        "listener", "", {**NOBODY, f"{LISTENER}.Port": 5000, f"{LISTENER}.ListenerArn": "listener/net/x/1/2", "wanted.+": WANTED},
        f"error listener-missing of {NLB}", "was moved past the stack from port 4100", "to port 5000.",
        "Put it back to port 4100, as the stack wants it.", "5000, the stack wants 4100",
    ),
}  # fmt: skip
SG = {"task": "security_groups.0", "nlb": "security_groups.1"}
UNANSWERED = {
    "probe.rungs": SILENT,
    "target_health.0.TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"},
}


def admitted(
    *rules: dict[str, Any], of: str = "task", way: str = "IpPermissions", **more: Any
) -> dict[str, Any]:
    return {**UNANSWERED, f"{SG[of]}.{way}": list(rules), **more}


BLOCKED = "error task-security-group-blocks"
HIDDEN: dict[str, Any] = {"target_group_attributes": {"preserve_client_ip.enabled": "false"}}
CALLER = "error caller-address-blocked"
GROUPS: dict[str, Row] = {
    "both groups as they should be": ("security-groups", "", {}, "sound"),
    "and nobody answers": ("security-groups", "", UNANSWERED, "sound"),
    "no balancer": ("security-groups", "", {"load_balancers": []}, "none of its business"),
    "the task admits another group": (
        "security-groups", "", admitted(rule(group="sg-x")), BLOCKED,
        "Security group sg-task of the task does not admit the load balancer on TCP 4100.",
        "authorize-security-group-ingress --group-id sg-task", '"UserIdGroupPairs": [{"GroupId": "sg-nlb"}]',
    ),
    "another port": ("security-groups", "", admitted(rule(group="sg-nlb", first=4101, last=4101)), BLOCKED),
    "the last of a range of ports": ("security-groups", "", admitted(rule(group="sg-nlb", first=4000)), "sound"),
    "one port short of it": ("security-groups", "", admitted(rule(group="sg-nlb", first=4000, last=4099)), BLOCKED),
    "both subnets of the balancer": (
        "security-groups", "", {**admitted(rule("10.0.1.0/24"), rule("10.0.2.0/24")), **HIDDEN}, "sound",
    ),
    "one of both": ("security-groups", "", {**admitted(rule("10.0.1.0/24")), **HIDDEN}, BLOCKED),
    "a task that answers disproves it, where its subnet is not told": (
        "security-groups", "", {f"{SG['task']}.IpPermissions": [rule("10.0.1.0/24")], "tasks.0.attachments": []}, "sound",
    ),
    "an unread prefix list": (
        "security-groups", "", admitted({**rule(), "PrefixListIds": [{"PrefixListId": "pl-1"}]}),
        "? prefix list pl-1, which a rule admits, was not read",
    ),
    "a balancer without a group": (
        "security-groups", "", {**admitted(rule("192.0.2.0/24")), **HIDDEN, "load_balancers.0.SecurityGroups": []}, BLOCKED,
        '"CidrIp": "10.0.1.0/24"',
    ),
    "the task sees the caller and does not admit it": (
        "security-groups", "", {**admitted(rule("10.0.0.0/16")), "target_group_attributes": {"preserve_client_ip.enabled": "true"}},
        CALLER, "of the task (the load balancer keeps your address)", "203.0.113.7/32",
    ),
    "the task does not see the caller": (
        "security-groups", "", {**admitted(rule("10.0.0.0/16")), **HIDDEN}, "sound",
    ),
    "the balancer admits another caller": (
        "security-groups", "", admitted(rule("198.51.100.0/24"), of="nlb"), f"{CALLER} of {NLB}",
        "Your address 203.0.113.7 is not admitted by security group sg-nlb of the load balancer on TCP 4100.",
        "none admits 203.0.113.7", "Admit it.", "--group-id sg-nlb",
    ),
    "a caller that got through was admitted, whatever the rules say": (
        "security-groups", "", {f"{SG['nlb']}.IpPermissions": [rule("198.51.100.0/24")]}, "sound",
    ),
    "an IPv6 caller": (
        "security-groups", "", admitted(rule("198.51.100.0/24"), of="nlb", **{"probe.caller_ip": "2001:db8::7"}),
        f"{CALLER} of {NLB}", "2001:db8::7/128",
    ),
    "nobody is admitted": (
        "security-groups", "", admitted(rule("0.0.0.0/0", first=22, last=22), of="nlb"), f"{CALLER} of {NLB}",
        "admits nobody on TCP 4100.", "Admit your own address; whom else, you must say.", "no rule for TCP 4100",
    ),
    "nobody is admitted, and who asks is not known": (
        "security-groups", "", admitted(of="nlb", **{"probe.caller_ip": None}), f"{CALLER} of {NLB}",
        "Admit the networks of your callers on TCP 4100 in sg-nlb; whom, you must say.", "!authorize",
    ),
    "the port that was asked counts": (
        "security-groups", "", {**admitted(rule("203.0.113.7/32"), of="nlb"), "probe.url": f"http://{HOST}:8080"},
        f"{CALLER} of {NLB}", "admits nobody on TCP 8080.",
    ),
    "the balancer may not speak to the tasks": (
        "security-groups", "", admitted(rule("192.0.2.0/24"), of="nlb", way="IpPermissionsEgress"), "error egress-blocked",
        "Security group sg-nlb of the load balancer does not let it out to the tasks on TCP 4100.",
        "authorize-security-group-egress --group-id sg-nlb", '"UserIdGroupPairs": [{"GroupId": "sg-task"}]',
    ),
    "to their group it may": (
        "security-groups", "", admitted(rule(group="sg-task"), of="nlb", way="IpPermissionsEgress"), "sound",
    ),
    "to the subnet of the task it may": (
        "security-groups", "", admitted(rule("10.0.1.0/24"), of="nlb", way="IpPermissionsEgress"), "sound",
    ),
    "to the other subnet alone it may not": (
        "security-groups", "", admitted(rule("10.0.2.0/24"), of="nlb", way="IpPermissionsEgress"), "error egress-blocked",
    ),
}  # fmt: skip
OUT = "error egress-blocked"
INTERNAL = {"load_balancers.0.Scheme": "internal"}
SEEN = {"target_group_attributes": {"preserve_client_ip.enabled": "true"}}
FROM_HOME = {**INTERNAL, "probe.caller_ip": "192.168.1.7"}
ADMIT = "Admit it, if a VPN or peering leads from here into the VPC; else call from inside."
LISTED = rule(PrefixListIds=[{"PrefixListId": "pl-1"}])
LIST = {"prefix_lists": [{"PrefixListId": "pl-1", "Cidrs": ["203.0.113.0/24"]}]}
GROUPS |= {
    "a second group of the task does": ("security-groups", "", admitted(**{"service.networkConfiguration.awsvpcConfiguration.securityGroups": ["sg-task", "sg-nlb"], "security_groups.1.IpPermissions": [rule(group="sg-nlb"), rule("203.0.113.7/32")]}), "sound"),
    "a second group of the balancer is admitted": ("security-groups", "", admitted(rule(group="sg-task"), **{"load_balancers.0.SecurityGroups": ["sg-nlb", "sg-task"]}), "sound"),
    "the tasks have no group": ("security-groups", "", {**UNANSWERED, "service.networkConfiguration.awsvpcConfiguration.securityGroups": []}, "? the service names no security group for its tasks"),
    "the balancer's group was not read": ("security-groups", "", {**UNANSWERED, "load_balancers.0.SecurityGroups": ["sg-x"]}, f"{BLOCKED}; ? security group sg-x was not found"),
    "neither its group nor its subnets are known": (
        "security-groups", "", admitted(rule("10.0.0.0/8"), **{"load_balancers.0.SecurityGroups": [], "load_balancers.0.AvailabilityZones": []}), "? the load balancer's subnets were not found",
    ),
    "its subnets are not known, and its group is not admitted": ("security-groups", "", admitted(rule("10.0.0.0/8"), **HIDDEN, **{"load_balancers.0.AvailabilityZones": []}), BLOCKED),
    "its subnets are not known, and the world is admitted": ("security-groups", "", admitted(rule("0.0.0.0/0"), **HIDDEN, **{"load_balancers.0.AvailabilityZones": []}), "sound"),
    "a rule that was not read whole": ("security-groups", "", admitted({"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100}), "? a rule of a security group was not read whole"),
    "whom the task shuts out is not known where this machine's address is not": ("security-groups", "", {**admitted(rule("10.0.0.0/16")), **SEEN, "probe.caller_ip": None, f"{SG['nlb']}.IpPermissions": [rule("0.0.0.0/0")]}, "sound"),
    "the task does not admit the caller, to whom it answered all the same": ("security-groups", "", {**admitted(rule("10.0.0.0/16")), **SEEN, "probe.rungs": [{"name": "http", "outcome": "ok"}]}, "sound"),
    "the task admits the caller by a list": ("security-groups", "", {**admitted(rule("10.0.0.0/16"), LISTED), **SEEN, **LIST}, "sound"),
    "nor by one that was not read": ("security-groups", "", {**admitted(rule("10.0.0.0/16"), LISTED), **SEEN}, "? prefix list pl-1, which a rule admits, was not read"),
    "the balancer admits the caller by a list": ("security-groups", "", {**admitted(LISTED, of="nlb"), **LIST}, "sound"),
    "and nobody read it": ("security-groups", "", admitted(LISTED, of="nlb"), "? prefix list pl-1, which a rule admits, was not read"),
    "the balancer admits all": ("security-groups", "", admitted(rule("0.0.0.0/0"), of="nlb", **{"probe.caller_ip": None}), "sound"),
    "this machine's address is not known": (
        "security-groups", "", admitted(rule("198.51.100.0/24"), of="nlb", **{"probe.caller_ip": None}), "? this machine's public address is not known, so whether it is admitted is not either",
    ),
    "an address outside is none for an internal balancer": ("security-groups", "", admitted(rule("198.51.100.0/24"), of="nlb", **INTERNAL), "sound"),
    "an internal balancer does not admit a home network": ("security-groups", "", admitted(rule("10.0.0.0/16"), of="nlb", **FROM_HOME), f"{CALLER} of {NLB}", ADMIT, "192.168.1.7/32"),
    "an internal balancer does not admit one inside": ("security-groups", "", admitted(rule("10.0.1.0/24"), of="nlb", **INTERNAL, **{"probe.caller_ip": "10.0.7.7"}), f"{CALLER} of {NLB}", "Admit it.", f"!{ADMIT}", '"CidrIp": "10.0.7.7/32"'),
    "without a group it lets itself out": ("security-groups", "", {**admitted(rule("10.0.0.0/16")), **HIDDEN, "load_balancers.0.SecurityGroups": []}, "sound"),
    "to the tasks' second group it may": ("security-groups", "", admitted(rule(group="sg-2"), of="nlb", way="IpPermissionsEgress", **{"service.networkConfiguration.awsvpcConfiguration.securityGroups": ["sg-task", "sg-2"], "security_groups.+": {"GroupId": "sg-2", "IpPermissions": [], "IpPermissionsEgress": []}}), "sound"),
    "by a list it may": ("security-groups", "", {**admitted(LISTED, of="nlb", way="IpPermissionsEgress"), "prefix_lists": [{"PrefixListId": "pl-1", "Cidrs": ["10.0.0.0/16"]}]}, "sound"),
    "by one that was not read nobody knows": ("security-groups", "", admitted(LISTED, of="nlb", way="IpPermissionsEgress"), "? prefix list pl-1, which a rule admits, was not read"),
    "it may not, and the tasks' subnets are not known": ("security-groups", "", admitted(rule("10.0.1.0/24"), of="nlb", way="IpPermissionsEgress", subnets=[]), "? the subnets of the tasks were not found"),
    "it may to all, and they are not known": ("security-groups", "", admitted(rule("0.0.0.0/0"), of="nlb", way="IpPermissionsEgress", subnets=[]), "sound"),
    "it may not, and a target that is well disproves it": ("security-groups", "", {f"{SG['nlb']}.IpPermissionsEgress": [rule("192.0.2.0/24")]}, "sound"),
    "it may not speak to tasks on another port": ("security-groups", "", admitted(rule("0.0.0.0/0", first=80, last=80), of="nlb", way="IpPermissionsEgress"), OUT, "no rule lets TCP 4100 out to the tasks", "Let it out to the tasks."),
    "a port that the address does not name is the listener's": (
        "security-groups", "", {**admitted(rule("203.0.113.7/32", first=80, last=80), of="nlb"), "probe.url": f"http://{HOST}", "listeners.0.Port": 80}, "sound",
    ),
}  # fmt: skip


@each("case", LISTENERS)
def test_where_listeners_lead(case: Row) -> None:
    holds(case)


@each("case", GROUPS)
def test_whom_security_groups_let_through(case: Row) -> None:
    holds(case)
