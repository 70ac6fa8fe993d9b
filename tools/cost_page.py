"""The bill that ``docs/cost.md`` shows is the one that ``ash-ops cost --planned`` prints."""

from __future__ import annotations

from pathlib import Path

from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import default_plan
from ash_ops.report.cost.text import estimate_text

PAGE = "docs/cost.md"
_OPENS, _CLOSES = "```console\n$ ash-ops cost --planned\n", "```\n"
_TITLE = "ash-cloud in us-east-1, standalone, as planned"


def files() -> dict[str, str]:
    """The page by its path below the project, with the bill in it as it is now."""
    text = (Path(__file__).resolve().parent.parent / PAGE).read_text("utf-8")
    before, _, rest = text.partition(_OPENS)
    after = rest.partition(_CLOSES)[2]
    bill = estimate_text(monthly_estimate(default_plan()), _TITLE).partition("\n\nMind")[0]
    shown = "\n".join(line.rstrip() for line in bill.strip().splitlines())
    return {PAGE: f"{before}{_OPENS}{shown}\n{_CLOSES}{after}"}
