"""Every operation is one that botocore knows, and what is read of its answer is in its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import cfnlint
import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape
from msgspec import Struct
from msgspec.structs import fields

from ash_ops.aws import operations as op
from ash_ops.aws.client.json_api import _TARGETS
from ash_ops.aws.client.model_cache import _ENDPOINTS
from ash_ops.aws.operations import BY_SERVICE, OPERATIONS, Operation
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup, TargetHealth
from ash_ops.facts.network import (
    InternetGateway,
    NatGateway,
    NetworkAcl,
    PrefixList,
    RouteTable,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcEndpoint,
)
from ash_ops.facts.rollouts import RolloutBrief, ServiceDeployment, ServiceRevision
from ash_ops.facts.services import Cluster, Service
from ash_ops.facts.stacks import Stack, StackEvent
from ash_ops.facts.start import LogGroup
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.facts.tasks import Task

# Which fact is made of which member of an answer.
MADE_OF: list[tuple[Operation, type[Struct]]] = [
    (op.DESCRIBE_CLUSTERS, Cluster),
    (op.DESCRIBE_SERVICES, Service),
    (op.DESCRIBE_SERVICE_DEPLOYMENTS, ServiceDeployment),
    (op.DESCRIBE_SERVICE_REVISIONS, ServiceRevision),
    (op.LIST_SERVICE_DEPLOYMENTS, RolloutBrief),
    (op.DESCRIBE_TASK_DEFINITION, TaskDefinition),
    (op.DESCRIBE_TASKS, Task),
    (op.DESCRIBE_LOAD_BALANCERS, LoadBalancer),
    (op.DESCRIBE_LISTENERS, Listener),
    (op.DESCRIBE_TARGET_GROUPS, TargetGroup),
    (op.DESCRIBE_TARGET_HEALTH, TargetHealth),
    (op.DESCRIBE_SUBNETS, Subnet),
    (op.DESCRIBE_VPCS, Vpc),
    (op.DESCRIBE_ROUTE_TABLES, RouteTable),
    (op.DESCRIBE_NAT_GATEWAYS, NatGateway),
    (op.DESCRIBE_INTERNET_GATEWAYS, InternetGateway),
    (op.DESCRIBE_NETWORK_ACLS, NetworkAcl),
    (op.DESCRIBE_SECURITY_GROUPS, SecurityGroup),
    (op.DESCRIBE_VPC_ENDPOINTS, VpcEndpoint),
    (op.DESCRIBE_PREFIX_LISTS, PrefixList),
    (op.DESCRIBE_STACKS, Stack),
    (op.DESCRIBE_STACK_EVENTS, StackEvent),
    (op.DESCRIBE_LOG_GROUPS, LogGroup),
]
# Fields that ash-ops adds to what the API says: facts taken before a value was masked, and what
# another call says of the same thing.
OWN = {
    *("masked", "isEmpty", "isPlaceholder", "flaws"),
    *("EnableDnsSupport", "EnableDnsHostnames"),  # DescribeVpcAttribute
    "DriftStatus",  # from DriftInformation
    "TargetHealth.TargetGroupArn",  # the group that DescribeTargetHealth was asked of
}


@cache
def model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def answer_of(operation: Operation) -> StructureShape:
    shape = model(operation.service).operation_model(operation.name).output_shape
    assert isinstance(shape, StructureShape)
    return shape


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.action)
def test_an_operation_and_what_is_read_of_it_are_in_botocores_model(operation: Operation) -> None:
    assert operation.name in model(operation.service).operation_names
    if operation.reads:
        assert set(operation.reads) <= set(answer_of(operation).members)


@cache
def iam_actions() -> dict[str, set[str]]:
    """Service prefix -> the actions that IAM knows, in small letters, as cfn-lint ships them."""
    path = Path(str(cfnlint.__file__)).parent / "data" / "AdditionalSpecs" / "Policies.json"
    found = json.loads(path.read_text("utf-8"))
    return {service: {name.lower() for name in row["Actions"]} for service, row in found.items()}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.action)
def test_an_operations_actions_are_such_as_iam_knows(operation: Operation) -> None:
    for action in (operation.action, *operation.also):
        service, name = action.split(":")
        assert name.lower() in iam_actions()[service]


def test_an_operation_is_declared_once() -> None:
    assert len(OPERATIONS) == len({(o.service, o.name) for o in OPERATIONS})


def test_reading_and_changing_are_told_apart_by_the_name() -> None:
    """An answer without anything read passes for a failure, so a reading must say what it reads."""
    looking = ("Batch", "Describe", "Filter", "Get", "List", "Lookup", "Simulate")
    assert {o.name for o in OPERATIONS if o.name.startswith(looking) and not o.reads} == set()


@pytest.mark.parametrize("service", BY_SERVICE)
def test_services_are_addressed_as_botocore_does(service: str) -> None:
    metadata = model(service).metadata
    assert metadata["endpointPrefix"] in _ENDPOINTS
    if service in _TARGETS:
        assert metadata["targetPrefix"] == _TARGETS[service]
        assert metadata["jsonVersion"] == "1.1"


@pytest.mark.parametrize(("operation", "fact"), MADE_OF, ids=lambda row: getattr(row, "name", ""))
def test_every_field_of_a_fact_is_in_the_answer(operation: Operation, fact: type[Struct]) -> None:
    shape: Shape = answer_of(operation).members[operation.reads[0]]
    assert list(unknown(fact, shape)) == []


def unknown(fact: type[Struct], shape: Shape) -> Iterator[str]:
    """The fields of a fact, and of the facts in it, that the shape of the answer does not have."""
    if isinstance(shape, ListShape):
        shape = shape.member
    assert isinstance(shape, StructureShape), f"{fact.__name__} is made of {shape.type_name}"
    for field in fields(fact):
        if not OWN.isdisjoint({field.encode_name, f"{fact.__name__}.{field.encode_name}"}):
            continue
        if field.encode_name not in shape.members:
            yield f"{fact.__name__}.{field.encode_name}"
            continue
        for part in facts_in(field.type):
            yield from unknown(part, shape.members[field.encode_name])


def facts_in(kind: Any) -> Iterator[type[Struct]]:
    """The facts that a field's type holds: in a tuple, or one that may be absent."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
    for part in get_args(kind):
        yield from facts_in(part)
