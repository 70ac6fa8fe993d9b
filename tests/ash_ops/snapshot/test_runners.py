"""What a coordinator's table of runners says is a fact; anything else that it answers is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.errors import ReadFailed
from ash_ops.facts.server import Probe, Rung
from ash_ops.snapshot.http_get import HttpAnswer
from ash_ops.snapshot.readings import fleet

ROW = {
    "runnerId": "runner-1a",
    "host": "10.0.1.41",
    "port": 4200,
    "active": 2,
    "max": 20,
    "lastHeartbeat": "2026-11-27T12:00:00.000Z",
}


class Context:
    """A coordinator that answers this machine, or does not."""

    def __init__(self, outcome: str = "ok") -> None:
        rungs = (Rung(name="http", outcome="ok"), Rung(name="health", outcome=outcome, status=200))
        self._probe = Probe(url="http://ash.example.com:4100", rungs=rungs)

    def need(self, name: str) -> Any:
        return self._probe if name == "probe" else object()


def answering(monkeypatch: pytest.MonkeyPatch, body: object, status: int = 200) -> list[str]:
    asked: list[str] = []

    def get(url: str, _headers: object, *, timeout: float) -> HttpAnswer:
        assert timeout > 0
        asked.append(url)
        return HttpAnswer(status, {}, json.dumps(body).encode())

    monkeypatch.setattr(fleet, "get", get)
    return asked


def read(context: Any) -> tuple[Any, ...]:
    return fleet.registered(context)


def test_the_table_is_asked_for_without_a_key_and_each_row_is_a_fact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = answering(monkeypatch, {"runners": [ROW]})
    (row,) = read(Context())
    assert (row.runner_id, row.host, row.active, row.most) == ("runner-1a", "10.0.1.41", 2, 20)
    assert asked == ["http://ash.example.com:4100/api/internal/runners"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": "Not Found"}, 404),
        ({"runners": "none"}, 200),
        ([], 200),
        ({"runners": [{**ROW, "lastHeartbeat": "yesterday"}]}, 200),
        ({"runners": [{"runnerId": "runner-1a"}]}, 200),
        ({"runners": [{**ROW, "active": "many"}]}, 200),
    ],
)
def test_what_is_no_such_table_is_not_known(
    monkeypatch: pytest.MonkeyPatch, body: object, status: int
) -> None:
    """Never an empty table: that would be a fleet without runners."""
    answering(monkeypatch, body, status)
    with pytest.raises(ReadFailed):
        read(Context())


def test_a_coordinator_that_is_not_well_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, {"runners": [ROW]})
    with pytest.raises(ReadFailed, match="coordinator"):
        read(Context("failed"))
    assert not asked


def test_text_that_acts_on_a_terminal_does_not_come_in(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, {"runners": [{**ROW, "host": "10.0.1.41\x1b]0;owned\x07"}]})
    (row,) = read(Context())
    assert "\x1b" not in row.host
    assert "\x07" not in row.host
