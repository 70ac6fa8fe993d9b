"""Every command that the doctor offers is one that the tool it names accepts, with real names."""

from __future__ import annotations

import re

import pytest

from ash_ops.diagnosis import diagnose
from tests.support import scenarios
from tests.support.commands import problem_with
from tests.support.each import each

_PLACEHOLDER = re.compile(r"<[^<>]*>")
# What nobody but the reader can know.
_UNKNOWABLE = {"<TAG>", "<NAT-GATEWAY-ID>", "<YOUR-NETWORK>", "<quota-code>", "<value>"}


@each("name", scenarios.names())
def test_commands_exist_and_hold_real_names(name: str) -> None:
    snapshot, _ = scenarios.load(name)
    wrong = []
    for item in diagnose(snapshot).findings:
        for step in item.fix:
            if step.command is None:
                continue
            found = problem_with(step.command)
            blanks = set(_PLACEHOLDER.findall(step.command)) - _UNKNOWABLE
            wrong += [f"{item.id}: {x}\n   {step.command}" for x in (found, blanks) if x]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "command",
    [
        "aws ecs update-services --cluster c",  # no such command
        "aws ecs update-service --cluster c",  # lacks --service
        "aws ecs update-service --service s --wish 1",  # no such option
        "aws elbv2 modify-listener --listener-arn l --protocol TCQ",  # no such protocol
        "ash-ops deploy --arch arm64",  # no such option
        "ash-ops mend",  # no such command
        "rm -rf /",  # neither
    ],
)
def test_the_test_itself_can_fail(command: str) -> None:
    assert problem_with(command)
