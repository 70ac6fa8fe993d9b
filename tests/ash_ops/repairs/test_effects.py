"""What each printed `aws` command does to the facts, written by hand from AWS's API reference.

The whole of the facts is compared: nothing else may change, and what the change makes old goes.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.checks.commands import of_text
from ash_ops.facts.model import parsed, plain
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.effects import Effect, effect
from ash_ops.repairs.lines import joined
from tests.support import scenarios

Patch = dict[str, Any]
HEALTHY = scenarios.healthy()
GROUP = HEALTHY["target_groups"]["value"][0]
BALANCER = HEALTHY["load_balancers"]["value"][0]
LISTENER = HEALTHY["listeners"]["value"][0]
TABLE = HEALTHY["route_tables"]["value"][0]
ACL = HEALTHY["network_acls"]["value"][0]
TASK_GROUP, BALANCER_GROUP = HEALTHY["security_groups"]["value"]
LOCAL, OUT = TABLE["Routes"]
SERVICE = "--cluster ash-cloud --service ash-cloud-runtime"
ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud-runtime-AbCdEf"


def value(name: str, *rows: Any) -> Patch:
    return {name: {"value": list(rows)}}


def one(name: str, fact: Any) -> Patch:
    return {name: {"value": fact}}


def quoted(document: Any) -> str:
    return "'" + json.dumps(document) + "'"


def done(command: str, *changes: Patch) -> tuple[Effect, Patch, bool]:
    """A command's effect on changed facts, the facts before it, and whether they are the very same."""
    facts = HEALTHY
    for change in changes:
        facts = scenarios.merged(facts, change)
    snapshot = parsed(Snapshot, facts)
    read = of_text(f"aws {command} --region us-east-1")
    assert read is not None
    found = effect(snapshot, read)
    return found, facts, found.facts is snapshot


def after(facts: Patch, patch: Patch) -> Any:
    return plain(parsed(Snapshot, scenarios.merged(facts, patch)))


# What the server answered proved the way before the change; what it is does not change with it.
SILENT: Patch = {"probe": {"value": {"rungs": [], "key_rejected": None, "health": None}}}


def route(**target: str) -> Patch:
    return {"DestinationCidrBlock": "0.0.0.0/0", **target, "State": "active"}


def table(*routes: Patch) -> Patch:
    return value("route_tables", {**TABLE, "Routes": list(routes)})


def groups(task: list[Patch], balancer: list[Patch] | None = None, **out: list[Patch]) -> Patch:
    first = {**TASK_GROUP, "IpPermissions": task, **out}
    last = {**BALANCER_GROUP, "IpPermissions": balancer or BALANCER_GROUP["IpPermissions"]}
    return value("security_groups", first, last)


def rule(port: int, *, to: int | None = None, protocol: str = "tcp", **more: Any) -> Patch:
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": to or port, **more}


def ranges(*cidrs: str) -> Patch:
    return {"IpRanges": [{"CidrIp": c} for c in cidrs]}


FROM_BALANCER = TASK_GROUP["IpPermissions"][0]
INGRESS = "ec2 authorize-security-group-ingress --group-id"
EGRESS = "ec2 authorize-security-group-egress --group-id"
REVOKE = "ec2 revoke-security-group-ingress --group-id"
ENTRY = "network-acl-entry --network-acl-id acl-1"
DENIED = {"RuleNumber": 90, "RuleAction": "deny", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}
RULE_90 = "--rule-number 90 --protocol tcp --port-range From=443,To=444 --cidr-block 10.0.0.0/8 --rule-action allow"  # fmt: skip
ENTRY_90 = {
    "RuleNumber": 90,
    "RuleAction": "allow",
    "Protocol": "tcp",
    "CidrBlock": "10.0.0.0/8",
    "PortRange": {"From": 443, "To": 444},
}


def acl(*entries: Patch) -> Patch:
    return value("network_acls", {**ACL, "Entries": list(entries)})


