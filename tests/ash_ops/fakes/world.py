"""A healthy Ash deployment as AWS would describe it; tests break it where they need to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.ash_ops.fakes.aws import AwsError

REGION = "us-east-1"
ACCOUNT = "123456789012"
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VPC = "vpc-0a"
SUBNETS = ("subnet-0a", "subnet-0b")
TASK_SG, NLB_SG = "sg-0task", "sg-0nlb"
SECRET_KEY = "ash-key-Zk39fQpL27xV"
PLAIN_KEY = "sk-ant-api03-planted-1234567890"


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def task_arn(prefix: str, number: int) -> str:
    return arn("ecs", f"task/{prefix}/{number:032x}")


def task(prefix: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    base = {
        "taskArn": task_arn(prefix, number),
        "clusterArn": arn("ecs", f"cluster/{prefix}"),
        "taskDefinitionArn": arn("ecs", f"task-definition/{prefix}-runtime:7"),
        "group": f"service:{prefix}-runtime",
        "startedBy": "ecs-svc/1",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "healthStatus": "HEALTHY",
        "launchType": "FARGATE",
        "availabilityZone": "us-east-1a",
        "cpu": "512",
        "memory": "1024",
        "connectivity": "CONNECTED",
        "createdAt": START + timedelta(seconds=number),
        "connectivityAt": START + timedelta(seconds=number + 5),
        "pullStartedAt": START + timedelta(seconds=number + 10),
        "pullStoppedAt": START + timedelta(seconds=number + 20),
        "startedAt": START + timedelta(seconds=number + 25),
        "attachments": [
            {
                "id": "a1",
                "type": "ElasticNetworkInterface",
                "status": "ATTACHED",
                "details": [
                    {"name": "subnetId", "value": SUBNETS[0]},
                    {"name": "privateIPv4Address", "value": "10.0.0.11"},
                ],
            }
        ],
        "containers": [
            {"name": "ash", "lastStatus": "RUNNING", "image": "ghcr.io/ash-ai-org/ash:0.2.0"}
        ],
    }
    return base | changes


def stopped(prefix: str, number: int, **changes: Any) -> dict[str, Any]:
    ended = START + timedelta(seconds=number + 60)
    return task(
        prefix,
        number,
        **{
            "lastStatus": "STOPPED",
            "desiredStatus": "STOPPED",
            "stopCode": "EssentialContainerExited",
            "stoppedReason": "Essential container in task exited",
            "stoppedAt": ended,
            "containers": [
                {"name": "ash", "lastStatus": "STOPPED", "exitCode": 137, "reason": "OutOfMemory"}
            ],
        }
        | changes,
    )


def task_definition(prefix: str) -> dict[str, Any]:
    return {
        "taskDefinitionArn": arn("ecs", f"task-definition/{prefix}-runtime:7"),
        "family": f"{prefix}-runtime",
        "revision": 7,
        "status": "ACTIVE",
        "cpu": "512",
        "memory": "1024",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{prefix}-execution",
        "taskRoleArn": f"arn:aws:iam::{ACCOUNT}:role/{prefix}-task",
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        "containerDefinitions": [
            {
                "name": "ash",
                "image": "ghcr.io/ash-ai-org/ash:0.2.0",
                "essential": True,
                "environment": [
                    {"name": "ASH_PORT", "value": "4100"},
                    {"name": "ASH_MAX_SANDBOXES", "value": "20"},
                    {"name": "ANTHROPIC_API_KEY", "value": PLAIN_KEY},
                ],
                "secrets": [{"name": "ASH_API_KEY", "valueFrom": secret_arn(prefix)}],
                "portMappings": [{"containerPort": 4100, "protocol": "tcp"}],
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": f"/{prefix}/runtime",
                        "awslogs-region": REGION,
                        "awslogs-stream-prefix": "ash",
                    },
                },
            }
        ],
    }


def secret_arn(prefix: str) -> str:
    return arn("secretsmanager", f"secret:{prefix}/api-key-AbCdEf")


def service(prefix: str) -> dict[str, Any]:
    return {
        "serviceArn": arn("ecs", f"service/{prefix}/{prefix}-runtime"),
        "serviceName": f"{prefix}-runtime",
        "status": "ACTIVE",
        "desiredCount": 1,
        "runningCount": 1,
        "pendingCount": 0,
        "launchType": "FARGATE",
        "taskDefinition": arn("ecs", f"task-definition/{prefix}-runtime:7"),
        "deployments": [
            {
                "id": "ecs-svc/1",
                "status": "PRIMARY",
                "taskDefinition": arn("ecs", f"task-definition/{prefix}-runtime:7"),
                "desiredCount": 1,
                "runningCount": 1,
                "rolloutState": "COMPLETED",
                "createdAt": START,
                "updatedAt": START,
            }
        ],
        "events": [
            {"id": "e1", "createdAt": START, "message": "has reached a steady state."},
        ],
        "loadBalancers": [
            {
                "targetGroupArn": target_group_arn(prefix),
                "containerName": "ash",
                "containerPort": 4100,
            }
        ],
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": list(SUBNETS),
                "securityGroups": [TASK_SG],
                "assignPublicIp": "ENABLED",
            }
        },
    }


def rollout_brief(prefix: str) -> dict[str, Any]:
    full = rollout(prefix)
    kept = ("serviceDeploymentArn", "createdAt", "startedAt", "finishedAt", "status")
    brief = {key: full[key] for key in kept}
    return {**brief, "targetServiceRevisionArn": full["targetServiceRevision"]["arn"]}


def rollout(prefix: str) -> dict[str, Any]:
    name = f"{prefix}/{prefix}-runtime"
    return {
        "serviceDeploymentArn": arn("ecs", f"service-deployment/{name}/d1"),
        "createdAt": START,
        "startedAt": START,
        "finishedAt": START,
        "status": "SUCCESSFUL",
        "targetServiceRevision": {"arn": arn("ecs", f"service-revision/{name}/1")},
    }


def revision(prefix: str) -> dict[str, Any]:
    return {
        "serviceRevisionArn": rollout(prefix)["targetServiceRevision"]["arn"],
        "taskDefinition": service(prefix)["taskDefinition"],
        "networkConfiguration": service(prefix)["networkConfiguration"],
    }


def target_group_arn(prefix: str) -> str:
    return arn("elasticloadbalancing", f"targetgroup/{prefix}-tg/1")


def balancer_arn(prefix: str) -> str:
    return arn("elasticloadbalancing", f"loadbalancer/net/{prefix}-nlb/1")


def world(
    prefix: str = "ash-cloud", *, host: str = "127.0.0.1", port: int = 4100, running: int = 1
) -> dict[str, Any]:
    """What each operation answers, by ``service:Operation``."""
    return {
        **_ecs(prefix, [task(prefix, n) for n in range(1, running + 1)], []),
        **_balancing(prefix, host, port),
        **_network(),
        **_rest(prefix),
    }


def with_tasks(
    answers: dict[str, Any],
    running: list[dict[str, Any]],
    ended: list[dict[str, Any]],
    prefix: str = "ash-cloud",
) -> dict[str, Any]:
    """The world with other tasks."""
    return answers | _ecs(prefix, running, ended)


def _ecs(prefix: str, running: list[dict[str, Any]], ended: list[dict[str, Any]]) -> dict[str, Any]:
    by_arn = {row["taskArn"]: row for row in [*running, *ended]}

    def list_tasks(request: dict[str, Any]) -> dict[str, Any]:
        rows = ended if request.get("desiredStatus") == "STOPPED" else running
        start = int(request.get("nextToken") or 0)
        page = [row["taskArn"] for row in rows[start : start + 100]]
        more = {"nextToken": str(start + 100)} if start + 100 < len(rows) else {}
        return {"taskArns": page, **more}

    def describe_tasks(request: dict[str, Any]) -> dict[str, Any]:
        return {"tasks": [by_arn[a] for a in request["tasks"] if a in by_arn], "failures": []}

    cluster = {
        "clusterArn": arn("ecs", f"cluster/{prefix}"),
        "clusterName": prefix,
        "status": "ACTIVE",
        "settings": [{"name": "containerInsights", "value": "enabled"}],
    }
    return {
        "ecs:DescribeClusters": {"clusters": [cluster], "failures": []},
        "ecs:DescribeServices": {"services": [service(prefix)], "failures": []},
        "ecs:DescribeTaskDefinition": {"taskDefinition": task_definition(prefix)},
        "ecs:ListTasks": list_tasks,
        "ecs:ListAccountSettings": {
            "settings": [{"name": "defaultLogDriverMode", "value": "blocking"}]
        },
        "ecs:ListServiceDeployments": {"serviceDeployments": [rollout_brief(prefix)]},
        "ecs:DescribeServiceDeployments": {
            "serviceDeployments": [rollout(prefix)],
            "failures": [],
        },
        "ecs:DescribeServiceRevisions": {"serviceRevisions": [revision(prefix)], "failures": []},
        "ecs:DescribeTasks": describe_tasks,
    }


def _balancing(prefix: str, host: str, port: int) -> dict[str, Any]:
    balancer = {
        "LoadBalancerArn": balancer_arn(prefix),
        "LoadBalancerName": f"{prefix}-nlb",
        "DNSName": host,
        "Scheme": "internet-facing",
        "Type": "network",
        "VpcId": VPC,
        "CreatedTime": START,
        "State": {"Code": "active"},
        "SecurityGroups": [NLB_SG],
        "AvailabilityZones": [{"ZoneName": "us-east-1a", "SubnetId": SUBNETS[0]}],
    }
    group = {
        "TargetGroupArn": target_group_arn(prefix),
        "TargetGroupName": f"{prefix}-tg",
        "Protocol": "TCP",
        "Port": 4100,
        "VpcId": VPC,
        "TargetType": "ip",
        "HealthCheckPath": "/health",
        "HealthCheckIntervalSeconds": 30,
        "LoadBalancerArns": [balancer_arn(prefix)],
    }
    listener = {
        "ListenerArn": arn("elasticloadbalancing", f"listener/net/{prefix}-nlb/1/2"),
        "LoadBalancerArn": balancer_arn(prefix),
        "Port": port,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": target_group_arn(prefix)}],
    }
    health = {
        "Target": {"Id": "10.0.0.11", "Port": 4100, "AvailabilityZone": "us-east-1a"},
        "TargetHealth": {"State": "healthy"},
    }
    return {
        "elbv2:DescribeLoadBalancers": {"LoadBalancers": [balancer]},
        "elbv2:DescribeTargetGroups": {"TargetGroups": [group]},
        "elbv2:DescribeListeners": {"Listeners": [listener]},
        "elbv2:DescribeTargetHealth": {"TargetHealthDescriptions": [health]},
        "elbv2:DescribeTags": {"TagDescriptions": []},
        **{
            f"elbv2:Describe{what}Attributes": {"Attributes": [{"Key": key, "Value": value}]}
            for what, key, value in (
                ("TargetGroup", "preserve_client_ip.enabled", "true"),
                ("LoadBalancer", "load_balancing.cross_zone.enabled", "true"),
                ("Listener", "tcp.idle_timeout.seconds", "6000"),
            )
        },
    }


def _network() -> dict[str, Any]:
    def subnet(name: str, zone: str) -> dict[str, Any]:
        return {
            "SubnetId": name,
            "VpcId": VPC,
            "CidrBlock": "10.0.0.0/24",
            "AvailabilityZone": zone,
            "AvailableIpAddressCount": 200,
            "MapPublicIpOnLaunch": True,
        }

    def attribute(request: dict[str, Any]) -> dict[str, Any]:
        name = request["Attribute"]
        return {"VpcId": VPC, name[0].upper() + name[1:]: {"Value": True}}

    def rule(**more: Any) -> dict[str, Any]:
        return {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100, **more}

    anywhere = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    groups = [
        {
            "GroupId": TASK_SG,
            "GroupName": "task",
            "VpcId": VPC,
            "IpPermissions": [rule(UserIdGroupPairs=[{"GroupId": NLB_SG}])],
            "IpPermissionsEgress": [anywhere],
        },
        {
            "GroupId": NLB_SG,
            "GroupName": "nlb",
            "VpcId": VPC,
            "IpPermissions": [rule(IpRanges=[{"CidrIp": "198.51.100.0/24"}])],
            "IpPermissionsEgress": [anywhere],
        },
    ]
    table = {
        "RouteTableId": "rtb-0a",
        "VpcId": VPC,
        "Associations": [{"Main": True, "RouteTableId": "rtb-0a"}],
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
            {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-0a", "State": "active"},
        ],
    }
    gateway = {
        "InternetGatewayId": "igw-0a",
        "Attachments": [{"VpcId": VPC, "State": "available"}],
    }
    entries = [
        {
            "RuleNumber": number,
            "RuleAction": "allow",
            "Egress": egress,
            "Protocol": "-1",
            "CidrBlock": "0.0.0.0/0",
        }
        for number, egress in ((100, True), (100, False))
    ]
    acl = {
        "NetworkAclId": "acl-0a",
        "VpcId": VPC,
        "IsDefault": True,
        "Associations": [{"SubnetId": name} for name in SUBNETS],
        "Entries": entries,
    }
    s3 = {
        "PrefixListId": "pl-63a5400a",
        "PrefixListName": "com.amazonaws.us-east-1.s3",
        "Cidrs": ["52.216.0.0/15"],
    }
    vpc = {"VpcId": VPC, "CidrBlock": "10.0.0.0/16", "IsDefault": True}
    return {
        "ec2:DescribeSubnets": {
            "Subnets": [subnet(SUBNETS[0], "us-east-1a"), subnet(SUBNETS[1], "us-east-1b")]
        },
        "ec2:DescribeVpcs": {"Vpcs": [vpc]},
        "ec2:DescribeVpcAttribute": attribute,
        "ec2:DescribeRouteTables": {"RouteTables": [table]},
        "ec2:DescribeNatGateways": {"NatGateways": []},
        "ec2:DescribeInternetGateways": {"InternetGateways": [gateway]},
        "ec2:DescribeNetworkAcls": {"NetworkAcls": [acl]},
        "ec2:DescribeSecurityGroups": {"SecurityGroups": groups},
        "ec2:DescribeVpcEndpoints": {"VpcEndpoints": []},
        "ec2:DescribePrefixLists": {"PrefixLists": [s3]},
        "ec2:GetManagedPrefixListEntries": {"Entries": [{"Cidr": "192.0.2.0/24"}]},
    }


def _rest(prefix: str) -> dict[str, Any]:
    trust = {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            }
        ]
    }

    def role(request: dict[str, Any]) -> dict[str, Any]:
        name = request["RoleName"]
        return {
            "Role": {
                "Path": "/",
                "RoleName": name,
                "RoleId": "AROAEXAMPLE",
                "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "CreateDate": START,
                "AssumeRolePolicyDocument": json.dumps(trust),
            }
        }

    def simulate(request: dict[str, Any]) -> dict[str, Any]:
        actions = [v for k, v in request.items() if k.startswith("ActionNames.member")]
        resource = request["ResourceArns.member.1"]
        return {
            "EvaluationResults": [
                {
                    "EvalActionName": action,
                    "EvalResourceName": resource,
                    "EvalDecision": "allowed",
                    "MissingContextValues": [],
                }
                for action in actions
            ]
        }

    def no_stack(_: dict[str, Any]) -> Any:
        raise AwsError("ValidationError", f"Stack with id {prefix} does not exist")

    secret = {
        "ARN": secret_arn(prefix),
        "Name": f"{prefix}/api-key",
        "LastChangedDate": START,
        "VersionIdsToStages": {"v1": ["AWSCURRENT"]},
    }
    return {
        "sts:GetCallerIdentity": {
            "Account": ACCOUNT,
            "Arn": f"arn:aws:iam::{ACCOUNT}:user/me",
            "UserId": "U",
        },
        "iam:GetRole": role,
        "iam:SimulatePrincipalPolicy": simulate,
        "secretsmanager:DescribeSecret": secret,
        "secretsmanager:GetSecretValue": {
            "ARN": secret_arn(prefix),
            "SecretString": SECRET_KEY,
            "VersionId": "v1",
        },
        "logs:DescribeLogGroups": {
            "logGroups": [{"logGroupName": f"/{prefix}/runtime", "retentionInDays": 30}]
        },
        "logs:GetLogEvents": {
            "events": [
                {
                    "timestamp": int(START.timestamp() * 1000),
                    "message": f"Ash listening; key={SECRET_KEY}",
                    "ingestionTime": 1,
                }
            ]
        },
        "cloudformation:DescribeStacks": no_stack,
        "cloudformation:DescribeStackEvents": no_stack,
        "cloudformation:ListStacks": {"StackSummaries": []},
        "cloudwatch:GetMetricData": {
            "MetricDataResults": [
                {"Id": "memory", "Timestamps": [START], "Values": [41.5]},
                {"Id": "vcpu", "Timestamps": [START], "Values": [2.0]},
            ]
        },
        "service-quotas:GetServiceQuota": {
            "Quota": {
                "QuotaCode": "L-3032A538",
                "QuotaName": "Fargate On-Demand vCPU resource count",
                "Value": 6.0,
            }
        },
    }
