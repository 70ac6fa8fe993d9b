"""A deployment is stopped; that is no outage. Starting it: tests/e2e/test_backup_and_restore.py, on EC2."""

from __future__ import annotations

from typing import Any

from tests.e2e.conftest import Clients
from tests.e2e.test_what_runs import CLUSTER, SERVICE, Hand, hand, run

__all__ = ["hand"]


def service(client: Clients) -> dict[str, Any]:
    found = client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE], include=["TAGS"])
    only: dict[str, Any] = found["services"][0]
    return only


def tags(client: Clients) -> set[str]:
    return {tag["key"] for tag in service(client)["tags"]}


def test_what_is_stopped_is_no_outage_and_a_change_starts_it(hand: Hand, client: Clients) -> None:
    code, said = run("stop", "--plan")
    assert code == 0, said
    assert "service ash-cloud-runtime: 1 -> 0 tasks" in said
    assert "a month once it is stopped (Network Load Balancer $16.42" in said
    assert service(client)["desiredCount"] == 1

    before = hand.lets_in
    code, said = run("stop", "--yes", "--drain=1")
    assert code == 0, said
    assert "Drained: 0 live, 0 with a turn under way" in said
    assert hand.lets_in == before
    assert (service(client)["desiredCount"], service(client)["runningCount"]) == (0, 0)
    assert "ash:stopped" in tags(client)
    code, said = run("stop", "--yes")
    assert (code, "is stopped already" in said) == (0, True)

    for command in ("doctor", "status"):
        code, said = run(command)
        assert code == 0, said
        assert "Stopped on purpose" in said
    code, said = run("deploy", "--plan")
    assert code == 0, said
    assert "is stopped on purpose" in said

    # A change is proven on what runs, so it starts what was stopped.
    code, said = run("rollout", "0.2.99", "--yes")
    assert "Start it for the change?" in said
    assert service(client)["desiredCount"] == 1
    assert "ash:stopped" not in tags(client)
    assert code == 0, said
    code, said = run("start", "--yes")
    assert (code, "Nothing to start" in said) == (0, True)