UNATTACHED = {"InternetGatewayId": "igw-2", "Attachments": []}
ATTACH = "ec2 attach-internet-gateway --internet-gateway-id"
MODIFY_GROUP = f"elbv2 modify-target-group --target-group-arn {GROUP['TargetGroupArn']}"
GROUP_ATTRIBUTES = "elbv2 modify-target-group-attributes --target-group-arn"
LISTENER_ATTRIBUTES = "elbv2 modify-listener-attributes --listener-arn"
MODIFY_LISTENER = f"elbv2 modify-listener --listener-arn {LISTENER['ListenerArn']}"
CREATE_LISTENER = f"elbv2 create-listener --load-balancer-arn {BALANCER['LoadBalancerArn']}"
OTHER_GROUP = {**GROUP, "TargetGroupArn": "arn:other-tg", "Protocol": "TLS", "LoadBalancerArns": []}
FORWARD = f"--default-actions Type=forward,TargetGroupArn={GROUP['TargetGroupArn']}"
FORWARD_OTHER = "--default-actions Type=forward,TargetGroupArn=arn:other-tg"
TO_GROUP = {"Type": "forward", "TargetGroupArn": GROUP["TargetGroupArn"]}
TO_OTHER = {"Type": "forward", "TargetGroupArn": "arn:other-tg"}
TWO_GROUPS = value("target_groups", GROUP, OTHER_GROUP)
DOWN = value(
    "target_health", {"Target": {"Id": "10.0.1.23"}, "TargetHealth": {"State": "unhealthy"}}
)
SET_SUBNETS = f"elbv2 set-subnets --load-balancer-arn {BALANCER['LoadBalancerArn']} --subnets"
TRUST = {"Statement": [{"Principal": {"Service": "ecs-tasks.amazonaws.com"}}]}
TRUST_TWO = {"Statement": {"Principal": {"Service": ["ecs.amazonaws.com", "ec2.amazonaws.com"]}}}
UNTRUSTED = {"execution_role": {"value": {"trusted_services": ["ec2.amazonaws.com"]}}}


def simulated(*rows: tuple[str, str, str] | Patch) -> Patch:
    found = [
        row
        if isinstance(row, dict)
        else dict(zip(("action", "resource", "decision"), row, strict=True))
        for row in rows
    ]
    return {"execution_role": {"value": {"simulated": found}}}


def policy(effect_: str, action: Any, resource: Any) -> str:
    statement = {"Effect": effect_, "Action": action, "Resource": resource}
    return f"--policy-name p --policy-document {quoted({'Version': '2012-10-17', 'Statement': [statement]})}"


MANAGED = "--policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
EXECUTION = "--role-name ash-cloud-execution"
GONE_SECRETS = [{**s, "deleted_at": "2026-11-22T11:00:00Z"} for s in HEALTHY["secrets"]["value"]]
STACK = "--stack-name ash-cloud"
BEGUN = "2026-11-22T12:00:00Z"
FRESH_TASK = {
    "taskArn": "arn:aws:ecs:::task/ash-cloud/" + "0" * 32,
    "taskDefinitionArn": HEALTHY["service"]["value"]["taskDefinition"],
    "lastStatus": "PROVISIONING",
    "launchType": "FARGATE",
    "createdAt": BEGUN,
}
STARTED: Patch = {
    "service": {
        "value": {
            "runningCount": 0,
            "pendingCount": 1,
            "events": [],
            "deployments": [
                {
                    "id": "ecs-svc/0",
                    "status": "PRIMARY",
                    "taskDefinition": HEALTHY["service"]["value"]["taskDefinition"],
                    "desiredCount": 1,
                    "rolloutState": "IN_PROGRESS",
                    "createdAt": BEGUN,
                }
            ],
        }
    },
    **value("tasks", FRESH_TASK),
    **value("stopped_tasks"),
    **value("archived_tasks"),
    "denied_calls": {"value": [], "gap": None},
    **value("service_deployments"),
    **value("target_health"),
    **value("log_lines"),
    **one("memory_utilization", None),
    **SILENT,
}
PRIVATE = {
    "awsvpcConfiguration": {
        "subnets": ["subnet-aaa"],
        "securityGroups": ["sg-task"],
        "assignPublicIp": "DISABLED",
    }
}
NETWORK = {"service": {"value": {"networkConfiguration": PRIVATE}}}
OLD_NETWORK = HEALTHY["service"]["value"]["networkConfiguration"]
IDLE = {"service": {"value": {"desiredCount": 0, "runningCount": 0}}}

