"""Mutations of logs, secrets, roles, stacks and quotas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import backups, containers, extras, identity, log_groups, stacks, state
from ash_ops.demo.world.clock import CLOCK

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


def change_secret(key: str, value: str | None = None) -> None:
    """Change one key of the secret the container reads; ``None`` takes the key away.

    Args:
        key: the variable's name, for instance ``ANTHROPIC_API_KEY``.
        value: what it becomes.
    """
    service = subjects.the_service()
    secret = subjects.the_secret(service)
    version = containers.current_version(secret)
    content = json.loads(version["SecretString"])
    content.pop(key, None)
    version["SecretString"] = json.dumps(content if value is None else content | {key: value})
    secret["LastChangedDate"] = version["CreatedDate"] = int(CLOCK.now)


def put_secret(text: str) -> None:
    """Put another value into the secret the container reads, as a person does; the old one stays behind it."""
    containers.put_value(subjects.the_secret(subjects.the_service()), text)


def copy_files(*, vault: str = backups.AUTOMATIC_VAULT, ago: float = 0.0) -> None:
    """Copy every file system, as EFS's own daily backup does; its vault denies deleting."""
    backups.keep_all(vault, CLOCK.now - ago)


def delete_secret() -> None:
    """Schedule the container's secret for deletion."""
    subjects.the_secret(subjects.the_service())["DeletedDate"] = int(CLOCK.now)


def deny_secret() -> None:
    """Take the right to read secrets from the execution role."""
    definition = state.task_definition(subjects.the_service()["taskDefinition"])
    identity.inline_policies(definition["executionRoleArn"].rsplit("/", 1)[-1]).clear()


def distrust_role(which: str = "executionRoleArn") -> None:
    """Let a role of the task definition trust nobody who starts tasks.

    Args:
        which: ``executionRoleArn`` or ``taskRoleArn``.
    """
    definition = state.task_definition(subjects.the_service()["taskDefinition"])
    identity.trust(definition[which], "lambda.amazonaws.com")


def delete_role(which: str = "taskRoleArn") -> None:
    """Delete a role of the task definition, with all that it was allowed.

    Args:
        which: ``executionRoleArn`` or ``taskRoleArn``.
    """
    definition = state.task_definition(subjects.the_service()["taskDefinition"])
    identity.delete(definition[which])


def detach_policies(which: str = "executionRoleArn") -> None:
    """Take the managed policies from a role of the task definition."""
    definition = state.task_definition(subjects.the_service()["taskDefinition"])
    identity.detach_policies(definition[which])


def delete_log_group() -> None:
    """Delete the log group that the container writes to."""
    options = subjects.log_options(subjects.the_service())
    state.log_groups().pop(options["awslogs-group"])


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
