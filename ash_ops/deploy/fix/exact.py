"""What a step of a repair does, if it can be done exactly as printed and does no harm when repeated.

Checks declare some of their steps as calls. Of the others a printed command is one where it is of a
kind listed here, holds no placeholder, and its words leave nothing to choose.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from ash_ops.aws import operations as op
from ash_ops.aws.client.command_lines import parameters
from ash_ops.aws.client.session import Aws
from ash_ops.checks.base import Action, Finding, Fix
from ash_ops.checks.commands import Command, of_text
from ash_ops.errors import ReadFailed
from ash_ops.names import Deployment
from ash_ops.repairs.lines import changes_it

# Setting a value twice sets it once; making a thing twice is refused the second time. A rule for
# callers or a trust policy is in no such list: whom to admit is a person's decision.
_REPEATABLE = {
    operation.command: operation
    for operation in (
        op.ATTACH_ROLE_POLICY,
        op.CREATE_LISTENER,
        op.CREATE_LOG_GROUP,
        op.MODIFY_LISTENER_ATTRIBUTES,
        op.MODIFY_TARGET_GROUP,
        op.MODIFY_TARGET_GROUP_ATTRIBUTES,
        op.PUT_ROLE_POLICY,
        op.RESTORE_SECRET,
        op.SET_SUBNETS,
        op.UPDATE_SERVICE,
    )
}
_OWN_COMMANDS = frozenset({"deploy", "rollback", "rollout", "start"})
_TO_FILL_IN = re.compile(r"<[A-Za-z][\w -]*>|file://|\$\(|`|\b(?:MB|UNITS|TYPE|TAG)\b")
# Our own sentences: these leave a choice, or ask for something first.
_A_CHOICE = re.compile(
    r"^then\b|^deploy it\b|\bor\b|\bchoose\b|\bdecide\b|\bfirst\b|\bin \.env\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """A command of ash-ops, to be run in this process.

    Attributes:
        words: the command's name and its options.
    """

    words: tuple[str, ...]


Execution = Action | Line


def is_alternative(step: Fix) -> bool:
    """Whether a step is another way than those before it."""
    return step.why.startswith("Or ")


def execution_of(aws: Aws, names: Deployment, item: Finding, step: Fix) -> Execution | None:
    """What a step does; ``None`` where a person has to do or decide it."""
    if step.action is not None:
        return step.action
    text = step.command or ""
    unsure = item.confidence != "confirmed" or _A_CHOICE.search(step.why)
    if unsure or _TO_FILL_IN.search(text):
        return None
    command = of_text(text)
    if command is None:
        return None
    if command.program == "ash-ops":
        return _line(names, command, text)
    return _call(aws, command) if command.program == "aws" else None


def _line(names: Deployment, command: Command, text: str) -> Line | None:
    if command.name not in _OWN_COMMANDS or not changes_it(command, names.prefix):
        return None
    return Line(tuple(shlex.split(text)[1:]))


def _call(aws: Aws, command: Command) -> Action | None:
    operation = _REPEATABLE.get(command.name)
    options = {**command.options}
    if operation is None or options.pop("region", aws.region) != aws.region:
        return None
    try:
        return Action(operation=operation, parameters=parameters(aws, operation, options))
    except (ValueError, ReadFailed):
        return None
