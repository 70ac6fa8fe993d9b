"""The bill that ``docs/cost.md`` shows is the one that ``ash-ops cost --planned`` prints."""

from __future__ import annotations

from pathlib import Path

from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.lines import LINES, Billed
from ash_ops.cost.plan import default_plan
from ash_ops.report.cost.text import estimate_text

PAGE = "docs/cost.md"
_OPENS, _CLOSES = "```console\n$ ash-ops cost --planned\n", "```\n"
_BILLED = "## What is billed\n\n"
_ABOUT = (
    "Everything that the templates create and AWS charges for; a test reads the templates and fails on "
    "a\nresource or property that has no line here and no reason why it is free.\n\n"
)
_TITLE = "ash-cloud in us-east-1, standalone, as planned"


def files() -> dict[str, str]:
    """The page by its path below the project, with the bill in it as it is now."""
    text = (Path(__file__).resolve().parent.parent / PAGE).read_text("utf-8")
    before, _, rest = text.partition(_OPENS)
    after = rest.partition(_CLOSES)[2]
    bill = estimate_text(monthly_estimate(default_plan()), _TITLE).partition("\n\nMind")[0]
    shown = "\n".join(line.rstrip() for line in bill.strip().splitlines())
    return {PAGE: _with_table(f"{before}{_OPENS}{shown}\n{_CLOSES}{after}")}


def _with_table(page: str) -> str:
    """The page with the table of everything that is billed."""
    before, _, rest = page.partition(_BILLED)
    after = rest.partition("\n## ")[2]
    head = "| What | Read, as deployed, by | Options |\n| --- | --- | --- |"
    rows = "\n".join(_row(line) for line in LINES if line.keys)
    return f"{before}{_BILLED}{_ABOUT}{head}\n{rows}\n\n## {after}"


def _row(line: Billed) -> str:
    what = (line.quantities.__doc__ or "").partition("\n")[0]
    calls = ", ".join(f"`{call}`" for call in line.read.split(", ") if call) or "-"
    options = ", ".join(f"`--{option}`" for option in line.options) or "-"
    return f"| {what} | {calls} | {options} |"
