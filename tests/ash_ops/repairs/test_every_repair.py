"""Every repair is run on the facts it was made from: it parses, is possible here, and does no harm."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache

from ash_ops.checks._facts import is_coordinator, on_ec2
from ash_ops.checks.base import Finding, Fix, Interruption
from ash_ops.checks.commands import command_of
from ash_ops.commands.deploy import options_of
from ash_ops.deploy.plan.request import read_request
from ash_ops.diagnosis import Report, diagnose
from ash_ops.facts.model import plain
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.effects import effect
from ash_ops.settings import Options, load
from tests.support import scenarios
from tests.support.aws_parameters import problems_of
from tests.support.commands import parsed_options, problem_with
from tests.support.each import each

_BLANK = re.compile(r"<[^<>]*>")
_ID = re.compile(
    r"(?<![\w-])(?:sg|rtb|acl|subnet|igw|nat|vpc|vpce|eni|fs)-[A-Za-z0-9]+\b|arn:aws:[^\s'\",\]}]+"
)
# Errors whose evidence lies in the past: what a look-up cannot show as gone.
_OF_THE_PAST = {"crash-loop"}


def steps(report: Report) -> Iterator[tuple[Finding, Fix]]:
    return ((item, step) for item in report.findings for step in item.fix if step.command)


@cache
def found(name: str) -> tuple[Snapshot, Report]:
    snapshot, _ = scenarios.load(name)
    return snapshot, diagnose(snapshot)


every_scenario = each("name", scenarios.names())


@every_scenario
def test_the_tool_it_names_takes_it(name: str) -> None:
    """By botocore's model of the operation (required, types, enumerations, patterns, lengths)."""
    wrong = []
    for item, step in steps(found(name)[1]):
        command = step.command or ""
        words = shlex.split(command)
        problems = [p for p in [problem_with(command)] if p]
        if words[:1] == ["aws"] and not _BLANK.search(command):
            problems += problems_of(words[1:])
        wrong += [f"{item.id}: {problem}\n   {command}" for problem in problems]
    assert wrong == []


@every_scenario
def test_it_names_only_what_is_among_the_facts(name: str) -> None:
    snapshot, report = found(name)
    known = json.dumps(plain(snapshot))
    policies = re.compile(r"arn:aws:iam::aws:")
    foreign = [
        f"{item.id}: {name}"
        for item, step in steps(report)
        for name in _ID.findall(step.command or "")
        if name not in known
        and name != "subnet-id"
        and not policies.match(name)
        # A key's ARN is put together of its id and what is known; an alias names no key.
        and not (":kms:" in name and (name.rsplit("/", 1)[-1] in known or name.endswith("/*")))
    ]
    assert foreign == []


@every_scenario
def test_ash_ops_accepts_it_for_this_deployment(name: str) -> None:
    """The request builder takes what is printed for a stack of this mode and launch type."""
    snapshot, report = found(name)
    refused = []
    for item, step in steps(report):
        command = step.command or ""
        if not command.startswith("ash-ops deploy") or _BLANK.search(command):
            continue
        given = parsed_options(shlex.split(command)[1:])
        name = given.pop("name", None) or snapshot.deployment.name
        beside = name != snapshot.deployment.name
        previous = {} if beside or snapshot.service.value is None else _previous(snapshot)
        try:
            read_request(load(Options(name=name), {}), options_of(given), previous)
        except Exception as error:  # noqa: BLE001 - whatever the builder says is the answer
            refused.append(f"{item.id}: {command}: {error}")
    assert refused == []


def _previous(snapshot: Snapshot) -> dict[str, str]:
    """The parameters of the stack that made the deployment, as far as its shape shows them."""
    if is_coordinator(snapshot):
        return {"Mode": "multi-machine", "RunnerSubnetIds": "subnet-1,subnet-2"}
    task = snapshot.task_definition.value
    size = {"Cpu": task.cpu or "", "Memory": task.memory or ""} if task else {}
    return {"LaunchType": "EC2" if on_ec2(snapshot) else "FARGATE", **size}


@every_scenario
def test_a_repair_whose_effect_is_known_makes_nothing_worse(name: str) -> None:
    """Nor is any command printed that AWS would refuse, or that changes nothing."""
    snapshot, report = found(name)
    before = {f.cause for f in report.findings if f.severity == "error"}
    for item in report.findings:
        facts = snapshot
        for step in item.fix:
            command = command_of(step)
            after = effect(facts, command) if command else None
            if after is None:
                continue
            assert not after.refusal, f"{item.id}: {step.command}: {after.refusal}"
            assert after.facts is not facts, f"{item.id}: {step.command} changes nothing"
            facts = after.facts or facts
        worse = {f.cause for f in diagnose(facts).findings if f.severity == "error"} - before
        # One trouble may go by another of its names once a part of its evidence is gone.
        assert worse <= {"image-pull-network", "init-network", "balancer-internal"}, (
            f"{item.id}: {worse}"
        )


@every_scenario
def test_the_repair_of_the_leading_error_ends_it(name: str) -> None:
    """Where the effect of all its changing steps is known: the doctor does not find it again."""
    snapshot, report = found(name)
    lead = next(iter(report.findings), None)
    if lead is None or lead.severity != "error" or lead.cause in _OF_THE_PAST:
        return
    facts = snapshot
    for step in lead.fix:
        command = command_of(step)
        if command is None or (step.command and step.interrupts is None):
            if step.command is None:
                return  # a person has a part in it
            continue
        after = effect(facts, command)
        if after.facts is None:
            return
        facts = after.facts
    if facts is snapshot:
        return
    left = {f.id for f in diagnose(facts).findings if f.severity == "error"}
    assert lead.id not in left


@every_scenario
def test_each_says_what_it_interrupts(name: str) -> None:
    unknown = [s.command for _, s in steps(found(name)[1]) if s.interrupts is Interruption.UNKNOWN]
    assert unknown == []


@every_scenario
def test_no_step_of_the_report_says_nothing_or_sends_back_to_the_doctor(name: str) -> None:
    for item in found(name)[1].findings:
        for step in item.fix:
            assert not step.why.startswith("Nothing"), item.id
            is_proof = step.why in {"Make sure that it worked.", "Wait, then look again."}
            proves = "--canary" in (step.command or "")
            doctor = (step.command or "").startswith("ash-ops doctor")
            assert not doctor or is_proof or proves, f"{item.id}: {step.command}"
            assert "file://" not in (step.command or ""), item.id
