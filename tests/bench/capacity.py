"""What the advice of ``cost --for N-sessions`` holds, and what scaling out should follow, in simulated time.

python -m tests.bench.capacity [--write]     both tables; --write puts them into docs/scaling.md

The model is ``tests/bench/capacity_model.py``; the advice is the product's own (``ash_ops/cost/sizing.py``,
``ash_ops/sizes/fleet.py``), and so are the prices.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices.table import bundled
from ash_ops.cost.sizing import Configuration, Need, configurations, machine, wanted
from tests.bench.capacity_model import Fleet, Load, Outcome, Simulation

REGION, LIMIT_MB, SEEDS = "us-east-1", 2048, 3
SIZES = (10, 50, 200, 1_000, 10_000)
PAGE = Path(__file__).parents[2] / "docs" / "scaling.md"
_HEAD = (
    "| sessions at a time | deployed | $ a month | refused | killed | paused | without the reserve | refused | paused |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)
_HEAD_SCALED = (
    "| 1,000 sessions on r6g.4xlarge | sandboxes a runner | runners, on average | $ a month | memory at most | "
    "refused | killed | paused |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def simulated(load: Load, fleet: Fleet) -> Outcome:
    """The sum of all seeds; of the highest memory the highest."""
    runs = [Simulation(load, fleet, seed).run() for seed in range(SEEDS)]
    return Outcome(
        asked=sum(run.asked for run in runs),
        refused=sum(run.refused for run in runs),
        killed=sum(run.killed for run in runs),
        paused=sum(run.paused for run in runs),
        highest=max(run.highest for run in runs),
        runner_hours=sum(run.runner_hours for run in runs) / len(runs),
    )


def fleet_of(found: Configuration) -> Fleet:
    """What a configuration that the product advises would be."""
    group = found.estimate.plan.machines[0]
    kind, count = machine(group.instance_type), int(group.count)
    assert kind is not None, group.instance_type
    # One machine is not drained: nothing could take its sessions.
    return Fleet(found.holds // count, kind.task_mb(1_048_576), count, drained=count > 1)


def advised(need: Need) -> Configuration:
    """The first configuration that can be counted on to run agents."""
    return next(c for c in configurations(need, REGION, bundled(), LIMIT_MB) if c.runs_agents)


def row(sessions: int) -> str:
    """One size: what is advised for so many sessions, and what merely holds so many sandboxes."""
    load = Load(sessions)
    with_reserve = advised(wanted(f"{sessions}-sessions"))
    without = advised(Need(sessions))
    good, bad = (simulated(load, fleet_of(each)) for each in (with_reserve, without))
    cells = (
        f"{sessions:,}",
        _short(with_reserve.name),
        f"{with_reserve.estimate.monthly:,.0f}",
        *(percent(good.share(what)) for what in ("refused", "killed", "paused")),
        _short(without.name),
        *(percent(bad.share(what)) for what in ("refused", "paused")),
    )
    return f"| {' | '.join(cells)} |"


def _short(name: str) -> str:
    return name.removeprefix("multi-machine, ").removeprefix("EC2, ")


def percent(share: float) -> str:
    """A share, with as many digits as it deserves."""
    return "0" if share == 0 else f"{share:.2%}" if share < 0.1 else f"{share:.0%}"


@dataclass(frozen=True)
class Scaled:
    """A way to scale out."""

    name: str
    holds: int
    most: int
    follows: str = "memory"


# 1,000 sessions on r6g.4xlarge, whose runners have 120 GB: 59 sandboxes fit at their limit.
SCALED = (
    Scaled("a fixed 20, as advised", 59, 0),
    Scaled("4 to 40, memory at 70 %", 59, 40),
    Scaled("4 to 40, memory at 70 %", 200, 40),
    Scaled("4 to 40, sandboxes at 70 %", 59, 40, "sandboxes"),
    Scaled("4 to 40, sandboxes at 70 %", 120, 40, "sandboxes"),
)


def scaled_row(way: Scaled) -> str:
    """One way to scale out."""
    plan = advised(wanted("1000-sessions")).estimate.plan
    least = 4 if way.most else int(plan.machines[0].count)
    load = Load(1_000)
    found = simulated(load, Fleet(way.holds, 122_880, least, way.most, way.follows))
    average = found.runner_hours / load.hours
    cells = (
        way.name,
        str(way.holds),
        f"{average:.1f}",
        f"{_monthly(plan, average):,.0f}",
        f"{found.highest:.0%}",
        *(percent(found.share(what)) for what in ("refused", "killed", "paused")),
    )
    return f"| {' | '.join(cells)} |"


def _monthly(plan: Plan, runners: float) -> Decimal:
    group = replace(plan.machines[0], count=Decimal(f"{runners:.2f}"))
    table = bundled()
    return monthly_estimate(
        replace(plan, machines=(group,)), table.reader(REGION), table=table
    ).monthly


def tables(sizes: Iterable[int] = SIZES, ways: Iterable[Scaled] = SCALED) -> Iterator[str]:
    """Both, line by line."""
    yield from _HEAD.splitlines()
    yield from map(row, sizes)
    yield ""
    yield from _HEAD_SCALED.splitlines()
    yield from map(scaled_row, ways)


def write(lines: list[str]) -> None:
    """Put them into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split("<!-- capacity: python -m tests.bench.capacity --write -->\n")
    _, after = rest.split("<!-- end of the capacity -->\n")
    marked = (
        "<!-- capacity: python -m tests.bench.capacity --write -->\n"
        + "\n".join(lines)
        + "\n<!-- end of the capacity -->\n"
    )
    PAGE.write_text(before + marked + after, encoding="utf-8")


if __name__ == "__main__":
    made = list(tables())
    print("\n".join(made))
    if "--write" in sys.argv[1:]:
        write(made)
