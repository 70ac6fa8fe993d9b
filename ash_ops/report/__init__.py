"""A diagnosis as people and machines read it: one file a format, each with one function."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ash_ops.diagnosis import Report

FORMATS = ("text", "json", "markdown", "junit", "sarif", "html")


def render(report: Report, format_name: str) -> str:
    """The report in one of ``FORMATS``; plain, without colour."""
    module = import_module(f"ash_ops.report.{format_name}")
    renderer: Callable[[Report], str] = module.render
    return renderer(report)