CHANGES: list[tuple[str, str, Patch, Patch]] = [
    ("a route that was not there", "ec2 create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1", table(LOCAL), table(LOCAL, route(GatewayId="igw-1"))),
    ("a route through a NAT gateway", "ec2 create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1", table(LOCAL), table(LOCAL, route(NatGatewayId="nat-1"))),
    ("a route in the place of another", "ec2 replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1", table(OUT, LOCAL), table(LOCAL, route(NatGatewayId="nat-1"))),
    ("a rule of a group for a range", f"{INGRESS} sg-task --protocol tcp --port 4100 --cidr 198.51.100.0/24", {}, groups([FROM_BALANCER, rule(4100, **ranges("198.51.100.0/24"))])),
    ("a rule of a group for ports", f"{INGRESS} sg-task --protocol tcp --port 4100-4200 --cidr 198.51.100.0/24", {}, groups([FROM_BALANCER, rule(4100, to=4200, **ranges("198.51.100.0/24"))])),
    ("a rule of a group for another", f"{INGRESS} sg-nlb --protocol tcp --port 4100 --source-group sg-task", {}, groups([FROM_BALANCER], [*BALANCER_GROUP["IpPermissions"], rule(4100, UserIdGroupPairs=[{"GroupId": "sg-task"}])])),
    ("a rule in the form of the API", f"{INGRESS} sg-task --ip-permissions {quoted([rule(5000, **ranges('0.0.0.0/0'))])}", {}, groups([FROM_BALANCER, rule(5000, **ranges("0.0.0.0/0"))])),
    ("one rule without a list around it", f"{INGRESS} sg-task --ip-permissions {quoted(rule(5000, **ranges('0.0.0.0/0')))}", {}, groups([FROM_BALANCER, rule(5000, **ranges("0.0.0.0/0"))])),
    ("of two rules the one that is missing", f"{INGRESS} sg-task --ip-permissions {quoted([rule(4100, UserIdGroupPairs=[{'GroupId': 'sg-nlb'}]), rule(80, **ranges('10.0.0.0/8'))])}", {}, groups([FROM_BALANCER, rule(80, **ranges("10.0.0.0/8"))])),
    ("a wider range of ports than is open", f"{INGRESS} sg-nlb --protocol tcp --port 4100-4101 --cidr 203.0.113.7/32", {}, groups([FROM_BALANCER], [*BALANCER_GROUP["IpPermissions"], rule(4100, to=4101, **ranges("203.0.113.7/32"))])),
    ("one range of two that is missing", f"{INGRESS} sg-nlb --ip-permissions {quoted([rule(4100, **ranges('203.0.113.7/32', '203.0.113.8/32'))])}", {}, groups([FROM_BALANCER], [*BALANCER_GROUP["IpPermissions"], rule(4100, **ranges("203.0.113.7/32", "203.0.113.8/32"))])),
    ("an IPv6 range", f"{INGRESS} sg-nlb --ip-permissions {quoted([rule(4100, Ipv6Ranges=[{'CidrIpv6': '::/0'}])])}", {}, groups([FROM_BALANCER], [*BALANCER_GROUP["IpPermissions"], rule(4100, Ipv6Ranges=[{"CidrIpv6": "::/0"}])])),
    ("a way out of a group", f"{EGRESS} sg-task --protocol tcp --port 443 --cidr 0.0.0.0/0", groups([FROM_BALANCER], IpPermissionsEgress=[]), groups([FROM_BALANCER], IpPermissionsEgress=[rule(443, **ranges("0.0.0.0/0"))])),
    ("a rule taken away", f"{REVOKE} sg-nlb --protocol tcp --port 4100 --cidr 203.0.113.7/32", {}, {"security_groups": {"value": [TASK_GROUP, {**BALANCER_GROUP, "IpPermissions": []}]}}),
    ("a rule of an ACL", f"ec2 create-{ENTRY} --ingress {RULE_90}", {}, acl(*ACL["Entries"], {**ENTRY_90, "Egress": False})),
    ("a number is free where the other direction has it", f"ec2 create-{ENTRY} --egress {RULE_90}", acl({**DENIED, "Egress": False}), acl({**DENIED, "Egress": False}, {**ENTRY_90, "Egress": True})),
    ("a rule of an ACL in another's place", f"ec2 replace-{ENTRY} --egress {RULE_90}", acl({**DENIED, "Egress": True}, {**DENIED, "Egress": False}), acl({**DENIED, "Egress": False}, {**ENTRY_90, "Egress": True})),
    ("a rule of all protocols has no ports", f"ec2 create-{ENTRY} --ingress --rule-number 7 --protocol -1 --cidr-block 0.0.0.0/0 --rule-action deny", {}, acl(*ACL["Entries"], {**DENIED, "RuleNumber": 7, "Egress": False})),
    ("names are resolved again", "ec2 modify-vpc-attribute --vpc-id vpc-1 --enable-dns-support", one("vpcs", [{**HEALTHY["vpcs"]["value"][0], "EnableDnsSupport": False}]), {"vpcs": {"value": HEALTHY["vpcs"]["value"]}}),
    ("names are given again", "ec2 modify-vpc-attribute --vpc-id vpc-1 --enable-dns-hostnames '{\"Value\": true}'", one("vpcs", [{**HEALTHY["vpcs"]["value"][0], "EnableDnsHostnames": False}]), {"vpcs": {"value": HEALTHY["vpcs"]["value"]}}),
    ("and can be switched off", "ec2 modify-vpc-attribute --vpc-id vpc-1 --enable-dns-support '{\"Value\": false}'", {}, one("vpcs", [{**HEALTHY["vpcs"]["value"][0], "EnableDnsSupport": False}])),
    ("a gateway that is free", f"{ATTACH} igw-2 --vpc-id vpc-1", value("internet_gateways", UNATTACHED, {"InternetGatewayId": "igw-3", "Attachments": []}), value("internet_gateways", {"InternetGatewayId": "igw-2", "Attachments": [{"VpcId": "vpc-1"}]}, {"InternetGatewayId": "igw-3", "Attachments": []})),
    ("another attribute of a target group", f"{GROUP_ATTRIBUTES} {GROUP['TargetGroupArn']} --attributes Key=preserve_client_ip.enabled,Value=false", {}, {"target_group_attributes": {"value": {"preserve_client_ip.enabled": "false"}}, **SILENT}),
    ("attributes as a list", f"{GROUP_ATTRIBUTES} {GROUP['TargetGroupArn']} --attributes {quoted([{'Key': 'a', 'Value': 1}, {'Key': 'b', 'Value': 'x'}])}", {}, {"target_group_attributes": {"value": {"a": "1", "b": "x"}}, **SILENT}),
    ("another attribute of a listener leaves what is proven", f"{LISTENER_ATTRIBUTES} {LISTENER['ListenerArn']} --attributes Key=tcp.idle_timeout.seconds,Value=350", {}, {"listener_attributes": {"value": {"tcp.idle_timeout.seconds": "350"}}}),
    ("a health check elsewhere, while a target is healthy", f"{MODIFY_GROUP} --health-check-path /live --health-check-port 80 --health-check-protocol HTTPS", {}, value("target_groups", {**GROUP, "HealthCheckPath": "/live", "HealthCheckPort": "80", "HealthCheckProtocol": "HTTPS"})),
    ("a health check elsewhere: health is asked anew", f"{MODIFY_GROUP} --health-check-path /live", DOWN, {**value("target_groups", {**GROUP, "HealthCheckPath": "/live"}), "target_health": {"value": None, "gap": {"kind": "skipped"}}, **SILENT}),
    ("a listener that forwards elsewhere", f"{MODIFY_LISTENER} {FORWARD_OTHER} --protocol TLS", TWO_GROUPS, {**value("listeners", {**LISTENER, "Protocol": "TLS", "DefaultActions": [TO_OTHER]}), **SILENT}),
    ("a listener of another protocol", f"{MODIFY_LISTENER} --protocol TLS", {}, {**value("listeners", {**LISTENER, "Protocol": "TLS"}), **SILENT}),
    ("one that forwards elsewhere keeps its protocol", f"{MODIFY_LISTENER} {FORWARD}", {**TWO_GROUPS, **value("listeners", {**LISTENER, "DefaultActions": [{"Type": "fixed-response"}]})}, {**value("listeners", LISTENER), **SILENT}),
    ("a new listener", f"{CREATE_LISTENER} --protocol TCP --port 80 {FORWARD}", {}, {**value("listeners", LISTENER, {"ListenerArn": f"{LISTENER['LoadBalancerArn'].replace(':loadbalancer/', ':listener/')}/0", "LoadBalancerArn": BALANCER["LoadBalancerArn"], "Port": 80, "Protocol": "TCP", "DefaultActions": [TO_GROUP]}), **SILENT}),
    ("the first listener", f"{CREATE_LISTENER} --protocol TCP --port 4100 {FORWARD}", value("listeners"), {**value("listeners", {"ListenerArn": f"{LISTENER['LoadBalancerArn'].replace(':loadbalancer/', ':listener/')}/0", "LoadBalancerArn": BALANCER["LoadBalancerArn"], "Port": 4100, "Protocol": "TCP", "DefaultActions": [TO_GROUP]}), **SILENT}),
    ("other subnets of a balancer", f"{SET_SUBNETS} subnet-bbb", {}, value("load_balancers", {**BALANCER, "AvailabilityZones": [BALANCER["AvailabilityZones"][1]]})),
    ("more subnets of a balancer", f"{SET_SUBNETS} subnet-aaa subnet-bbb", value("load_balancers", {**BALANCER, "AvailabilityZones": []}), value("load_balancers", BALANCER)),
    ("whom a role trusts", f"iam update-assume-role-policy {EXECUTION} --policy-document {quoted(TRUST)}", UNTRUSTED, {"execution_role": {"value": {"trusted_services": ["ecs-tasks.amazonaws.com"]}}}),
    ("several whom a role trusts", f"iam update-assume-role-policy {EXECUTION} --policy-document {quoted(TRUST_TWO)}", UNTRUSTED, {"execution_role": {"value": {"trusted_services": ["ecs.amazonaws.com", "ec2.amazonaws.com"]}}}),
    ("what a policy allows", f"iam put-role-policy {EXECUTION} {policy('Allow', 's3:Get*', ['arn:b/*', 'arn:c'])}", simulated(("s3:GetObject", "arn:b/x", "implicitDeny"), ("s3:GetObject", "arn:c", "implicitDeny"), ("s3:GetObject", "arn:d", "implicitDeny"), ("s3:PutObject", "arn:c", "implicitDeny"), ("s3:GetBucket", "arn:c", "explicitDeny")), simulated(("s3:GetObject", "arn:b/x", "allowed"), ("s3:GetObject", "arn:c", "allowed"), ("s3:GetObject", "arn:d", "implicitDeny"), ("s3:PutObject", "arn:c", "implicitDeny"), ("s3:GetBucket", "arn:c", "explicitDeny"))),
    ("a boundary denies whatever a policy allows", f"iam put-role-policy {EXECUTION} {policy('Allow', ['a:B', 'a:C'], '*')}", simulated(("a:C", "*", "implicitDeny"), {"action": "a:B", "resource": "*", "decision": "implicitDeny", "denied_by": "permissions boundary"}), simulated(("a:C", "*", "allowed"), {"action": "a:B", "resource": "*", "decision": "implicitDeny", "denied_by": "permissions boundary"})),
    ("what the managed policy allows", f"iam attach-role-policy {EXECUTION} {MANAGED}", simulated(("ecr:BatchGetImage", "*", "implicitDeny"), ("logs:PutLogEvents", "*", "implicitDeny"), ("logs:CreateLogStream", "*", "implicitDeny"), ("ecr:GetAuthorizationToken", "*", "implicitDeny"), ("ecr:BatchCheckLayerAvailability", "*", "implicitDeny"), ("ecr:GetDownloadUrlForLayer", "*", "implicitDeny"), ("logs:CreateLogGroup", "*", "implicitDeny")), simulated(("ecr:BatchGetImage", "*", "allowed"), ("logs:PutLogEvents", "*", "allowed"), ("logs:CreateLogStream", "*", "allowed"), ("ecr:GetAuthorizationToken", "*", "allowed"), ("ecr:BatchCheckLayerAvailability", "*", "allowed"), ("ecr:GetDownloadUrlForLayer", "*", "allowed"), ("logs:CreateLogGroup", "*", "implicitDeny"))),
    ("a secret that was to be deleted, under its every reference", f"secretsmanager restore-secret --secret-id {ARN}", value("secrets", *GONE_SECRETS), {"secrets": {"value": HEALTHY["secrets"]["value"]}}),
    ("one reference alone", f"secretsmanager restore-secret --secret-id {GONE_SECRETS[0]['reference']}", value("secrets", *GONE_SECRETS), value("secrets", HEALTHY["secrets"]["value"][0], *GONE_SECRETS[1:])),
    ("a log group that the task needs", "logs create-log-group --log-group-name /ash-cloud/runtime", one("log_group", None), one("log_group", {"logGroupName": "/ash-cloud/runtime"})),
    ("how long lines are kept", "logs put-retention-policy --log-group-name /ash-cloud/runtime --retention-in-days 7", {}, {"log_group": {"value": {"retentionInDays": 7}}}),
    ("a rollback goes on", f"cloudformation continue-update-rollback {STACK}", {"stack": {"value": {"StackStatus": "UPDATE_ROLLBACK_FAILED"}}}, {"stack": {"value": {"StackStatus": "UPDATE_ROLLBACK_IN_PROGRESS"}}, **value("stack_events")}),
    ("a stack of a change set alone", f"cloudformation delete-stack {STACK}", {"stack": {"value": {"StackStatus": "REVIEW_IN_PROGRESS"}}}, {**one("stack", None), **value("stack_events")}),
    ("a stack whose service is gone", f"cloudformation delete-stack {STACK}", {**one("service", None), "stack": {"value": {"StackStatus": "ROLLBACK_COMPLETE"}}}, {**one("stack", None), **value("stack_events")}),
    ("a stack, by its ARN, and all that it made", f"cloudformation delete-stack --stack-name {HEALTHY['stack']['value']['StackId']}", {}, {k: v for name in ("cluster", "service", "stack", "log_group") for k, v in one(name, None).items()} | {k: v for name in ("tasks", "target_groups", "target_health", "load_balancers", "listeners", "stack_events") for k, v in value(name).items()}),
    ("a service", f"ecs delete-service {SERVICE} --force", {}, {**one("service", None), **value("tasks"), **value("target_health")}),
    ("a new start", f"ecs update-service {SERVICE} --force-new-deployment", {}, STARTED),
    ("another platform starts anew", f"ecs update-service {SERVICE} --platform-version LATEST", {}, STARTED),
    ("other capacity starts anew", f"ecs update-service {SERVICE} --capacity-provider-strategy capacityProvider=FARGATE,weight=1", {}, STARTED),
    ("another network starts anew", f"ecs update-service {SERVICE} --network-configuration {quoted(PRIVATE)}", {}, scenarios.merged(STARTED, NETWORK)),
    ("more tasks beside one that runs", f"ecs update-service {SERVICE} --desired-count 2", {}, {"service": {"value": {"desiredCount": 2}}}),
    ("no task any more", f"ecs update-service {SERVICE} --desired-count 0", {}, {"service": {"value": {"desiredCount": 0}}}),
    ("a start with no task wanted starts nothing", f"ecs update-service {SERVICE} --desired-count 0 --force-new-deployment", {}, {"service": {"value": {"desiredCount": 0}}}),
    ("the first task", f"ecs update-service {SERVICE} --desired-count 1", IDLE, STARTED | {"service": {"value": {**STARTED["service"]["value"], "desiredCount": 1}}}),
    ("other bounds keep the rest", f"ecs update-service {SERVICE} --deployment-configuration {quoted({'maximumPercent': 200})}", {}, {"service": {"value": {"deploymentConfiguration": {"maximumPercent": 200}}}}),
]  # fmt: skip

