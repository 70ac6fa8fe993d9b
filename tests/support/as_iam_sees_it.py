"""What a recorded request asks IAM for: the resources it is about, and the keys it carries.

After the service authorization reference: an operation is about the thing that its request names, and
about ``*`` where it has no resource type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

ACCOUNT, REGION = "123456789012", "us-east-1"
Names = Mapping[str, Any]
Asked = tuple[str, dict[str, str]]
EVERYTHING = ["*"]


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def asked_of(call: str, names: Names, name: str) -> list[Asked]:
    """The resources of a call, each with the keys of the request.

    Args:
        call: ``SERVICE:OPERATION``.
        names: the members of the request.
        name: the deployment's, whose tag everything of it carries.
    """
    service, _, operation = call.partition(":")
    resources = RESOURCES.get(service, lambda _operation, _names: EVERYTHING)(operation, names)
    context = {"aws:ResourceTag/ash:deployment": name}
    if "cluster" in names:
        context["ecs:cluster"] = _cluster(names)
    if "taskDefinition" in names:
        context["ecs:task-definition"] = str(names["taskDefinition"])
    if operation == "CreateServiceLinkedRole":
        context["iam:AWSServiceName"] = names["AWSServiceName"]
    return [(resource, context) for resource in resources]


def _stack(operation: str, names: Names) -> list[str]:
    stack = str(names.get("StackName") or names.get("ChangeSetName") or "")
    if not stack:
        return EVERYTHING
    return [stack if stack.startswith("arn:") else arn("cloudformation", f"stack/{stack}/id")]


def _secret(operation: str, names: Names) -> list[str]:
    """By its name both forms: a secret that is there has a suffix, one that is not has none."""
    secret = str(names.get("SecretId") or names.get("Name"))
    if secret.startswith("arn:"):
        return [secret]
    bare = arn("secretsmanager", f"secret:{secret}")
    return [f"{bare}-AbCdEf"] if operation == "CreateSecret" else [bare, f"{bare}-AbCdEf"]


def _logs(operation: str, names: Names) -> list[str]:
    group = names.get("logGroupName") or names.get("logGroupIdentifier")
    if names.get("resourceArn"):
        return [str(names["resourceArn"])]
    if not group or operation == "DescribeLogGroups":
        return EVERYTHING
    return [arn("logs", f"log-group:{group}:log-stream:x")]


def _cluster(names: Names) -> str:
    cluster = str(names["cluster"])
    return cluster if cluster.startswith("arn:") else arn("ecs", f"cluster/{cluster}")


def _ecs(operation: str, names: Names) -> list[str]:
    cluster = _cluster(names).rpartition("/")[2] if "cluster" in names else ""
    if operation == "DescribeServices":
        return [_in_cluster("service", cluster, each) for each in names["services"]]
    if operation == "DescribeTasks":
        return [_in_cluster("task", cluster, each) for each in names["tasks"]]
    if operation in ("UpdateService", "DeleteService", "ListServiceDeployments"):
        return [_in_cluster("service", cluster, str(names["service"]))]
    if operation == "DescribeServiceDeployments":
        return list(names["serviceDeploymentArns"])
    if operation == "DescribeServiceRevisions":
        return list(names["serviceRevisionArns"])
    if operation == "StopTask":
        return [_in_cluster("task", cluster, str(names["task"]))]
    return EVERYTHING


def _in_cluster(kind: str, cluster: str, name: str) -> str:
    return name if name.startswith("arn:") else arn("ecs", f"{kind}/{cluster}/{name}")


def _balancer(operation: str, names: Names) -> list[str]:
    if operation.startswith("Describe"):
        return EVERYTHING
    keys = ("LoadBalancerArn", "ListenerArn", "TargetGroupArn")
    return [str(next(names[key] for key in keys if key in names))]


def _iam(operation: str, names: Names) -> list[str]:
    if operation == "CreateServiceLinkedRole":
        service = names["AWSServiceName"]
        return [f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{service}/AWSServiceRoleForIt"]
    if operation == "SimulatePrincipalPolicy":
        return [str(names["PolicySourceArn"])]
    return EVERYTHING


RESOURCES: dict[str, Callable[[str, Names], list[str]]] = {
    "cloudformation": _stack,
    "ecs": _ecs,
    "elasticloadbalancing": _balancer,
    "iam": _iam,
    "logs": _logs,
    "secretsmanager": _secret,
}
