"""``iam-policy``: the least that a command needs."""

from __future__ import annotations

from collections.abc import Sequence

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.errors import ExitCode
from ash_ops.iam.policy import policy_document, too_long


def iam_policy(
    ports: Ports, command: str, *, account: str, partition: str, options: Sequence[str], part: str
) -> Result:
    """The policy of a command, and how to split it where one is too long for IAM.

    Raises:
        UsageProblem: there is no such command, or an option is none of its.
    """
    document = policy_document(
        command,
        ports.settings.deployment,
        partition=partition,
        region=ports.settings.region or "*",
        account=account,
        options=options,
        part=part,
    )
    if too_long(document):
        parts = "" if command == "doctor" else " and --part cloudformation"
        ports.note(
            "This is longer than one managed policy may be (6144 characters): print it in parts, "
            f"with --part own{parts} (and --part options for what --with adds)."
        )
    return Result(exit_code=ExitCode.OK, render=lambda: document + "\n")
