"""Several findings that each ask for a deploy: the report ends with one line for all of them."""

from __future__ import annotations

from typing import Any

from ash_ops.checks.base import Finding, Fix, Interruption
from ash_ops.diagnosis import Report, diagnose
from ash_ops.report import text
from tests.support import scenarios

TOGETHER = "all that is to be deployed, in one go"


def report(*commands: str) -> Report:
    fields: dict[str, Any] = {"title": "X", "severity": "warning", "confidence": "confirmed"}
    findings = tuple(
        Finding(
            id=str(number),
            cause="x",
            playbook="deploy",
            summary="X.",
            fix=(Fix(why="Do it.", command=command, interrupts=Interruption.MAYBE),),
            **fields,
        )
        for number, command in enumerate(commands)
    )
    deployment = diagnose(scenarios.snapshot()).deployment
    return Report(deployment=deployment, status="healthy", findings=findings)


def test_two_deploys_are_one_line_in_the_end() -> None:
    shown = text.render(report("ash-ops deploy --memory 8192 --cpu 1024", "ash-ops deploy --efs"))
    assert f"{TOGETHER}\n  $ ash-ops deploy --memory 8192 --cpu 1024 --efs\n" in shown


def test_one_deploy_or_the_same_one_twice_needs_no_such_line() -> None:
    assert TOGETHER not in text.render(report("ash-ops deploy --efs"))
    assert TOGETHER not in text.render(report("ash-ops deploy --efs", "ash-ops deploy --efs"))


def test_what_a_person_must_fill_in_is_not_joined_to_what_runs_as_it_stands() -> None:
    limited = "ash-ops deploy --allow-cidr '<YOUR-NETWORK>'"
    assert TOGETHER not in text.render(report("ash-ops deploy --efs", limited))
    joined = text.render(report("ash-ops deploy --efs", limited, "ash-ops deploy --memory 4096"))
    assert f"{TOGETHER}\n  $ ash-ops deploy --efs --memory 4096\n" in joined


def test_a_second_deployment_is_not_deployed_over_the_first() -> None:
    beside = "ash-ops deploy --launch-type ec2 --name ash-cloud-2"
    assert TOGETHER not in text.render(report("ash-ops deploy --efs", beside))


def test_what_contradicts_is_not_joined() -> None:
    both = report("ash-ops deploy --architecture arm64", "ash-ops deploy --architecture x86_64")
    assert TOGETHER not in text.render(both)
