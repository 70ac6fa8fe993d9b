"""A deployment that is to be: the fact that decides whether it is refused."""

from __future__ import annotations

import copy
import importlib
import pkgutil
from typing import Any

from ash_ops.causes import CAUSES
from ash_ops.checks import plan
from ash_ops.checks.base import Check
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.model import parsed
from tests.support import one_check, prose, scenarios
from tests.support.each import each

Case = tuple[Any, ...]
CHECKS: dict[str, Check[PlannedDeployment]] = {
    module.CHECK.id: module.CHECK
    for module in (
        importlib.import_module(f"{plan.__name__}.{m.name}")
        for m in pkgutil.iter_modules(plan.__path__)
    )
}
PARAMETERS = {
    "LaunchType": "FARGATE", "Cpu": "512", "Memory": "4096", "Architecture": "x86_64", "InstanceType": "m6i.large", "RunnerMemory": "12288",
    "RunnerCount": "2", "MaxSandboxes": "2", "SandboxMemory": "1024", "Scheme": "internet-facing", "AssignPublicIp": "ENABLED", "RunnerSubnetIds": "subnet-r",
}  # fmt: skip
LARGE = {"InstanceType": "m6i.large", "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]}, "VCpuInfo": {"DefaultVCpus": 2}, "MemoryInfo": {"SizeInMiB": 8192},
         "NetworkInfo": {"MaximumNetworkInterfaces": 3}}  # fmt: skip
RUNNERS_SUBNET = {
    "SubnetId": "subnet-r",
    "VpcId": "vpc-1",
    "CidrBlock": "10.0.3.0/24",
    "AvailabilityZone": "us-east-1a",
}
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
NO_ROUTE = {"snapshot.route_tables.0.Routes": [LOCAL]}


def reading(call: str, value: Any = None) -> dict[str, Any]:
    return {"call": call, "at": "2026-11-22T12:00:00Z", "value": value}


def planned(changes: dict[str, Any]) -> dict[str, Any]:
    """A deployment on Fargate that nothing stands against, with some fields changed."""
    whole: dict[str, Any] = {
        "snapshot": scenarios.healthy(), "mode": "standalone", "parameters": dict(PARAMETERS), "vpc": "vpc-1", "balancer_subnets": ["subnet-aaa", "subnet-bbb"],
        "denied_actions": reading("iam:SimulatePrincipalPolicy", []), "runner_subnets": reading("ec2:DescribeSubnets", [RUNNERS_SUBNET]),
        "log_groups": reading("logs:DescribeLogGroups", []), "load_balancer": reading("elasticloadbalancing:DescribeLoadBalancers"),
        "instance_type": reading("ec2:DescribeInstanceTypes", LARGE), "instance_zones": reading("ec2:DescribeInstanceTypeOfferings", ["us-east-1a", "us-east-1b"]),
        "vcpu_quota": reading("servicequotas:GetServiceQuota", 8.0), "mounted_subnets": reading("ec2:DescribeSubnets", []),
        "log_policies": reading("logs:DescribeResourcePolicies", []), "given_database": reading("rds:DescribeDBInstances"),
        "hosted_zone": reading("route53:GetHostedZone", {"Id": "/hostedzone/Z1", "Name": "example.org.", "NameServers": ["ns-1.awsdns.org."]}),
        "name_records": reading("route53:ListResourceRecordSets", []), "public_dns": reading("dns:NS", {"name_servers": ["NS-1.awsdns.org"]}),
        "certificate": reading("acm:DescribeCertificate"),
    }  # fmt: skip
    whole = copy.deepcopy(whole)
    whole["snapshot"]["tasks"] = {
        "call": "ecs:DescribeTasks",
        "at": "2026-11-22T12:00:00Z",
        "gap": {"kind": "skipped"},
    }
    whole["snapshot"]["service"]["value"]["runningCount"] = 0
    whole["parameters"]["DomainName"] = "ash.example.org"
    for path, value in changes.items():
        one_check.changed(whole, path, copy.deepcopy(value))
    return whole


def param(**more: str) -> dict[str, Any]:
    return {f"parameters.{name}": value for name, value in more.items()}


FLEET = {"mode": "multi-machine"}
ACM = "arn:aws:acm:us-east-1:111122223333:certificate/c1"
DATABASE = {"id": "db-1", "groups": ["sg-nlb"], "port": 5432, "vpc": "vpc-1"}
OWN = {**FLEET, "has_own_database": True, **param(UseDatabase="true"), "given_database": DATABASE}
SHUT = "error db-unreachable of database/db-1"


