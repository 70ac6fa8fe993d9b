"""IAM: the person at the keyboard, a user whose permissions can be simulated.

Stock ministack takes every caller for the account's root user, which AWS does not simulate.
"""

from __future__ import annotations

import json
from fnmatch import fnmatch
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from ash_ops.demo.names import ACCESS_KEY, ACCOUNT, OPERATOR, SECRET_KEY
from ash_ops.demo.overlay import state

_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


# ministack has no documents of the policies that AWS manages; of this one the demo's roles live.
_EXECUTION_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
_EXECUTION_ACTIONS = (
    *("ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability"),
    *("ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"),
    *("logs:CreateLogStream", "logs:PutLogEvents"),
)


def role(arn: str) -> dict[str, Any] | None:
    """A role by its ARN; ``None`` if there is none."""
    found: dict[str, Any] | None = iam._roles.get(arn.rsplit("/", 1)[-1])
    return found


def trusts(arn: str, service: str) -> bool:
    """Whether a role is there and lets a service assume it."""
    found = role(arn)
    if found is None:
        return False
    document = found.get("AssumeRolePolicyDocument") or "{}"
    policy = json.loads(document) if isinstance(document, str) else document
    statements = policy.get("Statement") or []
    allowed = False
    for each in statements if isinstance(statements, list) else [statements]:
        principals = (each.get("Principal") or {}).get("Service", [])
        named = [principals] if isinstance(principals, str) else principals
        if service in named and "sts:AssumeRole" in json.dumps(each.get("Action", "")):
            if each.get("Effect") == "Deny":
                return False
            allowed = True
    return allowed


def trust(arn: str, service: str) -> None:
    """Let a role be assumed by one service alone."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    iam._roles[arn.rsplit("/", 1)[-1]]["AssumeRolePolicyDocument"] = json.dumps(document)


def delete(arn: str) -> None:
    """Delete a role."""
    iam._roles.pop(arn.rsplit("/", 1)[-1])


def detach_policies(arn: str) -> None:
    """Take every managed policy from a role."""
    iam._roles[arn.rsplit("/", 1)[-1]]["AttachedPolicies"] = []


def allows(arn: str, action: str, resource: str) -> bool:
    """Whether a role's policies, within its boundary, allow an action on a resource."""
    found = role(arn)
    if found is None:
        return False
    policies = list(iam_evaluator._gather_role_policies(found["RoleName"], ACCOUNT))
    if _EXECUTION_POLICY in found.get("AttachedPolicies", []):
        statement = {"Effect": "Allow", "Action": list(_EXECUTION_ACTIONS), "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        policies.append(iam_evaluator.parse_policy_document(document))
    return _decides(arn, action, resource, policies)


def shuts_out(policy: dict[str, Any], action: str) -> bool:
    """Whether a resource's policy denies an action to everybody, on whatever condition nothing hangs."""
    for each in policy.get("Statement") or ():
        asked = each.get("Action") or []
        patterns = [asked] if isinstance(asked, str) else asked
        to_all = each.get("Principal") in ("*", {"AWS": "*"}) and not each.get("Condition")
        if each.get("Effect") == "Deny" and to_all and any(fnmatch(action, p) for p in patterns):
            return True
    return False


def _decides(arn: str, action: str, resource: str, policies: list[Any]) -> bool:
    context = iam_evaluator.EvalContext(
        principal_arn=arn,
        principal_type="User",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=state.region(),
        source_ip="127.0.0.1",
        secure_transport=True,
    )
    return bool(policies) and iam_evaluator.evaluate(context, policies).decision == "Allow"


# An account in which ECS has been used before.
_USED = (
    *("autoscaling", "ecs", "ecs-compute", "elasticfilesystem", "elasticloadbalancing", "rds"),
)


def create_operator() -> None:
    """Make the user that the demo's access key belongs to, with every permission."""
    with state.scope():
        for service in _USED:
            iam._create_service_linked_role({"AWSServiceName": [f"{service}.amazonaws.com"]})
        iam._create_user({"UserName": [OPERATOR]})
        iam._attach_user_policy({"UserName": [OPERATOR], "PolicyArn": [_ADMINISTRATOR]})
        iam._access_keys[ACCESS_KEY] = {
            "UserName": OPERATOR,
            "AccessKeyId": ACCESS_KEY,
            "SecretAccessKey": SECRET_KEY,
            "Status": "Active",
            "CreateDate": iam._now(),
        }


def inline_policies(role: str) -> dict[str, str]:
    """The inline policies of a role: name -> document."""
    found: dict[str, str] = iam._roles[role].setdefault("InlinePolicies", {})
    return found


def operator_policies() -> dict[str, str]:
    """The inline policies of the operator: name -> document."""
    found: dict[str, str] = iam._user_inline_policies.setdefault(OPERATOR, {})
    return found
