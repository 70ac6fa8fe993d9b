"""A diagnosis as people and machines read it: one file a format, each with one function."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ash_ops.diagnosis import Report
    from ash_ops.repairs.acts import Act

FORMATS = ("text", "json", "markdown", "junit", "sarif", "html")


def render(report: Report, format_name: str, acts: Sequence[Act] | None = None) -> str:
    """The report in one of ``FORMATS``; plain, without colour.

    Args:
        report: the diagnosis.
        format_name: one of ``FORMATS``.
        acts: what ``--fix`` did, for the format that machines read: JSON.
    """
    module = import_module(f"ash_ops.report.{format_name}")
    extra = {"acts": acts} if acts is not None and format_name == "json" else {}
    document: str = module.render(report, **extra)
    return document
