"""From what a command line gave to a deployment: the seam between click's values and this floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ash_ops.aws.session import Aws
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.price import price_of_deployment, price_of_request
from ash_ops.deploy.plan.request import DeployOptions, check_values
from ash_ops.deploy.remove.teardown import TeardownContext, teardown
from ash_ops.deploy.run.deploy import deploy
from ash_ops.deploy.run.rollout import rollback, rollout
from ash_ops.errors import ExitCode
from ash_ops.settings import Settings

_LISTS = ("subnets", "task_subnets", "runner_subnets")


def run_deploy(
    settings: Settings,
    open_aws: Callable[[], Aws],
    dialogue: Dialogue,
    wanted: Mapping[str, Any],
    how: Mapping[str, Any],
) -> ExitCode:
    """Deploy as the command line says.

    Args:
        settings: the variables.
        open_aws: makes the session; called after what needs none was checked.
        dialogue: the user.
        wanted: the fields of ``DeployOptions``.
        how: ``plan_only``, ``no_wait``, ``canary``, ``skip_check``, ``template``, ``adopt`` and
            ``lose_data``.

    Raises:
        OpsError: it cannot be done.
    """
    options = _options(wanted)
    check_values(settings, options)  # what can be seen to be wrong is said before AWS is asked
    choices = DeployChoices(
        plan_only=how["plan_only"],
        wait=not how["no_wait"],
        canary=how["canary"],
        skip_checks=frozenset(how["skip_check"]),
        template=how["template"],
        adopt=how["adopt"],
        lose_data=how["lose_data"],
    )
    aws = open_aws()
    environment = Environment(
        aws=aws,
        settings=settings,
        dialogue=dialogue,
        estimate=lambda request: price_of_request(settings, aws, request),
    )
    return deploy(environment, options, choices)


def _options(wanted: Mapping[str, Any]) -> DeployOptions:
    fields = {name: value for name, value in wanted.items() if value not in (None, ())}
    for name in _LISTS:
        if name in fields:
            fields[name] = tuple(part.strip() for part in fields[name].split(",") if part.strip())
    return DeployOptions(**fields)


def run_teardown(
    settings: Settings, aws: Aws, dialogue: Dialogue, how: Mapping[str, bool]
) -> tuple[ExitCode, str]:
    """Remove a deployment as the command line says.

    Args:
        settings: the variables.
        aws: the session.
        dialogue: the user.
        how: ``delete_data``, ``delete_secret_now`` and ``adopt``.

    Returns:
        The exit code, and the receipt.

    Raises:
        OpsError: it cannot be done.
    """
    work = TeardownContext(
        aws=aws,
        names=settings.deployment,
        dialogue=dialogue,
        estimate=lambda: price_of_deployment(settings, aws),
        delete_data=how["delete_data"],
        delete_secret_now=how["delete_secret_now"],
        adopt=how["adopt"],
    )
    return teardown(work)


def run_rollout(
    settings: Settings, aws: Aws, dialogue: Dialogue, version: str | None, choices: DeployChoices
) -> ExitCode:
    """Run another version of the image.

    Raises:
        OpsError: it cannot be done.
    """
    return rollout(Environment(aws=aws, settings=settings, dialogue=dialogue), version, choices)


def run_rollback(
    settings: Settings, aws: Aws, dialogue: Dialogue, choices: DeployChoices
) -> ExitCode:
    """Go back to the image that ran before.

    Raises:
        OpsError: it cannot be done.
    """
    return rollback(Environment(aws=aws, settings=settings, dialogue=dialogue), choices)
