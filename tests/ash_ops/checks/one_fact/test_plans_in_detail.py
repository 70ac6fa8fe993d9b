"""A deployment that is to be, and one that was just made: the other side of each fact that decides."""

from __future__ import annotations

from typing import Any

from ash_ops.checks.proof import steps
from ash_ops.facts.deploying.deployments import NewDeployment, PlannedDeployment
from ash_ops.facts.model import parsed
from tests.ash_ops.checks.one_fact import test_proofs as proofs
from tests.ash_ops.checks.one_fact.test_plans import (
    ACM,
    CHECKS,
    DATABASE,
    EC2,
    FLEET,
    FREE,
    LOCAL,
    OWN,
    RUNNERS_SUBNET,
    SHUT,
    SMALL,
    TAKEN,
    UNSEEN,
    Case,
    caa,
    check_holds,
    db_rules,
    kind,
    param,
    planned,
    records,
)
from tests.ash_ops.checks.one_fact.test_proofs import DNS, TCP, made, rungs
from tests.support import one_check
from tests.support.each import each

ISSUED = {"Status": "ISSUED", "DomainName": "ash.example.org"}
UNKNOWN = "? AWS did not say how many vCPU of the family of m6i.large the account may run"
NOT_ASKED = {"gap": {"kind": "skipped"}}
NAMES: dict[str, Case] = {
    "a certificate of this region": ("certificate", param(CertificateArn=ACM.replace("us-east-1", "eu-west-1"), Hostname="x.org"), "error tls-certificate-invalid", "Issue or import one in us-east-1", f"value='{ACM.replace('us-east-1', 'eu-west-1')}'"),
    "nobody names a host": ("certificate-issued", {"certificate": ISSUED, **param(DomainName="", Hostname="")}, "sound"),
    "the domain goes before the host": ("certificate-issued", {"certificate": ISSUED, **param(Hostname="x.org")}, "sound"),
    "for two names": (
        "certificate-issued", {"certificate": {"Status": "ISSUED", "DomainName": "x.org", "SubjectAlternativeNames": ["x.org", "y.org"]}}, "error tls-certificate-invalid",
        "is for x.org, y.org, and clients", "SubjectAlternativeNames', value='x.org, y.org'", "Give another --certificate",
    ),
    "nobody looked it up": ("certificate-issued", {"certificate": NOT_ASKED}, "none of its business"),
    "an HTTPS record": ("domain", records("HTTPS"), TAKEN, "Give another --domain, or delete that record yourself"),
    "an SVCB record": ("domain", records("SVCB"), TAKEN),
    "an A record that is not ours": ("domain", records("A"), TAKEN, "type A "),
    "our own, and the name is given away": ("domain", {**records("A", "NS"), "has_its_record": True}, TAKEN, "Deploy in the account that has the zone of ash.example.org"),
    "a CNAME beside our own": ("domain", {**records("CNAME"), "has_its_record": True}, "warning domain-taken"),
    "two name servers, in their order": (
        "domain-dns", {"public_dns.name_servers": ["z.other.net.", "A.other.net"], "hosted_zone.NameServers": ["ns-2.x.org.", "ns-1.x.org"]}, UNSEEN,
        "(a.other.net, z.other.net)", "name ns-1.x.org, ns-2.x.org.", "NS example.org', value='a.other.net, z.other.net'", "see the records of ash.example.org, ACM neither",
    ),
    "the zone's own were not told": ("domain-dns", {"hosted_zone.NameServers": []}, "sound"),
    "in no zone of this account, and another may certify": ("domain-dns", {"hosted_zone": None, **caa('0 issue "letsencrypt.org"')}, UNSEEN, "CAA example.org', value='0 issue", "ACM would refuse ash.example.org"),
    "in no zone, and nobody forbids it": ("domain-dns", {"hosted_zone": None}, "sound"),
    "nobody asked the world": ("domain-dns", {"public_dns": NOT_ASKED}, "none of its business"),
    "none of both may, and the names are in order": ("domain-dns", caa('0 issue "z.org"', '0 issue "b.org"'), UNSEEN, "lets b.org, z.org issue"),
    "a record of wildcards says nothing of this name": ("domain-dns", caa('0 issuewild "b.org"'), "sound"),
    "in capitals": ("domain-dns", caa('0 issue "Amazon.COM"'), "sound"),
    "two log groups": (
        "names", {"log_groups": [{"logGroupName": "/a"}, {"logGroupName": "/b"}]}, "error cfn-already-exists of log-group//a; error cfn-already-exists of log-group//b",
        "delete-log-group --log-group-name /b", "field='logGroups[].logGroupName', value='/a'",
    ),
    "eleven policies": ("log-policies", {"log_policies": [f"p{n}" for n in range(11)]}, "error cfn-quota", "there are 11: p0, p1, p2"),
    "six calls are not allowed": ("permissions", {"denied_actions": [f"ecs:A{n}" for n in range(6)]}, "warning maybe aws-access-denied", "ecs:A4, ecs:A5 on every resource.", "!more on"),
    "eight are not": ("permissions", {"denied_actions": [f"ecs:A{n}" for n in range(8)]}, "warning maybe aws-access-denied", "and 2 more on", "value='ecs:A0, ecs:A1", "ecs:A7"),
}  # fmt: skip
# AWS Certificate Manager's user guide names four that allow Amazon.
AMAZON = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
NAMES |= {f"by {name}": ("domain-dns", caa(f'0 issue "{name}"'), "sound") for name in AMAZON}

