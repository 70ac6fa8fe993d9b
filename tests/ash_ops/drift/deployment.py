"""A deployment as its stack wants it and as it runs, and every kind of change past the stack."""

from __future__ import annotations

from typing import Any

from ash_ops.drift import Live
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import SecurityGroup
from ash_ops.facts.services import Service
from ash_ops.facts.wanted import (
    BALANCER,
    GROUP,
    LISTENER,
    SERVICE,
    TARGET_GROUP,
    WantedResource,
)

CLUSTER = "arn:aws:ecs:us-east-1:123456789012:service/ash-cloud/ash-cloud-runtime"
ONE, TWO = (f"arn:aws:ecs:us-east-1:1:task-definition/ash-cloud-runtime:{n}" for n in (1, 2))
TG, LB, LISTENS = "arn:tg", "arn:lb", "arn:listener"


def rule(cidr: str, port: int = 4100, **more: Any) -> dict[str, Any]:
    ports = {"FromPort": port, "ToPort": port}
    return {"IpProtocol": "tcp", **ports, "IpRanges": [{"CidrIp": cidr}], **more}


WANTED = (
    WantedResource(
        logical_id="Service",
        type=SERVICE,
        physical_id=CLUSTER,
        properties={
            "TaskDefinition": ONE,
            "DesiredCount": "1",
            "LaunchType": "FARGATE",
            "HealthCheckGracePeriodSeconds": "120",
            "DeploymentConfiguration": {
                "MinimumHealthyPercent": "100",
                "MaximumPercent": "200",
                "DeploymentCircuitBreaker": {"Enable": "true", "Rollback": "true"},
            },
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                    "AssignPublicIp": "ENABLED",
                    "Subnets": ["subnet-b", "subnet-a"],
                    "SecurityGroups": ["sg-task"],
                }
            },
        },
    ),
    WantedResource(
        logical_id="TargetGroup",
        type=TARGET_GROUP,
        physical_id=TG,
        properties={
            "HealthCheckPath": "/health",
            "HealthCheckIntervalSeconds": "10",
            "TargetGroupAttributes": [{"Key": "preserve_client_ip.enabled", "Value": "true"}],
        },
    ),
    WantedResource(
        logical_id="LoadBalancer",
        type=BALANCER,
        physical_id=LB,
        properties={
            "SecurityGroups": ["sg-nlb"],
            "Subnets": ["subnet-b", "subnet-a"],
            "LoadBalancerAttributes": [
                {"Key": "load_balancing.cross_zone.enabled", "Value": "true"}
            ],
        },
    ),
    WantedResource(
        logical_id="Listener",
        type=LISTENER,
        physical_id=LISTENS,
        properties={
            "Port": "4100",
            "Protocol": "TCP",
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": TG}],
            "ListenerAttributes": [{"Key": "tcp.idle_timeout.seconds", "Value": "6000"}],
        },
    ),
    WantedResource(
        logical_id="LoadBalancerSecurityGroup",
        type=GROUP,
        physical_id="sg-nlb",
        properties={
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": "4100", "ToPort": "4100", "CidrIp": "10.0.0.0/8"}
            ],
            "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
        },
    ),
)
SERVICE_ROW: dict[str, Any] = {
    "serviceArn": CLUSTER,
    "serviceName": "ash-cloud-runtime",
    "status": "ACTIVE",
    "desiredCount": 1,
    "taskDefinition": ONE,
    "launchType": "FARGATE",
    "healthCheckGracePeriodSeconds": 120,
    "deploymentConfiguration": {
        "minimumHealthyPercent": 100,
        "maximumPercent": 200,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    },
    "networkConfiguration": {
        "awsvpcConfiguration": {
            "subnets": ["subnet-a", "subnet-b"],
            "securityGroups": ["sg-task"],
            "assignPublicIp": "ENABLED",
        }
    },
}
TARGETS: dict[str, Any] = {
    "TargetGroupArn": TG,
    "TargetGroupName": "ash-cloud-tg",
    "HealthCheckPath": "/health",
    "HealthCheckIntervalSeconds": 10,
}
BALANCES: dict[str, Any] = {
    "LoadBalancerArn": LB,
    "LoadBalancerName": "ash-cloud-nlb",
    "SecurityGroups": ["sg-nlb"],
    "AvailabilityZones": [{"SubnetId": "subnet-a"}, {"SubnetId": "subnet-b"}],
}
LISTENS_ROW: dict[str, Any] = {
    "ListenerArn": LISTENS,
    "Port": 4100,
    "Protocol": "TCP",
    "DefaultActions": [{"Type": "forward", "TargetGroupArn": TG}],
}
FIREWALL: dict[str, Any] = {
    "GroupId": "sg-nlb",
    "IpPermissions": [rule("10.0.0.0/8")],
    "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
}
ATTRIBUTES = {
    TG: {"preserve_client_ip.enabled": "true", "stickiness.enabled": "false"},
    LB: {"load_balancing.cross_zone.enabled": "true"},
    LISTENS: {"tcp.idle_timeout.seconds": "6000"},
}


