"""A plugin of pytest for ``make mutants``: no fault hides behind an answer that was remembered.

mutmut forks each mutant from a process that has run the tests already. What a function with a cache answered
there, before the fault was put in, would be given again, and the fault's line would never run.
"""

from __future__ import annotations

import sys

_OURS = ("ash_client", "ash_ops", "tests")


def pytest_sessionstart() -> None:
    """Empty the cache of every function of ours that has one."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _OURS:
            for each in list(vars(module).values()):
                if callable(forget := getattr(each, "cache_clear", None)):
                    forget()
