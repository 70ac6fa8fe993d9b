"""Where the parts of a mode run: one server on either kind of capacity, runners on EC2 alone."""

from __future__ import annotations

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