def live(
    service: dict[str, Any] | None = None,
    targets: dict[str, Any] | None = None,
    balancer: dict[str, Any] | None = None,
    listener: dict[str, Any] | None = None,
    firewall: dict[str, Any] | None = None,
    attributes: dict[str, dict[str, str]] | None = None,
) -> Live:
    return Live(
        services=[fact_of(Service, {**SERVICE_ROW, **(service or {})})],
        target_groups=[fact_of(TargetGroup, {**TARGETS, **(targets or {})})],
        balancers=[fact_of(LoadBalancer, {**BALANCES, **(balancer or {})})],
        listeners=[fact_of(Listener, {**LISTENS_ROW, **(listener or {})})],
        security_groups=[fact_of(SecurityGroup, {**FIREWALL, **(firewall or {})})],
        attributes={**ATTRIBUTES, **(attributes or {})},
        images={TWO: "ash:0.2.99", ONE: "ash:latest"},
    )


SERVES = {"cluster": "ash-cloud", "service": "ash-cloud-runtime"}
BEHIND: list[tuple[str, dict[str, Any], str, str, dict[str, Any]]] = [
    (
        "another revision",
        {"service": {"taskDefinition": TWO}},
        "its revision is ash-cloud-runtime:2 (ash:0.2.99), the stack wants ash-cloud-runtime:1 (ash:latest)",
        "UpdateService",
        {**SERVES, "taskDefinition": ONE},
    ),
    (
        "no tasks wanted",
        {"service": {"desiredCount": 0}},
        "its desired count is 0, the stack wants 1",
        "UpdateService",
        {**SERVES, "desiredCount": 1},
    ),
    (
        "spare capacity",
        {
            "service": {
                "launchType": None,
                "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}],
            }
        },
        "its capacity is FARGATE_SPOT, the stack wants FARGATE",
        "UpdateService",
        {
            **SERVES,
            "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
            "forceNewDeployment": True,
        },
    ),
    (
        "no public address",
        {
            "service": {
                "networkConfiguration": {
                    "awsvpcConfiguration": {
                        "subnets": ["subnet-a", "subnet-b"],
                        "securityGroups": ["sg-task"],
                        "assignPublicIp": "DISABLED",
                    }
                }
            }
        },
        "its network is assignPublicIp DISABLED, the stack wants assignPublicIp ENABLED",
        "UpdateService",
        {
            **SERVES,
            "networkConfiguration": {
                "awsvpcConfiguration": {
                    "subnets": ["subnet-a", "subnet-b"],
                    "securityGroups": ["sg-task"],
                    "assignPublicIp": "ENABLED",
                }
            },
        },
    ),
    (
        "no circuit breaker",
        {
            "service": {
                "deploymentConfiguration": {
                    "minimumHealthyPercent": 100,
                    "maximumPercent": 200,
                    "deploymentCircuitBreaker": {"enable": False, "rollback": True},
                }
            }
        },
        "its rollout is circuit breaker false, the stack wants circuit breaker true",
        "UpdateService",
        {
            **SERVES,
            "deploymentConfiguration": {
                "minimumHealthyPercent": 100,
                "maximumPercent": 200,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            },
        },
    ),
    (
        "a shorter grace period",
        {"service": {"healthCheckGracePeriodSeconds": 0}},
        "its grace period is 0 s, the stack wants 120 s",
        "UpdateService",
        {**SERVES, "healthCheckGracePeriodSeconds": 120},
    ),
    (
        "another health check",
        {"targets": {"HealthCheckPath": "/", "HealthCheckIntervalSeconds": 30}},
        "HealthCheckIntervalSeconds is 30, the stack wants 10",
        "ModifyTargetGroup",
        {"TargetGroupArn": TG, "HealthCheckIntervalSeconds": 10, "HealthCheckPath": "/health"},
    ),
    (
        "another attribute of the targets",
        {"attributes": {TG: {"preserve_client_ip.enabled": "false"}}},
        "preserve_client_ip.enabled is false, the stack wants true",
        "ModifyTargetGroupAttributes",
        {
            "TargetGroupArn": TG,
            "Attributes": [{"Key": "preserve_client_ip.enabled", "Value": "true"}],
        },
    ),
    (
        "another group before the balancer",
        {"balancer": {"SecurityGroups": ["sg-other"]}},
        "its security groups is sg-other, the stack wants sg-nlb",
        "SetSecurityGroups",
        {"LoadBalancerArn": LB, "SecurityGroups": ["sg-nlb"]},
    ),
    (
        "no node in a zone",
        {"balancer": {"AvailabilityZones": [{"SubnetId": "subnet-b"}]}},
        "its subnets is subnet-b, the stack wants subnet-b, subnet-a",
        "SetSubnets",
        {"LoadBalancerArn": LB, "Subnets": ["subnet-b", "subnet-a"]},
    ),
    (
        "no way over zones",
        {"attributes": {LB: {"load_balancing.cross_zone.enabled": "false"}}},
        "load_balancing.cross_zone.enabled is false, the stack wants true",
        "ModifyLoadBalancerAttributes",
        {
            "LoadBalancerArn": LB,
            "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
        },
    ),
    (
        "another port",
        {"listener": {"Port": 80}},
        "its port is 80, the stack wants 4100",
        "ModifyListener",
        {"ListenerArn": LISTENS, "Port": 4100},
    ),
    (
        "other targets",
        {"listener": {"DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:other"}]}},
        "where it leads is arn:other, the stack wants arn:tg",
        "ModifyListener",
        {
            "ListenerArn": LISTENS,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": TG}],
        },
    ),
    (
        "a shorter silence",
        {"attributes": {LISTENS: {"tcp.idle_timeout.seconds": "350"}}},
        "tcp.idle_timeout.seconds is 350, the stack wants 6000",
        "ModifyListenerAttributes",
        {
            "ListenerArn": LISTENS,
            "Attributes": [{"Key": "tcp.idle_timeout.seconds", "Value": "6000"}],
        },
    ),
    (
        "the port open to the world",
        {"firewall": {"IpPermissions": [rule("10.0.0.0/8"), rule("0.0.0.0/0")]}},
        "tcp 4100 from 0.0.0.0/0 is allowed, the stack wants it not allowed",
        "RevokeSecurityGroupIngress",
        {"GroupId": "sg-nlb", "IpPermissions": [rule("0.0.0.0/0")]},
    ),
    (
        "the port open to the world of IPv6",
        {
            "firewall": {
                "IpPermissions": [
                    {**rule("10.0.0.0/8"), "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
                ]
            }
        },
        "tcp 4100 from ::/0 is allowed",
        "RevokeSecurityGroupIngress",
        {
            "GroupId": "sg-nlb",
            "IpPermissions": [
                {
                    "IpProtocol": "tcp",
                    "FromPort": 4100,
                    "ToPort": 4100,
                    "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                }
            ],
        },
    ),
    (
        "the clients shut out",
        {"firewall": {"IpPermissions": []}},
        "tcp 4100 from 10.0.0.0/8 is not allowed, the stack wants it allowed",
        "AuthorizeSecurityGroupIngress",
        {"GroupId": "sg-nlb", "IpPermissions": [rule("10.0.0.0/8")]},
    ),
    (
        "no way out",
        {"firewall": {"IpPermissionsEgress": []}},
        "everything to 0.0.0.0/0 is not allowed",
        "AuthorizeSecurityGroupEgress",
        {
            "GroupId": "sg-nlb",
            "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
        },
    ),
]
