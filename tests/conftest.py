"""For every test: a module's tests stay in one process, because some share a server or a story."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from ash_ops import redact


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    """What one test takes for a secret is none in the next."""
    yield
    redact.forget()
    # Nor are calls shown because one test asked for -v.
    calls = logging.getLogger("ash_ops.calls")
    calls.handlers.clear()
    calls.setLevel(logging.NOTSET)
    calls.propagate = True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """However tests are spread over processes, each module is run by one, in its own order."""
    from xdist.scheduler import LoadScopeScheduling

    return LoadScopeScheduling(config, log)