ZONE_OF = "snapshot.subnets.1.AvailabilityZone"
MANAGED = param(LaunchType="MANAGED")
SIZES: dict[str, Case] = {
    "the memory is told with what it is for": ("memory", param(Memory="2047"), "warning memory-below-sandboxes", "field='Memory', value='2047'", "field='SandboxMemory', value='1024'"),
    "no size was told": ("instance", {**kind(VCpuInfo=None, MemoryInfo=None, NetworkInfo=None), **param(Cpu="99999", Memory="99999")}, "sound"),
    "two processors, and neither": ("instance", kind(ProcessorInfo={"SupportedArchitectures": ["i386", "arm64"]}), SMALL, "has i386 and arm64 processors", "or another --architecture.", "field='InstanceTypes[].ProcessorInfo.SupportedArchitectures'"),
    "one of two": ("instance", {**kind(ProcessorInfo={"SupportedArchitectures": ["i386", "x86_64"]}), **param(Architecture="X86_64")}, "sound"),
    "a unit more than it has": ("instance", {**EC2, **param(Cpu="2049")}, SMALL, "the task wants 2.00098", "field='InstanceTypes[].VCpuInfo.DefaultVCpus', value='2'"),
    "a runner asks for no vCPU": ("instance", {**FLEET, **param(Cpu="99999", RunnerMemory="4096"), "instance_zones": ["us-east-1a"]}, "sound"),
    "a runner beyond all": ("instance", {**FLEET, **param(RunnerMemory="8030")}, SMALL, "a runner wants 8030", "Lower --runner-memory to 7600 or less"),
    "two interfaces are enough": ("instance", {**kind(NetworkInfo={"MaximumNetworkInterfaces": 2}), **MANAGED}, "sound"),
    "a runner on one interface": ("instance", {**kind(NetworkInfo={"MaximumNetworkInterfaces": 1}), **FLEET, **param(LaunchType="FARGATE", RunnerMemory="4096")}, SMALL, "and a runner needs one beside the instance's.", "value='1'"),
    "the first that does not suit is told": ("instance", {**kind(ProcessorInfo={"SupportedArchitectures": ["arm64"]}), **param(Cpu="4096", Memory="99999")}, SMALL, "!vCPU"),
    "not in the zone of the runners": ("instance", {**FLEET, **param(RunnerMemory="4096"), "instance_zones": ["us-east-1b"]}, SMALL, "There is no m6i.large in us-east-1a.", "Use another --instance-type, or subnets in other zones."),
    "the zones are told": ("instance", {**EC2, "instance_zones": ["us-east-1c", "us-east-1a"]}, "warning instance-too-small", "value='us-east-1a, us-east-1c'", "!Use another --instance-type"),
    "a disk's zone of before counts on EC2 alone": ("instance", {**MANAGED, **param(DataZone="us-east-1c")}, "sound"),
    "in no zone at all": ("instance", {**EC2, "instance_zones": []}, SMALL, "value='none'"),
    "its family was not told": ("instance-quota", param(InstanceType="q9.large"), "? AWS did not say how many vCPU of the family of q9.large the account may run"),
    "its vCPU were not told": ("instance-quota", {"instance_type.VCpuInfo": None}, UNKNOWN),
    "no such type is there": ("instance-quota", {"instance_type": None}, UNKNOWN),
    "two runners on one quota": ("instance-quota", {**FLEET, "vcpu_quota": 4.0}, "sound"),
    "the least that is asked for": ("instance-quota", {**FLEET, **param(RunnerCount="8"), "vcpu_quota": 15.5}, "error instance-quota", "may run 15.5 vCPU", "16 are wanted.", "--desired-value 32", "L-1216C47A].Value', value='15.5'"),
    "and twice as many beyond it": ("instance-quota", {**FLEET, **param(RunnerCount="9"), "vcpu_quota": 15.5}, "error instance-quota", "--desired-value 36"),
    "the Fargate quota is nobody's on EC2": ("quota", {**EC2, "snapshot.quota": {"code": "L-3032A538", "value": None}}, "sound"),
    "nobody looked at the image": ("image", {"snapshot.image": NOT_ASKED}, "none of its business"),
}  # fmt: skip

