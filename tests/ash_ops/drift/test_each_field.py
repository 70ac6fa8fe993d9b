"""Field by field: what is compared, what is told of it in one line, and whether putting it back ends sessions."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.drift import Difference, Live, differences
from ash_ops.drift.rules import rules_of, wanted_rules
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import IpPermission
from ash_ops.facts.start import LiveRole
from ash_ops.facts.wanted import (
    BALANCER,
    EGRESS,
    GROUP,
    INGRESS,
    LISTENER,
    ROLE,
    SERVICE,
    TARGET_GROUP,
    WantedResource,
)
from tests.ash_ops.drift.deployment import LISTENS, TG, WANTED, live, rule


def compared(type_: str, asked: dict[str, Any], runs: Live) -> list[Difference]:
    """The differences of the resource of a type, of which the stack wants this and no more."""
    (one,) = (each for each in WANTED if each.type == type_)
    return differences([replace(one, properties=asked)], runs)


def told(type_: str, asked: dict[str, Any], runs: Live) -> list[tuple[str, dict[str, Any]]]:
    return [(each.line, dict(each.change)) for each in compared(type_, asked, runs)]


TARGETS: dict[str, tuple[str, Any, Any]] = {
    "HealthCheckEnabled": ("true", False, True),
    "HealthCheckIntervalSeconds": ("10", 30, 10),
    "HealthCheckPath": ("/health", "/", "/health"),
    "HealthCheckPort": ("4100", "80", "4100"),
    "HealthCheckProtocol": ("HTTP", "TCP", "HTTP"),
    "HealthCheckTimeoutSeconds": ("5", 6, 5),
    "HealthyThresholdCount": ("2", 3, 2),
    "UnhealthyThresholdCount": ("2", 3, 2),
}


def test_each_part_of_a_health_check_is_put_back_in_its_own_type() -> None:
    for name, (asked, runs, sent) in TARGETS.items():
        shown = str(runs).lower() if isinstance(runs, bool) else runs
        line = f"the target group ash-cloud-tg: {name} is {shown}, the stack wants {asked}"
        assert told(TARGET_GROUP, {name: asked}, live(targets={name: runs})) == [
            (line, {name: sent})
        ]
        assert told(TARGET_GROUP, {name: asked}, live(targets={name: sent})) == []
        assert told(TARGET_GROUP, {name: asked}, live(targets={name: None})) == []
    off = told(
        TARGET_GROUP, {"HealthCheckEnabled": "false"}, live(targets={"HealthCheckEnabled": True})
    )
    assert off[0][1] == {"HealthCheckEnabled": False}
    codes = {"Matcher": {"HttpCode": "200"}}
    line = "the target group ash-cloud-tg: the codes that count as healthy is 200-299, the stack wants 200"  # fmt: skip
    assert told(TARGET_GROUP, codes, live(targets={"Matcher": {"HttpCode": "200-299"}})) == [(line, codes)]  # fmt: skip
    assert told(TARGET_GROUP, codes, live(targets={"Matcher": {"HttpCode": "200"}})) == []
    assert told(TARGET_GROUP, codes, live()) == []


def test_a_listener_leads_by_its_port_and_protocol_to_what_the_stack_names() -> None:
    of = "the listener of port 4100"
    asked: dict[str, Any] = {"Protocol": "TLS", "Certificates": [{"C": "x"}], "SslPolicy": "p"}
    assert told(LISTENER, asked, live()) == [
        (f"{of}: its protocol is TCP, the stack wants TLS", asked)
    ]
    assert told(LISTENER, {"Protocol": "TLS", "SslPolicy": ""}, live())[0][1] == {"Protocol": "TLS"}
    leads = {"DefaultActions": [{"TargetGroupArn": TG}]}
    nowhere = live(listener={"DefaultActions": []})
    sent = {"DefaultActions": [{"Type": "forward", "TargetGroupArn": TG}]}
    assert told(LISTENER, leads, nowhere) == [(f"{of}: where it leads is nowhere, the stack wants {TG}", sent)]  # fmt: skip
    weighted = [{"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": TG}, {"TargetGroupArn": "arn:b"}]}}]  # fmt: skip
    two = live(listener={"DefaultActions": weighted})
    assert told(LISTENER, leads, two)[0][0] == f"{of}: where it leads is {TG}, arn:b, the stack wants {TG}"  # fmt: skip
    assert told(LISTENER, {"DefaultActions": [{"Type": "x"}]}, nowhere) == []
    both = {"DefaultActions": [*leads["DefaultActions"], {"TargetGroupArn": "arn:b"}]}
    assert told(LISTENER, both, nowhere) == [(f"{of}: where it leads is nowhere, the stack wants {TG}, arn:b", sent)]  # fmt: skip
    assert told(LISTENER, {"Port": None}, live()) == told(LISTENER, {}, live()) == []


def test_a_balancer_stands_in_its_groups_and_subnets_in_any_order() -> None:
    of = "the load balancer ash-cloud-nlb"
    groups = {"SecurityGroups": ["sg-b", "sg-a"]}
    assert told(BALANCER, groups, live(balancer={"SecurityGroups": ["sg-a", "sg-b"]})) == []
    assert told(BALANCER, groups, live(balancer={"SecurityGroups": []})) == []  # was not told
    assert told(BALANCER, {"SecurityGroups": []}, live()) == []
    line = f"{of}: its security groups is sg-a, sg-c, the stack wants sg-b, sg-a"
    runs = live(balancer={"SecurityGroups": ["sg-a", "sg-c"]})
    assert told(BALANCER, groups, runs) == [(line, groups)]
    for subnets in ("subnet-a", [], None):
        assert told(BALANCER, {"Subnets": subnets}, live()) == []
    nowhere = live(balancer={"AvailabilityZones": [{"ZoneName": "x"}]})
    assert told(BALANCER, {"Subnets": ["subnet-a"]}, nowhere) == []
    line = f"{of}: its subnets is subnet-a, subnet-b, the stack wants subnet-a"
    assert told(BALANCER, {"Subnets": ["subnet-a"]}, live()) == [(line, {"Subnets": ["subnet-a"]})]
    both = [{"Key": "a", "Value": True}, {"Key": "tcp.idle_timeout.seconds", "Value": 350}]
    assert told(LISTENER, {"ListenerAttributes": both}, live()) == [
        ("the listener of port 4100: tcp.idle_timeout.seconds is 6000, the stack wants 350", {"Attributes": [{"Key": "tcp.idle_timeout.seconds", "Value": "350"}]})
    ]  # fmt: skip
    assert told(LISTENER, {"ListenerAttributes": both}, live(attributes={LISTENS: {}})) == []


NETWORK = {"Subnets": ["subnet-b", "subnet-a"], "SecurityGroups": ["sg-task"], "AssignPublicIp": "ENABLED"}  # fmt: skip
ROLLOUT = {"MinimumHealthyPercent": "50", "MaximumPercent": 150, "Alarms": {"AlarmNames": ["7", "a"], "Enable": "false"}, "DeploymentCircuitBreaker": {"Enable": "true", "Rollback": "false"}}  # fmt: skip
SENT = {"minimumHealthyPercent": 50, "maximumPercent": 150, "alarms": {"alarmNames": [7, "a"], "enable": False}, "deploymentCircuitBreaker": {"enable": True, "rollback": False}}  # fmt: skip
STOPPED = {"desiredCount": 0, "tags": [{"key": "ash:stopped", "value": "2026-11-27T12:00:00Z"}]}
# What the stack wants, what runs, what is told of it, and whether putting it back ends sessions.
SERVICES: list[tuple[dict[str, Any], dict[str, Any], str, bool]] = [
    ({"DesiredCount": "2"}, {}, "its desired count is 1, the stack wants 2", False),
    ({"DesiredCount": 1}, {"desiredCount": 3}, "its desired count is 3, the stack wants 1", True),
    ({"DesiredCount": "2"}, STOPPED, "", False),
    ({"DesiredCount": "two"}, {}, "", False),
    ({"DesiredCount": "2"}, {"desiredCount": None}, "", False),
    ({"TaskDefinition": {"a": 1}}, {}, "", False),
    ({"TaskDefinition": ""}, {}, "", False),
    ({"TaskDefinition": "x"}, {"taskDefinition": None}, "", False),
    ({"TaskDefinition": "a/b/x:9"}, {}, "its revision is ash-cloud-runtime:1 (ash:latest), the stack wants x:9", True),
    ({"LaunchType": "EC2"}, {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, "", False),
    ({"LaunchType": "FARGATE"}, {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}, "", False),
    ({"LaunchType": "FARGATE"}, {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}, {"capacityProvider": "FARGATE"}]}, "its capacity is FARGATE, FARGATE_SPOT, the stack wants FARGATE", True),
    ({"NetworkConfiguration": {"AwsvpcConfiguration": NETWORK}}, {}, "", False),
    ({"NetworkConfiguration": {}}, {}, "", False),
    ({"NetworkConfiguration": {"AwsvpcConfiguration": NETWORK}}, {"networkConfiguration": None}, "", False),
    ({"NetworkConfiguration": {"AwsvpcConfiguration": {**NETWORK, "Subnets": ["subnet-a"], "SecurityGroups": []}}}, {}, "its network is subnets subnet-a,subnet-b, securityGroups sg-task, the stack wants subnets subnet-a, securityGroups none", True),
    ({"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-a", "subnet-b"], "SecurityGroups": ["sg-task"]}}}, {}, "its network is assignPublicIp ENABLED, the stack wants assignPublicIp DISABLED", True),
    ({"DeploymentConfiguration": ROLLOUT}, {}, "its rollout is minimumHealthyPercent 100, maximumPercent 200, rollback true, the stack wants minimumHealthyPercent 50, maximumPercent 150, rollback false", False),
    ({"DeploymentConfiguration": ROLLOUT}, {"deploymentConfiguration": None}, "", False),
    ({"DeploymentConfiguration": {"MaximumPercent": 200}}, {}, "", False),
    ({"HealthCheckGracePeriodSeconds": 60}, {}, "its grace period is 120 s, the stack wants 60 s", False),
    ({"HealthCheckGracePeriodSeconds": "60"}, {"healthCheckGracePeriodSeconds": None}, "", False),
]  # fmt: skip


def test_each_part_of_a_service_is_compared_where_both_are_known() -> None:
    for asked, runs, line, ends in SERVICES:
        found = compared(SERVICE, asked, live(service=runs))
        lines = [f"the service ash-cloud-runtime: {line}"] if line else []
        assert [each.line for each in found] == lines, (asked, runs)
        assert [each.ends_sessions for each in found] == ([ends] if line else []), (asked, runs)
    (rollout,) = compared(SERVICE, {"DeploymentConfiguration": ROLLOUT}, live())
    assert rollout.change == {"deploymentConfiguration": SENT}
    (count,) = compared(SERVICE, {"DesiredCount": "2"}, live())
    assert (count.change, count.on) == ({"desiredCount": 2}, {"cluster": "ash-cloud", "service": "ash-cloud-runtime"})  # fmt: skip
    short = "arn:aws:ecs:us-east-1:123456789012:service/ash-cloud-runtime"
    (one,) = (each for each in WANTED if each.type == SERVICE)
    old = replace(one, physical_id=short, properties={"DesiredCount": "2"})
    (count,) = differences([old], live(service={"serviceArn": short}))
    assert count.on == {"cluster": "", "service": "ash-cloud-runtime"}


# A rule as a template asks for it, as EC2 has it, and as it is told.
RULES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"IpProtocol": "6", "FromPort": "1", "ToPort": 2, "CidrIp": "10.0.0.0/8"}, {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}, "tcp 1-2 from 10.0.0.0/8"),
    ({"IpProtocol": 17, "FromPort": 5, "ToPort": 5, "CidrIpv6": "FD00::/8"}, {"IpProtocol": "udp", "FromPort": 5, "ToPort": 5, "Ipv6Ranges": [{"CidrIpv6": "fd00::/8"}]}, "udp 5 from fd00::/8"),
    ({"IpProtocol": "1", "CidrIp": "10.0.0.0/8"}, {"IpProtocol": "icmp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}, "icmp from 10.0.0.0/8"),
    ({"IpProtocol": "58", "SourceSecurityGroupId": "sg-1"}, {"IpProtocol": "icmpv6", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}, "icmpv6 from sg-1"),
    ({"IpProtocol": "all", "FromPort": 1, "ToPort": 2, "DestinationSecurityGroupId": "sg-1"}, {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}, "everything from sg-1"),
    ({"IpProtocol": "-1", "SourcePrefixListId": "pl-1"}, {"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-1"}]}, "everything from pl-1"),
    ({"IpProtocol": "50", "DestinationPrefixListId": "pl-1"}, {"IpProtocol": "50", "PrefixListIds": [{"PrefixListId": "pl-1"}]}, "50 from pl-1"),
]  # fmt: skip


def test_a_rule_of_a_template_is_one_of_ec2_in_other_words() -> None:
    for asked, has, line in RULES:
        (one,), (other,) = wanted_rules([asked]), rules_of([fact_of(IpPermission, has)])
        assert one == other, asked
        assert one.permission == has
        assert one.told("from") == line
    for odd in ("x", {}, {"CidrIp": ""}, {"CidrIp": "10.0.0.0/8", "FromPort": "x"}):
        with pytest.raises(ValueError, match=r"side is not known|invalid literal"):
            list(wanted_rules([odd]))
    assert list(rules_of([fact_of(IpPermission, {"IpProtocol": "tcp", "IpRanges": [{}]})])) == []


def test_a_group_lacks_a_rule_or_has_one_too_many_each_way_by_itself() -> None:
    of = "the security group sg-nlb (LoadBalancerSecurityGroup)"
    closed = live(firewall={"IpPermissions": [rule("10.0.0.0/8")], "IpPermissionsEgress": [rule("192.0.2.0/24", 443)]})  # fmt: skip
    out = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"}
    assert [each.line for each in compared(GROUP, {"SecurityGroupEgress": [out]}, closed)] == [
        f"{of}: tcp 80 to 10.0.0.0/8 is not allowed, the stack wants it allowed",
        f"{of}: tcp 4100 from 10.0.0.0/8 is allowed, the stack wants it not allowed",
        f"{of}: tcp 443 to 192.0.2.0/24 is allowed, the stack wants it not allowed",
    ]
    # Without rules of its own a group lets everything out: that is EC2's, not the stack's.
    assert [each.what for each in compared(GROUP, {}, closed)] == ["tcp 4100 from 10.0.0.0/8"]
    assert compared(GROUP, {"SecurityGroupIngress": [{"x": 1}]}, closed) == []
    lists = {"SecurityGroupIngress": [{**out, "CidrIp": "10.0.0.0/8", "FromPort": 4100, "ToPort": 4100}]}  # fmt: skip
    assert compared(GROUP, lists, closed) == []
    (group,) = (each for each in WANTED if each.type == GROUP)
    whole = replace(group, properties={**lists, "SecurityGroupEgress": []})
    apart = WantedResource(logical_id="More", type=EGRESS, physical_id="sgr", properties={"GroupId": "sg-nlb", **out, "FromPort": 443, "ToPort": 443, "CidrIp": "192.0.2.0/24"})  # fmt: skip
    assert differences([whole, apart], closed) == []
    for other in (replace(apart, type=INGRESS), replace(apart, properties={**apart.properties, "GroupId": "sg-x"})):  # fmt: skip
        assert "tcp 443 to 192.0.2.0/24" in {d.what for d in differences([whole, other], closed)}
    assert differences([replace(whole, type=ROLE)], closed) == []
    assert differences([replace(whole, physical_id="sg-gone")], closed) == []


def statement(effect: str, **more: Any) -> dict[str, Any]:
    return {"Statement": {"Effect": effect, **more}}


def test_a_role_is_told_by_whom_it_trusts_and_by_each_policy() -> None:
    trust, lets, denies = statement("Allow", Principal={"Service": "a"}), statement("Allow", Action="x"), statement("Deny", Action="x")  # fmt: skip
    arn = "arn:aws:iam::1:policy/of/ours"
    wanted = WantedResource(
        logical_id="R", type=ROLE, physical_id="r", properties={"AssumeRolePolicyDocument": trust, "ManagedPolicyArns": [arn], "Policies": [{"PolicyName": "p", "PolicyDocument": lets}], "Description": "d", "PermissionsBoundary": "b"},
    )  # fmt: skip

    def lines(**change: Any) -> list[str]:
        role = LiveRole(name="r", **({"trust": trust, "inline": {"p": lets}, "managed": {arn: {}}} | change))  # fmt: skip
        found = differences([wanted], Live(roles=[role]))
        assert {each.logical_id for each in found} <= {"R"}
        return [each.line.removeprefix("the role r: ") for each in found]

    assert lines() == []
    assert lines(trust={}) == ['whom it trusts is nobody, the stack wants {"Service": "a"}']
    assert lines(inline={}) == ["its policy p is not there, the stack wants the template's"]
    assert lines(inline={"p": denies}) == ["its policy p is another, the stack wants the template's"]  # fmt: skip
    assert lines(managed={}) == ["its policy ours is not attached, the stack wants it attached"]
    assert lines(managed={arn: denies}) == []  # the stack itself attaches it
    assert lines(inline={"p": lets, "z": denies, "a": lets}, managed={arn: {}, "arn:x/y": denies}) == [
        "its policy y, which denies something, is there, the stack wants no such policy",
        "its policy z, which denies something, is there, the stack wants no such policy",
    ]  # fmt: skip
    gone = differences([wanted], Live(roles=[LiveRole(name="r", exists=False)]))
    assert gone[0].line == "the role r: it is not there any more, the stack wants it"
    assert {"Description", "PermissionsBoundary", "AssumeRolePolicyDocument"} == gone[0].change.keys()  # fmt: skip
    for unknown in ("AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns"):
        other = replace(wanted, unknown=(unknown,))
        assert differences([other], Live(roles=[LiveRole(name="r", exists=False)])) == []
