"""``ash-ops cost``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from ash_ops.cli._context import Context
from ash_ops.cost.changes import number
from ash_ops.cost.choices import CHOICES, Choice

_HELP = """Estimate what a deployment costs, line by line, with the source of every price.

Without options the deployment as it is, read from AWS. With --planned or any size option, the plan
that options, environment and .env describe: that needs neither credentials nor a network.

Examples:

\b
  ash-ops cost                                    the deployment, or the plan if there is none
  ash-ops cost --planned                          what .env would cost
  ash-ops cost --cpu 2048 --memory 4096           another size
  ash-ops cost --compare cpu=2048,memory=4096     side by side, with the difference a month
  ash-ops cost --compare region=eu-west-1 --compare arch=arm64   several, side by side
  ash-ops cost --for 50-sandboxes                 the cheapest configurations that hold them
  ash-ops cost --planned --messages-per-day 200   with what the agents' model costs
  ash-ops cost --planned --budget 100             exit code 3 above it
  ash-ops cost --actual                           what was billed, from Cost Explorer

Exit codes: 0 priced, 1 could not, 2 wrong usage, 3 above --budget, 4 the budget cannot be judged.
"""


_FORMATS = ("text", "json", "markdown", "html")


def _number(name: str, given: dict[str, Any]) -> Decimal | None:
    """An option that is a number, exactly as it was written; ``None`` where it is not given."""
    text = given[name.replace("-", "_")]
    return None if text is None else number(name, text)


def _option(choice: Choice) -> click.Option:
    """The command-line option of a choice; ``--region`` is an option of every command already."""
    attributes: dict[str, Any] = {"help": choice.help}
    if choice.flag:
        attributes |= {"is_flag": True, "flag_value": "yes", "default": None}
    elif choice.bare is not None:
        attributes |= {"is_flag": False, "flag_value": choice.bare, "metavar": "[VALUE]"}
    elif choice.values:
        attributes["type"] = click.Choice(choice.values, case_sensitive=False)
    names = [f"--{choice.name}", *([f"--{choice.alias}"] if choice.alias else [])]
    return click.Option([*names, choice.name.replace("-", "_")], **attributes)


def _size_options(command: click.Command) -> click.Command:
    command.params += [_option(choice) for choice in CHOICES.values() if choice.name != "region"]
    return command


@_size_options
@click.command("cost", help=_HELP)
@click.option("--planned", is_flag=True, help="Price the plan, even if there is a deployment.")
@click.option(
    "--compare",
    metavar="NAME=VALUE,...",
    multiple=True,
    help="Show beside it what these changes would cost; may be given several times.",
)
@click.option(
    "--for",
    "hold",
    metavar="N-sandboxes",
    help="The cheapest configurations that hold so many sandboxes or sessions.",
)
@click.option(
    "--budget",
    metavar="DOLLARS",
    help="Exit with 3 if a month costs more, with 4 if that cannot be told.",
)
@click.option("--model", help="The model whose tokens are priced. [default: claude-sonnet-5-5]")
@click.option(
    "--token-price",
    metavar="IN/OUT",
    help="Your own price of the model, in dollars a million tokens: 3/15 or 3/15/3.75/0.3.",
)
@click.option(
    "--messages-per-day",
    metavar="N",
    help="Plan for so many messages a day. [default: as the server counts]",
)
@click.option(
    "--prices",
    type=click.Choice(("auto", "live", "bundled")),
    default="auto",
    help="AWS's price list, or the table that comes with ash-ops; auto asks AWS for a deployment.",
)
@click.option("--actual", is_flag=True, help="Show what was billed, from Cost Explorer.")
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=30,
    help="Days of bills that --actual shows, and of counted tokens.",
)
@click.option("--yes", "-y", is_flag=True, help="Agree to what Cost Explorer charges.")
@click.option(
    "--format", "output", type=click.Choice(_FORMATS), default="text", help="Output format."
)
@click.pass_obj
def command(context: Context, /, output: str, **given: Any) -> int:
    """Price, then print."""
    from ash_ops.commands.cost import cost
    from ash_ops.cost.answer import Request

    names = {name.replace("-", "_"): name for name in CHOICES}
    chosen = {names[key]: value for key, value in given.items() if key in names and value}
    request = Request(
        chosen=chosen,
        only_plan=given["planned"],
        compare=given["compare"],
        prices=given["prices"],
        actual=given["actual"],
        days=given["days"],
        hold=given["hold"],
        model=given["model"],
        token_price=given["token_price"],
        messages_a_day=_number("messages-per-day", given),
    )
    ports = context.ports(yes=given["yes"])
    return context.show(cost(ports, request, output, budget=_number("budget", given)))