SAME: list[tuple[str, str, Patch]] = [
    ("a rule that is there", f"{INGRESS} sg-nlb --protocol tcp --port 4100 --cidr 203.0.113.7/32", {}),
    ("a group that is admitted", f"{INGRESS} sg-task --protocol tcp --port 4100 --source-group sg-nlb", {}),
    ("a way out that is open", f"{EGRESS} sg-task --protocol tcp --port 443 --cidr 0.0.0.0/0", {}),
    ("names that are resolved", "ec2 modify-vpc-attribute --vpc-id vpc-1 --enable-dns-support", {}),
    ("an attribute that is so", f"{GROUP_ATTRIBUTES} {GROUP['TargetGroupArn']} --attributes Key=preserve_client_ip.enabled,Value=true", {}),
    ("a listener's attribute that is so", f"{LISTENER_ATTRIBUTES} {LISTENER['ListenerArn']} --attributes Key=tcp.idle_timeout.seconds,Value=6000", {}),
    ("a path that is asked", f"{MODIFY_GROUP} --health-check-path /health", DOWN),
    ("where it forwards", f"{MODIFY_LISTENER} {FORWARD}", {}),
    ("a listener that is there", f"{CREATE_LISTENER} --protocol TCP --port 4100 {FORWARD}", {}),
    ("subnets in another order", f"{SET_SUBNETS} subnet-bbb subnet-aaa", {}),
    ("whom the role trusts", f"iam update-assume-role-policy {EXECUTION} --policy-document {quoted(TRUST)}", {}),
    ("what is allowed", f"iam attach-role-policy {EXECUTION} {MANAGED}", {}),
    ("what a policy denies", f"iam put-role-policy {EXECUTION} {policy('Deny', '*', '*')}", simulated(("a:B", "*", "implicitDeny"))),
    ("a secret that is there", f"secretsmanager restore-secret --secret-id {ARN}", {}),
    ("a log group that is there", "logs create-log-group --log-group-name /ash-cloud/runtime", {}),
    ("lines are kept as long", "logs put-retention-policy --log-group-name /ash-cloud/runtime --retention-in-days 30", {}),
    ("as many tasks", f"ecs update-service {SERVICE} --desired-count 1", {}),
    ("the same network", f"ecs update-service {SERVICE} --network-configuration {quoted(OLD_NETWORK)}", {}),
]  # fmt: skip

