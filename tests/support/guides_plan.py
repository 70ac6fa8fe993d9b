"""The plan with the guide's sizes, whatever the templates' defaults are: for tests that count dollars."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ash_ops.cost.plan import X86, Database, Machines, Plan, Tasks, default_plan
from ash_ops.template_parameters import STANDALONE

TASK: dict[str, Any] = {"cpu": 512, "memory": 1024, "arch": X86}
DATABASE = Database(instance_class="db.t4g.micro", multi_az=False)
BILLED: dict[str, Any] = {"insights": "enabled", "log_retention_days": 30}


def guides_task(**changes: Any) -> Tasks:
    """The guide's smaller task."""
    return Tasks(**(TASK | changes))


def guides_plan(mode: str = STANDALONE, launch_type: str = "fargate") -> Plan:
    """As ``default_plan``: one server, or a coordinator with two runners."""
    plan = default_plan(mode, launch_type)
    return replace(
        plan,
        **BILLED,
        tasks=tuple(map(_task, plan.tasks)),
        machines=tuple(map(_machines, plan.machines)),
        database=DATABASE if plan.database else None,
    )


def _task(tasks: Tasks) -> Tasks:
    if tasks.role == "runner":
        return replace(tasks, count=Decimal(2), arch=X86)
    return replace(tasks, **TASK)


def _machines(machines: Machines) -> Machines:
    if machines.role == "runner":
        return replace(machines, count=Decimal(2), instance_type="m6i.xlarge")
    return replace(machines, instance_type="m6i.large", volume_gb=50)
