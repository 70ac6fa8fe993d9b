"""The ``ash_client`` logger: silent unless the application, or ``ASH_LOG``, asks for it."""

from __future__ import annotations

import logging
import os
from typing import Final

logger: Final = logging.getLogger("ash_client")
# Without a handler of its own Python would print warnings to stderr unasked.
logger.addHandler(logging.NullHandler())

_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
_FORMAT: Final = "%(asctime)s %(name)s %(levelname)s %(message)s"


def obey_environment() -> None:
    """Print what the logger tells to stderr when ``ASH_LOG`` is debug, info or warning; any other value is ignored."""
    level = _LEVELS.get(os.environ.get("ASH_LOG", "").strip().lower())
    if level is None or any(isinstance(h, _AshLogHandler) for h in logger.handlers):
        return
    handler = _AshLogHandler()
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)
    logger.setLevel(level)


class _AshLogHandler(logging.StreamHandler):  # type: ignore[type-arg]  # typeshed's is generic, Python's is not
    """The handler of ``ASH_LOG``, known by its class so that it is added once."""
