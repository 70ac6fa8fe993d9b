"""The scenarios of ``logs_follow`` in simulated time, with any number of seeds.

python -m tests.bench.logs_simulated [SEEDS [SCENARIO ...]]
"""

from __future__ import annotations

import statistics
import sys

from tests.ash_ops.logs.simulation import EPOCH, Simulation
from tests.bench.logs_follow import COUNTED_UNTIL, LONGER, SCENARIOS, WARM_UP, written
from tests.bench.logs_world import Faults, World


def waits(scenario: str, seed: int) -> tuple[list[float], int, int]:
    """Seconds from visible to printed, sorted; how many were lost, and came twice."""
    what, faults = SCENARIOS[scenario]
    made = written(what, seed)
    until = LONGER.get(scenario, COUNTED_UNTIL)
    simulation = Simulation(World(made, Faults(**faults), EPOCH, seed))
    tail = simulation.tail(since=int((EPOCH - 60) * 1000), count=None)
    simulation.run(tail, until + 45.0)
    visible = {one.number: one.visible for one in made}
    pairs = [(at, visible[int(event["eventId"])]) for at, event in simulation.printed]
    waited = sorted(at - seen for at, seen in pairs if WARM_UP <= seen <= until)
    return waited, len(simulation.lost(visible_until=until + 15.0)), len(simulation.doubled())


def main(seeds: int, names: list[str]) -> None:
    """Print a row a scenario: the median of the seeds, and the worst."""
    print("| scenario | lost | twice | median s | worst | 99th percentile s | worst |")
    print("|---|---|---|---|---|---|---|")
    for name in names or list(SCENARIOS):
        runs = [waits(name, seed) for seed in range(seeds)]
        medians = [waited[len(waited) // 2] for waited, _, _ in runs]
        late = [waited[int(0.99 * len(waited))] for waited, _, _ in runs]
        lost, twice = sum(run[1] for run in runs), sum(run[2] for run in runs)
        print(
            f"| {name} | {lost} | {twice} | {statistics.median(medians):.2f} | {max(medians):.2f} "
            f"| {statistics.median(late):.2f} | {max(late):.2f} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3, sys.argv[2:])