REFUSED: list[tuple[str, str, Patch, str]] = [
    ("a route that is there", "ec2 create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1", {}, "rtb-main has a route to 0.0.0.0/0"),
    ("no route to replace", "ec2 replace-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/1 --gateway-id igw-1", {}, "rtb-main has no route to 0.0.0.0/1"),
    ("IPv6 where IPv4 belongs", f"{INGRESS} sg-nlb --protocol tcp --port 4100 --cidr ::/0", {}, "::/0 is no IPv4 range, and --cidr takes no other"),
    ("no such rule to revoke", f"{REVOKE} sg-nlb --protocol tcp --port 22 --cidr 203.0.113.7/32", {}, "sg-nlb has no such rule"),
    ("a number that is taken", f"ec2 create-{ENTRY} --ingress {RULE_90}", acl({**DENIED, "Egress": False}), "number 90 of acl-1 is taken"),
    ("a number that is free", f"ec2 replace-{ENTRY} --ingress {RULE_90}", acl({**DENIED, "Egress": True}), "number 90 of acl-1 is free"),
    ("a second gateway", f"{ATTACH} igw-2 --vpc-id vpc-1", value("internet_gateways", HEALTHY["internet_gateways"]["value"][0], UNATTACHED), "vpc-1 has an internet gateway already"),
    ("a gateway of nobody", f"{ATTACH} igw-9 --vpc-id vpc-1", value("internet_gateways", UNATTACHED), "there is no igw-9"),
    ("a gateway of another VPC", f"{ATTACH} igw-2 --vpc-id vpc-1", value("internet_gateways", {"InternetGatewayId": "igw-2", "Attachments": [{"VpcId": "vpc-8"}]}), "igw-2 is attached to vpc-8"),
    ("a path over TCP", f"{MODIFY_GROUP} --health-check-path /x --health-check-protocol TCP", {}, "a health check over TCP has no path"),
    ("a path over TCP that was so", f"{MODIFY_GROUP} --health-check-path /x", value("target_groups", {**GROUP, "HealthCheckProtocol": "TCP"}), "a health check over TCP has no path"),
    ("a protocol that the group has not", f"{MODIFY_LISTENER} {FORWARD_OTHER}", TWO_GROUPS, "a TCP listener serves no target group of TLS"),
    ("a protocol that the group has not, unchanged", f"{MODIFY_LISTENER} --protocol UDP", {}, "a UDP listener serves no target group of TCP"),
    ("HTTP to TCP", f"{CREATE_LISTENER} --protocol HTTP --port 80 {FORWARD}", {}, "a HTTP listener serves no target group of TCP"),
    ("HTTPS to TCP", f"{CREATE_LISTENER} --protocol HTTPS --port 80 {FORWARD}", {}, "a HTTPS listener serves no target group of TCP"),
    ("both to TCP", f"{CREATE_LISTENER} --protocol TCP_UDP --port 80 {FORWARD}", {}, "a TCP_UDP listener serves no target group of TCP"),
    ("a port that is taken", f"{CREATE_LISTENER} --protocol TLS --port 4100 {FORWARD}", {}, "port 4100 has a listener already"),
    ("two subnets of a zone", f"{SET_SUBNETS} subnet-aaa subnet-bbb", value("subnets", *({**s, "AvailabilityZone": "us-east-1a"} for s in HEALTHY["subnets"]["value"])), "a load balancer takes one subnet a zone"),
    ("a role that is not there", f"iam attach-role-policy {EXECUTION} {MANAGED}", {"execution_role": {"value": {"exists": False}}}, "there is no role ash-cloud-execution"),
    ("a rollback that did not fail", f"cloudformation continue-update-rollback {STACK}", {}, "the stack is in no failed rollback"),
    ("a service that drains", f"ecs update-service {SERVICE} --desired-count 1", {"service": {"value": {"status": "DRAINING"}}}, "the service is DRAINING"),
]  # fmt: skip

