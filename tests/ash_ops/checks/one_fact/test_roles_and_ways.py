"""A start: what its roles are allowed, and which way it has to what it needs."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds, unread

SERVER = "task_definition.containerDefinitions.0"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud-runtime-AbCdEf"
NO_TASK = {"tasks": [], "service.runningCount": 0, "target_health": []}
ROLE = "role-assume-failed of role/ash-cloud-execution"
MAY_NOT = "of role/ash-cloud-execution"
ALLOWED = {"action": "secretsmanager:GetSecretValue", "resource": SECRET, "decision": "allowed"}


def denied(
    action: str = "secretsmanager:GetSecretValue", decision: str = "implicitDeny", **more: Any
) -> dict[str, Any]:
    return {
        "execution_role.simulated": [{**ALLOWED, "action": action, "decision": decision, **more}]
    }


ROLES: dict[str, Row] = {
    "both may": ("roles", "", {}, "sound"),
    "no execution role, and secrets": (
        "roles", "", {"task_definition.executionRoleArn": GONE}, "warning role-assume-failed", "names no execution role", "value='not set'",
        "Deploy again: the bundled template makes the role.",
    ),
    "no execution role, and logs on Fargate": (
        "roles", "", {"task_definition.executionRoleArn": GONE, f"{SERVER}.secrets": []}, "warning role-assume-failed",
    ),
    "no execution role, and logs on EC2": (
        "roles", "", {"task_definition.executionRoleArn": GONE, f"{SERVER}.secrets": [], "task_definition.requiresCompatibilities": ["EC2"]}, "sound",
    ),
    "no execution role, and an image of ECR": (
        "roles", "", {"task_definition.executionRoleArn": GONE, f"{SERVER}.secrets": [], "task_definition.requiresCompatibilities": ["EC2"],
                      f"{SERVER}.image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ash:1"}, "warning role-assume-failed",
    ),
    "it is gone": (
        "roles", "", {"execution_role.exists": False}, f"warning {ROLE}", "ECS cannot assume role ash-cloud-execution: it does not exist.",
        "taskDefinition.executionRoleArn", "Put the role ash-cloud-execution back as the stack wants it: it is gone.",
    ),
    "the task's own is gone, and none runs": (
        "roles", "", {"task_role.exists": False, **NO_TASK}, "error role-assume-failed of role/ash-cloud-task", "taskDefinition.taskRoleArn",
    ),
    "it trusts another": (
        "roles", "", {"execution_role.trusted_services": ["ec2.amazonaws.com"]}, f"warning {ROLE}", "it trusts ec2.amazonaws.com but not ecs-tasks.amazonaws.com.",
        "it trusts ecs-tasks.amazonaws.com there",
    ),
    "it trusts another, and no stack made it": (
        "roles", "", {"execution_role.trusted_services": ["ec2.amazonaws.com"], "stack": None}, f"warning {ROLE}",
        "update-assume-role-policy --role-name ash-cloud-execution", '"Service": ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]',
    ),
    "whom it trusts was not told": ("roles", "", {"execution_role.trusted_services": []}, "sound"),
    "it may not read the secret": (
        "roles", "", denied(), f"warning secret-access-denied {MAY_NOT}", f"Execution role ash-cloud-execution may not secretsmanager:GetSecretValue on {SECRET}.",
        f"implicitDeny on {SECRET}", "put-role-policy --role-name ash-cloud-execution", f'"Resource": ["{SECRET}"]', "Allow exactly that.",
    ),
    "it may not read the secret, and none runs": (
        "roles", "", {**denied(), **NO_TASK}, f"error secret-access-denied {MAY_NOT}",
    ),
    "it is forbidden to": (
        "roles", "", denied(decision="explicitDeny"), f"warning secret-access-denied {MAY_NOT}", "(an explicit deny).", "what was added to it and denies is taken away", "!put-role-policy",
    ),
    "it is forbidden to, and no stack made it": (
        "roles", "", {**denied(decision="explicitDeny"), "stack": None}, f"warning secret-access-denied {MAY_NOT}", "list-attached-role-policies --role-name ash-cloud-execution",
    ),
    "ECS says of the dead that a boundary denied it": (
        "roles", "", {**denied(), "stopped_tasks": [
            {"taskArn": "x/d", "lastStatus": "STOPPED"},
            {"taskArn": "x/e", "lastStatus": "STOPPED", "stoppedReason": "is not authorized to perform: secretsmanager:GetSecretValue because no permissions boundary allows the action"}]},
        f"warning secret-access-denied {MAY_NOT}", "boundary", "!put-role-policy",
    ),
    "a parameter": ("roles", "", denied("ssm:GetParameters"), f"warning secret-access-denied {MAY_NOT}"),
    "a key": ("roles", "", denied("kms:Decrypt"), f"warning secret-access-denied {MAY_NOT}"),
    "its log": ("roles", "", denied("logs:CreateLogStream"), f"warning log-access-denied {MAY_NOT}"),
    "its image": ("roles", "", denied("ecr:BatchGetImage"), f"warning image-pull-denied {MAY_NOT}"),
    "its disk": ("roles", "", denied("elasticfilesystem:ClientMount"), f"warning efs-mount-failed {MAY_NOT}"),
    "what the server itself calls": ("roles", "", {**denied("bedrock:InvokeModel"), **NO_TASK}, f"warning role-call-denied {MAY_NOT}"),
    "of the task's own role": (
        "roles", "", {"task_role.simulated": [{**ALLOWED, "decision": "implicitDeny"}]}, "warning secret-access-denied of role/ash-cloud-task", "Task role ash-cloud-task may not",
    ),
    "two in one": (
        "roles", "", {"execution_role.simulated": [{**ALLOWED, "decision": "implicitDeny"}, {**ALLOWED, "action": "kms:Decrypt", "decision": "explicitDeny"}]},
        f"warning secret-access-denied {MAY_NOT}", "may not secretsmanager:GetSecretValue, kms:Decrypt on", "(an explicit deny)",
    ),
    "it depends": (
        "roles", "", denied(decision="inconclusive", missing_context=["aws:SourceVpce"]),
        "? IAM's simulation of secretsmanager:GetSecretValue for ash-cloud-execution depends on context it lacks: aws:SourceVpce",
    ),
    "it depends, nobody knows on what": (
        "roles", "", denied(decision="inconclusive"),
        "? IAM's simulation of secretsmanager:GetSecretValue for ash-cloud-execution depends on context it lacks: a permissions boundary or an organisation policy",
    ),
    "one role unread leaves the other told": ("roles", "", {"execution_role": None, "task_role.exists": False}, f"warning {ROLE}; warning role-assume-failed of role/ash-cloud-task"),
}  # fmt: skip
ENDPOINT = {
    "VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.secretsmanager",
    "State": "available", "PrivateDnsEnabled": True, "Groups": [{"GroupId": "sg-ep"}],
}  # fmt: skip
BLOCKS = "warning endpoint-security-group-blocks"


def rule(cidr: str = "", group: str = "", port: int = 443, **more: Any) -> dict[str, Any]:
    sides: dict[str, Any] = {"IpRanges": [{"CidrIp": cidr}]} if cidr else {}
    sides |= {"UserIdGroupPairs": [{"GroupId": group}]} if group else {}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **sides, **more}


def behind(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "vpc_endpoints": [{**ENDPOINT, **more}],
        "security_groups.+": {"GroupId": "sg-ep", "VpcId": "vpc-1", "IpPermissions": list(rules)},
    }


ENDPOINTS: dict[str, Row] = {
    "none": ("vpc-endpoints", "", {}, "none of its business"),
    "it admits the tasks' group": ("vpc-endpoints", "", behind(rule(group="sg-task")), "sound"),
    "on another port": (
        "vpc-endpoints", "", behind(rule(group="sg-task", port=444)), BLOCKS,
        "Endpoint vpce-1 answers for secretsmanager in the whole VPC, but its security group sg-ep does not admit the tasks on TCP 443.",
        "authorize-security-group-ingress --group-id sg-ep", '"GroupId": "sg-task"', "VpcEndpoints[vpce-1].PrivateDnsEnabled", "no rule for TCP 443 from the tasks",
    ),
    "it admits both subnets": ("vpc-endpoints", "", behind(rule("10.0.1.0/24"), rule("10.0.2.0/24")), "sound"),
    "it admits one": ("vpc-endpoints", "", behind(rule("10.0.1.0/24")), BLOCKS),
    "it admits one, and none runs": ("vpc-endpoints", "", {**behind(rule("10.0.1.0/24")), **NO_TASK}, BLOCKS.replace("warning", "error")),
    "it stands for nothing that is needed": ("vpc-endpoints", "", behind(ServiceName="com.amazonaws.us-east-1.ssm"), "none of its business"),
    "its name is its own": ("vpc-endpoints", "", behind(PrivateDnsEnabled=False), "none of its business"),
    "a gateway has no group": ("vpc-endpoints", "", behind(VpcEndpointType="Gateway"), "none of its business"),
    "its group was not told": ("vpc-endpoints", "", behind(Groups=[]), "? endpoint vpce-1 names no security group"),
    "its group was not read": ("vpc-endpoints", "", {"vpc_endpoints": [ENDPOINT]}, "? security group sg-ep was not found"),
    "a list was not read": (
        "vpc-endpoints", "", behind(rule(PrefixListIds=[{"PrefixListId": "pl-1"}])), "? prefix list pl-1, which a rule admits, was not read",
    ),
    "a list that admits both": (
        "vpc-endpoints", "", {**behind(rule(PrefixListIds=[{"PrefixListId": "pl-1"}])), "prefix_lists": [{"PrefixListId": "pl-1", "Cidrs": ["10.0.0.0/16"]}]},
        "sound",
    ),
}  # fmt: skip
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}


def via(target: str, state_: str = "active") -> dict[str, Any]:
    kind = (
        "NatGatewayId"
        if target.startswith("nat")
        else "TransitGatewayId"
        if target.startswith("tgw")
        else "GatewayId"
    )
    return {"DestinationCidrBlock": "0.0.0.0/0", kind: target, "State": state_}


def routed(*routes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"route_tables.0.Routes": [LOCAL, *routes], **more}


PRIVATE = {"service.networkConfiguration.awsvpcConfiguration.assignPublicIp": "DISABLED"}
NAT = {
    "NatGatewayId": "nat-1",
    "State": "available",
    "SubnetId": "subnet-nat",
    "VpcId": "vpc-1",
    "ConnectivityType": "public",
}
HOME = {"subnets.+": {"SubnetId": "subnet-nat", "VpcId": "vpc-1", "CidrBlock": "10.0.9.0/24"},
        "route_tables.+": {"RouteTableId": "rtb-nat", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-nat"}],
                           "Routes": [LOCAL, via("igw-1")]}}  # fmt: skip
EGRESS = "security_groups.0.IpPermissionsEgress"
ENTRIES = "network_acls.0.Entries"
STARTS = "The tasks that run now would not start again."
MISSING, HOLE = "warning route-missing", "warning route-blackhole"


def entry(
    number: int,
    action: str = "allow",
    *,
    out: bool = False,
    ports: tuple[int, int] | None = None,
    cidr: str = "0.0.0.0/0",
) -> dict[str, Any]:
    span = {"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {}
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "Egress": out,
        "Protocol": "6" if ports else "-1",
        "CidrBlock": cidr,
        **span,
    }


LAST = [entry(32767, "deny"), entry(32767, "deny", out=True)]
LATER = " stops next start"
ECR = "ecr-image-without-the-s3-endpoint"
LACKS = "error image-pull-network"
GATEWAY = {
    "VpcEndpointId": "vpce-s3",
    "VpcEndpointType": "Gateway",
    "VpcId": "vpc-1",
    "ServiceName": "com.amazonaws.us-east-1.s3",
    "State": "available",
}
TWO_TABLES = [
    {
        "RouteTableId": f"rtb-{each}",
        "VpcId": "vpc-1",
        "Associations": [{"SubnetId": f"subnet-{each}"}],
        "Routes": [LOCAL],
    }
    for each in ("aaa", "bbb")
]
MADE_UP_FOR: dict[str, Row] = {
    "none of one service": (
        "egress-path", ECR, {}, LACKS, "The VPC's endpoints do not make up for it: s3 is missing.", "create-route", "!modify-vpc-endpoint",
    ),
    "none of two": (
        "egress-path", ECR, {"vpc_endpoints.2.ServiceName": "com.amazonaws.us-east-1.sqs"}, LACKS, "logs, s3 are missing.", "create-route",
    ),
    "one without the subnets' route table": (
        "egress-path", ECR, {"vpc_endpoints.+": {**GATEWAY, "RouteTableIds": ["rtb-other"]}}, LACKS,
        "that of s3, vpce-s3, is not in route table rtb-main.", "ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-s3 --add-route-table-ids rtb-main ",
        "!create-route",
    ),
    "one in the route table of one subnet of two": (
        "egress-path", ECR, {"vpc_endpoints.+": {**GATEWAY, "RouteTableIds": ["rtb-aaa"]}, "route_tables": TWO_TABLES},
        "warning image-pull-network of subnet/subnet-bbb", "--add-route-table-ids rtb-bbb ", "!rtb-aaa",
    ),
    "one that failed": (
        "egress-path", ECR, {"vpc_endpoints.+": {**GATEWAY, "RouteTableIds": ["rtb-main"]}, "vpc_endpoints.3.State": "failed"}, LACKS,
        "that of secretsmanager, vpce-secretsmanager, is in state failed.", "describe-vpc-endpoints --vpc-endpoint-ids vpce-secretsmanager", "!create-route",
    ),
    "one whose name is not the service's own": (
        "egress-path", ECR, {"vpc_endpoints.+": {**GATEWAY, "RouteTableIds": ["rtb-main"]}, "vpc_endpoints.3.PrivateDnsEnabled": False}, LACKS,
        "that of secretsmanager, vpce-secretsmanager, has no private DNS.", "--vpc-endpoint-id vpce-secretsmanager --private-dns-enabled",
    ),
    "one that lacks its table, and none of another": (
        "egress-path", ECR, {"vpc_endpoints.+": {**GATEWAY, "RouteTableIds": []}, "vpc_endpoints.2.ServiceName": "com.amazonaws.us-east-1.sqs"}, LACKS,
        "that of s3, vpce-s3, is not in route table rtb-main; logs is missing.", "create-route", "!modify-vpc-endpoint",
    ),
    "each of them": ("egress-path", ECR, {"vpc_endpoints.+": {**GATEWAY, "RouteTableIds": ["rtb-main"]}}, "none of its business"),
}  # fmt: skip
WAYS: dict[str, Row] = {
    "open": ("egress-path", "", {}, "sound"),
    "no route": (
        "egress-path", "", routed(), MISSING, "Subnet subnet-aaa has no route to the internet: route table rtb-main has no default route.", STARTS,
        "create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1", "10.0.0.0/16 -> local",
    ),
    "no route from one of two subnets": ("egress-path", "one-of-two-subnets-has-no-route", {}, f"{MISSING} of subnet/subnet-bbb"),
    "a route to a gateway that is gone, and the others were not read": (
        "egress-path", "", {**routed({**via("nat-9"), "State": "blackhole"}), "internet_gateways": unread("ec2:DescribeInternetGateways")}, HOLE, "Make a NAT gateway in a public subnet (the VPC has none that works)",
    ),
    "no route, and none runs": (
        "egress-path", "", {**routed(), **NO_TASK}, MISSING.replace("warning", "error"), "A task put there cannot pull ghcr.io/ash-ai-org/ash:0.2.0.",
    ),
    "no route for tasks without public addresses, and no NAT gateway": (
        "egress-path", "", {**routed(), **PRIVATE}, MISSING, "Make a NAT gateway in a public subnet (the VPC has none that works)", "--nat-gateway-id <NAT-GATEWAY-ID>",
    ),
    "with a NAT gateway": (
        "egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [NAT]}, MISSING, "create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1",
    ),
    "with two": (
        "egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [NAT, {**NAT, "NatGatewayId": "nat-2"}]}, MISSING,
        "which, is your decision: nat-1 or nat-2.", "<NAT-GATEWAY-ID>",
    ),
    "with one that is private": (
        "egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [{**NAT, "ConnectivityType": "private"}]}, MISSING, "the VPC has none that works",
    ),
    "with one that failed": ("egress-path", "", {**routed(), **PRIVATE, **HOME, "nat_gateways": [{**NAT, "State": "failed"}]}, MISSING, "the VPC has none that works"),
    "through a NAT gateway": ("egress-path", "", {**routed(via("nat-1")), **PRIVATE, **HOME, "nat_gateways": [NAT]}, "sound"),
    "through one that is gone": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE}, HOLE, "The default route of rtb-main leads to nat-1, which is not found.", "NatGateways[nat-1].State",
    ),
    "through one that is gone, and another stands": (
        "egress-path", "", {**routed(via("nat-9")), **PRIVATE, **HOME, "nat_gateways": [NAT]}, HOLE,
        "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1",
    ),
    "through one that is gone, and tasks are public": (
        "egress-path", "", routed(via("nat-9")), HOLE, "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1",
    ),
    "through one whose subnet leads nowhere": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE, **HOME, "nat_gateways": [NAT], "route_tables.1.Routes": [LOCAL]},
        "warning route-missing", "nat-1 stands in subnet-nat, which itself has no route to an internet gateway.",
    ),
    "through one that is private": (
        "egress-path", "", {**routed(via("nat-1")), **PRIVATE, **HOME, "nat_gateways": [{**NAT, "ConnectivityType": "private"}]},
        "? nat-1 is a private NAT gateway: where it leads cannot be read from here",
    ),
    "through one that stands elsewhere": ("egress-path", "", {**routed(via("nat-1")), **PRIVATE, "nat_gateways": [NAT]}, "sound"),
    "into a black hole": (
        "egress-path", "", routed(via("igw-9", "blackhole")), HOLE, "leads to igw-9, which no longer exists (blackhole).", "Routes[0.0.0.0/0].State",
        "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1",
    ),
    "through a transit gateway": (
        "egress-path", "", routed(via("tgw-1")), "? the default route of rtb-main leads to tgw-1, whose far side cannot be read from here",
    ),
    "the gateway is detached": (
        "egress-path", "", {"internet_gateways.0.Attachments": [], "probe.rungs": [], "target_health": []}, HOLE,
        "Internet gateway igw-1 is not attached to VPC vpc-1.", "attach-internet-gateway --internet-gateway-id igw-1 --vpc-id vpc-1", "value='none'",
    ),
    "the gateway serves another VPC": (
        "egress-path", "", {"internet_gateways.0.Attachments": [{"VpcId": "vpc-9", "State": "available"}], "probe.rungs": [], "target_health": []}, HOLE,
        "igw-1 serves another VPC.", "!attach-internet-gateway",
    ),
    "the gateway does not exist": (
        "egress-path", "", {"internet_gateways": [], "probe.rungs": [], "target_health": []}, HOLE, "igw-1 does not exist.",
    ),
    "another gateway is attached": (
        "egress-path", "", {"internet_gateways.0.Attachments": [], "probe.rungs": [], "target_health": [],
                            "internet_gateways.+": {"InternetGatewayId": "igw-2", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}}, HOLE,
        "replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-2",
    ),
    "no gateway was read, and yet it answers": (
        "egress-path", "", {"internet_gateways": []}, "? no internet gateway of the VPC was read, and yet it answers the internet",
    ),
    "no gateway was read, and it answers inside its network alone": (
        "egress-path", "", {"internet_gateways": [], "load_balancers.0.Scheme": "internal"}, HOLE, "igw-1 does not exist.",
    ),
    "no gateway was read, and another network's answers": (
        "egress-path", "", {"internet_gateways.0.Attachments": [{"VpcId": "vpc-9"}]}, HOLE, "igw-1 serves another VPC.",
    ),
    "a gateway without its name": (
        "egress-path", "", {"internet_gateways": [{"InternetGatewayId": "", "Attachments": []}], "probe.rungs": [], "target_health": []}, "? an internet gateway was not read whole",
    ),
    "a route without its destination": (
        "egress-path", "", {"route_tables.0.Routes": [LOCAL, {"GatewayId": "igw-1"}]}, "? the routes of rtb-main were not read whole",
    ),
    "a route of IPv6 alone is read whole": (
        "egress-path", "", {"route_tables.0.Routes": [LOCAL, {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"}]}, MISSING, "::/0 -> igw-1",
    ),
    "a route to a list alone is read whole": (
        "egress-path", "", {"route_tables.0.Routes": [LOCAL, {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"}]}, MISSING, "pl-1 -> vpce-1",
    ),
    "private addresses behind it": (
        "egress-path", "", PRIVATE, "warning public-ip-missing", "get no public address, but its only way out is the internet gateway",
        '"assignPublicIp": "ENABLED"', '"subnets": ["subnet-aaa", "subnet-bbb"], "securityGroups": ["sg-task"]', "value='DISABLED'",
    ),
    "whether they are public was not told": (
        "egress-path", "", {"service.networkConfiguration.awsvpcConfiguration.assignPublicIp": GONE}, "? whether the tasks get public addresses was not told",
    ),
    "no table": ("egress-path", "", {"route_tables": []}, "? no route table was found for subnet subnet-aaa"),
    "names are not resolved": (
        "egress-path", "", {"vpcs.0.EnableDnsSupport": False}, "warning dns-disabled", "VPC vpc-1 resolves no names", "modify-vpc-attribute --vpc-id vpc-1", "value='false'",
    ),
    "the group lets nothing out": (
        "egress-path", "", {EGRESS: []}, f"warning egress-blocked{LATER}", "Security group sg-task does not let HTTPS (TCP 443) out to the internet.", "no rule at all",
        "authorize-security-group-egress --group-id sg-task",
    ),
    "the group lets another port out": ("egress-path", "", {EGRESS: [rule("0.0.0.0/0", port=80)]}, f"warning egress-blocked{LATER}", "tcp 80-80 to 0.0.0.0/0"),
    "the group lets it into the VPC": ("egress-path", "", {EGRESS: [rule("10.0.0.0/8")]}, f"warning egress-blocked{LATER}", "tcp 443-443 to 10.0.0.0/8"),
    "the group lets it to a list": (
        "egress-path", "", {EGRESS: [rule(PrefixListIds=[{"PrefixListId": "pl-1"}])]}, f"warning egress-blocked{LATER}", "(only to prefix list pl-1).", "tcp 443-443 to pl-1",
    ),
    "the group lets it to some": (
        "egress-path", "", {EGRESS: [rule("203.0.112.0/20")]},
        "? sg-task lets HTTPS out to some addresses only; whether the registry is among them cannot be told",
    ),
    "the service names none": (
        "egress-path", "", {"service.networkConfiguration.awsvpcConfiguration.securityGroups": []}, "? the service names no security group for its tasks",
    ),
    "the ACL lets no request out": (
        "egress-path", "", {ENTRIES: [entry(100), entry(100, "deny", out=True), *LAST]}, f"warning nacl-blocks{LATER}",
        "Network ACL acl-1 of subnet subnet-aaa does not let TCP 443 out.",
        "create-network-acl-entry --network-acl-id acl-1 --egress --rule-number 99 --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow",
    ),
    "the ACL lets no answer in": (
        "egress-path", "", {ENTRIES: [entry(100, out=True), entry(100, ports=(443, 443)), *LAST]}, f"warning nacl-blocks{LATER}",
        "does not let the answers in (TCP 32768-60999).", "--ingress --rule-number 99 --protocol tcp --port-range From=32768,To=60999",
    ),
    "number 1 denies: it moves one further": (
        "egress-path", "", {ENTRIES: [entry(100), entry(1, "deny", out=True), *LAST]}, f"warning nacl-blocks{LATER}",
        "Keep what rule 1 denies, one number further.", "create-network-acl-entry --network-acl-id acl-1 --egress --rule-number 2 --protocol -1", "--rule-action deny",
        "replace-network-acl-entry --network-acl-id acl-1 --egress --rule-number 1 --protocol tcp --port-range From=443,To=443",
    ),
    "numbers 1 and 2 are taken": (
        "egress-path", "", {ENTRIES: [entry(100), entry(1, "deny", out=True), entry(2, "deny", out=True), *LAST]}, f"warning nacl-blocks{LATER}",
        "No number before rule 1, which denies it, is free: renumber the rules of acl-1", "!create-network-acl-entry",
    ),
    "no rule was read": ("egress-path", "", {ENTRIES: []}, "? the rules of acl-1 were not read whole"),
}  # fmt: skip


@each("case", ROLES)
def test_what_a_start_is_allowed(case: Row) -> None:
    holds(case)


@each("case", MADE_UP_FOR)
def test_what_endpoints_make_up_for_where_there_is_no_way_out(case: Row) -> None:
    holds(case)


@each("case", WAYS | {f"endpoint: {k}": v for k, v in ENDPOINTS.items()})
def test_which_way_a_start_has_to_what_it_needs(case: Row) -> None:
    holds(case)
