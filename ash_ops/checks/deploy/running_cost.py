"""Does it cost far more than what is asked for would?

Only what a snapshot shows is compared: the tasks that run with those wanted, and the log data kept
with what an idle server writes. `ash-ops cost` measures the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ash_ops.checks._facts import definition, running
from ash_ops.checks._findings import ash_command, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable, present
from ash_ops.cost.plan import Plan, Tasks
from ash_ops.facts.snapshot import Snapshot

_TIMES, _DOLLARS = Decimal("1.5"), Decimal(20)
_GIGABYTE = Decimal(10**9)
_MONTH_DAYS = Decimal(30)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The month as it runs now is not half as dear again as the month that was asked for."""
    wanted = _wanted(snapshot)
    actual = _actual(snapshot, wanted)
    if actual == wanted:
        return
    from ash_ops.cost.estimate import (
        monthly_estimate,
    )  # with the price table: only where it differs

    planned, real = monthly_estimate(wanted).monthly, monthly_estimate(actual).monthly
    if real < planned * _TIMES or real - planned < _DOLLARS:
        return
    yield finding(
        "cost-above-plan",
        "deploy",
        f"As it runs now it costs about ${real:.0f} a month; what is asked for would cost "
        f"${planned:.0f}.",
        _evidence(snapshot, wanted, actual),
        [
            Fix(why="See each line of it.", command=ash_command(snapshot, "cost")),
            Fix(why="See what is written.", command=ash_command(snapshot, "logs --since 5m")),
            verify(snapshot, "deploy"),
        ],
        severity="warning",
        confidence="likely",
    )


def _wanted(snapshot: Snapshot) -> Plan:
    task, service = definition(snapshot), present(snapshot.service)
    cpu, memory = task.cpu or "", task.memory or ""
    on_fargate = "FARGATE" in task.requires_compatibilities
    if not on_fargate or not (cpu.isdigit() and memory.isdigit()):
        raise NotApplicable("only Fargate tasks are priced from a snapshot")
    count = Decimal(service.desired_count or 0)
    tasks = Tasks(count=count, cpu=int(cpu), memory=int(memory))
    return Plan(region=snapshot.deployment.region, tasks=(tasks,))


def _actual(snapshot: Snapshot, wanted: Plan) -> Plan:
    """The same with the tasks that run, and the log data that is kept, spread over its retention."""
    count = max(Decimal(len(running(snapshot))), wanted.tasks[0].count)
    plan = replace(wanted, tasks=(replace(wanted.tasks[0], count=count),))
    group = snapshot.log_group.get()
    if group is None or not group.retention_in_days or not group.stored_bytes:
        return plan
    stored = Decimal(group.stored_bytes) / _GIGABYTE
    month = stored * _MONTH_DAYS / Decimal(group.retention_in_days)
    if month <= (wanted.log_gb or Decimal(0)):
        return plan
    return replace(plan, log_gb=month, log_stored_gb=stored)


def _evidence(snapshot: Snapshot, wanted: Plan, actual: Plan) -> Iterator[Evidence]:
    runs, asked = actual.tasks[0].count, wanted.tasks[0].count
    yield quote(snapshot.tasks, "tasks[RUNNING]", f"{runs} run, {asked} wanted")
    if actual.log_stored_gb is not None:
        size = f"{actual.log_stored_gb:.1f} GB"
        yield quote(snapshot.log_group, "logGroups[0].storedBytes", size)


CHECK = Check(
    id="running-cost",
    title="It costs about what was asked for",
    playbook="deploy",
    run=run,
    causes=("cost-above-plan",),
)
