"""Modules loaded when first used: pydantic takes longer to import than everything else here but httpx."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["agents", "models"]

if TYPE_CHECKING:
    from ash_client import agents, models
else:

    class _Later:
        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            return getattr(import_module(self._name), name)

    agents = _Later("ash_client.agents")
    models = _Later("ash_client.models")
