"""Which repairs of ``doctor --fix`` change what is ours; the others are for a person to make.

A subnet's routes, a VPC's attributes and a gateway are the user's own network, shared with what
else is in it: a repair of them is shown as a command and never made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ash_ops.aws import discovery, ec2, elbv2, iam
from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudformation import find_stack, resources
from ash_ops.aws.logs import find_log_group
from ash_ops.aws.secrets import find_secret
from ash_ops.deploy.fix.actions import Repair
from ash_ops.deploy.fix.exact import Line
from ash_ops.deploy.ownership import FoundResource, found_secret, why_not_ours
from ash_ops.errors import ReadFailed
from ash_ops.facts.tagged import Tagged
from ash_ops.names import Deployment

_UNKNOWN = "nothing tells whose it is"
# What an EC2 call changes, the most particular first.
_EC2 = ("GroupId", "RouteTableId", "NetworkAclId", "InternetGatewayId", "SubnetId", "VpcId")

Parameters = Mapping[str, object]


def split(
    aws: Aws, names: Deployment, plan: Sequence[Repair]
) -> tuple[list[Repair], list[tuple[Repair, str]]]:
    """The repairs of what is ours; and the others, each with the reason why it is not made."""
    own, others = [], []
    for repair in plan:
        why = _why_not(aws, names, repair)
        if why:
            others.append((repair, why))
        else:
            own.append(repair)
    return own, others


def _why_not(aws: Aws, names: Deployment, repair: Repair) -> str:
    action = repair.execution
    if isinstance(action, Line):
        return ""  # the command itself leaves alone what is not ours
    ask = _ASK.get(action.operation.service)
    if ask is None:
        return _UNKNOWN
    try:
        return ask(aws, names, action.parameters)
    except ReadFailed as error:
        return f"whose it is could not be told ({error.call}: {error.code})"


def _why(found: Tagged | None, names: Deployment) -> str:
    return why_not_ours(found.tags, names) if found else "it is not there"


def _of_service(aws: Aws, names: Deployment, asked: Parameters) -> str:
    cluster, service = str(asked.get("cluster", "")), str(asked.get("service", ""))
    return _why(discovery.tagged_service(aws, cluster, service), names)


def _of_stack(aws: Aws, names: Deployment, asked: Parameters) -> str:
    stack = find_stack(aws, str(asked.get("StackName", "")))
    return why_not_ours(stack.tags, names) if stack else "it is not there"


def _of_balancing(aws: Aws, names: Deployment, asked: Parameters) -> str:
    arn = str(asked.get("TargetGroupArn") or asked.get("LoadBalancerArn") or "")
    if not arn:
        # A listener is its load balancer's: its ARN is that one's with an id more.
        parts = str(asked.get("ListenerArn", "")).split("/")[:-1]
        arn = "/".join(parts).replace(":listener/", ":loadbalancer/")
    return _why(elbv2.tagged(aws, arn), names)


def _of_network(aws: Aws, names: Deployment, asked: Parameters) -> str:
    id_ = next((str(asked[key]) for key in _EC2 if asked.get(key)), "")
    return _why(ec2.tagged(aws, id_), names) if id_ else _UNKNOWN


def _of_log_group(aws: Aws, names: Deployment, asked: Parameters) -> str:
    name = str(asked.get("logGroupName", ""))
    group = find_log_group(aws, name)
    if group is not None:
        return why_not_ours(group.tags, names)
    if name not in (names.log_group, names.event_log_group):
        return "its name is not one of this deployment's"
    # It is made anew, for a service that is ours.
    return _why(discovery.tagged_service(aws, names.cluster, names.service), names)


def _of_secret(aws: Aws, names: Deployment, asked: Parameters) -> str:
    found = find_secret(aws, str(asked.get("SecretId", "")))
    resource: FoundResource | None = found_secret(aws, names, found) if found else None
    return resource.why if resource else "it is not there"


def _of_role(aws: Aws, names: Deployment, asked: Parameters) -> str:
    """A role with the tag, or one that our own stack lists."""
    name = str(asked.get("RoleName", ""))
    why = _why(iam.tagged_role(aws, name), names)
    return "" if not why or _is_made_by_our_stack(aws, names, name) else why


def _is_made_by_our_stack(aws: Aws, names: Deployment, name: str) -> bool:
    stack = find_stack(aws, names.stack)
    if stack is None or why_not_ours(stack.tags, names):
        return False
    return any(each.physical_id == name for each in resources(aws, stack.id))


def _of_scaling_group(aws: Aws, names: Deployment, asked: Parameters) -> str:
    mine = _is_made_by_our_stack(aws, names, str(asked.get("AutoScalingGroupName", "")))
    return "" if mine else "our stack does not list it"


_ASK: dict[str, Callable[[Aws, Deployment, Parameters], str]] = {
    "autoscaling": _of_scaling_group,
    "cloudformation": _of_stack,
    "ec2": _of_network,
    "ecs": _of_service,
    "elbv2": _of_balancing,
    "iam": _of_role,
    "logs": _of_log_group,
    "secretsmanager": _of_secret,
}
