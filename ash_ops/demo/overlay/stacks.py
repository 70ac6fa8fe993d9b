"""CloudFormation: progress one can watch, failures one can plan, rules in their short form.

Stock ministack provisions a whole stack between two requests and asks for no capabilities.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers, provisioners
from ministack.services.cloudformation import stacks as stack_engine

from ash_ops.demo.names import PACE_VARIABLE
from ash_ops.demo.overlay import resources, state

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
_changes: set[asyncio.Task[Any]] = set()
_parse = engine._parse_template


def plan_failure(resource_type: str, reason: str) -> None:
    """Make every later creation of ``resource_type`` fail with AWS's sentence ``reason``."""
    with _planned.lock:
        _planned.reasons[resource_type] = reason


def forget_planned_failures() -> None:
    """Let everything be created again."""
    with _planned.lock:
        _planned.reasons.clear()


@cache
def _read(body: str) -> bytes:
    return pickle.dumps(_parse(body))


def _parsed(body: str) -> dict[str, Any]:
    """A template as ministack reads it: a copy, because it is worked on; reading it takes 40 ms."""
    template: dict[str, Any] = pickle.loads(_read(body))  # noqa: S301 - what this process made itself
    return template


def install() -> None:
    """Replace the engine's parts; the originals stay behind what is not replaced."""
    for name in _SHORT_FORMS:
        engine.CfnLoader.add_constructor(f"!{name}", engine._construct_cfn_tag(f"Fn::{name}"))
    engine._parse_template = handlers._parse_template = changesets._parse_template = _parsed
    handlers._capabilities_enforced = lambda: True
    stack_engine._runs_on_worker_thread = lambda _type: True
    stack_engine._provision_keeping_seed = _paced(stack_engine._provision_keeping_seed)
    stack_engine._update_keeping_seed = _if_changed(_paced(stack_engine._update_keeping_seed))
    stack_engine._add_event = _with_cascade(stack_engine._add_event)
    for module in (stack_engine, handlers, changesets):
        module._create_stack_task_in_region = _begin
    changesets._resolve_props_for_diff = _without_absent(changesets._resolve_props_for_diff)
    list_change_sets = handlers._ACTION_HANDLERS["ListChangeSets"]
    handlers._ACTION_HANDLERS["ListChangeSets"] = _by_name_too(list_change_sets)
    resources.install(provisioners._RESOURCE_HANDLERS)


def _begin(change: Coroutine[Any, Any, None], stack: Any, stack_id: str | None = None) -> None:
    """Begin to create, change or delete a stack; who empties the account can end it."""
    with stack_engine._stack_region_context(stack, stack_id):
        begun = asyncio.get_running_loop().create_task(change)
    _changes.add(begun)
    begun.add_done_callback(_changes.discard)


async def end_changes() -> None:
    """End what still changes stacks: it would go on in the account of whoever comes next."""
    for change in _changes:
        change.cancel()
    await asyncio.gather(*_changes, return_exceptions=True)


def _by_name_too(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Take a stack's id where its name is wanted, as AWS does."""

    def answered(params: Any) -> Any:
        stack = handlers._resolve_stack((params.get("StackName") or [""])[0])
        return answer({**params, "StackName": [stack["StackName"]]} if stack else params)

    return answered


def _paced(provision: Callable[..., Any]) -> Callable[..., Any]:
    """The same step, after the pace that makes progress visible, unless it is planned to fail."""

    def step(resource_type: str, *arguments: Any) -> Any:
        time.sleep(float(os.environ.get(PACE_VARIABLE, "0")))
        _planned.check(resource_type)
        return provision(resource_type, *arguments)

    return step


def _if_changed(update: Callable[..., Any]) -> Callable[..., Any]:
    """AWS leaves a resource alone whose properties have not changed."""

    def step(kind: str, identifier: str, old: Any, new: Any, *more: Any) -> Any:
        if old != new:
            return update(kind, identifier, old, new, *more)
        attributes = more[-1]
        return (identifier, attributes), ""

    return step


def _without_absent(resolve: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Keep resources whose condition is false out of change sets: they will not be made."""

    def resolved(template: dict[str, Any], parameters: Any, *more: Any) -> dict[str, Any]:
        found = resolve(template, parameters, *more)
        conditions = engine._evaluate_conditions(template, parameters) if template else {}
        present = {
            name: resource
            for name, resource in found.get("Resources", {}).items()
            if conditions.get(resource.get("Condition"), True)
        }
        return {**found, "Resources": present}

    return resolved


_UPDATES = ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
_CANCELLED = "Resource creation cancelled"
_ROLLED_BACK = "The following resource(s) failed to create: [{}]. Rollback requested by user."
# What AWS would have been making beside a resource that fails: none of them waits for another.
_MADE_BESIDE = ("AWS::IAM::Role", "AWS::ElasticLoadBalancingV2::TargetGroup")


def _with_cascade(add_event: Callable[..., None]) -> Callable[..., None]:
    """Let a failure cancel what AWS would have been making meanwhile, and say so of the stack."""

    def add(
        stack_id: str,
        stack_name: str,
        logical_id: str,
        kind: str,
        status: str,
        *more: Any,
        **named: Any,
    ) -> None:
        if status in _UPDATES and logical_id in _untouched(stack_id, stack_name):
            return
        if logical_id == stack_name and status == "ROLLBACK_IN_PROGRESS":
            failed = ", ".join(_failed_resources(stack_id))
            more = (_ROLLED_BACK.format(failed), *more[1:])
        cancelled = _beside(stack_id) if status == "CREATE_FAILED" else []
        for name, its_kind in cancelled:
            add_event(stack_id, stack_name, name, its_kind, "CREATE_IN_PROGRESS")
        add_event(stack_id, stack_name, logical_id, kind, status, *more, **named)
        for name, its_kind in cancelled:
            add_event(stack_id, stack_name, name, its_kind, "CREATE_FAILED", _CANCELLED)
        _keep_in_order(state.stack_events(stack_id))

    return add


def _untouched(stack_id: str, stack_name: str) -> set[str]:
    """The resources that the change set being executed leaves alone: they have no events."""
    changed = state.changed_resources(stack_id)
    if changed is None:
        return set()
    return set(state.template_of(stack_id)["Resources"]) - changed - {stack_name}


def _failed_resources(stack_id: str) -> list[str]:
    events = state.stack_events(stack_id)
    return [e["LogicalResourceId"] for e in events if e["ResourceStatus"] == "CREATE_FAILED"]


def _beside(stack_id: str) -> list[tuple[str, str]]:
    seen = {e["LogicalResourceId"] for e in state.stack_events(stack_id)}
    defined = state.template_of(stack_id)["Resources"]
    return [
        (name, resource["Type"])
        for name, resource in defined.items()
        if name not in seen and resource["Type"] in _MADE_BESIDE and "Condition" not in resource
    ]


def _keep_in_order(events: list[dict[str, Any]]) -> None:
    """Give events of one millisecond times of their own: on AWS the first failure is the earliest."""
    for before, after in pairwise(events[-4:]):
        if after["Timestamp"] <= before["Timestamp"]:
            later = datetime.fromisoformat(before["Timestamp"]) + timedelta(milliseconds=1)
            after["Timestamp"] = state.stamp(later)
