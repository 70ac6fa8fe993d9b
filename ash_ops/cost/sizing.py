"""``--for 50-sandboxes``: the cheapest configurations that hold so many, and what each cannot do.

A session has one sandbox. A sandbox may use all the memory it is allowed at one time, and a quarter of a
processor; the server beside them takes half a GB (assumptions, said with the answer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.plan import ARM, EC2, FARGATE, X86, Plan, default_plan
from ash_ops.cost.prices.table import PriceTable
from ash_ops.errors import UsageProblem
from ash_ops.fargate import LEGAL_CPU, legal_memory
from ash_ops.template_parameters import MULTI_MACHINE, STANDALONE, bundled_parameters

SERVER_MB = 512
CPU_A_SANDBOX = 256
MOST_MB = 122_880
"""The most memory that the standalone template gives a task."""
ROWS = 3
_WANTED = re.compile(r"(\d{1,6})[- ]?(?:sandbox(?:es)?|sessions?)")
# EC2 instance types (AWS, "Amazon EC2 instance types"): GB a processor by series, processors by size.
_GB = {"c": 2, "m": 4, "r": 8}
_CPUS = {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32}
_TYPE = re.compile(r"(?P<series>[cmr])(?P<generation>[67])(?P<maker>[ig])\.(?P<size>\w+)")


@dataclass(frozen=True, slots=True)
class Machine:
    """An EC2 instance type: what it has."""

    name: str
    cpus: int
    memory_mb: int
    arch: str

    @property
    def task_mb(self) -> int:
        """What a task may use: the system and the agent of ECS keep a sixteenth (an assumption)."""
        return min(self.memory_mb * 15 // 16, MOST_MB) // 1024 * 1024

    @property
    def task_cpu(self) -> int:
        """The most CPU units of a task that the template knows and the machine has."""
        return max(units for units in LEGAL_CPU if units <= self.cpus * 1024)

    def holds(self, sandbox_mb: int) -> int:
        """How many sandboxes fit beside the server or runner."""
        by_memory = (self.task_mb - SERVER_MB) // sandbox_mb
        return max(min(by_memory, self.cpus * 1024 // CPU_A_SANDBOX), 0)


@dataclass(frozen=True, slots=True)
class Configuration:
    """One way to hold them.

    Attributes:
        name: what it is, in a few words.
        holds: how many sandboxes it holds.
        cannot: what it cannot do.
        command: the command that deploys it.
    """

    name: str
    holds: int
    estimate: Estimate
    cannot: str
    command: str


def wanted(text: str) -> int:
    """``50-sandboxes`` or ``20-sessions`` as a number.

    Raises:
        UsageProblem: it is neither.
    """
    found = _WANTED.fullmatch(text.strip().lower())
    if found is None or int(found[1]) < 1:
        raise UsageProblem(
            f"--for {text!r} cannot be read",
            "it is a number of sandboxes or sessions",
            "Write for instance --for 50-sandboxes.",
        )
    return int(found[1])


def machine(name: str) -> Machine | None:
    """What an instance type has, by its name; ``None`` for one that is not of the usual series."""
    found = _TYPE.fullmatch(name)
    cpus = _CPUS.get(found["size"]) if found else None
    if found is None or cpus is None:
        return None
    arch = ARM if found["maker"] == "g" else X86
    return Machine(name, cpus, cpus * _GB[found["series"]] * 1024, arch)


def configurations(
    count: int, region: str, table: PriceTable, sandbox_mb: int
) -> tuple[Configuration, ...]:
    """The cheapest way of each kind that holds so many, then the next cheapest: three, by price.

    Args:
        count: how many sandboxes.
        region: where.
        table: the prices.
        sandbox_mb: memory that one may use.
    """
    pool = _Pool(count, region, table, sandbox_mb)
    kinds = [sorted(kind, key=_price) for kind in (pool.tasks(), pool.instances(), pool.fleets())]
    best = [kind[0] for kind in kinds if kind]
    rest = sorted((each for kind in kinds for each in kind[1:]), key=_price)
    return tuple(sorted((best + rest)[:ROWS], key=_price))


def _price(found: Configuration) -> tuple[bool, Decimal]:
    return (found.estimate.at_least, found.estimate.monthly)


class _Pool:
    """Every configuration that holds so many sandboxes."""

    def __init__(self, count: int, region: str, table: PriceTable, sandbox_mb: int) -> None:
        self._count = count
        self._region = region
        self._table = table
        self._sandbox_mb = sandbox_mb
        prices = table.instances["kinds"]["ec2_linux_hour"]["regions"].get(region, {})
        found = (machine(name) for name in prices)
        self._machines = [each for each in found if each is not None]

    def tasks(self) -> Iterator[Configuration]:
        """One Fargate task, on either processor."""
        size = self._task_size()
        if size is None:
            return
        for arch in (X86, ARM):
            plan = default_plan(STANDALONE, FARGATE)
            part = replace(plan.tasks[0], cpu=size[0], memory=size[1], arch=arch)
            plan = replace(plan, tasks=(part,))
            yield self._found(
                f"Fargate, {size[0]} CPU units, {size[1]} MB, {arch}",
                self._fitting(size),
                plan,
                "be counted on to run agents: a sandbox needs a writable cgroup file system",
                (
                    f"--launch-type fargate --cpu {size[0]} --memory {size[1]} --architecture {arch} "
                    f"--max-sandboxes {self._fitting(size)}"
                ),
            )

    def instances(self) -> Iterator[Configuration]:
        """One EC2 instance."""
        for each in self._machines:
            if each.holds(self._sandbox_mb) >= self._count:
                plan = default_plan(STANDALONE, EC2)
                group = replace(plan.machines[0], instance_type=each.name)
                yield self._found(
                    f"EC2, one {each.name}",
                    each.holds(self._sandbox_mb),
                    replace(plan, machines=(group,)),
                    "go on without the one machine: its loss or a rollout stops every session",
                    (
                        f"--launch-type ec2 --instance-type {each.name} --cpu {each.task_cpu} "
                        f"--memory {each.task_mb} --architecture {each.arch} "
                        f"--max-sandboxes {each.holds(self._sandbox_mb)}"
                    ),
                )

    def fleets(self) -> Iterator[Configuration]:
        """A coordinator and at least two runners."""
        most = bundled_parameters(MULTI_MACHINE)["RunnerCount"].most or 1
        for each in self._machines:
            holds = each.holds(self._sandbox_mb)
            runners = max(-(-self._count // holds), 2) if holds else most + 1
            if runners <= most:
                yield self._fleet(each, runners)

    def _fleet(self, each: Machine, runners: int) -> Configuration:
        plan = default_plan(MULTI_MACHINE)
        group = replace(plan.machines[0], instance_type=each.name, count=Decimal(runners))
        tasks = tuple(replace(part, arch=each.arch) for part in plan.tasks)
        return self._found(
            f"multi-machine, {runners} x {each.name}",
            runners * each.holds(self._sandbox_mb),
            replace(plan, machines=(group,), tasks=tasks),
            "do without private subnets behind a NAT gateway, which --runner-subnets names",
            (
                f"--mode multi-machine --runner-count {runners} --instance-type {each.name} "
                f"--runner-memory {each.task_mb} --architecture {each.arch} "
                f"--max-sandboxes {each.holds(self._sandbox_mb)}"
            ),
        )

    def _found(self, name: str, holds: int, plan: Plan, cannot: str, options: str) -> Configuration:
        plan = replace(plan, region=self._region)
        estimate = monthly_estimate(plan, self._table.reader(self._region), table=self._table)
        command = f"ash-ops deploy --region {self._region} {options}"
        return Configuration(name, holds, estimate, cannot, command)

    def _task_size(self) -> tuple[int, int] | None:
        """The cheapest size that Fargate offers: the fewest processors, then the least memory."""
        sizes = ((cpu, memory) for cpu in LEGAL_CPU for memory in legal_memory(cpu))
        return next((size for size in sizes if self._fitting(size) >= self._count), None)

    def _fitting(self, size: tuple[int, int]) -> int:
        return min((size[1] - SERVER_MB) // self._sandbox_mb, size[0] // CPU_A_SANDBOX)
