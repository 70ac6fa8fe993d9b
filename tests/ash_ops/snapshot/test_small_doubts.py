"""Readings that lean on others: what they do where those found nothing, and what they say that they did not read."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ash_client.testing import AshServer
from ash_ops.errors import ReadFailed
from ash_ops.facts.model import fact_of
from ash_ops.facts.reading import Gap
from ash_ops.facts.server import Rung
from ash_ops.facts.services import Cluster
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.secret import Secret
from ash_ops.snapshot.canary import send_canary
from ash_ops.snapshot.canary_memory import proofs_directory, with_proof
from ash_ops.snapshot.fan_out import Absent
from ash_ops.snapshot.readings import hosts, image, service, stack
from tests.ash_ops.snapshot.test_what_a_role_must_be_allowed import Readings
from tests.support import scenarios


@pytest.mark.parametrize(
    ("cluster", "names"),
    [
        (None, []),
        ({"capacityProviders": ["FARGATE", "FARGATE_SPOT"]}, []),
        ({"capacityProviders": ["FARGATE", "mine", "other"]}, ["mine", "other"]),
    ],
)
def test_providers_of_a_cluster_are_those_that_have_instances(
    cluster: dict[str, Any] | None, names: list[str]
) -> None:
    known = fact_of(Cluster, {"clusterName": "c", **cluster}) if cluster else None
    context: Any = Readings(None, cluster=known)
    assert list(hosts._of_cluster(context)) == names


@pytest.mark.parametrize("containers", [[], [{"name": "ash"}], [{"name": "ash", "image": ""}]])
def test_no_image_is_asked_for_where_none_is_named(containers: list[dict[str, Any]]) -> None:
    context: Any = Readings(fact_of(TaskDefinition, {"containerDefinitions": containers}))
    with pytest.raises(Absent):
        image.image(context)


def test_what_cloudformation_would_not_tell_of_a_plan_is_a_limit_of_the_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: Any) -> Any:
        raise ReadFailed("cloudformation:DescribeEvents", "denied", "AccessDenied", "no")

    monkeypatch.setattr(stack.cloudformation, "validation_events", refused)
    monkeypatch.setattr(stack.cloudformation, "deleted_stack_id", refused)
    context: Any = Readings(None)
    context.limits = []
    assert stack._validation(context) == ()
    assert stack._events_of_deleted(context) is None
    first, second = context.limits
    assert first.startswith("CloudFormation's validation was not read: cloudformation:Describe")
    assert second.startswith("Whether a stack of this name was deleted is not known: cloudform")


def test_a_session_takes_as_long_as_it_takes() -> None:
    began = time.monotonic()
    with AshServer(api_key="k") as there:
        rung = send_canary(there.url, Secret("k"))
    assert 0 <= rung["elapsed_ms"] <= (time.monotonic() - began) * 1000


OK, FAILED, SKIPPED = (Rung(name="canary", outcome=word) for word in ("ok", "failed", "skipped"))


def looked(*canary: Rung, service: bool = True, revision: int = 7) -> Any:
    """A look at the healthy deployment whose ladder ended so."""
    found = scenarios.snapshot()
    probe = found.probe.get()
    task = replace(found.task_definition.get(), task_definition_arn=f"arn:{revision}")
    found = replace(
        found,
        probe=replace(found.probe, value=replace(probe, rungs=(*probe.rungs, *canary))),
        task_definition=replace(found.task_definition, value=task),
    )
    if service:
        return found
    unread = replace(found.service, value=None, gap=Gap(kind="denied", message="no"))
    return replace(found, service=unread)


def proof_of(snapshot: Any, where: Path | None) -> Any:
    return with_proof(snapshot, where).probe.get().rung("canary")


def test_a_session_that_ran_is_remembered_for_its_revision_alone(tmp_path: Path) -> None:
    assert proof_of(looked(), tmp_path) is None
    assert proof_of(looked(OK), tmp_path) == OK
    for later in (looked(), looked(SKIPPED)):
        known = proof_of(later, tmp_path)
        assert known.outcome == "ok"
        assert known.detail == "a session ran at 2026-11-22T12:00:00Z, with this revision"
        assert (
            len([r for r in with_proof(later, tmp_path).probe.get().rungs if r.name == "canary"])
            == 1
        )
    assert proof_of(looked(revision=8), tmp_path) is None
    assert proof_of(looked(), None) is None


def test_a_session_that_failed_takes_the_proof_back(tmp_path: Path) -> None:
    proof_of(looked(OK), tmp_path)
    assert proof_of(looked(FAILED), tmp_path) == FAILED
    assert proof_of(looked(), tmp_path) is None


def test_a_proof_is_kept_where_the_service_may_not_be_read(tmp_path: Path) -> None:
    proof_of(looked(OK, service=False), tmp_path)
    assert proof_of(looked(service=False), tmp_path).outcome == "ok"
    assert proof_of(looked(), tmp_path) is None, "elsewhere it may run in another way"


def test_without_a_revision_nothing_is_proven(tmp_path: Path) -> None:
    seen = looked(OK)
    nameless = replace(seen.task_definition.get(), task_definition_arn="")
    for value in (None, nameless):
        unknown = replace(seen, task_definition=replace(seen.task_definition, value=value))
        assert proof_of(unknown, tmp_path) == OK
    unasked = replace(seen, probe=replace(seen.probe, value=None))
    assert with_proof(unasked, tmp_path) is unasked
    assert list(tmp_path.iterdir()) == []


def test_a_proof_is_of_its_region_and_of_how_the_service_runs(tmp_path: Path) -> None:
    seen = looked(OK)
    proof_of(seen, tmp_path)
    abroad = replace(looked(), deployment=replace(seen.deployment, region="eu-west-1"))
    on_instances = replace(seen.service.get(), launch_type="EC2")
    otherwise = replace(looked(), service=replace(seen.service, value=on_instances))
    assert [proof_of(each, tmp_path) for each in (abroad, otherwise)] == [None, None]
    assert proof_of(looked(), tmp_path).outcome == "ok"


def test_proofs_are_kept_beside_the_other_caches_or_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = proofs_directory()
    assert found is not None
    assert found.is_relative_to(tmp_path)
    assert found.name == "canaries"
    (tmp_path / "file").touch()
    kept = with_proof(looked(OK), tmp_path / "file" / "below")
    assert kept.probe.get().rung("canary") == OK, "a place that cannot be written to is no failure"


@pytest.mark.parametrize("damaged", ["", "no json", "[]", '{"at": 7}', "{}"])
def test_a_damaged_proof_proves_nothing(tmp_path: Path, damaged: str) -> None:
    proof_of(looked(OK), tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o077 == 0, "for its owner's eyes"
    kept.write_text(damaged)
    assert proof_of(looked(), tmp_path) is None


MIDDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("groups", "stopped", "asked"),
    [
        pytest.param(["/ash-cloud/events"], 0, True, id="ECS remembers none"),
        pytest.param(["/ash-cloud/events"], 200, False, id="ECS remembers enough"),
        pytest.param(["/ash-cloud/runtime"], 0, False, id="there is no archive"),
    ],
)
def test_the_archive_is_asked_for_one_day_where_ecs_has_forgotten(
    monkeypatch: pytest.MonkeyPatch, groups: list[str], stopped: int, asked: bool
) -> None:
    calls: list[tuple[Any, ...]] = []
    events = [{"message": "x"}]

    def since(_aws: Any, group: str, at: datetime, *, limit: int) -> list[dict[str, str]]:
        calls.append((group, at, limit))
        return events

    class Group:
        def __init__(self, name: str) -> None:
            self.log_group_name = name

    monkeypatch.setattr(service.logs, "events_since", since)
    tasks = tuple(range(stopped))
    context: Any = Readings(None, _log_groups=[Group(n) for n in groups], stopped_tasks=tasks)
    context.clock = lambda: MIDDAY
    found = service.archive(context)
    assert calls == ([("/ash-cloud/events", MIDDAY - timedelta(hours=24), 2000)] if asked else [])
    assert found == (events if asked else [] if stopped else None)
