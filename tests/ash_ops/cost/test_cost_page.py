"""``docs/cost.md`` cannot fall behind the command."""

from __future__ import annotations

import re
from pathlib import Path

from ash_ops.cost.choices import CHOICES
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import default_plan
from ash_ops.iam.policy import direct_actions
from ash_ops.report.cost.text import estimate_text

PAGE = (Path(__file__).parents[3] / "docs" / "cost.md").read_text(encoding="utf-8")


def test_every_option_is_on_the_page_and_no_other() -> None:
    table = PAGE.partition("## What can be chosen")[2].partition("\n## ")[0]
    named = set(re.findall(r"`--([a-z0-9-]+)`", table))
    aliases = {choice.alias for choice in CHOICES.values() if choice.alias}
    assert named == (CHOICES.keys() | aliases) - {"region"}


def test_the_table_on_the_page_is_what_is_printed() -> None:
    printed = estimate_text(monthly_estimate(default_plan()), "").partition("\n\nMind")[0]
    assert printed.strip() in PAGE


def test_every_permission_of_the_policy_is_on_the_page() -> None:
    assert [name for name in direct_actions("cost") if name not in PAGE] == []


def test_the_python_example_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example.replace("print(", "found = ("), "docs/cost.md", "exec"), names)
    assert isinstance(names["found"], tuple)
    assert round(names["found"][0], 2) == round(names["estimate"].monthly, 2)  # type: ignore[attr-defined]  # an Estimate
