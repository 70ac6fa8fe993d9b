"""A diagnosis as people and machines read it: one file a format, each with one function."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ash_ops.diagnosis import Report
    from ash_ops.facts.snapshot import Snapshot
    from ash_ops.repairs.acts import Act

FORMATS = ("text", "json", "markdown", "junit", "sarif", "html", "prometheus")


_ENDINGS = {
    ".json": "json", ".md": "markdown", ".sarif": "sarif", ".xml": "junit", ".html": "html", ".htm": "html", ".prom": "prometheus",
}  # fmt: skip


def format_of(path: str) -> str:
    """The format that a file's ending asks for; text for an ending that asks for none."""
    return _ENDINGS.get(PurePath(path).suffix.lower(), "text")


def render(
    report: Report,
    format_name: str,
    acts: Sequence[Act] | None = None,
    snapshot: Snapshot | None = None,
) -> str:
    """The report in one of ``FORMATS``; plain, without colour.

    Args:
        report: the diagnosis.
        format_name: one of ``FORMATS``.
        acts: what ``--fix`` did, for the format that machines read: JSON.
        snapshot: the facts that it was made from, for the formats that tell of them.
    """
    module = import_module(f"ash_ops.report.{format_name}")
    extra: dict[str, Any] = {}
    if acts is not None and format_name == "json":
        extra["acts"] = acts
    if format_name in {"html", "prometheus"}:
        extra["snapshot"] = snapshot
    document: str = module.render(report, **extra)
    return document
