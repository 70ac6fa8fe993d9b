"""The SDK's page names what there is."""

from __future__ import annotations

import re
from pathlib import Path

from ash_client import AshClient, errors
from ash_client._sync.resources import Resources

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sdk.md").read_text("utf-8")


def test_every_method_is_listed() -> None:
    operations = PAGE.split("## Operations")[1].split("## ")[0]
    rows = "\n".join(line for line in operations.splitlines() if line.startswith("| "))
    listed = set(re.findall(r"`(\w+)`", rows))
    plain = {"close", "with_options", "server_url"} | {n for n in vars(Resources) if n[0] != "_"}
    assert listed == {name for name in dir(AshClient) if not name.startswith("_")} - plain


def test_every_error_is_drawn() -> None:
    tree = PAGE.split("## Errors")[1]
    assert all(name in tree for name in errors.__all__)
