"""Who keeps the doors of listeners open looks at a world that changes meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from ministack.services import alb

from ash_ops.demo.overlay import load_balancers

LISTENER = {"LoadBalancerArn": "balancer", "Port": 4100}
BALANCER = {"Type": "network", "DNSName": "127.0.0.1", "Subnets": []}


class Door:
    def __init__(self, address: str, port: int, _backend: Any) -> None:
        self.address, self.port, self.lets_in = address, port, True

    def let_in(self, *, anybody: bool) -> None:
        self.lets_in = anybody

    def close(self) -> None:
        self.lets_in = False


class GoneWhenSeen(dict[str, Any]):
    """Listeners that a stack's deletion takes away as soon as they were listed."""

    def items(self) -> Any:
        found = list(super().items())
        self.clear()
        return found


def test_a_listener_that_goes_while_it_is_looked_at_is_closed_at_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doors: dict[str, Any] = {}
    monkeypatch.setattr(load_balancers, "_doors", doors)
    monkeypatch.setattr(load_balancers, "TcpProxy", Door)
    monkeypatch.setattr(alb, "_lbs", {"balancer": BALANCER})
    monkeypatch.setattr(alb, "_listeners", GoneWhenSeen(listener=LISTENER))
    load_balancers.keep_doors()
    assert (doors["listener"].address, doors["listener"].port) == ("127.0.0.1", 4100)
    load_balancers.keep_doors()
    assert doors == {}