def db_rules(*cidrs: str, port: int = 5432) -> dict[str, Any]:
    rules = [
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": c}]}
        for c in cidrs
    ]
    return {**OWN, "snapshot.security_groups.1.IpPermissions": rules}


def records(*kinds: str, name: str = "ash.example.org.") -> dict[str, Any]:
    return {"name_records": [{"Name": name, "Type": kind} for kind in kinds]}


def caa(*rows: str) -> dict[str, Any]:
    return {"public_dns.issuers": {"name": "example.org", "rows": list(rows)}}


TAKEN, UNSEEN = "error domain-taken", "error certificate-not-validated"
NAMES: dict[str, Case] = {
    "no TLS": ("certificate", {}, "none of its business"),
    "of this region": ("certificate", param(CertificateArn=ACM), "sound"),
    "of another": (
        "certificate", param(CertificateArn=ACM.replace("us-east-1", "eu-west-1")), "error tls-certificate-invalid", "The certificate is of eu-west-1, the load balancer is in us-east-1.",
        "acm list-certificates --region us-east-1",
    ),
    "without a name to call": ("certificate", param(CertificateArn=ACM, DomainName=""), "warning tls-certificate-invalid", "Add --hostname NAME"),
    "with a host's name": ("certificate", param(CertificateArn=ACM, DomainName="", Hostname="x.org"), "sound"),
    "none is given": ("certificate-issued", {}, "sound"),
    "issued for it": ("certificate-issued", {"certificate": {"Status": "ISSUED", "DomainName": "ash.example.org"}}, "sound"),
    "not issued": (
        "certificate-issued", {"certificate": {"Status": "FAILED", "DomainName": "ash.example.org"}}, "error tls-certificate-invalid",
        "The certificate for ash.example.org is FAILED, and no listener takes it.", "value='FAILED'",
    ),
    "issued for another": (
        "certificate-issued", {"certificate": {"Status": "ISSUED", "DomainName": "x.org", "SubjectAlternativeNames": ["x.org"]}}, "error tls-certificate-invalid",
        "The certificate is for x.org, and clients are to call ash.example.org.",
    ),
    "the host's name in capitals": (
        "certificate-issued", {"certificate": {"Status": "ISSUED", "DomainName": "x.org", "SubjectAlternativeNames": ["x.org"]}, **param(DomainName="", Hostname="X.ORG.")}, "sound",
    ),
    "the domain is free": ("domain", {}, "sound"),
    "in no zone of this account": ("domain", {"hosted_zone": None, **records("A")}, "sound"),
    "a record is in the way": (
        "domain", records("CNAME"), TAKEN, "ash.example.org has a record of type CNAME in the zone example.org (Z1) that this deployment did not make.", "ash.example.org CNAME",
    ),
    "two are": ("domain", records("AAAA", "A"), f"{TAKEN}; {TAKEN}", "type A ", "type AAAA "),
    "words are not": ("domain", records("TXT", "MX"), "sound"),
    "our own": ("domain", {**records("A"), "has_its_record": True}, "sound"),
    "beside our own": ("domain", {**records("A", "AAAA"), "has_its_record": True}, "warning domain-taken", "type AAAA "),
    "the name is given to others": (
        "domain", records("NS"), TAKEN, "The zone example.org (Z1) gives ash.example.org to other name servers: a record for ash.example.org in it is never asked for.",
    ),
    "a name above it is": ("domain", {**records("NS", name="b.example.org."), **param(DomainName="a.b.example.org")}, TAKEN, "gives b.example.org to"),
    "the zone itself is": ("domain", records("NS", "SOA", name="example.org."), "sound"),
    "a neighbour's record": ("domain", records("A", name="other.example.org."), "sound"),
    "the world asks the zone": ("domain-dns", {}, "sound"),
    "it asks others": (
        "domain-dns", {"public_dns.name_servers": ["ns.other.net."]}, UNSEEN, "asks other name servers for example.org (ns.other.net) than those of the zone Z1", "name ns-1.awsdns.org.",
    ),
    "it asks nobody": ("domain-dns", {"public_dns": {"knows_parent": True}}, UNSEEN, "(none)"),
    "nobody here knows": ("domain-dns", {"public_dns": {}}, "? this machine's resolvers do not know who answers for example.org"),
    "one of both": ("domain-dns", {"public_dns.name_servers": ["ns.other.net", "ns-1.awsdns.org"]}, "sound"),
    "another may certify": (
        "domain-dns", caa('0 issue "letsencrypt.org"'), UNSEEN, "A CAA record of example.org lets letsencrypt.org issue certificates, and not Amazon", 'CAA 0 issue "amazon.com"',
    ),
    "Amazon may": ("domain-dns", caa('0 issue "letsencrypt.org"', '0 issue "amazon.com; x=1"'), "sound"),
    "nobody may": ("domain-dns", caa('0 issue ";"'), UNSEEN, "lets nobody issue"),
    "where to report": ("domain-dns", caa('0 iodef "mailto:x@example.org"'), "sound"),
    "no name is taken": ("names", {}, "sound"),
    "a log group's is": (
        "names", {"log_groups": [{"logGroupName": "/ash-cloud/runtime"}]}, "error cfn-already-exists of log-group//ash-cloud/runtime",
        "The log group /ash-cloud/runtime is there already, left by something else.", "delete-log-group --log-group-name /ash-cloud/runtime", "another --name",
    ),
    "a balancer's is": (
        "names", {"load_balancer": {"LoadBalancerName": "ash-cloud-nlb", "LoadBalancerArn": "arn:x"}}, "error cfn-already-exists of balancer/ash-cloud-nlb", "value='arn:x'",
    ),
    "nine policies": ("log-policies", {"log_policies": [f"p{n}" for n in range(9)]}, "sound"),
    "ten": ("log-policies", {"log_policies": [f"p{n}" for n in range(10)]}, "error cfn-quota", "takes 10 resource policies in a region, and there are 10: p0, p1", "describe-resource-policies"),
    "every call is allowed": ("permissions", {}, "sound"),
    "one is not": ("permissions", {"denied_actions": ["ecs:CreateService"]}, "warning maybe aws-access-denied", "does not allow ecs:CreateService on every resource.", "iam-policy deploy"),
    "seven are not": ("permissions", {"denied_actions": [f"ecs:A{n}" for n in range(7)]}, "warning maybe aws-access-denied", "ecs:A5 and 1 more on", "!ecs:A6 and"),
}  # fmt: skip

