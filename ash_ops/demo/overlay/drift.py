"""CloudFormation: drift-aware change sets, which make anew what was deleted past the stack.

``DeploymentMode: REVERT_DRIFT`` of CreateChangeSet compares the template with what there is; stock
ministack compares it with the stack's last template alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ministack.services.cloudformation import changesets, handlers

from ash_ops.demo.overlay import state

Record = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[Record], Answer]


def install() -> None:
    """Replace the making and the execution of change sets."""
    table = handlers._ACTION_HANDLERS
    table["CreateChangeSet"] = _comparing(table["CreateChangeSet"])
    table["ExecuteChangeSet"] = _forgetting(table["ExecuteChangeSet"])


def _given(params: Record, name: str) -> str:
    return str((params.get(name) or [""])[0])


def _comparing(original: Handler) -> Handler:
    def create(params: Record) -> Answer:
        stack = handlers._resolve_stack(_given(params, "StackName"))
        if stack is None or _given(params, "DeploymentMode") != "REVERT_DRIFT":
            return original(params)
        gone = _gone(stack)
        with _without(stack, gone):
            answer = original(params)
        _, made = changesets._find_change_set(
            _given(params, "ChangeSetName"), str(stack["StackName"])
        )
        if made:
            made["_gone"] = gone
        return answer

    return create


def _forgetting(original: Handler) -> Handler:
    """What is gone is made, not updated: the stack's record of it leads nowhere."""

    def execute(params: Record) -> Answer:
        name, stack_name = _given(params, "ChangeSetName"), _given(params, "StackName")
        _, found = changesets._find_change_set(name, stack_name)
        stack = handlers._resolve_stack(str((found or {}).get("StackName", "")))
        for logical_id in (found or {}).get("_gone", ()):
            if stack is not None:
                stack["_resources"].pop(logical_id, None)
        return original(params)

    return execute


@contextmanager
def _without(stack: Record, gone: list[str]) -> Iterator[None]:
    """Let a stack look as if it had never made what is gone."""
    kept = {name: stack[name] for name in ("_resources", "_template")}
    resources = kept["_template"].get("Resources", {})
    stack["_resources"] = {k: v for k, v in kept["_resources"].items() if k not in gone}
    stack["_template"] = {
        **kept["_template"],
        "Resources": {k: v for k, v in resources.items() if k not in gone},
    }
    try:
        yield
    finally:
        stack.update(kept)


def _gone(stack: Record) -> list[str]:
    return [
        logical_id
        for logical_id, record in stack["_resources"].items()
        if not _is_there(record["ResourceType"], str(record["PhysicalResourceId"]))
    ]


def _is_there(kind: str, id_: str) -> bool:
    if kind == "AWS::ECS::Service":
        return any(
            service["serviceArn"] == id_ and service["status"] == "ACTIVE"
            for service in state.services().values()
        )
    stores: dict[str, Callable[[], Any]] = {
        "AWS::EFS::MountTarget": lambda: {t["MountTargetId"] for t in state.mount_targets()},
        "AWS::EC2::SecurityGroup": state.security_groups,
        "AWS::ElasticLoadBalancingV2::Listener": state.listeners,
        "AWS::ElasticLoadBalancingV2::LoadBalancer": state.load_balancers,
        "AWS::ElasticLoadBalancingV2::TargetGroup": state.target_groups,
        "AWS::Logs::LogGroup": state.log_groups,
    }
    return kind not in stores or id_ in stores[kind]()
