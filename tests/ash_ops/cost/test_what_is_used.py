"""What a deployment uses is read as AWS tells it: what is ours is counted, what is others' is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.cost.deployed import read
from ash_ops.errors import ReadFailed
from ash_ops.facts.usage import (
    Balancer,
    DatabaseUse,
    Flows,
    Instance,
    Unread,
    Usage,
    Window,
)
from ash_ops.names import Deployment
from tests.support.account import OURS, Account, Raw
from tests.support.billed import BALANCER, HOUR, NOW, balancer, service, world
from tests.support.deploying import KEYS, settings_of


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return Aws(settings_of())


def used(aws: Aws, account: Account, now: datetime = NOW) -> Usage:
    account.serve(aws)
    found = read(aws, Deployment(), now)
    assert found is not None
    return found


def test_everything_is_read_and_counted_as_it_is_billed(aws: Aws) -> None:
    found = used(aws, world())
    hour = NOW - 5 * HOUR
    assert found.window == Window(NOW - timedelta(days=7), NOW)
    assert [(s.name, s.desired, s.launch_type, s.private) for s in found.services] == [
        ("ash-cloud-runtime", 2, "fargate", True),
        ("ash-cloud-runners", 3, "fargate", True),
    ]
    assert (found.insights, found.series, found.alarms) == ("enhanced", 41, 2)
    assert found.balancers == (
        Balancer(BALANCER, "ash-cloud-nlb", "vpc-1", False, zones=2, tls=True, cross_zone=True),
    )
    assert found.flows == Flows({hour: Decimal(3)}, {hour: Decimal(7200)}, {hour: Decimal(40)})
    assert found.balancer_addresses == 1
    assert (found.own_nat_gateways, found.shared_nat_gateways) == (1, 1)
    assert found.own_endpoint_zones == 2
    assert found.image_gb == 2
    assert (found.file_systems, found.efs_gb) == (1, 10)
    assert found.databases == (DatabaseUse("db.t4g.micro", True, 20, "postgres"),)
    assert found.s3_gb == 1  # the size of the last day that was told
    assert found.other_disks_gb == 50
    assert found.gaps == ()


def test_what_was_measured_in_a_week_is_a_months_at_that_rate(aws: Aws) -> None:
    """168 hours were looked at, and a month has 730."""
    found = used(aws, world())
    month = Decimal(730) / 168
    assert found.efs_flows is not None
    read_gb, written_gb = found.efs_flows
    assert abs(read_gb - 84 * month) < Decimal("1e-9")
    assert abs(written_gb - 42 * month) < Decimal("1e-9")
    assert found.logs is not None
    assert abs(found.logs.written_gb - 2 * month) < Decimal("1e-9")
    assert (found.logs.stored_gb, found.logs.retention_days) == (3, 90)


def test_one_group_that_keeps_its_lines_for_ever_is_for_ever(aws: Aws) -> None:
    account = world()
    del account.there["log group"]["/ash-cloud/events"]["retentionInDays"]
    logs = used(aws, account).logs
    assert logs is not None
    assert (logs.stored_gb, logs.retention_days) == (3, None)


def test_the_metrics_are_asked_for_by_the_names_that_cloudwatch_has(aws: Aws) -> None:
    account = world()
    used(aws, account)
    asked = {
        (
            given["Namespace"],
            given["MetricName"],
            *sorted(f"{d['Name']}={d['Value']}" for d in given["Dimensions"]),
        )
        for given in account.asked("GetMetricStatistics")
    }
    balancing = "LoadBalancer=net/ash-cloud-nlb/50dc"
    assert asked == {
        ("AWS/NetworkELB", "ProcessedBytes", balancing),
        ("AWS/NetworkELB", "NewFlowCount", balancing),
        ("AWS/NetworkELB", "ActiveFlowCount", balancing),
        ("AWS/Logs", "IncomingBytes", "LogGroupName=/ash-cloud/events"),
        ("AWS/Logs", "IncomingBytes", "LogGroupName=/ash-cloud/runtime"),
        ("AWS/EFS", "DataReadIOBytes", "FileSystemId=fs-00000001"),
        ("AWS/EFS", "DataWriteIOBytes", "FileSystemId=fs-00000001"),
        ("AWS/S3", "BucketSizeBytes", "BucketName=bucket-1", "StorageType=StandardStorage"),
    }
    (faces,) = account.asked("DescribeNetworkInterfaces")
    assert faces["Filters"][0]["Values"] == ["ELB net/ash-cloud-nlb/50dc"]
    (images,) = account.asked("DescribeImages")
    assert images["repositoryName"] == "mine/ash"
    (series,) = account.asked("ListMetrics")
    assert series["Dimensions"] == [{"Name": "ClusterName", "Value": "ash-cloud"}]
    assert account.asked("DescribeAlarms")[0]["AlarmNamePrefix"] == "ash-cloud"


def test_a_young_deployment_is_measured_since_it_is_there_and_for_an_hour_at_least(
    aws: Aws,
) -> None:
    for age, hours in ((timedelta(hours=5), 5), (timedelta(minutes=3), 1)):
        account = world(service("ash-cloud-runtime", "FARGATE", createdAt=NOW - age))
        account.answers["GetMetricStatistics"] = {"Datapoints": []}
        aws._clients.clear()
        assert used(aws, account).window == Window(NOW - hours * HOUR, NOW)


def test_without_a_service_there_is_no_deployment(aws: Aws) -> None:
    for told in (
        {"services": [], "failures": []},
        {"services": [{**service("x", "FARGATE"), "status": "INACTIVE"}], "failures": []},
        "ClusterNotFoundException",
    ):
        account = Account({})
        account.answers["DescribeServices"] = told  # type: ignore[assignment]  # an answer or a code
        aws._clients.clear()
        account.serve(aws)
        assert read(aws, Deployment(), NOW) is None


def test_that_it_could_not_be_asked_is_not_that_it_is_not_there(aws: Aws) -> None:
    account = Account({})
    account.answers["DescribeServices"] = "AccessDeniedException"
    account.serve(aws)
    with pytest.raises(ReadFailed):
        read(aws, Deployment(), NOW)


def test_every_part_that_is_denied_is_a_gap_with_its_action_and_the_others_stand(aws: Aws) -> None:
    account = world()
    denied = {
        "DescribeClusters": ("Container Insights", "ecs:DescribeClusters"),
        "ListMetrics": ("Container Insights metrics", "cloudwatch:ListMetrics"),
        "DescribeVolumes": ("EBS volumes", "ec2:DescribeVolumes"),
        "DescribeNetworkInterfaces": ("public addresses", "ec2:DescribeNetworkInterfaces"),
        "DescribeNatGateways": ("NAT gateways", "ec2:DescribeNatGateways"),
        "DescribeVpcEndpoints": ("interface endpoints", "ec2:DescribeVpcEndpoints"),
        "DescribeLogGroups": ("log volume", "logs:DescribeLogGroups"),
        "DescribeImages": ("ECR images", "ecr:DescribeImages"),
        "DescribeFileSystems": ("EFS", "elasticfilesystem:DescribeFileSystems"),
        "DescribeDBInstances": ("RDS", "rds:DescribeDBInstances"),
        "DescribeAlarms": ("CloudWatch alarms", "cloudwatch:DescribeAlarms"),
    }
    account.answers |= dict.fromkeys(denied, "AccessDeniedException")
    found = used(aws, account)
    expected = {
        Unread(item, f"{action}: AccessDeniedException (allow {action})")
        for item, action in denied.values()
    }
    assert set(found.gaps) == expected
    assert [gap.item for gap in found.gaps] == sorted(gap.item for gap in found.gaps)
    assert found.flows is not None
    assert found.s3_gb == 1


def test_without_a_balancer_nothing_of_its_network_is_asked(aws: Aws) -> None:
    account = world()
    account.answers["DescribeLoadBalancers"] = {"LoadBalancers": []}
    found = used(aws, account)
    assert (found.flows, found.balancer_addresses) == (None, None)
    assert (found.own_nat_gateways, found.shared_nat_gateways, found.own_endpoint_zones) == (
        0,
        0,
        0,
    )
    assert account.asked("DescribeNatGateways") == account.asked("DescribeVpcEndpoints") == []


def test_a_public_task_needs_no_gateway_and_spot_and_insights_are_told(aws: Aws) -> None:
    public = {"awsvpcConfiguration": {"subnets": ["s"], "assignPublicIp": "ENABLED"}}
    spot = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    one = service(
        "ash-cloud-runtime",
        "FARGATE",
        networkConfiguration=public,
        launchType="",
        capacityProviderStrategy=spot,
    )
    account = world(one)
    account.answers["DescribeClusters"] = {"clusters": [{"clusterName": "ash-cloud"}]}
    account.answers["DescribeLoadBalancers"] = {"LoadBalancers": [balancer(Scheme="internal")]}
    account.answers["DescribeListeners"] = {"Listeners": [{"ListenerArn": "l", "Protocol": "TCP"}]}
    account.answers["DescribeLoadBalancerAttributes"] = {"Attributes": []}
    found = used(aws, account)
    assert account.asked("DescribeNatGateways") == []
    assert (found.services[0].public_ip, found.services[0].spot) == (True, True)
    assert found.insights == "disabled"
    (told,) = found.balancers or ()
    assert (told.internal, told.tls, told.cross_zone) == (True, False, False)


def on_ec2(**more: Any) -> Account:
    """A service on instances: one that runs, one that stops, and a group that wants two."""
    account = world(service("ash-cloud-runtime", "EC2", **more))
    group = {
        "AutoScalingGroupName": "asg",
        "DesiredCapacity": 2,
        "Instances": [{"InstanceId": "i-1"}],
        "Tags": [{"Key": "ash:deployment", "Value": "ash-cloud"}],
        "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"},
    }
    data = {
        "InstanceType": "m6i.large",
        "BlockDeviceMappings": [{"Ebs": {"VolumeSize": 30}}],
    }
    machine = {
        "Tags": OURS,
        "InstanceId": "i-1",
        "InstanceType": "m6i.large",
        "Architecture": "x86_64",
    }
    volumes = [{"Ebs": {"VolumeId": "vol-1"}}]
    running = {**machine, "State": {"Name": "running"}, "BlockDeviceMappings": volumes}
    stopping = {**machine, "InstanceId": "i-2", "State": {"Name": "stopping"}}
    reservation = {"Instances": [{**running, "PublicIpAddress": "203.0.113.9"}, stopping]}
    account.answers |= {
        "DescribeAutoScalingGroups": {"AutoScalingGroups": [group]},
        "DescribeLaunchTemplateVersions": {
            "LaunchTemplateVersions": [{"LaunchTemplateId": "lt-1", "LaunchTemplateData": data}]
        },
        "DescribeInstances": {"Reservations": [reservation]},
    }
    return account


def test_machines_that_run_and_those_that_are_wanted_are_counted_once(aws: Aws) -> None:
    found = used(aws, on_ec2())
    assert found.services[0].launch_type == "ec2"
    assert found.instances == (
        Instance("m6i.large", spot=False, volume_gb=50, public=True, arch="x86_64"),
        Instance("m6i.large", spot=False, volume_gb=30, public=False, arch=""),
    )
    assert found.other_disks_gb == 0  # the volume is an instance's own
    assert found.gaps == ()


def test_a_service_that_needs_a_machine_and_has_none_is_a_gap(aws: Aws) -> None:
    account = on_ec2()
    account.answers["DescribeAutoScalingGroups"] = {"AutoScalingGroups": []}
    account.answers["DescribeInstances"] = {"Reservations": []}
    found = used(aws, account)
    told = "ash-cloud-runtime runs on EC2, and none was found"
    assert found.gaps == (Unread("EC2 instances", told),)
    aws._clients.clear()
    stopped = on_ec2(desiredCount=0)
    stopped.answers["DescribeAutoScalingGroups"] = {"AutoScalingGroups": []}
    stopped.answers["DescribeInstances"] = {"Reservations": []}
    assert used(aws, stopped).gaps == ()


def test_a_machine_without_a_disk_that_anyone_names_is_a_gap(aws: Aws) -> None:
    account = on_ec2()
    data: Raw = {"InstanceType": "m6i.large", "BlockDeviceMappings": []}
    versions = [{"LaunchTemplateId": "lt-1", "LaunchTemplateData": data}]
    account.answers["DescribeLaunchTemplateVersions"] = {"LaunchTemplateVersions": versions}
    told = Unread("EBS volumes", "an instance names none, nor does its launch template")
    assert told in used(aws, account).gaps
