"""A secret that was learnt after a text had come in is masked in it all the same, wherever AWS says things freely."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from ash_ops import redact
from ash_ops.facts import (
    hosts,
    load_balancing,
    network,
    reading,
    rollouts,
    server,
    services,
    stacks,
    start,
    task_definitions,
    tasks,
)
from ash_ops.facts.fleet import RunnerTask
from ash_ops.facts.model import NameValue, Tag
from ash_ops.secret import MASK
from ash_ops.snapshot.assemble import _cleaned

LEARNT = "Zq8Xw2Vn5Lk7Tb4Rm9"

# The members that AWS's references describe as a reason, a message or a description in words, what
# somebody writes freely (commands, tags, outputs), and what the server said.
FREE: list[tuple[type[Any], str]] = [
    (hosts.CapacityProvider, "update_status_reason"),
    (hosts.ContainerInstance, "status_reason"),
    (hosts.HostAttribute, "value"),
    (hosts.ScalingActivity, "cause"),
    (hosts.ScalingActivity, "description"),
    (hosts.ScalingActivity, "status_message"),
    (load_balancing.AdministrativeOverride, "description"),
    (load_balancing.HealthState, "description"),
    (load_balancing.HealthState, "reason"),
    (load_balancing.LoadBalancerState, "reason"),
    (network.NatGateway, "failure_message"),
    (reading.Gap, "message"),
    (rollouts.DeniedCall, "message"),
    (rollouts.Rollback, "reason"),
    (rollouts.ServiceDeployment, "status_reason"),
    (RunnerTask, "stopped_reason"),
    (server.Rung, "detail"),
    (services.ServiceEvent, "message"),
    (services.ServiceRollout, "rollout_state_reason"),
    (services.ServiceTag, "value"),
    (stacks.Stack, "reason"),
    (stacks.StackEvent, "hook_status_reason"),
    (stacks.StackEvent, "reason"),
    (stacks.StackOutput, "output_value"),
    (start.LogLine, "message"),
    (Tag, "value"),
    (task_definitions.ContainerDefinition, "command"),
    (task_definitions.ContainerDefinition, "entry_point"),
    (task_definitions.HealthCheck, "command"),
    (tasks.Container, "reason"),
    (tasks.Task, "stopped_reason"),
]


def holding(kind: type[Any], member: str, text: str) -> Any:
    """A fact that says a text in one of its members, and nothing else."""
    fields = {each.name: each for each in msgspec.structs.fields(kind)}
    needed = {name: "x" for name, each in fields.items() if each.required}
    is_list = "tuple" in str(fields[member].type)
    return kind(**{**needed, member: ("echo", text) if is_list else text})


@pytest.mark.parametrize(
    ("kind", "member"), [pytest.param(*each, id=f"{each[0].__name__}.{each[1]}") for each in FREE]
)
def test_a_secret_that_is_learnt_late_stands_in_no_text(kind: type[Any], member: str) -> None:
    context: Any = SimpleNamespace(hidden=[])
    found = holding(kind, member, f"refused {LEARNT} at once")
    before = _cleaned(context, "facts", (found,))
    assert before[0] is found, "as long as it is no secret it stays, and nothing is copied"
    redact.learn(LEARNT, name="ASH_API_KEY")
    (cleaned,) = _cleaned(context, "facts", (found,))
    assert LEARNT not in repr(cleaned)
    assert "refused " in repr(cleaned)
    shown = dict(zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True))[member]
    assert context.hidden == [f"facts.{shown}"]


def test_what_a_name_or_an_id_says_is_never_changed() -> None:
    """A check compares it, and a command names it."""
    context: Any = SimpleNamespace(hidden=[])
    redact.learn(LEARNT, name="ASH_API_KEY")
    for kind, member in (
        (tasks.Task, "task_arn"),
        (stacks.Stack, "name"),
        (task_definitions.ContainerDefinition, "image"),
        (Tag, "key"),
    ):
        found = holding(kind, member, LEARNT)
        assert _cleaned(context, "facts", found) is found


def test_a_variable_that_is_hidden_is_listed_by_its_name_and_one_that_holds_a_secret_is_masked() -> (
    None
):
    context: Any = SimpleNamespace(hidden=[])
    redact.learn(LEARNT, name="ASH_API_KEY")
    hidden = NameValue(name="DB_PASSWORD", value=MASK, masked=True)
    given = (hidden, NameValue(name="URL", value=f"http://h/{LEARNT}"), NameValue(name="A", value="a"))  # fmt: skip
    found = holding(task_definitions.ContainerDefinition, "command", LEARNT)
    found = msgspec.structs.replace(found, environment=given)
    shown = _cleaned(context, "facts", found)
    assert [each.value for each in shown.environment] == [MASK, f"http://h/{MASK}", "a"]
    assert context.hidden == ["facts.command", "environment[DB_PASSWORD]"]
