"""The coordinator's table of runners, as its database keeps it.

Sources, at 7d26aee: ``packages/server/src/db/drizzle-db.ts`` (125-147: register and heartbeat, 174-185:
who is dead, 187-202: who is chosen) and ``packages/shared/src/constants.ts`` (49-50: the times).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HEARTBEAT_S: Final = 10.0
"""How often a runner says that it is alive."""
LIVENESS_S: Final = 30.0
"""How long a coordinator believes it."""


@dataclass
class Runner:
    """One row of the table.

    Attributes:
        active: Sandboxes that work on a turn now. One that waits for its session's next message is in
            no figure here (``coordinator.ts`` 54-56).
        warming: Sandboxes that are being made ready.
        heard_at: When it was last heard of, in seconds.
    """

    runner_id: str
    host: str
    port: int
    max_sandboxes: int
    heard_at: float
    active: int = 0
    warming: int = 0

    @property
    def available(self) -> int:
        """How many more sessions it is thought to take."""
        return self.max_sandboxes - self.active - self.warming

    def view(self, heard_at: str) -> dict[str, Any]:
        """As ``GET /api/internal/runners`` shows it."""
        return {
            "runnerId": self.runner_id,
            "host": self.host,
            "port": self.port,
            "active": self.active,
            "max": self.max_sandboxes,
            "lastHeartbeat": heard_at,
        }


class Registry:
    """All rows. They outlive the coordinator's process, as they do in PostgreSQL.

    Attributes:
        liveness_s: How long a runner that is silent is believed, in seconds.
    """

    def __init__(self) -> None:
        self.liveness_s = LIVENESS_S
        self._rows: dict[str, Runner] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Runner]:
        """In the order of their registration."""
        return iter(list(self._rows.values()))

    def get(self, runner_id: str | None) -> Runner | None:
        """The row, if there is one."""
        return self._rows.get(runner_id or "")

    def register(self, runner_id: str, address: tuple[str, int], most: int, now: float) -> None:
        """Insert a row, or give the one of that id another address: two runners of one id are one."""
        known = self._rows.get(runner_id)
        host, port = address
        if known is None:
            self._rows[runner_id] = Runner(runner_id, host, port, most, now)
            return
        known.host, known.port, known.max_sandboxes, known.heard_at = host, port, most, now

    def heartbeat(self, runner_id: str, active: int, warming: int, now: float) -> None:
        """Note a heartbeat. One of a runner that has no row is answered well and changes nothing.

        So a runner that was given up once does not come back before it is started anew.
        """
        runner = self._rows.get(runner_id)
        if runner is not None:
            runner.active, runner.warming, runner.heard_at = active, warming, now

    def remove(self, runner_id: str) -> None:
        """Delete a row."""
        self._rows.pop(runner_id, None)

    def silent(self, now: float) -> list[Runner]:
        """Those that have not been heard of for too long."""
        return [runner for runner in self if runner.heard_at <= now - self.liveness_s]

    def best(self, now: float) -> Runner | None:
        """The one with the most room; ``None`` where none is alive and has any."""
        alive = [r for r in self if r.heard_at > now - self.liveness_s and r.available > 0]
        return max(alive, key=lambda runner: runner.available, default=None)
