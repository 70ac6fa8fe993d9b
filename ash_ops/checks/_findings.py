"""Shared by the checks: a finding with its title from the catalogue, and quotable evidence."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.aws.operations import Operation
from ash_ops.causes import CAUSES, Classification, Rank
from ash_ops.checks._attempts import is_owed_a_start
from ash_ops.checks._effects import effect_of
from ash_ops.checks._facts import is_of_runners, on_ec2, on_managed, runs_a_task
from ash_ops.checks.base import VERIFY, Action, Confidence, Effect, Evidence, Finding, Fix, Severity
from ash_ops.checks.playbooks import Playbook
from ash_ops.facts.reading import Reading
from ash_ops.facts.snapshot import Snapshot
from ash_ops.patterns import regex

MAX_QUOTE = 400
# A runner has its instance to itself, and a limit of its own (RunnerMemory) that must fit on it.
MORE_FOR_A_RUNNER = (
    "Which size, is your decision: `ash-ops deploy --runner-memory MB` with an --instance-type that holds it, "
    "or fewer sandboxes at once on each (`--max-sandboxes N`). Either replaces the runners: their sessions end."
)
_CAPITAL = regex(r"(?<!^)(?=[A-Z])")


def finding(
    cause: str,
    playbook: Playbook,
    summary: str,
    evidence: Iterable[Evidence],
    fix: Iterable[Fix],
    *,
    severity: Severity | None = None,
    confidence: Confidence = "confirmed",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    effect: Effect | None = None,
    apart: str = "",
) -> Finding:
    """A finding; title, severity and effect are the catalogue's unless the context says otherwise.

    Args:
        cause: a slug of the catalogue.
        playbook: the chapter it is reported in.
        summary: one sentence with the real names.
        evidence: the quotable facts.
        fix: the steps of the repair, in order.
        severity: another severity than the catalogue's.
        confidence: ``likely`` when no look-up has proved it.
        subject: what it is about, as ``kind/name``; empty for the deployment as a whole.
        since: when it began, if known.
        until: when it was over; ``None`` while it lasts.
        effect: what it stops; the usual effect of the cause if left out.
        apart: tells findings of one cause apart, for instance a secret's name; part of the id.
    """
    known = CAUSES[cause]
    return Finding(
        id=f"{cause}:{apart}" if apart else cause,
        cause=cause,
        title=known.title,
        severity=severity or known.severity,
        confidence=confidence,
        playbook=playbook,
        summary=summary,
        subject=subject,
        since=since,
        until=until,
        effect=effect or effect_of(cause),
        evidence=tuple(evidence),
        fix=tuple(fix),
    )


# The catalogue's categories and the chapters in which their causes are reported.
_PLAYBOOK_OF: dict[str, Playbook] = {
    "pending": "pending",
    "connection": "connection",
    "restart": "restarts",
    "auth": "auth",
    "agents": "agents",
    "deploy": "deploy",
    "aws-access": "deploy",
    "healthy": "deploy",
}


def playbook_of(cause: str) -> Playbook:
    """The chapter of a cause that a message named."""
    return _PLAYBOOK_OF.get(CAUSES[cause].category, "restarts")


def confidence_of(known: Classification) -> Confidence:
    """*confirmed* where structure or precise words decided, else *likely*."""
    decisive = known.why and known.why[0].rank >= Rank.PRECISE
    return "confirmed" if decisive else "likely"


def quote(reading: Reading[Any], field: str, value: object, at: datetime | None = None) -> Evidence:
    """A fact of a reading: its call, the field's path and what it held; ``none`` where it held nothing."""
    text = "none" if value is None else value if isinstance(value, str) else str(value)
    text = text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1] + "…"
    return Evidence(source=reading.call, field=field, value=text, at=at or reading.at)


def aws_command(snapshot: Snapshot, command: str) -> str:
    """An `aws` command line in the deployment's region."""
    return f"aws {command} --region {snapshot.deployment.region}"


def ash_command(snapshot: Snapshot, command: str) -> str:
    """An `ash-ops` command line for this deployment, with only the options that are not defaults.

    A command that names another deployment or region keeps them.
    """
    from ash_ops.settings import command_line

    return command_line(command, snapshot.deployment.name, snapshot.deployment.region)


