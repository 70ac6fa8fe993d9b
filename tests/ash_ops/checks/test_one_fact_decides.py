"""One fact that a verdict hangs on, given and taken away."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks._disks import too_small_for_the_image
from ash_ops.checks._names import filled
from ash_ops.checks.catalogue import CHECKS
from ash_ops.checks.connection._chain import stands_in
from ash_ops.checks.deploy.drift import found_differences
from ash_ops.checks.restarts._signals import end_of, signal_of
from ash_ops.diagnosis import Report, diagnose
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Container, Task
from tests.support import scenarios


def asked(id_: str, change: dict[str, Any]) -> Report:
    """What one check says of a healthy deployment that was changed."""
    own = [check for check in CHECKS if check.id == id_]
    return diagnose(scenarios.snapshot(change), checks=own)


def causes(report: Report) -> list[str]:
    return [finding.cause for finding in report.findings]


def silent(error: str, **more: Any) -> dict[str, Any]:
    """A probe whose connection failed so."""
    rungs = [
        {"name": "dns", "outcome": "ok", "elapsed_ms": 5},
        {"name": "tcp", "outcome": "failed", "error": error, "detail": error},
    ]
    return {"value": {"rungs": rungs, "health": None, **more}}


def test_who_is_admitted_is_not_known_where_this_machines_address_is_not() -> None:
    """The probe was made and got nowhere; nobody told from where it came."""
    found = asked("security-groups", {"probe": silent("TimeoutError", caller_ip=None)})
    assert causes(found) == []
    assert [unknown.reason for unknown in found.unknown] == [
        "this machine's public address is not known, so whether it is admitted is not either"
    ]


def test_a_balancer_without_groups_asks_for_no_rules_that_could_not_be_read() -> None:
    (balancer,) = scenarios.healthy()["load_balancers"]["value"]
    bare = {"value": [{**balancer, "SecurityGroups": []}]}
    found = asked("open-to-world", {"load_balancers": bare, "security_groups": scenarios.gap()})
    assert causes(found) == []
    assert "open-to-world" not in {unknown.check for unknown in found.unknown}


@pytest.mark.parametrize(
    ("error", "found"),
    [("TimeoutError", ["balancer-subnet-private"]), ("ConnectionRefusedError", [])],
)
def test_a_refusal_came_from_the_address_and_silence_may_be_a_missing_route(
    error: str, found: list[str]
) -> None:
    """Where the probe tells of no single address, its connection speaks for all."""
    change, _ = scenarios.parts("both-subnets-of-the-balancer-are-private")
    (check,) = {c.id for c in CHECKS if "balancer-subnet-private" in c.causes}
    probe = {"value": {**silent(error)["value"], "addresses": None}}
    assert set(causes(asked(check, {**change, "probe": probe}))) == set(found)


def ended(*codes: int | None) -> Task:
    containers = tuple(Container(name=f"c{n}", exit_code=code) for n, code in enumerate(codes))
    return Task(task_arn="t", containers=containers)


@pytest.mark.parametrize("stop", [0, 128 + 2, 128 + 9, 128 + 15])
def test_a_container_that_was_stopped_along_is_not_what_a_task_died_of(stop: int) -> None:
    """SIGINT, SIGKILL, SIGTERM and an orderly end come from outside (signal(7))."""
    died = end_of(ended(stop, 1))
    assert died is not None
    assert (died.name, died.exit_code) == ("c1", 1)
    assert signal_of(ended(stop)) == ""


def test_a_signal_of_its_own_making_is_named() -> None:
    assert signal_of(ended(143, 139)).startswith("SIGSEGV: a crash in native code")
    assert signal_of(ended(128 + 6)).startswith("SIGABRT: ")
    assert signal_of(ended(1)) == signal_of(ended(139 - 128)) == ""


def test_what_tasks_run_is_the_first_of_the_differences() -> None:
    change, _ = scenarios.parts("a-rule-was-added-by-hand")
    service, group = change["wanted"]["value"]
    eight = service["properties"]["TaskDefinition"].replace(":7", ":8")
    wanted = [group, {**service, "properties": {"TaskDefinition": eight}}]
    facts = scenarios.snapshot({**change, "wanted": {"value": wanted}})
    assert [each.type for each in found_differences(facts)][:2] == [
        "AWS::ECS::Service",
        "AWS::EC2::SecurityGroup",
    ]


def managed(**more: Any) -> Snapshot:
    change, _ = scenarios.parts("managed-as-it-should-be")
    return scenarios.snapshot({**change, **more})


def test_a_provider_that_could_not_be_made_is_made_by_the_next_deploy_once_its_reason_is_mended() -> (
    None
):
    (provider,) = managed().capacity_providers.get() or ()
    failed = {
        "name": provider.name,
        "status": "INACTIVE",
        "updateStatus": "CREATE_FAILED",
        "updateStatusReason": "The subnet is gone",
    }
    change, _ = scenarios.parts("managed-as-it-should-be")
    found = asked("capacity-providers", {**change, "capacity_providers": {"value": [failed]}})
    assert causes(found) == ["provider-not-active"]
    (first, *_) = found.findings[0].fix
    assert first.why == "Mend this first: The subnet is gone. Then deploy, which makes it anew."
    assert (first.command or "").startswith("ash-ops deploy")
    assert "could not be made: The subnet is gone." in found.findings[0].summary


def test_an_image_that_found_no_room_on_a_managed_instance_wants_a_larger_disk() -> None:
    steps = too_small_for_the_image(managed(), "write /layer: no space left on device")
    assert steps is not None
    assert "storageConfiguration.storageSizeGiB" in steps[0].why
    assert too_small_for_the_image(managed(), "unexpected EOF") is None


def test_an_address_inside_a_subnet_is_inside_the_vpc_whatever_is_known_of_its_ranges() -> None:
    facts = scenarios.snapshot({"vpcs": {"value": []}})
    assert stands_in(facts, "10.0.1.9") is True
    assert stands_in(facts, "10.9.0.1") is None
    assert stands_in(facts, "203.0.113.7") is False
    assert stands_in(facts, "no address") is None


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["available"], "nat-0"),
        (["deleted", "available"], "nat-1"),
        (["available", "available"], "<nat-gateway>"),
        (["deleted"], "<nat-gateway>"),
        ([], "<nat-gateway>"),
    ],
)
def test_the_only_gateway_that_works_is_named_and_of_several_a_person_chooses(
    states: list[str], said: str
) -> None:
    gateways = [{"NatGatewayId": f"nat-{n}", "State": state} for n, state in enumerate(states)]
    facts = scenarios.snapshot({"nat_gateways": {"value": gateways}})
    assert filled(facts, "see <nat-gateway>") == f"see {said}"


@pytest.mark.parametrize(
    ("began", "said", "found"),
    [
        (None, "2026-11-22T11:50:00Z", ["deployment-rolled-back"]),
        ("2026-11-22T11:00:00Z", "2026-11-22T11:50:00Z", ["deployment-rolled-back"]),
        ("2026-11-22T11:00:00Z", "2026-11-22T10:50:00Z", []),
    ],
)
def test_an_event_tells_of_a_rollback_unless_it_is_older_than_the_rollout(
    began: str | None, said: str, found: list[str]
) -> None:
    service = scenarios.healthy()["service"]["value"]
    rollout = {**service["deployments"][0], "createdAt": began}
    words = "(service ash-cloud-runtime) rolling back to deployment ecs-svc/1."
    event = {"id": "e-2", "createdAt": said, "message": words}
    change = {"service": {"value": {"deployments": [rollout], "events": [event]}}}
    assert causes(asked("rollout-state", change)) == found
