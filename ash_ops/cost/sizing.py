"""``--for 50-sandboxes``: the cheapest configurations that hold so many, and what each cannot do.

``--for 50-sessions`` is more: room for their peak, and in a fleet one runner that may be away
(``ash_ops/sizes/fleet.py``). A session has one sandbox. A sandbox may use all the memory it is allowed at one time, and a quarter of a
processor; the server beside them takes half a GB (assumptions, said with the answer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ash_ops.cost.estimate import Estimate, monthly_estimate
from ash_ops.cost.lines import HOURS
from ash_ops.cost.plan import ARM, EC2, FARGATE, ROOT_DISK_GB, X86, Plan, default_plan
from ash_ops.cost.prices.table import PriceTable
from ash_ops.errors import UsageProblem
from ash_ops.sizes.fargate import LEGAL_CPU, legal_memory
from ash_ops.sizes.fleet import runners_for, sandboxes_at_peak
from ash_ops.template_parameters import MULTI_MACHINE, STANDALONE, bundled_parameters

SERVER_MB = 512
CPU_A_SANDBOX = 256
MOST_MB = 122_880
"""The most memory that the standalone template gives a task."""
ROWS = 3
_WANTED = re.compile(r"(\d{1,6})[- ]?(sandbox(?:es)?|sessions?)")
# EC2 instance types (AWS, "Amazon EC2 instance types"): GB a processor by series, processors by size.
_GB = {"c": 2, "m": 4, "r": 8}
_CPUS = {"medium": 1, "large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32}
# Burstable types have a ladder of their own: processors and GB by size.
_BURSTABLE = {
    "micro": (2, 1),
    "small": (2, 2),
    "medium": (2, 4),
    "large": (2, 8),
    "xlarge": (4, 16),
    "2xlarge": (8, 32),
}
_TYPE = re.compile(r"(?P<series>[cmrt])(?P<generation>\d)(?P<about>[a-z-]*)\.(?P<size>\w+)")
_NO_AGENTS = "be counted on to run agents: a sandbox needs a writable cgroup file system"
_BURSTS = "; nor keep its processors busy without end: it is burstable, and beyond its baseline AWS charges more"


@dataclass(frozen=True, slots=True)
class Machine:
    """An EC2 instance type: what it has."""

    name: str
    cpus: int
    memory_mb: int
    arch: str

    @property
    def is_burstable(self) -> bool:
        """Whether its processors have a baseline, beyond which credits are used up or paid for."""
        return self.name.startswith("t")

    @property
    def task_cpu(self) -> int:
        """The most CPU units of a task that the template knows and the machine has."""
        return max(units for units in LEGAL_CPU if units <= self.cpus * 1024)

    def task_mb(self, most: int = MOST_MB) -> int:
        """What a task may use: the system and the agent of ECS keep a sixteenth (an assumption)."""
        return min(self.memory_mb * 15 // 16, most) // 1024 * 1024

    def holds(self, sandbox_mb: int, most: int = MOST_MB) -> int:
        """How many sandboxes fit beside the server or runner, whose task may have so much memory."""
        by_memory = (self.task_mb(most) - SERVER_MB) // sandbox_mb
        return max(min(by_memory, self.cpus * 1024 // CPU_A_SANDBOX), 0)


@dataclass(frozen=True, slots=True)
class Configuration:
    """One way to hold them.

    Attributes:
        name: what it is, in a few words.
        holds: how many sandboxes it holds.
        cannot: what it cannot do.
        command: the command that deploys it.
        runs_agents: whether it can be counted on to run agents.
    """

    name: str
    holds: int
    estimate: Estimate
    cannot: str
    command: str
    runs_agents: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """What is to be held.

    Attributes:
        sandboxes: how many at once.
        sessions: whose peak that is; 0 where just so many sandboxes were asked for.
    """

    sandboxes: int
    sessions: int = 0

    def runners(self, each: int) -> int | None:
        """How many runners hold it, where one holds ``each``; ``None`` where no number would do."""
        return runners_for(self.sessions, each) if self.sessions else -(-self.sandboxes // each)


def wanted(text: str) -> Need:
    """``50-sandboxes`` as they are, ``20-sessions`` as what so many need that run at a time on average.

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
    if found[2].startswith("session"):
        return need_of(int(found[1]))
    return Need(int(found[1]))


