"""``--for``: the cheapest of all instance types, found once more by trying each of them by hand.

What a type has is AWS's own table ("Amazon EC2 instance types"): processors and GB by size.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from ash_ops.cost.prices.table import PriceOf, bundled
from ash_ops.cost.sizing import Configuration, Need, configurations, machine

TABLE = bundled()
REGION = "eu-central-1"
SANDBOX_MB = 2048
GENERAL = ("medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge")
HAS: dict[str, dict[str, tuple[int, int]]] = {
    "m": dict(zip(GENERAL, ((1, 4), (2, 8), (4, 16), (8, 32), (16, 64), (32, 128)), strict=True)),
    "c": dict(zip(GENERAL, ((1, 2), (2, 4), (4, 8), (8, 16), (16, 32), (32, 64)), strict=True)),
    "r": dict(zip(GENERAL, ((1, 8), (2, 16), (4, 32), (8, 64), (16, 128), (32, 256)), strict=True)),
    "t": {
        "micro": (2, 1),
        "small": (2, 2),
        "medium": (2, 4),
        "large": (2, 8),
        "xlarge": (4, 16),
        "2xlarge": (8, 32),
    },
}


@pytest.mark.parametrize("series", HAS)
def test_each_size_of_a_series_has_what_aws_says(series: str) -> None:
    for size, (cpus, gb) in HAS[series].items():
        for generation, arch in (("7i", "x86_64"), ("7g", "arm64"), ("7gd", "arm64")):
            found = machine(f"{series}{generation}.{size}")
            assert found is not None
            assert (found.cpus, found.memory_mb, found.arch) == (cpus, gb * 1024, arch)
            assert found.is_burstable is (series == "t")
    for strange in ("nano", "metal", "24xlarge", "4xlarges"):
        assert machine(f"{series}7i.{strange}") is None
    assert machine(f"p4{series}.large") is None
    assert machine(f"{series}7i") is None


def _prices() -> dict[str, Decimal]:
    hourly = TABLE.instances["kinds"]["ec2_linux_hour"]["regions"][REGION]
    known = {f"{series}.{size}" for series, sizes in HAS.items() for size in sizes}
    return {
        name: Decimal(str(price))
        for name, price in hourly.items()
        if f"{name[0]}.{name.partition('.')[2]}" in known
    }


def _holds(name: str, most_mb: int) -> int:
    """By memory, of which a sixteenth and half a GB are kept, and by four to a processor."""
    cpus, gb = HAS[name[0]][name.partition(".")[2]]
    usable = min(gb * 960, most_mb) // 1024 * 1024
    return max(0, min((usable - 512) // SANDBOX_MB, cpus * 4))


def _each(found: tuple[Configuration, ...], kind: str) -> list[Configuration]:
    return [each for each in found if each.name.startswith(kind)]


@pytest.mark.parametrize("count", [1, 4, 5, 13, 40])
def test_the_one_machine_is_the_cheapest_that_holds_them(count: int) -> None:
    prices = _prices()
    fitting = {name: price for name, price in prices.items() if _holds(name, 122_880) >= count}
    offered = _each(configurations(Need(count), REGION, TABLE, SANDBOX_MB), "EC2")
    cheapest = sorted(fitting.values())
    names = [each.name.removeprefix("EC2, one ") for each in offered]
    assert [prices[name] for name in names] == cheapest[: len(names)]
    for name, each in zip(names, offered, strict=True):
        cpus, gb = HAS[name[0]][name.partition(".")[2]]
        assert each.holds == _holds(name, 122_880)
        assert f"--memory {gb * 960 // 1024 * 1024} " in f"{each.command} "
        assert f"--cpu {cpus * 1024} " in f"{each.command} "
        assert each.command.endswith(f"--max-sandboxes {each.holds}")
        assert ("burstable" in each.cannot) is name.startswith("t")


def test_the_fleets_are_the_three_cheapest_where_nothing_else_holds_them() -> None:
    """300 sandboxes of 2 GB fit no one task or machine; the coordinator has the runners' processor."""
    price = TABLE.reader(REGION)
    offered = configurations(Need(300), REGION, TABLE, SANDBOX_MB)
    costs = sorted(cost for cost, _ in _fleets(price, 300, offered))
    assert len(offered) == 3
    assert [round(_cost_of(each, price), 6) for each in offered] == [
        round(cost, 6) for cost in costs[:3]
    ]
    for each in offered:
        want = "do without private subnets behind a NAT gateway, which --runner-subnets names"
        assert each.cannot.partition(";")[0] == want
        assert ("burstable" in each.cannot) is ("x t" in each.name)
    assert [each.estimate.monthly for each in offered] == sorted(
        each.estimate.monthly for each in offered
    )


def _one(price: PriceOf, key: str) -> Decimal:
    found = price(key)
    assert found is not None
    return found.of(Decimal(1))


def _coordinator(price: PriceOf, arm: bool, plan_task: tuple[int, int]) -> Decimal:
    middle = "arm_" if arm else ""
    cpu, memory = plan_task
    vcpu = _one(price, f"fargate_{middle}vcpu_hour") * cpu / 1024
    return (vcpu + _one(price, f"fargate_{middle}gb_hour") * memory / 1024) * 730


def _cost(price: PriceOf, name: str, count: int, task: tuple[int, int], disk_gb: int) -> Decimal:
    arm = "g" in name.partition(".")[0][2:3]
    disks = _one(price, "ebs_gp3_gb_month") * disk_gb
    return count * (_prices()[name] * 730 + disks) + _coordinator(price, arm, task)


def _shape(each: Configuration) -> tuple[str, int, tuple[int, int], int]:
    plan = each.estimate.plan
    (group,), (task,) = plan.machines, plan.tasks
    return group.instance_type, int(group.count), (task.cpu, task.memory), group.volume_gb


def _cost_of(each: Configuration, price: PriceOf) -> Decimal:
    return _cost(price, *_shape(each))


def _fleets(
    price: PriceOf, count: int, offered: tuple[Configuration, ...]
) -> Iterator[tuple[Decimal, str]]:
    _, _, task, disk_gb = _shape(offered[0])
    for name in _prices():
        each = _holds(name, 1_048_576)  # the most memory that the template gives a runner
        runners = -(-count // each) if each else 0
        if 1 <= runners <= 100:
            yield _cost(price, name, runners, task, disk_gb), name
