"""Things of somebody else under a deployment's names, and a photograph of an account to compare."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from ash_ops.demo import Emulator

NAME = "web"
Clients = Callable[[str], Any]
Make = Callable[[Clients, Emulator], None]
TABLES = json.dumps(
    {
        "Resources": {
            "Users": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "TableName": "users",
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                },
            },
            "Orders": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}},
        },
        "Outputs": {
            "TemplateVersion": {"Value": "1"},
            "Mode": {"Value": "standalone"},
            "Url": {"Value": "http://203.0.113.1:4100"},
        },
    }
)
PLAIN = json.dumps(
    {"Resources": {"Orders": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}}}}
)


def _stack(
    client: Clients, body: str = TABLES, name: str = NAME, tags: dict[str, str] | None = None
) -> None:
    cloudformation = client("cloudformation")
    pairs = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    cloudformation.create_stack(StackName=name, TemplateBody=body, Tags=pairs)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            return
        time.sleep(0.05)
    raise AssertionError(status)


def _in_state(status: str) -> Make:
    """A stack of our name, of a table and a queue, that CloudFormation has left in this state."""

    def make(client: Clients, emulator: Emulator) -> None:
        _stack(client)
        emulator.seed({"do": "change_stack", "name": NAME, "fields": {"StackStatus": status}})

    return make


def _tagged(key: str, value: str) -> Make:
    return lambda client, _emulator: _stack(client, tags={key: value})


def _shell(tags: dict[str, str]) -> Make:
    def make(client: Clients, _emulator: Emulator) -> None:
        client("cloudformation").create_change_set(
            StackName=NAME,
            ChangeSetName="being-read",
            ChangeSetType="CREATE",
            TemplateBody=PLAIN,
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )

    return make


def _secret(tags: dict[str, str] | None = None) -> Make:
    def make(client: Clients, _emulator: Emulator) -> None:
        pairs = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
        client("secretsmanager").create_secret(
            Name=f"{NAME}/server", SecretString='{"DB": "prod-password"}', Tags=pairs
        )

    return make


def _logs(*names: str, tags: dict[str, str] | None = None) -> Make:
    def make(client: Clients, _emulator: Emulator) -> None:
        for name in names:
            client("logs").create_log_group(logGroupName=name, tags=tags or {})

    return make


def _cluster(client: Clients, _emulator: Emulator) -> None:
    client("ecs").create_cluster(clusterName=NAME)


def _service(client: Clients, emulator: Emulator) -> None:
    _cluster(client, emulator)
    ecs = client("ecs")
    container = {"name": "ash", "image": "nginx", "essential": True, "memory": 128}
    ecs.register_task_definition(family="billing", containerDefinitions=[container])
    ecs.create_service(
        cluster=NAME, serviceName=f"{NAME}-runtime", taskDefinition="billing", desiredCount=0
    )


def _balancer(client: Clients, _emulator: Emulator) -> None:
    subnets = [s["SubnetId"] for s in client("ec2").describe_subnets()["Subnets"][:2]]
    client("elbv2").create_load_balancer(Name=f"{NAME}-nlb", Type="network", Subnets=subnets)


def _group(client: Clients, _emulator: Emulator) -> None:
    vpc = client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    client("elbv2").create_target_group(
        Name=f"{NAME}-tg", Protocol="TCP", Port=4100, VpcId=vpc, TargetType="ip"
    )


def _files(tags: dict[str, str]) -> Make:
    def make(client: Clients, _emulator: Emulator) -> None:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        client("efs").create_file_system(CreationToken=json.dumps(tags), Tags=pairs)

    return make


def _disk(client: Clients, _emulator: Emulator) -> None:
    zone = client("ec2").describe_subnets()["Subnets"][0]["AvailabilityZone"]
    tags = [{"Key": "Name", "Value": f"{NAME}-data"}]
    client("ec2").create_volume(
        AvailabilityZone=zone,
        Size=1,
        TagSpecifications=[{"ResourceType": "volume", "Tags": tags}],
    )


def _all_of_a_longer_name(client: Clients, emulator: Emulator) -> None:
    """What another deployment has whose name begins with ours."""
    longer = f"{NAME}-cloud"
    tags = {"ash:deployment": longer}
    _stack(client, name=longer, tags=tags)
    _files({**tags, "Name": f"{longer}-data"})(client, emulator)
    _logs(f"/{longer}/runtime", f"/{longer}/events", tags=tags)(client, emulator)
    client("secretsmanager").create_secret(
        Name=f"{longer}/server",
        SecretString="{}",
        Tags=[{"Key": "ash:deployment", "Value": longer}],
    )
    client("ecs").create_cluster(clusterName=longer)


STATES = (
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"),
    *("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "UPDATE_FAILED"),
    *("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_COMPLETE"),
)
TAKEN: dict[str, Make] = {
    **{f"a stack that is {status}": _in_state(status) for status in STATES},
    "a stack with our tag of another deployment": _tagged("ash:deployment", f"{NAME}-2"),
    "a stack whose tag differs in case": _tagged("ash:deployment", NAME.upper()),
    "a stack whose tag's key differs in case": _tagged("Ash:Deployment", NAME),
    "a plan that somebody is reading": _shell({}),
    "a plan of another deployment": _shell({"ash:deployment": f"{NAME}-2"}),
    "a secret": _secret(),
    "a secret of another deployment": _secret({"ash:deployment": f"{NAME}-2"}),
    "a secret that another stack made": _secret(
        {"ash:deployment": NAME, "aws:cloudformation:stack-name": "shop"}
    ),
    "a cluster": _cluster,
    "a service": _service,
    "a load balancer": _balancer,
    "a target group": _group,
    "the log group of the server": _logs(f"/{NAME}/runtime"),
    "the log group of the events": _logs(f"/{NAME}/events", tags={"ash:deployment": "web-2"}),
}
"""What stands where a deployment would: every changing command is refused."""

BESIDE: dict[str, Make] = {
    "log groups below our prefix": _logs(
        f"/{NAME}/payments", f"/{NAME}/audit", f"/{NAME}/runtime2"
    ),
    "log groups of other services": _logs(
        "/aws/lambda/web", f"/aws/ecs/containerinsights/{NAME}2/x"
    ),
    "a file system named like ours": _files({"Name": f"{NAME}-data"}),
    "a file system that another stack made": _files(
        {"ash:deployment": NAME, "aws:cloudformation:stack-name": "shop"}
    ),
    "a disk named like ours": _disk,
    "a deployment whose name begins with ours": _all_of_a_longer_name,
}
"""What stands beside a deployment: every changing command does its work and leaves it alone."""


def photograph(client: Clients) -> dict[str, str]:
    """Everything in the account that these things are made of, by its identity."""
    return {key: json.dumps(value, sort_keys=True, default=str) for key, value in _seen(client)}


def _seen(client: Clients) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []
    cloudformation = client("cloudformation")
    for stack in cloudformation.describe_stacks()["Stacks"]:
        if stack["StackStatus"] == "DELETE_COMPLETE":
            continue
        id_ = stack["StackId"]
        resources = cloudformation.list_stack_resources(StackName=id_)["StackResourceSummaries"]
        plans = cloudformation.list_change_sets(StackName=stack["StackName"])["Summaries"]
        seen.append((id_, [stack, resources, plans]))
    secrets = client("secretsmanager")
    for secret in secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"]:
        told = secrets.describe_secret(SecretId=secret["ARN"])
        value = None if told.get("DeletedDate") else _value(secrets, secret["ARN"])
        seen.append((secret["ARN"], [_bare(told), value]))
    logs = client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        arn = group["arn"].removesuffix(":*")
        group.pop("storedBytes", None)  # a server that is asked something writes a line
        seen.append((arn, [group, logs.list_tags_for_resource(resourceArn=arn)["tags"]]))
    return [*seen, *_containers(client), *_balancing(client), *_stores(client)]


def _bare(told: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in told.items() if k not in ("ResponseMetadata", "LastAccessedDate")}


def _value(secrets: Any, arn: str) -> str:
    return str(secrets.get_secret_value(SecretId=arn)["SecretString"])


def _containers(client: Clients) -> list[tuple[str, Any]]:
    ecs = client("ecs")
    seen: list[tuple[str, Any]] = []
    for arn in ecs.list_clusters()["clusterArns"]:
        seen.append((arn, ecs.describe_clusters(clusters=[arn], include=["TAGS"])["clusters"]))
        for service in ecs.list_services(cluster=arn)["serviceArns"]:
            told = ecs.describe_services(cluster=arn, services=[service], include=["TAGS"])
            seen.append((service, told["services"]))
    return seen


def _balancing(client: Clients) -> list[tuple[str, Any]]:
    elb = client("elbv2")
    found = [
        *(
            (item["LoadBalancerArn"], item)
            for item in elb.describe_load_balancers()["LoadBalancers"]
        ),
        *((item["TargetGroupArn"], item) for item in elb.describe_target_groups()["TargetGroups"]),
    ]
    return [
        (arn, [item, elb.describe_tags(ResourceArns=[arn])["TagDescriptions"]])
        for arn, item in found
    ]


def _stores(client: Clients) -> list[tuple[str, Any]]:
    dynamo, queues = client("dynamodb"), client("sqs")
    return [
        *((f["FileSystemId"], f) for f in client("efs").describe_file_systems()["FileSystems"]),
        *((v["VolumeId"], v) for v in client("ec2").describe_volumes()["Volumes"]),
        *(
            (t, dynamo.describe_table(TableName=t)["Table"])
            for t in dynamo.list_tables()["TableNames"]
        ),
        *((url, "a queue") for url in queues.list_queues().get("QueueUrls", [])),
    ]
