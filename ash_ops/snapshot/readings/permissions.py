"""The two roles of the task: do they exist, does ECS trust them, may they do what the task needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any

from msgspec.structs import replace

from ash_ops.aws import iam
from ash_ops.aws import operations as op
from ash_ops.aws.ecr import ecr_home
from ash_ops.aws.secrets import parse_reference
from ash_ops.errors import ReadFailed
from ash_ops.facts.hosts import CapacityProvider
from ash_ops.facts.start import Role, SimulatedAction
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.snapshot.context import ReadingContext, failure_of, gap_of
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Absent, Several
from ash_ops.snapshot.registry import parse_image

Need = tuple[list[str], list[str]]  # actions, resources


@reading(op.SIMULATE_PRINCIPAL_POLICY, op.GET_ROLE, after=("task_definition",))
def execution_role(context: ReadingContext) -> Several:
    """The role with which ECS pulls the image, reads secrets and writes logs."""
    definition: TaskDefinition = context.need("task_definition")
    return _role(context, definition.execution_role_arn, execution_needs(context, definition))


@reading(op.GET_ROLE, after=("task_definition",))
def task_role(context: ReadingContext) -> Several:
    """The role that the server itself has: its trust only, for its needs are its own."""
    return _role(context, context.need("task_definition").task_role_arn, [])


def execution_needs(context: ReadingContext, definition: TaskDefinition) -> list[Need]:
    """What the execution role must be allowed, by the task definition's own references."""
    needs = _secret_needs(context, definition)
    for container in definition.container_definitions:
        group = container.log_options.get("awslogs-group")
        if group:
            arn = _arn(context, definition, "logs", f"log-group:{group}:log-stream:*")
            needs.append((["logs:CreateLogStream", "logs:PutLogEvents"], [arn]))
        needs += _image_needs(container.image)
    return needs


def _secret_needs(context: ReadingContext, definition: TaskDefinition) -> list[Need]:
    parsed = [parse_reference(text) for text in definition.references()]
    secrets = [ref.name for ref in parsed if ref.kind == "secret"]
    names = [ref.name for ref in parsed if ref.kind == "parameter"]
    parameters = [
        name
        if name.startswith("arn:")
        else _arn(context, definition, "ssm", f"parameter/{name.lstrip('/')}")
        for name in names
    ]
    needs = [
        (["secretsmanager:GetSecretValue"], secrets),
        (["ssm:GetParameters"], parameters),
    ]
    return [need for need in needs if need[1]]


def _image_needs(image: str) -> list[Need]:
    parsed = parse_image(image)
    home = ecr_home(parsed.registry)
    if home is None:
        return []
    account, region = home
    repository = f"arn:aws:ecr:{region}:{account}:repository/{parsed.repository}"
    pulling = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    return [(pulling, [repository]), (["ecr:GetAuthorizationToken"], ["*"])]


def _arn(context: ReadingContext, definition: TaskDefinition, service: str, resource: str) -> str:
    parts = (definition.execution_role_arn or "").split(":")
    partition, account = (parts[1], parts[4]) if len(parts) > 5 else ("aws", "*")
    return f"arn:{partition}:{service}:{context.aws.region}:{account}:{resource}"


@reading(op.GET_ROLE, after=("capacity_providers",))
def infrastructure_role(context: ReadingContext) -> Several:
    """The role with which ECS starts the instances of a Managed Instances provider."""
    providers: tuple[CapacityProvider, ...] = context.need("capacity_providers")
    managed = (p.managed_instances_provider for p in providers)
    arn = next((m.infrastructure_role_arn for m in managed if m), None)
    return _role(context, arn, [])


def _role(context: ReadingContext, arn: str | None, needs: list[Need]) -> Several:
    if not arn:
        raise Absent("role")
    conditions = {"aws:RequestedRegion": context.aws.region, "aws:SecureTransport": "true"}
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    if account:
        conditions |= {"aws:PrincipalAccount": account, "aws:SourceAccount": account}
    jobs: list[Callable[[], Any]] = [lambda: iam.role(context.aws, arn)]
    jobs += [
        partial(iam.simulate, context.aws, arn, actions, resources, conditions)
        for actions, resources in needs
    ]
    return context.several(jobs, lambda parts: _joined(arn, needs, parts))


def _joined(arn: str, needs: list[Need], parts: Sequence[Future[Any]]) -> Role:
    """The role with its simulation; of one that failed each pair is inconclusive."""
    asked, simulations = parts[0], parts[1:]
    failure = failure_of(asked)
    if failure:
        raise failure
    role: Role | None = None if asked.exception() else asked.result()
    if role is None:
        return Role(arn=arn, name=iam.role_name(arn), exists=False)
    failures = [f for part in simulations if (f := _simulation_failure(part))]
    rows = [
        row for need, part in zip(needs, simulations, strict=True) for row in _simulated(need, part)
    ]
    gap = gap_of(failures[0]) if failures else None
    return replace(role, simulated=tuple(rows), simulation_gap=gap)


def _simulation_failure(part: Future[Any]) -> ReadFailed | None:
    error = part.exception()
    return error if isinstance(error, ReadFailed) else failure_of(part)


def _simulated(need: Need, part: Future[Any]) -> list[SimulatedAction]:
    answered: list[SimulatedAction] = [] if part.exception() else part.result()
    seen = {row.action.lower() for row in answered}
    actions, resources = need
    silent = [
        SimulatedAction(action=action, resource=resource, decision="inconclusive")
        for action in actions
        for resource in resources
        if action.lower() not in seen
    ]
    return answered + silent