TARGETS_OF = [
    {"SubnetId": "subnet-old", "AvailabilityZone": "us-east-1b"},
    {"SubnetId": "subnet-bbb", "AvailabilityZone": "us-east-1b"},
]
NETWORK: dict[str, Case] = {
    "both in one zone, told once": ("subnets", {ZONE_OF: "us-east-1a"}, "error cfn-subnets-same-az", "Name subnets in two zones with --subnets.", "value='us-east-1a'"),
    "in one zone, and full: the zone is told, for the subnets are to be others": (
        "subnets", {ZONE_OF: "us-east-1a", f"snapshot.subnets.1.{FREE}": 1}, "error cfn-subnets-same-az",
    ),
    "the task's alone are": ("subnets", {"own_task_subnets": ["subnet-aaa"]}, "sound"),
    "both of another VPC": ("subnets", {"vpc": "vpc-9"}, "error cfn-sg-vpc-mismatch", "subnet-aaa is in vpc-1, the others are in vpc-9.", "Subnets[subnet-aaa].VpcId', value='vpc-1'"),
    "Fargate's zone by its id": ("subnets", {"snapshot.subnets.1.AvailabilityZoneId": "use1-az3"}, "error az-unsupported", "AvailabilityZoneId', value='use1-az3'"),
    "the fewest of those that were told": ("subnets", {f"snapshot.subnets.0.{FREE}": None, f"snapshot.subnets.1.{FREE}": 5}, "warning subnet-no-ips", "subnet-bbb has 5 free", "value='5'"),
    "a subnet that was not read": ("subnets", {"balancer_subnets": ["subnet-aaa", "subnet-bbb", "subnet-zzz"]}, "sound"),
    "a balancer in another's subnet": (
        "routes", {"balancer_subnets": ["subnet-aaa"], "snapshot.route_tables.+": {"RouteTableId": "rtb-b", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-bbb"}], "Routes": [LOCAL]}},
        "error image-pull-network of subnet/subnet-bbb",
    ),
    "a subnet without a table": ("routes", {"snapshot.route_tables": [], **param(Scheme="internet-facing")}, "error balancer-subnet-private; ? no route table was found for subnet subnet-bbb"),
    "two runners' subnets, one astray": (
        "runners", {**FLEET, **param(RunnerSubnetIds="subnet-r,subnet-s"), "runner_subnets": [RUNNERS_SUBNET, {**RUNNERS_SUBNET, "SubnetId": "subnet-s", "AvailabilityZone": "us-east-1c"}]},
        "error efs-mount-failed of subnet/subnet-s; error image-pull-network of subnet/subnet-r; error image-pull-network of subnet/subnet-s", "Subnets[subnet-s].AvailabilityZone', value='us-east-1c'",
        "Name private subnets behind a NAT gateway with --runner-subnets.",
    ),
    "in no zone of the mount targets, told in their order": (
        "runners", {**FLEET, "runner_subnets.0.AvailabilityZone": "us-east-1c", "snapshot.subnets.0.AvailabilityZone": "us-east-1b", ZONE_OF: "us-east-1a"},
        "error efs-mount-failed of subnet/subnet-r; error image-pull-network of subnet/subnet-r", "will be in us-east-1a and us-east-1b.",
    ),
    "in the zone of the second mount target": ("runners", {**FLEET, "runner_subnets.0.AvailabilityZone": "us-east-1b"}, "error image-pull-network of subnet/subnet-r"),
    "the first of two that are not there": ("runners", {**FLEET, **param(RunnerSubnetIds="subnet-x,subnet-y")}, "error cfn-resource-missing of subnet/subnet-x", "value='none'"),
    "the first moves into the zone of the second": (
        "mount-targets", {"mounted_subnets": TARGETS_OF, "snapshot.subnets.0.AvailabilityZone": "us-east-1b"}, "error efs-mount-failed",
        "has a mount target in us-east-1b already", "Keep --task-subnets subnet-old,subnet-bbb", "Subnets[subnet-bbb].AvailabilityZone', value='us-east-1b'",
    ),
    "the third of before has no target": (
        "mount-targets", {"mounted_subnets": [{"SubnetId": "subnet-c", "AvailabilityZone": "us-east-1c"}, {"SubnetId": "subnet-bbb", "AvailabilityZone": "us-east-1b"},
                                              {"SubnetId": "subnet-d", "AvailabilityZone": "us-east-1a"}]}, "sound",
    ),
    "a fleet's own database was not looked at": ("database", {**OWN, "given_database": NOT_ASKED}, "none of its business"),
    "both are shut out": ("database", db_rules("10.9.0.0/16"), SHUT, "does not let subnet-aaa and subnet-bbb in on TCP 5432", "--cidr 10.0.1.0/24", "--cidr 10.0.2.0/24", "Let the coordinator's subnet in."),
    "a subnet of no width must be let in from everywhere": ("database", {**db_rules("10.0.0.0/16"), "snapshot.subnets.0.CidrBlock": None}, SHUT, "does not let subnet-aaa in"),
    "of the first of its groups": ("database", {**db_rules(), "given_database": {**DATABASE, "groups": ["sg-nlb", "sg-task"]}}, SHUT, "--group-id sg-nlb"),
}  # fmt: skip


@each("case", NAMES | {f"size: {k}": v for k, v in SIZES.items()})
def test_what_a_deployment_is_refused_for(case: Case) -> None:
    check_holds(case)


@each("case", NETWORK)
def test_what_a_network_is_refused_for(case: Case) -> None:
    check_holds(case)


# Each of several things of one kind has a finding of its own, by its id.
IDS: dict[str, tuple[str, dict[str, Any]]] = {
    "cfn-already-exists:/a": ("names", {"log_groups": [{"logGroupName": "/a"}]}),
    "cfn-already-exists:nlb": ("names", {"load_balancer": {"LoadBalancerName": "nlb", "LoadBalancerArn": "arn:x"}}),
    "domain-taken:ash.example.org CNAME": ("domain", records("CNAME")),
    "certificate-not-validated:CAA example.org": ("domain-dns", caa('0 issue "b.org"')),
    "efs-mount-failed:subnet-r": (
        "runners", {**FLEET, "runner_subnets.0.AvailabilityZone": "us-east-1c", "snapshot.route_tables.0.Routes.1": {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"},
                    "snapshot.nat_gateways": [{"NatGatewayId": "nat-1", "State": "available", "SubnetId": "subnet-z", "ConnectivityType": "public"}]}),
    "image-pull-network:subnet-r": ("runners", FLEET),
}  # fmt: skip


@each("case", IDS.items())
def test_what_is_refused_of_one_of_several_has_an_id_of_its_own(
    case: tuple[str, tuple[str, dict[str, Any]]],
) -> None:
    name, (check, changes) = case
    facts = parsed(PlannedDeployment, planned(changes))
    assert [item.id for item in one_check.found_by(CHECKS[check], facts)] == [name]


SICK = {
    "snapshot.target_health.0.TargetHealth.State": "unhealthy",
    "snapshot.target_health.0.TargetHealth.Reason": "Target.Timeout",
}
ROW = {"Target": {"Id": "10.0.2.9", "Port": 4100}, "TargetHealth": {"State": "initial"}}
PROOF: dict[str, Case] = {
    "no rollout is in place": ("revision", {"snapshot.service.deployments": []}, "error service-missing", "ash-ops doctor deploy", "value='none'"),
    "the service was not read": ("revision", {"snapshot.service": one_check.unread()}, "? ecs:DescribeServices could not be read (denied): AccessDenied"),
    "failed": ("revision", {f"{proofs.PRIMARY}.rolloutState": "FAILED"}, "error deployment-in-progress", "deployments[PRIMARY].rolloutState', value='FAILED'"),
    "what serves is quoted": ("revision", {"revision": "x/ash-cloud-runtime:8"}, "error deployment-rolled-back", "deployments[PRIMARY].taskDefinition', value='ash-cloud-runtime:7'"),
    "both targets are told": (
        "targets", {**SICK, "snapshot.target_health.+": ROW}, "error target-initial-wait", "10.0.1.23 unhealthy", "10.0.2.9 initial", "TargetHealthDescriptions[].TargetHealth",
        "See why the load balancer does not call them healthy. ash-ops doctor connection",
    ),
    "two of two": ("targets", {"snapshot.service.desiredCount": 2, "snapshot.target_health.+": {**ROW, "TargetHealth": {"State": "healthy"}}}, "sound"),
    "more than are wanted": ("targets", {"snapshot.target_health.+": ROW}, "sound"),
    "no service, and one is healthy": ("targets", {"snapshot.service": None}, "sound"),
    "no service, and none is": ("targets", {"snapshot.service": None, **SICK}, "error elb-healthcheck-failed"),
    "how many are wanted was not told": ("targets", {"snapshot.service.desiredCount": None}, "sound"),
    "a refusal of the TCP rung is quoted": ("health", rungs(DNS, ("tcp", "failed", "ConnectionRefusedError")), "error conn-refused", "rungs[tcp]", "See where the way to the server ends. ash-ops doctor connection"),
    "no rung was climbed": ("health", rungs(), "error conn-reset", "rungs[http]"),
    "no name was found": ("health", rungs(("dns", "failed", "gaierror")), "error dns-nxdomain", "rungs[dns]"),
    "no address": ("health", {"snapshot.probe": None}, "error target-group-not-attached", "rungs[url]', value='none'"),
    "the key was not tried": ("key", rungs(DNS, ("tcp", "failed", "TimeoutError")), "? tcp failed: TimeoutError"),
    "too many calls are quoted": ("key", rungs(DNS, ("auth", "failed", 429)), "error ash-rate-limited", "rungs[auth]"),
    "one wanted of none that is known": ("runners", proofs.fleet(proofs.member(1), wanted=0), "sound"),
    "three of two": ("runners", proofs.fleet(*(proofs.member(n) for n in (1, 2, 3))), "sound"),
    "no fleet was read": ("runners", {"runners": 2}, "none of its business"),
    "how many are registered is quoted": ("runners", proofs.fleet(), "error ash-no-runner", "field='registered', value='0'", "runners are registered.", "See which runners the coordinator does not know."),
    "a session was refused": ("agent", rungs(TCP, ("canary", "failed", "RequestTimeout")), "? "),
}  # fmt: skip


@each("case", PROOF)
def test_what_a_new_deployment_is_not_proven_by(case: Case) -> None:
    check, changes, answer, *parts = case
    document = made(changes)
    facts = parsed(NewDeployment, document)
    told = one_check.answer_of(proofs.CHECKS[check], facts)
    assert told == answer, told
    items = one_check.found_by(proofs.CHECKS[check], facts)
    one_check.speaks_plainly(items, document, parts, quotes=False)


def test_the_steps_of_a_proof_document_themselves() -> None:
    """Each rung below HTTP has a cause, and all that a step can find is declared."""
    assert [check.playbook for check in proofs.CHECKS.values()] == ["proof"] * 6
    assert set(steps.HEALTH.causes) == {
        *("dns-nxdomain", "conn-timeout", "conn-refused", "tls-certificate-invalid", "conn-reset"),
        *("app-unhealthy-5xx", "target-group-not-attached", "version-differs"),
    }
    assert set(steps.KEY.causes) == {"ash-auth-invalid", "ash-rate-limited", "ash-server-error"}
