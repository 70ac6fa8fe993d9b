"""What can be changed in the emulated account from outside: the vocabulary of scenarios.

Every public function of the modules here is a mutation; its name is ``do`` in a scenario's
``[[break]]`` and its parameters are the other keys. ``when`` says how many seconds ago it was done;
what followed until now is lived through at the pace of AWS. Times are given as *seconds ago*. Texts
may hold ``${service}``, ``${task}`` and the other names of ``_subjects.names_for``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from inspect import getmembers, isfunction
from types import ModuleType
from typing import Any

from ash_ops.demo.mutations import account, network, service, tasks, world
from ash_ops.demo.overlay import state
from ash_ops.demo.world import engine
from ash_ops.demo.world.clock import at_standstill

Mutation = Callable[..., None]


def _public_functions(module: ModuleType) -> dict[str, Mutation]:
    return {
        name: function
        for name, function in getmembers(module, isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


MUTATIONS: dict[str, Mutation] = {
    name: function
    for module in (tasks, service, network, account, world)
    for name, function in _public_functions(module).items()
}


def apply_all(mutations: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Make mutations in order, inside the account.

    Raises:
        ValueError: there is no mutation of that name.
        LookupError: what it wants to change is not there.
        TypeError: it does not take a parameter that was given.
    """
    with state.scope():
        for mutation in mutations:
            _apply(dict(mutation))
        if any("when" in mutation for mutation in mutations):
            engine.live_through(time.time())
        engine.advance()
    return {"made": len(mutations)}


def _apply(parameters: dict[str, Any]) -> None:
    name = parameters.pop("do", None)
    if name not in MUTATIONS:
        raise ValueError(f"there is no mutation {name!r}; there are {', '.join(MUTATIONS)}")
    when = parameters.pop("when", None)
    if when is not None:
        engine.live_through(time.time() - when)
    at_standstill(MUTATIONS[name])(**parameters)
