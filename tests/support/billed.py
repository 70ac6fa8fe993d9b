"""A private fleet with all that is billed, in memory, in a VPC that others use too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.account import ANOTHERS, OURS, Account, Raw, arn

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GB = 1024**3
BALANCER = arn("elasticloadbalancing", "loadbalancer/net/ash-cloud-nlb/50dc")
REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine/ash:1"


def service(name: str, launch: str, **more: Any) -> Raw:
    return {
        "serviceName": name,
        "serviceArn": arn("ecs", f"service/ash-cloud/{name}"),
        "status": "ACTIVE",
        "desiredCount": 2,
        "launchType": launch,
        "createdAt": NOW - timedelta(days=30),
        "taskDefinition": name,
        "networkConfiguration": {
            "awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "DISABLED"}
        },
        **more,
    }


def definition(given: Raw) -> Raw:
    volume = {"name": "d", "efsVolumeConfiguration": {"fileSystemId": "fs-00000001"}}
    environment = [{"name": "ASH_SNAPSHOT_URL", "value": "s3://bucket-1/prefix"}]
    container = {"name": "ash", "image": REPOSITORY, "environment": environment}
    return {
        "taskDefinition": {
            "taskDefinitionArn": given["taskDefinition"],
            "cpu": "512",
            "memory": "1024",
            "containerDefinitions": [container],
            "volumes": [volume],
        }
    }


# A metric by its name: bytes, connections, or a mean; one value in one hour.
METRICS = {
    "ProcessedBytes": 3 * GB,
    "NewFlowCount": 7200,
    "ActiveFlowCount": 40,
    "IncomingBytes": GB,
    "DataReadIOBytes": 84 * GB,
    "DataWriteIOBytes": 42 * GB,
}
STATISTIC = {"ActiveFlowCount": "Average", "BucketSizeBytes": "Average"}


def measured(given: Raw) -> Raw:
    """Sums by the hour, but for what has no sum; the bucket's size once a day."""
    name, (statistic,) = given["MetricName"], given["Statistics"]
    if statistic != STATISTIC.get(name, "Sum"):
        return {"Datapoints": []}
    if name == "BucketSizeBytes":
        assert given["Period"] == 86_400
        assert given["StartTime"] == NOW - timedelta(days=3)
        days = [(NOW - timedelta(days=n), n * GB) for n in (2, 1)]
        return {"Datapoints": [{"Timestamp": day, "Average": size} for day, size in days]}
    assert given["Period"] == 3600
    assert (given["StartTime"], given["EndTime"]) == (NOW - timedelta(days=7), NOW)
    return {"Datapoints": [{"Timestamp": NOW - 5 * HOUR, statistic: METRICS[name]}]}


def log_group(name: str, days: int | None, stored: int) -> Raw:
    kept = {} if days is None else {"retentionInDays": days}
    return {"logGroupName": name, "arn": name, "storedBytes": stored, **kept}


def world(*services: Raw) -> Account:
    """A private fleet with all that is billed, in a VPC that others use too."""
    found = services or (
        service("ash-cloud-runtime", "FARGATE"),
        service("ash-cloud-runners", "FARGATE", desiredCount=3),
    )
    made = Account(
        {
            "log group": {
                "/ash-cloud/runtime": log_group("/ash-cloud/runtime", 30, 2 * GB),
                "/ash-cloud/events": log_group("/ash-cloud/events", 90, GB),
                "/ash-cloud-2/runtime": log_group("/ash-cloud-2/runtime", None, 9 * GB),
            },
            "disk": {"vol-1": {"VolumeId": "vol-1", "Size": 50, "State": "in-use", "Tags": OURS}},
        }
    )
    made.answers |= {**_served(list(found)), **_network(), **_kept()}
    return made


def _served(services: list[Raw]) -> dict[str, Any]:
    """What runs, and the balancer before it."""
    cluster = {"clusterName": "ash-cloud", "clusterArn": "c", "status": "ACTIVE"}
    insights = [{"name": "containerInsights", "value": "enhanced"}]
    return {
        "DescribeServices": {"services": services, "failures": []},
        "DescribeTaskDefinition": definition,
        "DescribeClusters": {"clusters": [{**cluster, "settings": insights}]},
        "ListMetrics": {"Metrics": [{"MetricName": str(n)} for n in range(41)]},
        "DescribeLoadBalancers": {"LoadBalancers": [balancer()]},
        "DescribeListeners": {"Listeners": [{"ListenerArn": "l", "Protocol": "TLS"}]},
        "DescribeLoadBalancerAttributes": {
            "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
        },
        "GetMetricStatistics": measured,
    }


def _network() -> dict[str, Any]:
    """Addresses, gateways and endpoints, ours and others'."""
    gateways = [
        ("nat-1", "available", OURS),
        ("nat-2", "pending", ANOTHERS),
        ("nat-3", "deleted", OURS),
    ]
    endpoints = [
        ("Interface", OURS, ["a", "b"]),
        ("Gateway", OURS, ["a"]),
        ("Interface", ANOTHERS, ["a"]),
    ]
    return {
        "DescribeNetworkInterfaces": {
            "NetworkInterfaces": [
                {"NetworkInterfaceId": "e1", "Association": {"PublicIp": "203.0.113.1"}},
                {"NetworkInterfaceId": "e2"},
            ]
        },
        "DescribeNatGateways": {
            "NatGateways": [
                {"NatGatewayId": id_, "State": state, "VpcId": "vpc-1", "Tags": tagged}
                for id_, state, tagged in gateways
            ]
        },
        "DescribeVpcEndpoints": {
            "VpcEndpoints": [
                {
                    "VpcEndpointId": f"vpce-{n}",
                    "VpcEndpointType": kind,
                    "Tags": tagged,
                    "SubnetIds": subnets,
                }
                for n, (kind, tagged, subnets) in enumerate(endpoints)
            ]
        },
    }


def _kept() -> dict[str, Any]:
    """What keeps data, and what watches."""
    sizes = {"FileSystemId": "fs-00000001", "SizeInBytes": {"Value": 10 * GB}}
    database = {"DBInstanceClass": "db.t4g.micro", "MultiAZ": True, "AllocatedStorage": 20}
    return {
        "DescribeImages": {"imageDetails": [{"imageSizeInBytes": GB}, {"imageSizeInBytes": GB}]},
        "DescribeFileSystems": {"FileSystems": [sizes]},
        "DescribeDBInstances": {
            "DBInstances": [
                {**database, "Engine": "postgres", "TagList": OURS},
                {**database, "DBInstanceClass": "db.r6g.large", "TagList": ANOTHERS},
            ]
        },
        "DescribeAlarms": {"MetricAlarms": [{"AlarmName": "a"}, {"AlarmName": "b"}]},
    }


def balancer(**more: Any) -> Raw:
    zones = [{"ZoneName": name} for name in ("a", "b")]
    return {
        "LoadBalancerArn": BALANCER,
        "LoadBalancerName": "ash-cloud-nlb",
        "VpcId": "vpc-1",
        "Scheme": "internet-facing",
        "AvailabilityZones": zones,
        **more,
    }
