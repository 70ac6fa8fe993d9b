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
from ash_ops.cost.plan import default_plan
from ash_ops.cost.prices.table import bundled
from ash_ops.cost.sizing import Configuration, Need, configurations, machine, need_of
from ash_ops.sizes.fleet import runners_for
from ash_ops.template_parameters import MULTI_MACHINE
from tests.bench.capacity_model import Fleet, Load, Outcome, Simulation

REGION, LIMIT_MB, SEEDS = "us-east-1", 2048, 3
SIZES = (10, 50, 200, 1_000, 10_000)
PAGE = Path(__file__).parents[2] / "docs" / "scaling.md"
FIGURES = ("refused", "killed", "paused")
_HEAD = (
    "| sessions at a time | advised | $ a month | refused | killed | paused "
    "| just so many sandboxes | $ a month | refused | killed | paused |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
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


def advised(need: Need) -> Configuration | None:
    """The first configuration that can be counted on to run agents."""
    found = configurations(need, REGION, bundled(), LIMIT_MB)
    return next((each for each in found if each.runs_agents), None)


def split(sessions: int) -> tuple[int, Configuration]:
    """As few deployments as take so many sessions, and what each of them is."""
    for number in range(1, sessions + 1):
        found = advised(need_of(-(-sessions // number)))
        if found is not None:
            return number, found
    raise AssertionError(sessions)


def row(sessions: int) -> str:
    """One size: what is advised for so many sessions, and what merely holds so many sandboxes."""
    number, with_reserve = split(sessions)
    good = simulated(Load(-(-sessions // number)), fleet_of(with_reserve))
    without = advised(Need(sessions))
    assert without is not None
    bad = simulated(Load(sessions), fleet_of(without))
    cells = (
        f"{sessions:,}",
        ("" if number == 1 else f"{number} deployments of ") + _short(with_reserve.name),
        f"{with_reserve.estimate.monthly * number:,.0f}",
        *(percent(good.share(what)) for what in FIGURES),
        _short(without.name),
        f"{without.estimate.monthly:,.0f}",
        *(percent(bad.share(what)) for what in FIGURES),
    )
    return f"| {' | '.join(cells)} |"


def _short(name: str) -> str:
    return name.removeprefix("multi-machine, ").removeprefix("EC2, ").removeprefix("one ")


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


# r6g.4xlarge, whose runners have 120 GB: 59 sandboxes fit at their limit.
_RUNNER_MB, _RUNNER_TYPE = 122_880, "r6g.4xlarge"
SCALED = (
    Scaled("a fixed number, as advised", 59, 0),
    Scaled("4 to 40, memory at 70 %", 59, 40),
    Scaled("4 to 40, memory at 70 %", 200, 40),
    Scaled("4 to 40, sandboxes at 70 %", 59, 40, "sandboxes"),
    Scaled("4 to 40, sandboxes at 70 %", 120, 40, "sandboxes"),
)


def scaled_row(way: Scaled) -> str:
    """One way to scale out."""
    load = Load(1_000)
    least = 4 if way.most else runners_for(load.sessions, way.holds) or 0
    found = simulated(load, Fleet(way.holds, _RUNNER_MB, least, way.most, way.follows))
    average = found.runner_hours / load.hours
    cells = (
        way.name,
        str(way.holds),
        f"{average:.1f}",
        f"{_monthly(average):,.0f}",
        f"{found.highest:.0%}",
        *(percent(found.share(what)) for what in FIGURES),
    )
    return f"| {' | '.join(cells)} |"


def _monthly(runners: float) -> Decimal:
    plan, table = default_plan(MULTI_MACHINE), bundled()
    group = replace(plan.machines[0], instance_type=_RUNNER_TYPE, count=Decimal(f"{runners:.2f}"))
    reader = table.reader(REGION)
    return monthly_estimate(
        replace(plan, machines=(group,), region=REGION), reader, table=table
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
