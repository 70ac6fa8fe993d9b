"""Options that several commands share, declared once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Decorator = Callable[[Any], Any]

DRAIN_MINUTES = 30.0

plan_option: Decorator = click.option(
    "--plan", "plan_only", is_flag=True, help="Show what would be done, and stop."
)
yes_option: Decorator = click.option(
    "--yes", "-y", is_flag=True, help="Answer every question with yes."
)
drain_option: Decorator = click.option(
    "--drain",
    is_flag=False,
    flag_value=DRAIN_MINUTES,
    type=click.FloatRange(min=0, max=24 * 60),
    metavar="[=MINUTES]",
    show_default=False,
    help="First let nobody new in and wait for the turns under way, 30 minutes if none are said; "
    "if they go on, nothing is changed.",
)
role_option: Decorator = click.option(
    "--role",
    metavar="ARN",
    help="The IAM role that AWS Backup works with [default: AWSBackupDefaultServiceRole].",
)
