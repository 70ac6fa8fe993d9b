"""What a start has to be allowed: to assume its roles, and to pull its image."""

from __future__ import annotations

import json
import re
import shlex

from ash_ops.checks._findings import aws_command, deploy_fix, fresh_tasks
from ash_ops.checks._names import named_in
from ash_ops.checks.base import Fix
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import Role
from ash_ops.patterns import regex

TASKS_PRINCIPAL = "ecs-tasks.amazonaws.com"
_ECR = regex(r"(?P<account>\d{12})\.dkr\.ecr[.-][a-z0-9.-]*?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.")


def put_back(snapshot: Snapshot, name: str, why: str) -> Fix | None:
    """Have ``deploy`` make a role of the stack what it was; ``None`` for a role that is another's.

    CloudFormation calls what has no name of its own STACK-LOGICAL-RANDOM.
    """
    stack = snapshot.stack.value
    if stack is None or not name.startswith(f"{stack.name}-"):
        return None
    return deploy_fix(snapshot, f"Put the role {name} back as the stack wants it{why}.")


def made_anew(snapshot: Snapshot, name: str) -> Fix:
    """Have a role that is gone made again, under its name; whose another's is must know how."""
    back = put_back(snapshot, name, ": it is gone")
    return back or Fix(
        why=f"There is no role {name}, and no stack here made it: make it again as it was."
    )


def trust(
    snapshot: Snapshot, name: str, role: Role | None = None, principal: str = TASKS_PRINCIPAL
) -> Fix:
    """Let ECS tasks, or another service, assume a role; whom one of nobody's stack trusts stays trusted."""
    back = put_back(snapshot, name, f": it trusts {principal} there")
    if back is not None:
        return back
    known = [s for s in (role.trusted_services if role else ()) if s not in {"*", principal}]
    services = [principal, *known]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": services if known else principal},
        "Action": "sts:AssumeRole",
    }
    policy = shlex.quote(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return Fix(
        why=f"Let {principal} assume {name}. This replaces its trust policy: add whoever else "
        "must be in it (`aws iam get-role` shows it).",
        command=aws_command(
            snapshot,
            f"iam update-assume-role-policy --role-name {shlex.quote(name)} --policy-document {policy}",
        ),
    )


def role_not_assumed(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """The role that the message names, by its ARN; the look-up of that role decides."""
    name = named_in(text).get("role")
    if name is None:
        return [Fix(why="See which role the message names; the trust policy of that one decides.")]
    readings = (snapshot.execution_role, snapshot.task_role)
    role = next((r.value for r in readings if r.value and r.value.name == name), None)
    if role is not None and not role.exists:
        return [made_anew(snapshot, name)]
    if role is not None and TASKS_PRINCIPAL in role.trusted_services:
        return [
            Fix(
                why=f"{name} trusts {TASKS_PRINCIPAL} now: if it was made or changed a moment ago, "
                "wait a minute; ECS tries again by itself."
            )
        ]
    return [trust(snapshot, name, role), *fresh_tasks(snapshot)]


def image_not_pulled(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """ECR wants the role's leave, and that of the repository in another account; others a login."""
    task = snapshot.task_definition.value
    container = task.container() if task else None
    image = container.image if container else ""
    found = _ECR.search(image)
    if not found:
        if not image:
            return None
        return [
            Fix(
                why="Make the package public, or give the container repositoryCredentials with a "
                "secret the execution role may read."
            )
        ]
    own = (task.execution_role_arn or "").split(":")[4:5] if task else []
    if own and own != [found["account"]]:
        return [_repository_policy(image, found["account"], found["region"], own[0])]
    return None


def _repository_policy(image: str, account: str, region: str, own: str) -> Fix:
    repository = re.split(r"[:@]", image.partition("/")[2])[0]
    return Fix(
        why=f"The image is in account {account}, the task in {own}: the repository's own policy must "
        f"let {own} pull, and only {account} can change it. It shows there with:",
        command=f"aws ecr get-repository-policy --registry-id {account} "
        f"--repository-name {shlex.quote(repository)} --region {region}",
    )
