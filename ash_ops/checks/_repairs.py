"""The catalogue's repairs, made to measure: the deployment's own names, shape and facts."""

from __future__ import annotations

from collections.abc import Iterable

from ash_ops.causes import CAUSES
from ash_ops.causes.base import Step, general
from ash_ops.causes.denials import denier
from ash_ops.checks._findings import ash_command, aws_command, command_line, deploy_fix, version_fix
from ash_ops.checks._names import filled
from ash_ops.checks._sizes import more_memory
from ash_ops.checks._tailored import BY_CAUSE
from ash_ops.checks.base import Fix, NotApplicable
from ash_ops.checks.commands import Command, command_of
from ash_ops.checks.connection._chain import container_port, listener_port
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

_OFTEN_ABSENT = ("<balancer-security-group>", "<endpoint-security-group>")
_GRANTS = frozenset({"iam put-role-policy", "iam attach-role-policy"})
_RULES = frozenset(
    {
        "ec2 authorize-security-group-ingress",
        "ec2 authorize-security-group-egress",
        "ec2 revoke-security-group-ingress",
    }
)
_GUIDE_PORT = "4100"


def repair(snapshot: Snapshot, cause: str, text: str = "") -> list[Fix]:
    """The catalogue's repair of a cause, for this deployment.

    Args:
        snapshot: the facts.
        cause: a slug of the catalogue.
        text: the message that named it: it may name the role, the secret, or which policy denied.
    """
    known = CAUSES.get(cause)
    if known is None or known.category == "healthy":
        return []  # nobody knows what helps, or nothing is to be done
    own = BY_CAUSE.get(cause)
    steps = own(snapshot, text) if own else None
    if steps is None:
        steps = [_step(snapshot, step, text) for step in general(known.repair)]
    return list(_without_grants(_usable(steps), text))


def _usable(steps: Iterable[Fix]) -> Iterable[Fix]:
    for step in steps:
        command = step.command or ""
        # A step about a group that nothing here has would lead astray.
        if any(mark in command for mark in _OFTEN_ABSENT):
            continue
        # Nor is the doctor's own command a repair in the doctor's report.
        circular = command.startswith("ash-ops doctor")
        yield Fix(why=step.why) if circular else step


def _without_grants(steps: Iterable[Fix], text: str) -> Iterable[Fix]:
    """Where another policy than the role's own denied a call, a grant to the role is no repair."""
    elsewhere = denier(text)
    for step in steps:
        command = command_of(step)
        if elsewhere and command is not None and command.name in _GRANTS:
            yield Fix(why=elsewhere)
            continue
        yield step


def _step(snapshot: Snapshot, step: Step, text: str) -> Fix:
    why = _sentence(filled(snapshot, step.why, text))
    command = filled(snapshot, step.command, text)
    if command.startswith("ash-ops deploy"):
        options = command.removeprefix("ash-ops deploy").strip()
        sized = "--memory" in options
        return deploy_fix(snapshot, why, more_memory(snapshot) if sized else options)
    if command.startswith(("ash-ops rollout", "ash-ops rollback")):
        return version_fix(snapshot, why, command.removeprefix("ash-ops "))
    if command.startswith("ash-ops "):
        return Fix(why=why, command=ash_command(snapshot, command.removeprefix("ash-ops ")))
    if command.startswith("aws ") and "--region" not in command:
        command = aws_command(snapshot, command.removeprefix("aws "))
    fix = Fix(why=why, command=command or None)
    read = command_of(fix)
    return _rule(snapshot, fix, read) if read is not None and read.name in _RULES else fix


def _rule(snapshot: Snapshot, fix: Fix, command: Command) -> Fix:
    """A security group's rule with the port that is really used, and for an IPv6 address too."""
    options = command.options
    group, port = options["group-id"], _port(snapshot, options["group-id"], str(options["port"]))
    rule: dict[str, object] = {"IpProtocol": options["protocol"], "FromPort": port, "ToPort": port}
    cidr = options.get("cidr")
    if cidr is None:
        rule["UserIdGroupPairs"] = [{"GroupId": options["source-group"]}]
    elif ":" in cidr:
        rule["Ipv6Ranges"] = [{"CidrIpv6": cidr.replace("/32", "/128")}]
    else:
        rule["IpRanges"] = [{"CidrIp": cidr}]
    asked = {"GroupId": group, "IpPermissions": [rule]}
    # The catalogue knows what usually helps: a person decides whether it does here.
    return Fix(why=fix.why, command=aws_command(snapshot, command_line(command.name, asked)))


def _port(snapshot: Snapshot, group: str, written: str) -> int:
    if written != _GUIDE_PORT:
        return int(written)
    try:
        balancers = snapshot.load_balancers.get() or ()
        of_balancer = any(group in b.security_groups for b in balancers)
        return listener_port(snapshot) if of_balancer else container_port(snapshot)
    except (CannotTell, NotApplicable):
        return int(written)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
