"""Run in a copy of the project: say, as JSON, what follows from the templates' defaults.

``python -m tests.support.what_follows``. It imports what a user's command imports, so nothing that was
read before the defaults were changed is left in memory.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from ash_ops.cli._main import group
from ash_ops.cost.choices import planned
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.preflight import check_plan, plan_of
from ash_ops.deploy.plan.price import chosen_of
from ash_ops.deploy.plan.request import read_request
from ash_ops.facts.start import Identity
from ash_ops.settings import Options, load
from ash_ops.template_parameters import MODES, bundled_parameters
from tools import cost_page, parameters_page


def helps(command: str) -> dict[str, str]:
    """What the help of a command says of each option, by its name."""
    with click.Context(group) as context:
        found = group.get_command(context, command)
    assert found is not None
    options = (option for option in found.params if isinstance(option, click.Option))
    return {option.opts[0]: option.help or "" for option in options}


def of_mode(mode: str) -> dict[str, Any]:
    """What is requested, checked and priced in one mode when nothing is given."""
    settings = load(Options(env_file=None), {})
    request = read_request(
        settings, DeployOptions(mode=mode, runner_subnets=("subnet-1", "subnet-2"))
    )
    nowhere = Placement(vpc="", balancer_subnets=(), task_subnets=(), tables=())
    moment = datetime(2026, 11, 27, tzinfo=UTC)
    reports = check_plan(plan_of(request, nowhere, "us-east-1", Identity(), {}, moment))
    return {
        "request": {name: request.effective(name) for name in bundled_parameters(mode)},
        "memory": [finding.summary for finding in reports["memory"].findings],
        "agents": [finding.severity for finding in reports["agents"].findings],
        "priced": chosen_of(request, "us-east-1"),
        "plan": asdict(planned(settings, {"mode": mode})),
    }


if __name__ == "__main__":
    told = {
        "help": {name: helps(name) for name in ("deploy", "cost")},
        "page": parameters_page.page(),
        "bill": cost_page.files()["docs/cost.md"],
        **{mode: of_mode(mode) for mode in MODES},
    }
    json.dump(told, sys.stdout, default=str)
