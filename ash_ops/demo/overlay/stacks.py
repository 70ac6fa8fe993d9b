"""CloudFormation: progress one can watch, failures one can plan, rules in their short form.

Stock ministack provisions a whole stack between two requests and asks for no capabilities.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ministack.services.cloudformation import engine, handlers, provisioners
from ministack.services.cloudformation import stacks as stack_engine

from ash_ops.demo.names import PACE_VARIABLE
from ash_ops.demo.overlay import resources

# The rule functions and condition functions ministack evaluates but whose short form it cannot read.
_SHORT_FORMS = ("Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll")


@dataclass
class _PlannedFailures:
    """The resource types that the next deployments shall fail to create, and why."""

    reasons: dict[str, str]
    lock: threading.Lock

    def check(self, resource_type: str) -> None:
        with self.lock:
            reason = self.reasons.get(resource_type)
        if reason is not None:
            raise ValueError(reason)


_planned = _PlannedFailures({}, threading.Lock())


def plan_failure(resource_type: str, reason: str) -> None:
    """Make every later creation of ``resource_type`` fail with AWS's sentence ``reason``."""
    with _planned.lock:
        _planned.reasons[resource_type] = reason


def forget_planned_failures() -> None:
    """Let everything be created again."""
    with _planned.lock:
        _planned.reasons.clear()


def install() -> None:
    """Replace the engine's parts; the originals stay behind what is not replaced."""
    for name in _SHORT_FORMS:
        engine.CfnLoader.add_constructor(f"!{name}", engine._construct_cfn_tag(f"Fn::{name}"))
    handlers._capabilities_enforced = lambda: True
    stack_engine._runs_on_worker_thread = lambda _type: True
    stack_engine._provision_keeping_seed = _paced(stack_engine._provision_keeping_seed)
    stack_engine._update_keeping_seed = _paced(stack_engine._update_keeping_seed)
    resources.install(provisioners._RESOURCE_HANDLERS)


def _paced(provision: Callable[..., Any]) -> Callable[..., Any]:
    """The same step, after the pace that makes progress visible, unless it is planned to fail."""

    def step(resource_type: str, *arguments: Any) -> Any:
        time.sleep(float(os.environ.get(PACE_VARIABLE, "0")))
        _planned.check(resource_type)
        return provision(resource_type, *arguments)

    return step