def need_of(sessions: int) -> Need:
    """What so many sessions need that run at a time, on average in the busiest hour."""
    return Need(sandboxes_at_peak(sessions), sessions)


def sandbox_memory(given: str | None) -> int:
    """MB that one sandbox may use, as ``deploy`` reads it from ``ASH_SANDBOX_MEMORY_MB``.

    Raises:
        UsageProblem: ``deploy`` would refuse it.
    """
    declared = bundled_parameters(STANDALONE)["SandboxMemory"]
    text = (given or declared.default or "").strip()
    if why := declared.why_not(text):
        raise UsageProblem(f"{text!r} cannot be used", why, "Correct ASH_SANDBOX_MEMORY_MB, in MB.")
    return int(text)


def machine(name: str) -> Machine | None:
    """What an instance type has, by its name; ``None`` for one that is not of the usual series."""
    found = _TYPE.fullmatch(name)
    if found is None:
        return None
    size = found["size"]
    cpus, gb = _BURSTABLE.get(size, (0, 0))
    if found["series"] != "t":
        cpus = _CPUS.get(size, 0)
        gb = cpus * _GB[found["series"]]
    arch = ARM if found["about"].startswith("g") else X86
    return Machine(name, cpus, gb * 1024, arch) if cpus else None


def configurations(
    need: Need, region: str, table: PriceTable, sandbox_mb: int, model_gb: Decimal = Decimal(0)
) -> tuple[Configuration, ...]:
    """The cheapest way of each kind that holds so many, then the next cheapest: three.

    What can be counted on to run agents comes first, then by price.

    Args:
        need: what is to be held.
        region: where.
        table: the prices.
        sandbox_mb: memory that one may use.
        model_gb: what is sent to the model a month.
    """
    pool = _Pool(need, region, table, sandbox_mb, model_gb)
    kinds = [sorted(kind, key=_rank) for kind in (pool.tasks(), pool.instances(), pool.fleets())]
    best = [kind[0] for kind in kinds if kind]
    rest = sorted((each for kind in kinds for each in kind[1:]), key=_rank)
    return tuple(sorted((best + rest)[:ROWS], key=_rank))


def _rank(found: Configuration) -> tuple[bool, bool, Decimal]:
    return (not found.runs_agents, found.estimate.at_least, found.estimate.monthly)