DENIED_READING = {"value": None, "gap": {"kind": "denied", "code": "AccessDenied"}}
UNKNOWN: list[tuple[str, str, Patch]] = [
    ("an operation that nobody declared", "ec2 reboot-instances --instance-ids i-1", {}),
    ("a placeholder", "ec2 create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0 --nat-gateway-id <NAT-GATEWAY-ID>".replace("<NAT-GATEWAY-ID>", "'<NAT-GATEWAY-ID>'"), table(LOCAL)),
    ("no target", "ec2 create-route --route-table-id rtb-main --destination-cidr-block 0.0.0.0/0", table(LOCAL)),
    ("another table", "ec2 create-route --route-table-id rtb-9 --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1", {}),
    ("another group", f"{INGRESS} sg-9 --protocol tcp --port 4100 --cidr 10.0.0.0/8", {}),
    ("no port", f"{INGRESS} sg-nlb --protocol tcp --cidr 10.0.0.0/8", {}),
    ("groups that were not read", f"{INGRESS} sg-nlb --protocol tcp --port 4100 --cidr 10.0.0.0/8", {"security_groups": DENIED_READING}),
    ("another ACL", f"ec2 create-network-acl-entry --network-acl-id acl-9 --ingress {RULE_90}", {}),
    ("another target group", f"{GROUP_ATTRIBUTES} arn:no --attributes Key=a,Value=b", {}),
    ("another listener", f"{LISTENER_ATTRIBUTES} arn:no --attributes Key=a,Value=b", {}),
    ("a target group that nobody knows", f"{MODIFY_LISTENER} {FORWARD_OTHER}", {}),
    ("another balancer", f"elbv2 create-listener --load-balancer-arn arn:no --protocol TCP --port 80 {FORWARD}", {}),
    ("another subnet", f"{SET_SUBNETS} subnet-aaa subnet-zzz", {}),
    ("another role", f"iam attach-role-policy --role-name other {MANAGED}", {}),
    ("another policy", f"iam attach-role-policy {EXECUTION} --policy-arn arn:aws:iam::aws:policy/AdministratorAccess", {}),
    ("a role that was not read", f"iam attach-role-policy {EXECUTION} {MANAGED}", {"execution_role": DENIED_READING}),
    ("another secret", "secretsmanager restore-secret --secret-id arn:no", {}),
    ("another log group", "logs create-log-group --log-group-name /other", one("log_group", None)),
    ("retention of another log group", "logs put-retention-policy --log-group-name /other --retention-in-days 7", {}),
    ("retention of none", "logs put-retention-policy --log-group-name /ash-cloud/runtime --retention-in-days 7", one("log_group", None)),
    ("another stack", "cloudformation delete-stack --stack-name other", {}),
    ("no stack", f"cloudformation delete-stack {STACK}", one("stack", None)),
    ("another service", "ecs update-service --cluster ash-cloud --service other --desired-count 1", {}),
    ("another cluster", "ecs update-service --cluster other --service ash-cloud-runtime --desired-count 1", {}),
    ("no service", f"ecs update-service {SERVICE} --desired-count 1", one("service", None)),
    ("another service to delete", "ecs delete-service --cluster ash-cloud --service other", {}),
    ("no service to delete", f"ecs delete-service {SERVICE}", one("service", None)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "command", "change", "patch"), CHANGES, ids=[c[0] for c in CHANGES]
)
def test_a_command_changes_this_and_nothing_else(
    what: str, command: str, change: Patch, patch: Patch
) -> None:
    found, before, _ = done(command, change)
    assert found.refusal == ""
    assert found.facts is not None, what
    assert plain(found.facts) == after(before, patch)


