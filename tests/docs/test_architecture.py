"""The picture of the house shows the house: every folder that is there, and none that is not."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PICTURE = PAGE.partition("```text\n")[2].partition("```")[0]


def drawn(below: str) -> set[str]:
    """The folders that stand right below one of the picture's."""
    rows = PICTURE.splitlines()
    first = next(n for n, row in enumerate(rows) if row.startswith(f"{below}/")) + 1
    last = next((n for n in range(first, len(rows)) if rows[n][:1] != " "), len(rows))
    return {name for row in rows[first:last] for name in re.findall(r"(\w+)/", row[:22])}


def there(folder: str) -> set[str]:
    return {p.name for p in (ROOT / folder).iterdir() if p.is_dir() and p.name != "__pycache__"}


def test_every_folder_of_the_packages_is_drawn() -> None:
    assert drawn("ash_ops") == there("ash_ops")
    assert drawn("ash_client") == there("ash_client")


def test_every_module_it_names_is_there() -> None:
    named = re.findall(r"`(\w+\.py)`", PAGE)
    assert len(named) > 4
    assert [name for name in named if not (ROOT / "ash_ops" / name).exists()] == []


def test_the_rules_are_numbered_and_none_is_lost() -> None:
    assert re.findall(r"^(\d+)\. ", PAGE, re.MULTILINE) == [str(n) for n in range(1, 15)]
