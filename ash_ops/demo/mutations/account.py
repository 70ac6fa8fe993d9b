"""Mutations of logs, secrets, roles, stacks and quotas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import containers, extras, identity, log_groups, stacks, state

Record = dict[str, Any]


def write_logs(lines: Sequence[Mapping[str, Any]], *, stream: str | None = None) -> None:
    """Write lines, each ``{"ago": seconds, "message": text}``, as the running task or to a stream."""
    service = subjects.the_service()
    task = subjects.running_task(service)
    options = subjects.log_options(service)
    names = subjects.names_for(service, task)
    name = stream or containers.log_stream(options, "ash", task["taskArn"])
    stamped = [(state.ms(line["ago"]), subjects.fill(line["message"], names)) for line in lines]
    log_groups.write(options["awslogs-group"], name, stamped)


def change_secret(key: str, value: str | None, *, ago: float = 0, restart: bool = False) -> None:
    """Change one key of the secret the container reads; ``None`` takes the key away.

    Args:
        key: the variable's name, for instance ``ANTHROPIC_API_KEY``.
        value: what it becomes.
        ago: when it was changed.
        restart: whether the running server has the new value already.
    """
    service = subjects.the_service()
    secret = subjects.the_secret(service)
    version = containers.current_version(secret)
    content = json.loads(version["SecretString"])
    content.pop(key, None)
    version["SecretString"] = json.dumps(content if value is None else content | {key: value})
    secret["LastChangedDate"] = version["CreatedDate"] = int(state.ms(ago) / 1000)
    if restart:
        task = subjects.running_task(service)
        containers.stop_server(task["taskArn"])
        containers.start_server(task)


def delete_secret() -> None:
    """Schedule the container's secret for deletion."""
    subjects.the_secret(subjects.the_service())["DeletedDate"] = int(state.ms(0) / 1000)


def deny_secret() -> None:
    """Take the right to read secrets from the execution role."""
    definition = state.task_definition(subjects.the_service()["taskDefinition"])
    identity.inline_policies(definition["executionRoleArn"].rsplit("/", 1)[-1]).clear()


def deny_operator(actions: Sequence[str]) -> None:
    """Forbid the person at the keyboard some actions, for simulations of their permissions."""
    statement = {"Effect": "Deny", "Action": list(actions), "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    identity.operator_policies()["denied"] = json.dumps(document)


def fail_creation(type: str, reason: str) -> None:  # noqa: A002 - the template's word for it
    """Let the next stacks fail at a type of resource, with AWS's sentence."""
    stacks.plan_failure(type, reason)


def set_quota(service: str, code: str, value: float) -> None:
    """Set a service quota, for instance ``fargate``, ``L-3032A538``, ``0``."""
    extras.set_quota(service, code, value)


def change_stack(name: str, fields: Mapping[str, Any]) -> None:
    """Change fields of a stack, such as ``StackStatus``."""
    state.stacks()[name].update(fields)