@pytest.mark.parametrize(("what", "command", "change"), SAME, ids=[c[0] for c in SAME])
def test_a_command_for_what_is_so_already_changes_nothing(
    what: str, command: str, change: Patch
) -> None:
    found, _, same = done(command, change)
    assert same, what
    assert found.refusal == ""


@pytest.mark.parametrize(("what", "command", "change", "why"), REFUSED, ids=[c[0] for c in REFUSED])
def test_aws_refuses(what: str, command: str, change: Patch, why: str) -> None:
    found, _, _ = done(command, change)
    assert found == Effect(refusal=why), what


@pytest.mark.parametrize(("what", "command", "change"), UNKNOWN, ids=[c[0] for c in UNKNOWN])
def test_nobody_guesses_what_a_command_does(what: str, command: str, change: Patch) -> None:
    found, _, _ = done(command, change)
    assert found == Effect(), what


def test_a_role_that_is_both_of_the_tasks_is_changed_under_both_names() -> None:
    role = HEALTHY["execution_role"]["value"]
    untrusted = {**role, "trusted_services": ["ec2.amazonaws.com"]}
    command = f"iam update-assume-role-policy {EXECUTION} --policy-document {quoted(TRUST)}"
    both = {**one("execution_role", untrusted), **one("task_role", untrusted)}
    found, before, _ = done(command, both)
    assert plain(found.facts) == after(
        before, {**one("execution_role", role), **one("task_role", role)}
    )


