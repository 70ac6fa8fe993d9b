"""For every test: a module's tests stay in one process, because some share a server or a story."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """However tests are spread over processes, each module is run by one, in its own order."""
    from xdist.scheduler import LoadScopeScheduling

    return LoadScopeScheduling(config, log)