class _Pool:
    """The configurations that hold so many sandboxes, the cheapest of each kind."""

    def __init__(
        self, need: Need, region: str, table: PriceTable, sandbox_mb: int, model_gb: Decimal
    ) -> None:
        self._count, self._need = need.sandboxes, need
        self._region = region
        self._table = table
        self._sandbox_mb = sandbox_mb
        self._model_gb = model_gb
        runner = bundled_parameters(MULTI_MACHINE)
        self._runner_mb = runner["RunnerMemory"].most or MOST_MB
        self._runners = (runner["RunnerCount"].least or 1, runner["RunnerCount"].most or 1)
        self._hourly = table.instances["kinds"]["ec2_linux_hour"]["regions"].get(region, {})
        found = (machine(name) for name in self._hourly)
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
            found = self._found(
                f"Fargate, {size[0]} CPU units, {size[1]} MB, {arch}",
                self._fitting(size),
                plan,
                _NO_AGENTS,
                (
                    f"--launch-type fargate --cpu {size[0]} --memory {size[1]} --architecture {arch} "
                    f"--max-sandboxes {self._fitting(size)}"
                ),
            )
            yield replace(found, runs_agents=False)

    def instances(self) -> Iterator[Configuration]:
        """One EC2 instance: whatever its type, all else costs the same."""
        holding = [one for one in self._machines if one.holds(self._sandbox_mb) >= self._count]
        for each in sorted(holding, key=self._price)[:ROWS]:
            plan = default_plan(STANDALONE, EC2)
            group = replace(plan.machines[0], instance_type=each.name)
            yield self._found(
                f"EC2, one {each.name}",
                each.holds(self._sandbox_mb),
                replace(plan, machines=(group,)),
                "go on without the one machine: its loss or a rollout stops every session"
                + (_BURSTS if each.is_burstable else ""),
                (
                    f"--launch-type ec2 --instance-type {each.name} --cpu {each.task_cpu} "
                    f"--memory {each.task_mb()} --architecture {each.arch} "
                    f"--max-sandboxes {each.holds(self._sandbox_mb)}"
                ),
            )

    def fleets(self) -> Iterator[Configuration]:
        """A coordinator and runners, by processor, which is the coordinator's as well."""
        least, most = self._runners
        holding = [one for one in self._machines if self._a_runner(one)]
        fleets = [
            (one, max(count, least))
            for one in holding
            if (count := self._need.runners(self._a_runner(one))) is not None
        ]
        for arch in (X86, ARM):
            fitting = [(one, count) for one, count in fleets if one.arch == arch and count <= most]
            for one, count in sorted(fitting, key=self._fleet_price)[:ROWS]:
                yield self._fleet(one, count)

    def _price(self, one: Machine) -> Decimal:
        return Decimal(str(self._hourly[one.name]))

    def _fleet_price(self, fleet: tuple[Machine, int]) -> Decimal:
        """What its runners cost a month: the instances and the disk of each."""
        one, count = fleet
        disk = self._table.reader(self._region)("ebs_gp3_gb_month")
        disks = disk.of(Decimal(ROOT_DISK_GB[MULTI_MACHINE])) if disk else Decimal(0)
        return count * (self._price(one) * HOURS + disks)

    def _a_runner(self, one: Machine) -> int:
        return one.holds(self._sandbox_mb, self._runner_mb)

    def _fleet(self, each: Machine, runners: int) -> Configuration:
        plan = default_plan(MULTI_MACHINE)
        group = replace(plan.machines[0], instance_type=each.name, count=Decimal(runners))
        tasks = tuple(replace(part, arch=each.arch) for part in plan.tasks)
        return self._found(
            f"multi-machine, {runners} x {each.name}",
            runners * self._a_runner(each),
            replace(plan, machines=(group,), tasks=tasks),
            "do without private subnets behind a NAT gateway, which --runner-subnets names"
            + ("; nor go on without the one runner" if runners == 1 else "")
            + (_BURSTS if each.is_burstable else ""),
            (
                f"--mode multi-machine --runner-count {runners} --instance-type {each.name} "
                f"--runner-memory {each.task_mb(self._runner_mb)} --architecture {each.arch} "
                f"--max-sandboxes {self._a_runner(each)}"
            ),
        )

    def _found(self, name: str, holds: int, plan: Plan, cannot: str, options: str) -> Configuration:
        plan = replace(plan, region=self._region, model_gb=self._model_gb)
        estimate = monthly_estimate(plan, self._table.reader(self._region), table=self._table)
        command = f"ash-ops deploy --region {self._region} {options}"
        return Configuration(name, holds, estimate, cannot, command)

    def _task_size(self) -> tuple[int, int] | None:
        """The cheapest size that Fargate offers and holds them."""
        sizes = ((cpu, memory) for cpu in LEGAL_CPU for memory in legal_memory(cpu))
        return next((size for size in sizes if self._fitting(size) >= self._count), None)

    def _fitting(self, size: tuple[int, int]) -> int:
        return min((size[1] - SERVER_MB) // self._sandbox_mb, size[0] // CPU_A_SANDBOX)
