"""The models, loaded when first used: pydantic takes longer to import than everything else here but httpx."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["models"]

if TYPE_CHECKING:
    from ash_client import models
else:

    class _Models:
        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("ash_client.models"), name)

    models = _Models()