SMALL = "error instance-too-small"
EC2 = param(LaunchType="EC2")


def kind(**more: Any) -> dict[str, Any]:
    return {**EC2, "instance_type": {**LARGE, **more}}


VCPU = {
    "snapshot.task_definition.cpu": "1024",
    "snapshot.service.deploymentConfiguration.maximumPercent": 200,
}
SIZES: dict[str, Case] = {
    "on Fargate agents most likely do not start": ("agents", {}, "warning maybe sandbox-cgroups-unavailable", "Use --launch-type managed or ec2", "value='FARGATE'"),
    "on EC2 they do": ("agents", EC2, "sound"),
    "on Managed Instances it is not proven": ("agents", param(LaunchType="MANAGED"), "warning maybe sandbox-cgroups-unavailable", "not yet proven on an account.", "value='MANAGED'"),
    "on runners they do": ("agents", FLEET, "sound"),
    "the sandboxes fit": ("memory", param(Memory="2048"), "sound"),
    "a megabyte short": ("memory", param(Memory="2047"), "warning memory-below-sandboxes", "2 sandboxes may use 1024 MB each, the task has 2047 MB", "field='MaxSandboxes', value='2'"),
    "in a runner": ("memory", {**FLEET, **param(Memory="1", RunnerMemory="2048")}, "sound"),
    "a runner's megabyte short": ("memory", {**FLEET, **param(RunnerMemory="2047")}, "warning memory-below-sandboxes", "field='RunnerMemory'"),
    "it fits": ("instance", EC2, "sound"),
    "no such type": ("instance", {**EC2, "instance_type": None}, SMALL, "EC2 has no instance type m6i.large in us-east-1.", "describe-instance-type-offerings"),
    "for another processor": ("instance", kind(ProcessorInfo={"SupportedArchitectures": ["arm64"]}), SMALL, "m6i.large has arm64 processors, the task is for x86_64."),
    "its processors are not told": ("instance", kind(ProcessorInfo=None), "sound"),
    "as many vCPU": ("instance", {**EC2, **param(Cpu="2048")}, "sound"),
    "more vCPU": ("instance", {**EC2, **param(Cpu="4096")}, SMALL, "m6i.large has 2 vCPU, the task wants 4.", "Lower --cpu to 2048 or less"),
    # A fiftieth is never free, 8192 - 163; a sixteenth as a rule, 8192 - 512 = 7680, in whole hundreds 7600.
    "as much memory as there can be": ("instance", {**EC2, **param(Memory="8029")}, "warning instance-too-small", "The task wants 8029 of the 8192 MB of m6i.large", "Lower --memory to 7600"),
    "a megabyte more": ("instance", {**EC2, **param(Memory="8030")}, SMALL, "the system keeps a part; the task wants 8030.", "Lower --memory to 7600 or less"),
    "as much as there usually is": ("instance", {**EC2, **param(Memory="7600")}, "sound"),
    "a megabyte more than that": ("instance", {**EC2, **param(Memory="7601")}, "warning instance-too-small"),
    "a runner": ("instance", {**FLEET, **param(RunnerMemory="7601")}, "warning instance-too-small", "A runner wants 7601", "--runner-memory"),
    "one interface, and a second is needed": ("instance", {**kind(NetworkInfo={"MaximumNetworkInterfaces": 1}), **param(LaunchType="MANAGED")}, SMALL, "takes one network interface"),
    "one interface is the instance's": ("instance", kind(NetworkInfo={"MaximumNetworkInterfaces": 1}), "sound"),
    "not in one of the zones": ("instance", {**EC2, "instance_zones": ["us-east-1a"]}, "warning instance-too-small", "There is no m6i.large in us-east-1b: instances start in the other zone alone."),
    "in none of them": ("instance", {**EC2, "instance_zones": ["us-east-1c"]}, SMALL, "There is no m6i.large in us-east-1a and us-east-1b.", "value='us-east-1c'"),
    "in the zone of the disk": ("instance", {**EC2, **param(DataZone="us-east-1b"), "instance_zones": ["us-east-1b"]}, "sound"),
    "not in the zone of the disk": ("instance", {**EC2, **param(DataZone="us-east-1b"), "instance_zones": ["us-east-1a"]}, SMALL, "in us-east-1b."),
    "as many as the account may run": ("instance-quota", {"vcpu_quota": 2.0}, "sound"),
    "one less": (
        "instance-quota", {"vcpu_quota": 1.0}, "error instance-quota", "The account may run 1 vCPU of the family of m6i.large, 2 are wanted.", "--quota-code L-1216C47A --desired-value 32",
    ),
    "for every runner": ("instance-quota", {**FLEET, "vcpu_quota": 3.0}, "error instance-quota", "4 are wanted."),
    "twice of many": ("instance-quota", {**FLEET, **param(RunnerCount="20")}, "error instance-quota", "40 are wanted.", "--desired-value 80"),
    "how many it may run was not told": ("instance-quota", {"vcpu_quota": None}, "? AWS did not say how many vCPU of the family of m6i.large the account may run"),
    "how much Fargate it may run was not told": ("quota", {"snapshot.quota": {"code": "L-3032A538", "value": None}}, "? AWS did not say how much Fargate vCPU the account may use"),
    "room for the task and not for a rollout": (
        "quota", {**VCPU, "snapshot.quota": {"code": "L-3032A538", "value": 1.5, "used": None}}, "warning maybe fargate-quota", "A rollout needs 1 vCPU more; 1 of the account's 1.5 are in use.",
        "request-service-quota-increase", "!doctor",
    ),
    "room for both": ("quota", {**VCPU, "snapshot.quota": {"code": "L-3032A538", "value": 2.0, "used": None}}, "sound"),
    "no room for the task": (
        "quota", {**VCPU, "snapshot.quota": {"code": "L-3032A538", "value": 4.75, "used": 4.0}}, "error fargate-quota", "The start needs 1 vCPU more; 4 of the account's 4.75 are in use.",
    ),
    "the image is there": ("image", {}, "sound"),
    "the image is not": ("image", {"snapshot.image.exists": False}, "error image-not-found", "Correct --image or ASH_IMAGE."),
    "the image is for another processor": ("image", {"snapshot.image.architectures": ["arm64"]}, "error image-arch-mismatch", "Change --architecture"),
}  # fmt: skip