def test_a_role_is_changed_where_it_was_read() -> None:
    role = HEALTHY["execution_role"]["value"]
    untrusted = {**role, "trusted_services": ["ec2.amazonaws.com"]}
    command = f"iam update-assume-role-policy {EXECUTION} --policy-document {quoted(TRUST)}"
    found, before, _ = done(
        command, {"execution_role": DENIED_READING}, one("task_role", untrusted)
    )
    assert plain(found.facts) == after(before, one("task_role", role))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        (["ash-ops deploy --cpu 512"], "ash-ops deploy --cpu 512"),
        (["ash-ops deploy --cpu 512", "ash-ops deploy --cpu 1024"], "ash-ops deploy --cpu 1024"),
        (["ash-ops deploy --cpu 1024", "ash-ops deploy --memory 900"], "ash-ops deploy --cpu 1024 --memory 900"),
        (["ash-ops deploy --spot", "ash-ops deploy --no-nat"], "ash-ops deploy --spot --no-nat"),
        (["ash-ops deploy --image 'a b'"], "ash-ops deploy --image 'a b'"),
        (["ash-ops deploy --mode x", "ash-ops deploy --mode y"], None),
        (["ash-ops deploy --cpu x", "ash-ops deploy --cpu 512"], None),
        (["ash-ops deploy --subnet a --subnet b"], None),
        (["ash-ops deploy --cpu 512", "ash-ops rollout 0.3.0"], None),
        (["ash-ops deploy --cpu 512", "aws ecs update-service"], None),
        (["ash-ops deploy --cpu '512"], None),
    ],
)  # fmt: skip
def test_several_deploys_are_one_with_the_larger_sizes(
    lines: list[str], expected: str | None
) -> None:
    assert joined(lines) == expected


def test_a_second_start_changes_nothing() -> None:
    found, _, same = done(f"ecs update-service {SERVICE} --force-new-deployment", STARTED)
    assert same
    assert found.refusal == ""


def test_only_the_aws_command_has_a_known_effect() -> None:
    read = of_text("ash-ops ecs update-service")
    assert read is not None
    assert effect(scenarios.snapshot(), read) == Effect()
