"""For every test: a module's tests stay in one process, because some share a server or a story."""

from __future__ import annotations

import gc
import logging
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from ash_ops import redact
from tests.support import browser

# A test that passes or fails by luck tells nothing: the same examples every time, but for `make fuzz`.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# A command freezes what it made, because its process ends; this one goes on to the next test, and a
# worker that ran hundreds of commands had grown to 4 GB.
_freeze, gc.freeze = gc.freeze, lambda: None
# A shell lets what it starts in the background ignore Ctrl-C, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


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


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look at it again with every command's garbage."""
    gc.collect()
    _freeze()


def pytest_report_header() -> str:
    """Whether the pages are looked at in a browser, which not every machine has."""
    return f"browser for the HTML pages: {browser.found() or 'none found; its tests are left out'}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for an emulator comes first: the small tests fill up the end."""
    items.sort(key=lambda item: "/e2e/" not in item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """However tests are spread over processes, each module is run by one, in its own order.

    A module that shares one deployment a parameter is spread by its parameters.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByModuleAndScenario(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if "e2e/test_every_scenario.py" in nodeid and "[" in nodeid:
                return nodeid.split("[", 1)[1]
            scope: str = super()._split_scope(nodeid)
            return scope

    config.option.loadscopereorder = False
    return ByModuleAndScenario(config, log)
