"""Where sandboxes cannot start, the first advice is ECS Managed Instances, as it can be typed."""

from __future__ import annotations

from ash_ops.diagnosis import diagnose
from tests.support import scenarios

PROVEN = "canary-proves-that-agents-cannot-run"


def advice(public_ip: str) -> list[tuple[str, str | None]]:
    change, _ = scenarios.parts(PROVEN)
    place = {"networkConfiguration": {"awsvpcConfiguration": {"assignPublicIp": public_ip}}}
    found = diagnose(scenarios.snapshot({**change, "service": {"value": place}}))
    (lead,) = [f for f in found.findings if f.cause == "sandbox-cgroups-unavailable"]
    return [(step.why, step.command) for step in lead.fix]


def test_in_private_subnets_it_is_a_command_that_runs_as_it_stands() -> None:
    (why, command), (_, second), *_ = advice("DISABLED")
    assert "Managed Instances" in why
    assert command is not None
    assert "--launch-type managed --vpc vpc-1 --task-subnets subnet-aaa,subnet-bbb" in command
    assert command.endswith("--name ash-cloud-2")
    assert second is not None
    assert "--launch-type ec2" in second


def test_in_public_ones_it_says_what_to_choose_and_ec2_is_what_runs_at_once() -> None:
    (why, command), (_, second), *_ = advice("ENABLED")
    assert command is None
    assert "private subnets behind a NAT gateway, which you have to choose" in why
    assert second is not None
    assert "--launch-type ec2" in second
