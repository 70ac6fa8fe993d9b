"""One test of many cases that differ in a value alone: each that fails is told, and none hides another.

A case of pytest's own costs two to three milliseconds beside what it proves, in each worker process; thousands
of them had become half a minute.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Test = Callable[..., None]


def each(argument: str, cases: Iterable[Any] | Mapping[str, Any]) -> Callable[[Test], Test]:
    """Run a test once for every case, given to it as ``argument``; its fixtures are made once for all.

    Args:
        argument: the name of the test's parameter.
        cases: the values, or the values by their names.
    """
    named = cases if isinstance(cases, Mapping) else {str(case): case for case in cases}

    def for_each(test: Test) -> Test:
        def run(*args: Any, **fixtures: Any) -> None:
            assert named, "there is no case"
            failed = []
            for name, case in named.items():
                try:
                    test(*args, **{**fixtures, argument: case})
                except Exception as error:  # noqa: BLE001 - told below, with the others
                    error.add_note(f"the case: {argument} = {name}")
                    failed.append(error)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(named)} cases fail", failed)

        signature = inspect.signature(test)
        kept = [p for name, p in signature.parameters.items() if name != argument]
        run.__name__, run.__qualname__, run.__doc__ = test.__name__, test.__qualname__, test.__doc__
        run.__module__ = test.__module__
        vars(run)["__signature__"] = signature.replace(parameters=kept)
        return run

    return for_each