def other_name(snapshot: Snapshot) -> str:
    """A name for a second deployment beside this one: at most 28 characters, as names are."""
    return f"{snapshot.deployment.name[:26].rstrip('-')}-2"


def deploy_fix(snapshot: Snapshot, why: str, options: str = "") -> Fix:
    """A step that deploys again; where no stack of ours made it, whatever did must be changed."""
    service = snapshot.service.value
    if is_of_runners(snapshot) and "--memory" in options:
        return Fix(why=f"{why} {MORE_FOR_A_RUNNER}")
    if "--launch-type" in options and service is not None:
        return _beside(snapshot, why, options)
    if service is not None and snapshot.stack.gap is None and snapshot.stack.value is None:
        # `ash-ops deploy` would try to make a second one of the same names beside it.
        return Fix(
            why=f"{why} No stack of ash-ops made this deployment: make the same change where it is "
            "defined (for the public Terraform: in its files, then `terraform apply`)."
        )
    # ECS starts a larger instance by itself; the deployment refuses what its type cannot hold.
    larger = "--memory" in options and not on_managed(snapshot)
    if on_ec2(snapshot) and (larger or "--architecture" in options):
        return Fix(
            why=f"{why} The server runs on an EC2 instance, so choose an instance type that has "
            "it (`ash-ops deploy --instance-type TYPE`, with --memory and --cpu to fit): that "
            "replaces the instance, and what is only on its disk is lost."
        )
    return Fix(why=why, command=ash_command(snapshot, f"deploy {options}".strip()))


def version_fix(snapshot: Snapshot, why: str, command: str) -> Fix:
    """A step that runs another version: `rollback`, or `rollout` of a tag; both change our stack."""
    if snapshot.stack.gap is None and snapshot.stack.value is None:
        return deploy_fix(snapshot, why)
    return Fix(why=why, command=ash_command(snapshot, command))


def _beside(snapshot: Snapshot, why: str, options: str) -> Fix:
    """A launch type cannot be changed in place: a second deployment has the other."""
    command = ash_command(snapshot, f"deploy {options} --name {other_name(snapshot)}")
    return Fix(
        why=f"{why} A deployment keeps its launch type: deploy a second one beside this one, move "
        "to it, then remove this one.",
        command=command,
    )


def change(snapshot: Snapshot, why: str, operation: Operation, /, **parameters: Any) -> Fix:
    """A step that ``doctor --fix`` can make itself: the call, and the same call as a command.

    Only for calls that do no harm when they are made twice.
    """
    action = Action(operation=operation, parameters=parameters)
    command = aws_command(snapshot, command_line(operation.command, parameters))
    return Fix(why=why, command=command, action=action)


def command_line(command: str, parameters: Mapping[str, Any]) -> str:
    """A call as the `aws` command spells it: ``ec2 create-route``, and its parameters as options."""
    words = [command]
    for name, value in parameters.items():
        option = "--" + _CAPITAL.sub("-", name).lower()
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-", 1))
        else:
            text = value if isinstance(value, str) else json.dumps(value)
            words += [option, shlex.quote(text)]
    return " ".join(words)


def fresh_tasks(snapshot: Snapshot) -> list[Fix]:
    """Start tasks now that they can start; none while one runs, unless the one after it failed to.

    Else the next start will do.
    """
    if runs_a_task(snapshot) and not is_owed_a_start(snapshot):
        return []
    return [redeploy(snapshot)]


def redeploy(snapshot: Snapshot) -> Fix:
    """Start new tasks from the same definition."""
    facts = snapshot.deployment
    return change(
        snapshot,
        "Start fresh tasks with it.",
        op.UPDATE_SERVICE,
        cluster=facts.cluster,
        service=facts.service,
        forceNewDeployment=True,
    )


def verify(snapshot: Snapshot, playbook: Playbook, *, wait: bool = False) -> Fix:
    """The last step of every repair: look again, and ``wait`` where only time can prove it."""
    waits = " --wait" if wait else ""
    return Fix(why=VERIFY, command=ash_command(snapshot, f"doctor {playbook}{waits}"))
