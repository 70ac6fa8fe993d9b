"""A deployment is stopped and started again; in between it is no outage, and nothing is lost."""

from __future__ import annotations

import pytest

from ash_ops.demo import Emulator
from tests.e2e.conftest import Clients
from tests.e2e.test_what_runs import CLUSTER, SERVICE, Hand, hand, run

__all__ = ["hand"]


def service(client: Clients) -> dict[str, object]:
    found = client("ecs").describe_services(cluster=CLUSTER, services=[SERVICE], include=["TAGS"])
    only: dict[str, object] = found["services"][0]
    return only


@pytest.mark.usefixtures("emulator")
def test_what_is_stopped_starts_again(hand: Hand, client: Clients) -> None:
    code, said = run("stop", "--plan")
    assert code == 0, said
    assert service(client)["desiredCount"] == 1
    code, said = run("stop", "--yes")
    print(said)
    assert code == 0, said
    assert service(client)["desiredCount"] == 0
    code, said = run("doctor")
    print(said)
    assert code == 0, said
    code, said = run("status")
    print(said)
    assert code == 0, said
    code, said = run("rollout", "0.2.99", "--yes")
    print(said)
    assert code == 2, said
    code, said = run("start", "--yes")
    print(said)
    assert code == 0, said
    assert service(client)["desiredCount"] == 1
    assert service(client)["tags"] == 0