FREE = "AvailableIpAddressCount"
TABLE_B = {
    "RouteTableId": "rtb-b",
    "VpcId": "vpc-1",
    "Associations": [{"SubnetId": "subnet-bbb"}],
    "Routes": [LOCAL],
}
CLOSED = "error balancer-subnet-private"
PULL = "error image-pull-network of subnet/subnet-aaa"
NETWORK: dict[str, Case] = {
    "two zones of one VPC": ("subnets", {}, "sound"),
    "one zone": (
        "subnets", {"snapshot.subnets.1.AvailabilityZone": "us-east-1a"}, "error cfn-subnets-same-az", "The load balancer's subnets subnet-aaa, subnet-bbb are in one zone; two zones are wanted.",
        "Subnets[subnet-bbb].AvailabilityZone",
    ),
    "another VPC": ("subnets", {"snapshot.subnets.1.VpcId": "vpc-2"}, "error cfn-sg-vpc-mismatch", "subnet-bbb is in vpc-2, the others are in vpc-1."),
    "a zone without Fargate": ("subnets", {"snapshot.subnets.1.AvailabilityZoneId": "use1-az3"}, "error az-unsupported", "subnet-bbb is in us-east-1b (use1-az3), which has no Fargate."),
    "a zone without Fargate, for EC2": ("subnets", {"snapshot.subnets.1.AvailabilityZoneId": "use1-az3", **EC2}, "sound"),
    "eight addresses": ("subnets", {f"snapshot.subnets.1.{FREE}": 8}, "sound"),
    "seven": ("subnets", {f"snapshot.subnets.1.{FREE}": 7}, "warning subnet-no-ips", "subnet-bbb has 7 free addresses; a rollout needs one more for each task."),
    "two": ("subnets", {f"snapshot.subnets.1.{FREE}": 2}, "warning subnet-no-ips"),
    "one": ("subnets", {f"snapshot.subnets.1.{FREE}": 1}, "error subnet-no-ips", "the load balancer and a task need two."),
    "none": ("subnets", {f"snapshot.subnets.0.{FREE}": 0, f"snapshot.subnets.1.{FREE}": 1}, "error subnet-no-ips", "subnet-aaa has 0 free"),
    "how many was not told": ("subnets", {f"snapshot.subnets.{n}.{FREE}": None for n in (0, 1)}, "? AWS did not say how many addresses are free"),
    "in and out": ("routes", {}, "sound"),
    "neither": (
        "routes", NO_ROUTE, f"{CLOSED}; {PULL}", "An internet-facing load balancer in subnet-aaa, subnet-bbb answers nobody", "A task in subnet-aaa or subnet-bbb cannot pull its image.",
        "Or name other subnets", "create-route --route-table-id rtb-main",
    ),
    "no way in to one": (
        "routes", {"snapshot.route_tables.+": TABLE_B}, f"{CLOSED}; error image-pull-network of subnet/subnet-bbb", "load balancer in subnet-bbb answers nobody", "RouteTables[of subnet-bbb].Routes",
    ),
    "an internal balancer": ("routes", {**NO_ROUTE, **param(Scheme="internal")}, PULL),
    "a black hole": ("routes", {"snapshot.route_tables.0.Routes.1.State": "blackhole"}, f"{CLOSED}; {PULL}"),
    "tasks without public addresses": ("routes", param(AssignPublicIp="DISABLED"), PULL, "get no public address", "!update-service"),
    "on Managed Instances": ("routes", {**NO_ROUTE, **param(LaunchType="MANAGED")}, f"{CLOSED}; {PULL}", "Name private subnets behind a NAT gateway with --task-subnets.", "!create-route"),
    "where it leads cannot be read": (
        "routes", {"snapshot.route_tables.0.Routes.1": {"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1"}, **param(Scheme="internal")},
        "? the default route of rtb-main leads to tgw-1, whose far side cannot be read from here",
    ),
    "runners get no public address": ("runners", FLEET, "error image-pull-network of subnet/subnet-r", "--runner-subnets"),
    "runners behind a NAT gateway": (
        "runners", {**FLEET, "snapshot.nat_gateways": [{"NatGatewayId": "nat-1", "State": "available", "SubnetId": "subnet-aaa", "ConnectivityType": "public"}],
                    "snapshot.route_tables.+": {**TABLE_B, "Associations": [{"SubnetId": "subnet-r"}], "Routes": [LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}]}}, "sound",
    ),
    "a subnet that is not there": (
        "runners", {**FLEET, **param(RunnerSubnetIds="subnet-r,subnet-x")}, "error cfn-resource-missing of subnet/subnet-x", "There is no subnet subnet-x in vpc-1.",
        "describe-subnets --filters Name=vpc-id,Values=vpc-1",
    ),
    "a subnet of another VPC": ("runners", {**FLEET, "runner_subnets.0.VpcId": "vpc-2"}, "error cfn-resource-missing of subnet/subnet-r"),
    "a zone without a mount target": (
        "runners", {**FLEET, "runner_subnets.0.AvailabilityZone": "us-east-1c", "snapshot.route_tables.0.Routes.1": {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
                    "snapshot.nat_gateways": [{"NatGatewayId": "nat-1", "State": "available", "SubnetId": "subnet-z", "ConnectivityType": "public"}]},
        "error efs-mount-failed of subnet/subnet-r", "subnet-r is in us-east-1c, where /data cannot be mounted: its mount targets will be in us-east-1a and us-east-1b.",
    ),
    "no mount target yet": ("mount-targets", {}, "sound"),
    "they stay": ("mount-targets", {"mounted_subnets": [{"SubnetId": "subnet-aaa", "AvailabilityZone": "us-east-1a"}, {"SubnetId": "subnet-bbb", "AvailabilityZone": "us-east-1b"}]}, "sound"),
    "one moves within its zone": (
        "mount-targets", {"mounted_subnets": [{"SubnetId": "subnet-old", "AvailabilityZone": "us-east-1a"}, {"SubnetId": "subnet-bbb", "AvailabilityZone": "us-east-1b"}]},
        "error efs-mount-failed", "another in subnet-aaa would be made before the old one is deleted, and refused.", "Keep --task-subnets subnet-old,subnet-bbb, in this order",
        "Subnets[subnet-old].AvailabilityZone",
    ),
    "one moves to a zone of its own": ("mount-targets", {"mounted_subnets": [{"SubnetId": "subnet-old", "AvailabilityZone": "us-east-1c"}]}, "sound"),
    "they change places": (
        "mount-targets", {"mounted_subnets": [{"SubnetId": "subnet-bbb", "AvailabilityZone": "us-east-1b"}, {"SubnetId": "subnet-aaa", "AvailabilityZone": "us-east-1a"}]}, "error efs-mount-failed",
    ),
    "one server uses what it is given": ("database", {"has_own_database": True}, "none of its business"),
    "a fleet without one": ("database", FLEET, "sound"),
    "a fleet that keeps its own": ("database", {**OWN, **param(UseDatabase="false")}, "warning database-not-used", "ASH_DATABASE_URL is not used", "field='ASH_DATABASE_URL', value='set'"),
    "it lets both subnets in": ("database", db_rules("10.0.0.0/16"), "sound"),
    "it lets one in": (
        "database", db_rules("10.0.1.0/24"), SHUT, "Database db-1, which ASH_DATABASE_URL names, does not let subnet-bbb in on TCP 5432", "no rule admits TCP 5432 from 10.0.2.0/24",
        "--group-id sg-nlb --protocol tcp --port 5432 --cidr 10.0.2.0/24",
    ),
    "on another port": ("database", db_rules("10.0.0.0/16", port=5433), SHUT, "subnet-aaa and subnet-bbb"),
    "it is none of RDS": (
        "database", {**OWN, "given_database": None}, "? ASH_DATABASE_URL names no RDS instance of this region: whether it can be reached from the subnets shows when the coordinator starts",
    ),
    "it is in another network": (
        "database", {**OWN, "given_database": {**DATABASE, "vpc": "vpc-2"}}, "? database db-1 is in another network (vpc-2): whether the two are connected was not looked at",
    ),
    "in which network was not told": ("database", {**OWN, "given_database": {**DATABASE, "vpc": ""}}, "? database db-1 is in another network (unknown): whether the two are connected was not looked at"),
}  # fmt: skip


def check_holds(case: Case) -> None:
    check, changes, answer, *parts = case
    document = planned(changes)
    facts = parsed(PlannedDeployment, document)
    told = one_check.answer_of(CHECKS[check], facts)
    assert told == answer, told
    one_check.speaks_plainly(
        one_check.found_by(CHECKS[check], facts), document, parts, quotes=False
    )


@each("case", NAMES)
def test_which_names_and_calls_refuse_a_deployment(case: Case) -> None:
    check_holds(case)


@each("case", SIZES)
def test_which_sizes_refuse_a_deployment(case: Case) -> None:
    check_holds(case)


@each("case", NETWORK)
def test_which_networks_refuse_a_deployment(case: Case) -> None:
    check_holds(case)


def test_every_check_of_a_plan_is_asked() -> None:
    asked = {case[0] for table in (NAMES, SIZES, NETWORK) for case in table.values()}
    assert asked == set(CHECKS)


def test_every_check_of_a_plan_documents_itself() -> None:
    for check in CHECKS.values():
        assert check.playbook == "plan"
        assert set(check.causes) <= set(CAUSES)
        assert check.title[0].isupper()
        assert prose.odd_words(check.title, "") == set(), check.title
