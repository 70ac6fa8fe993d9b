"""Where the parts of a mode run: one server on either kind of capacity, runners on EC2 alone."""

from __future__ import annotations

from collections.abc import Mapping

from ash_ops.errors import UsageProblem
from ash_ops.template_parameters import MULTI_MACHINE


def check_launch_type(mode: str, launch_type: str) -> None:
    """Accept what the template of a mode can run.

    Args:
        mode: ``standalone`` or ``multi-machine``.
        launch_type: ``FARGATE``, ``EC2`` or ``MANAGED``, in any case.

    Raises:
        UsageProblem: runners were asked for with a launch type, and they are always on EC2.
    """
    if mode == MULTI_MACHINE and launch_type.upper() in ("EC2", "MANAGED"):
        raise UsageProblem(
            f"--launch-type {launch_type.lower()} goes with one server",
            "in multi-machine mode the coordinator is on Fargate and the runners are always on EC2",
            "Leave --launch-type out.",
        )


# What an instance that ECS replaces within 14 days needs, and the option that says otherwise.
_WITH_MANAGED = (
    (
        "UseEfs",
        "true",
        "--no-efs",
        "ECS replaces the instance within 14 days, and its disk with it",
    ),
    (
        "AssignPublicIp",
        "DISABLED",
        "--public",
        "only on Fargate a task has a public address of its own",
    ),
)


def wanted_by_managed(given: Mapping[str, str]) -> dict[str, str]:
    """The template parameters that follow from ``--launch-type managed``.

    Args:
        given: those that were asked for.

    Raises:
        UsageProblem: one of them says otherwise.
    """
    for name, wanted, option, why in _WITH_MANAGED:
        if given.get(name, wanted) != wanted:
            raise UsageProblem(
                f"{option} does not go with --launch-type managed", why, f"Leave {option} out."
            )
    return {name: wanted for name, wanted, *_ in _WITH_MANAGED}
