"""Two threads change the emulated world: whoever lets it live on never meets a change half made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from ministack.services import ecs

from ash_ops.demo import mutations
from ash_ops.demo.overlay import containers, rollouts
from ash_ops.demo.overlay.machines import hosts, protection
from ash_ops.demo.world import tasks
from ash_ops.demo.world.clock import STANDSTILL, at_standstill

CHANGES = (
    *("CreateService", "UpdateService", "DeleteService", "ContinueServiceDeployment"),
    *("RunTask", "StopTask", "UpdateTaskProtection"),
    *("UpdateContainerInstancesState", "DeregisterContainerInstance"),
)


@pytest.fixture
def actions(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What answers ECS's calls once the overlay lies over ministack, which is put back."""
    before = dict(vars(ecs))
    monkeypatch.setattr(ecs, "_ACTION_MAP", dict(ecs._ACTION_MAP))
    for each in (containers, hosts, protection, rollouts):
        each.install()
    yield ecs._ACTION_MAP
    vars(ecs).update(before)


def waits_for_the_world(change: Callable[[], Any]) -> bool:
    """Whether a change is not made as long as somebody else holds the world still."""
    made = threading.Event()

    def make() -> None:
        with suppress(Exception):  # an empty request is refused; when, is what counts
            change()
        made.set()

    with STANDSTILL:
        threading.Thread(target=make, daemon=True).start()
        early = made.wait(0.02)
    return made.wait(5) and not early


def test_a_change_waits_until_the_world_stands_still() -> None:
    assert not waits_for_the_world(lambda: None)
    assert waits_for_the_world(at_standstill(lambda: None))


@pytest.mark.parametrize("call", CHANGES)
def test_every_call_that_changes_what_lives_waits(actions: dict[str, Any], call: str) -> None:
    assert waits_for_the_world(lambda: actions[call]({}))


def test_every_mutation_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(mutations.MUTATIONS, "nothing", lambda: None)
    assert waits_for_the_world(lambda: mutations._apply({"do": "nothing"}))


def test_a_service_met_half_changed_is_an_error_that_is_answered() -> None:
    # A StopIteration cannot be carried by a future: the request that met it got no answer at all.
    half_changed = {
        "serviceName": "ash",
        "deployments": [{"status": "ACTIVE"}],
        "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True}},
    }
    with pytest.raises(LookupError, match="ash has no primary deployment"):
        tasks.is_watched(half_changed)
