"""Each reader against botocore's models: what it sends is valid, what it reads is in the answer.

The answers are made from the models' shapes and hold every member; a reader that asks one for a
member that the shape does not have fails the test.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StructureShape
from botocore.validate import validate_parameters
from msgspec.structs import replace

from ash_ops.aws import (
    acm,
    cloudformation,
    cloudtrail,
    cloudwatch,
    cost_explorer,
    discovery,
    ec2,
    ecr,
    ecs,
    elbv2,
    iam,
    logs,
    pricing,
    rollouts,
    route53,
    secrets,
    storage,
)
from ash_ops.aws.client.json_api import RenewableCredentials, Reply
from ash_ops.aws.client.session import Aws
from ash_ops.aws.machines import fleet, hosts, instance_types
from ash_ops.aws.operate import backups, pausing
from ash_ops.aws.operations import BY_SERVICE, Operation
from ash_ops.errors import ReadFailed
from ash_ops.facts.hosts import LaunchTemplateReference
from ash_ops.facts.tagged import RecoveryPoint
from ash_ops.facts.usage import Window
from ash_ops.secret import Secret
from ash_ops.settings import Options, load
from tests.support.held_to_models import held

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
KEYS |= {"AWS_REGION": "us-east-1"}
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TOKENS = {"NextToken", "nextToken", "Marker", "NextMarker", "NextPageToken", "nextForwardToken"}
REFERENCE = secrets.parse_reference(
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash/server-AbCdEf:KEY:AWSCURRENT:"
)
PARAMETER = secrets.parse_reference("arn:aws:ssm:us-east-1:123456789012:parameter/ash/key")
ROLE = "arn:aws:iam::123456789012:role/ash"
ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:thing/ash"
WEEK = Window(NOW - timedelta(days=7), NOW)
ITEM = pricing.Item("AWSELB", "LoadBalancerUsage")
IDS = ["id-1"]
CHANGE = {"kind": "UPDATE", "body": None, "tags": [("a", "b")], "description": "who asks"}
CHANGE |= {"parameters": {"Cpu": "1024", "Memory": None}}
POINT = RecoveryPoint(id=ARN, kind="file system", of="fs-12345678", vault="vault")


def row(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """A reader, called so."""
    return pytest.param(function, args, options, id=f"{function.__module__}.{function.__name__}")


CASES = [
    row(cloudformation.find_stack, "ash"),
    row(cloudformation.template_parameters, "{}"),
    row(cloudformation.stack_template, "ash"),
    row(cloudformation.create_change_set, "ash", "change", **CHANGE),
    row(cloudformation.change_sets, "ash"),
    row(cloudformation.read_change_set, "ash", "change"),
    row(cloudformation.validation_failures, "ash", "change"),
    row(cloudformation.execute_change_set, "ash", "change", "token"),
    row(cloudformation.delete_change_set, "ash", "change"),
    row(cloudformation.delete_stack, "ash", ["Kept"]),
    row(cloudformation.unprotect, "ash"),
    row(cloudformation.continue_update_rollback, "ash"),
    row(cloudformation.cancel_update, "ash"),
    row(cloudformation.events_after, "ash", None),
    row(cloudformation.resources, "ash"),
    row(cloudformation.hook_result, "01234567-89ab-cdef-0123-456789abcdef"),
    row(cloudformation.latest_events, "ash"),
    row(cloudtrail.denied_calls, "task", NOW),
    row(cloudformation.deleted_stack_id, "ash"),
    row(cloudformation.validation_events, "ash"),
    row(cloudwatch.hourly, WEEK, "AWS/Logs", "IncomingBytes", {"LogGroupName": "g"}),
    row(cloudwatch.peaks, "ash", "ash", NOW),
    row(cloudwatch.alarms, "ash-"),
    row(cloudwatch.alarms_on, "ash-", frozenset({"text"})),
    row(cloudwatch.active_series, "ash"),
    row(cost_explorer.spend, date(2026, 11, 1), date(2026, 11, 2), ("a", "b")),
    row(cost_explorer.tag_status, "ash:deployment"),
    *(row(ec2.in_vpcs, kind, IDS) for kind in ec2._IN_VPC),
    row(ec2.admit, "sg-1", [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}]),
    row(ec2.shut_out, "sg-1", [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1}]),
    row(ec2.public_addresses, ["ELB net/ash/1"]),
    row(ec2.vpc_switch, "vpc-1", "enableDnsSupport"),
    row(ec2.prefix_lists),
    row(ec2.own_prefix_list, "pl-1"),
    row(ec2.default_vpc),
    row(ec2.subnets_named, IDS),
    row(ec2.security_groups_named, IDS),
    row(ec2.instances, IDS),
    row(ec2.instances_tagged, ("text", "text")),
    row(ec2.launch_template, LaunchTemplateReference(launch_template_id="lt-1")),
    row(ec2.volumes_gb, IDS),
    row(ec2.network_interfaces, "description", "text"),
    row(ec2.tagged, "text"),
    row(ec2.tagged_instances, ("text", "text")),
    row(ec2.tagged_addresses, ("text", "text")),
    row(ec2.tagged_nat_gateways, ("text", "text")),
    row(ec2.tagged_disks, ("text", "text")),
    row(ec2.find_disk, "text"),
    row(ec2.tag_disk, "vol-1", ("a", "b")),
    row(ec2.delete_disk, "vol-1"),
    row(ecr.ecr_image, "1" * 12 + ".dkr.ecr.us-east-1.amazonaws.com", "ash", {"imageTag": "1"}),
    row(ecr.stored_bytes, "ash"),
    row(ecs.cluster, "text"),
    row(ecs.service, "ash", "text"),
    row(ecs.services, "ash", ["text"]),
    row(ecs.live_service, "ash", "text"),
    row(discovery.tagged_cluster, "text"),
    row(discovery.tagged_service, "ash", "text"),
    row(ecs.service_arns, "ash"),
    row(ecs.restart_service, "ash", "text"),
    row(ecs.delete_service, "ash", "arn"),
    row(ecs.stop_task, "ash", "arn", "why"),
    row(ecs.set_desired_count, "ash", "runners", 3),
    row(fleet.runner_tasks, "ash", "runners"),
    row(fleet.protected_tasks, "ash", ["arn"]),
    row(fleet.protect, "ash", ["arn"], 5),
    row(fleet.set_draining, "arn", draining=True),
    row(ecs.active_task_definitions, "ash"),
    row(ecs.task_definition, "ash:1"),
    row(ecs.require_revision, "ash:1"),
    row(ecs.service_tasks, "ash", "ash", "STOPPED"),
    row(ecs.cluster_task_arns, "ash"),
    row(ecs.cluster_tasks, "ash"),
    row(ecs.task_arn_pages, "ash", "ash", "RUNNING", limit=5),
    row(ecs.tasks, "ash", ["arn"]),
    row(hosts.instance_arns, "ash"),
    row(hosts.instances, "ash", ["arn"]),
    row(hosts.cluster_instances, "ash"),
    row(hosts.capacity_providers, "ash", ["mi"]),
    row(hosts.scaling_groups),
    row(hosts.scaling_activities, "group"),
    row(elbv2.load_balancers),
    row(elbv2.load_balancer_named, "ash"),
    row(elbv2.load_balancer, ARN),
    row(elbv2.tagged_load_balancer, "text"),
    row(elbv2.tagged_target_group, "text"),
    row(elbv2.tagged, ARN),
    row(elbv2.target_group, ARN),
    row(elbv2.unprotect, ARN),
    row(elbv2.target_groups),
    row(elbv2.target_health, ARN),
    row(elbv2.target_group_attributes, ARN),
    row(elbv2.load_balancer_attributes, ARN),
    row(elbv2.listeners, ARN),
    row(elbv2.listener_attributes, ARN),
    row(elbv2.tags, [ARN]),
    row(ecs.log_driver_mode),
    row(iam.caller),
    row(rollouts.rollouts, "ash", "ash"),
    row(rollouts.service_deployments, IDS),
    row(rollouts.service_revisions, IDS),
    row(iam.create_service_role, "ecs.amazonaws.com"),
    row(iam.not_allowed, ROLE, ["ecs:ListTasks"]),
    row(iam.live_role, "ash"),
    row(iam.role, ROLE),
    row(iam.role_names),
    row(iam.tagged_role, "ash"),
    row(iam.simulate, ROLE, ["ecs:ListTasks"], ["*"], {"aws:RequestedRegion": "us-east-1"}),
    row(instance_types.instance_type, "m6i.large"),
    row(instance_types.zones_of_type, "m6i.large"),
    row(instance_types.vcpu_quota, "L-1216C47A"),
    row(logs.log_groups, "/ash/", region="eu-west-1"),
    row(logs.all_log_groups, "/ash/"),
    row(logs.resource_policies),
    row(logs.last_lines, "/ash/runtime", "a/b/c", limit=5),
    row(logs.events_since, "/ash/runtime", NOW, limit=1),
    row(pricing.products, ITEM, "us-east-1"),
    row(pricing.find, ITEM, "us-east-1"),
    row(cloudwatch.fargate_vcpu),
    row(route53.hosted_zones),
    row(route53.hosted_zone, "Z1"),
    row(route53.records_of, "Z1", "X"),
    row(acm.certificate, "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab"),
    row(secrets.find_secret, "ash/server"),
    row(secrets.read_values, "ash/server"),
    row(secrets.create_secret, "ash/server", {"A": Secret("b")}, ("a", "b"), "t" * 32),
    row(secrets.tag_secret, "ash/server", ("a", "b")),
    row(secrets.put_values, "ash/server", {"A": Secret("b")}),
    row(secrets.make_current, "ash/server", "v" * 32, "w" * 32),
    row(secrets.restore_secret, "ash/server"),
    row(secrets.delete_secret, "ash/server", recovery_days=7),
    row(secrets.secret_state, REFERENCE),
    row(secrets.parameter_state, PARAMETER),
    row(secrets.secret_value, REFERENCE),
    row(secrets.version_before, replace(REFERENCE, stage=""), Secret('{"OTHER": "b"}')),
    row(secrets.parameter, PARAMETER),
    row(secrets.referenced_value, PARAMETER),
    row(storage.file_system_bytes, "fs-12345678"),
    row(storage.databases),
    row(storage.database_at, "text"),
    row(storage.tagged_databases),
    row(storage.database_snapshots),
    row(backups.vaults),
    row(backups.file_backups, "text"),
    row(backups.disk_backups, ("text", "text")),
    row(backups.database_backups),
    row(backups.make_vault, "vault", ("a", "b")),
    row(backups.delete_vault, "vault"),
    row(backups.back_up_files, "vault", "arn", "arn", {"a": "b"}),
    row(backups.backup_going_on, "vault", "arn"),
    row(backups.backup_job, "id"),
    row(backups.restore_files, POINT, "arn", "token", 0),
    row(backups.restores_of, POINT),
    row(backups.restore_job, "id"),
    row(backups.back_up_disk, "vol-1", {"a": "b"}),
    row(backups.restore_disk, "snap-1", "us-east-1a", {"a": "b"}),
    row(backups.back_up_database, "db", "copy", {"a": "b"}),
    row(backups.delete_backup, POINT),
    row(pausing.scale_service, "ash", "ash-runtime", 0),
    row(pausing.mark_stopped, "arn", datetime(2026, 11, 27, tzinfo=UTC)),
    row(pausing.unmark_stopped, "arn"),
    row(pausing.resize_group, "group", 0, 0),
    row(pausing.find_database, "text"),
    row(pausing.stop_database, "text"),
    row(pausing.start_database, "text"),
    row(storage.delete_database_snapshot, "final"),
    row(storage.file_systems),
    row(storage.find_file_system, "fs-12345678"),
    row(storage.file_system_of_token, "token"),
    row(storage.find_mount_target, "fsmt-12345678"),
    row(storage.mount_targets, "fs-12345678"),
    row(storage.tag_file_system, "fs-12345678", ("a", "b")),
    row(storage.delete_file_system, "fs-12345678"),
    row(discovery.namespaces, "text"),
    row(discovery.rule_names, "ash-"),
    row(logs.find_log_group, "text"),
    row(logs.tag_log_group, "arn:aws:logs:us-east-1:123456789012:log-group:/a", ("a", "b")),
    row(logs.delete_log_group, "/ash/runtime"),
]
# Texts that a reader takes apart; all others are "text".
PRODUCT = {"product": {"sku": "S", "attributes": {"usagetype": "X"}}}
TEXTS = {
    "SecretString": '{"KEY": "value"}',
    "PriceList": json.dumps(PRODUCT),
    "Amount": "1",
    "PolicyArn": "arn:aws:iam::1:policy/p",
    "DefaultVersionId": "v1",
}


MAP_KEYS = {"Metrics": "UnblendedCost", "options": "awslogs-group"}


class Answered(dict[str, Any]):
    """A structure of an answer, which must not be asked for what its shape does not have."""

    def __init__(self, shape: StructureShape, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.shape = shape

    def _known(self, key: object) -> None:
        known = {*self.shape.members, "ResponseMetadata", "Error"}
        assert key in known, f"{self.shape.name} has no {key}"

    def __getitem__(self, key: str) -> Any:
        self._known(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._known(key)
        return super().get(key, default)


def sample(shape: Shape, name: str = "", outer: tuple[str, ...] = ()) -> Any:
    """A value of a shape that holds every member, but for itself and for tokens of further pages."""
    if isinstance(shape, StructureShape):
        inner = (*outer, shape.name)
        members = {
            key: sample(part, key, inner)
            for key, part in shape.members.items()
            if key not in TOKENS and part.name not in inner
        }
        return Answered(shape, members)
    if isinstance(shape, ListShape):
        return [] if shape.member.name in outer else [sample(shape.member, name, outer)]
    if isinstance(shape, MapShape):
        return {MAP_KEYS.get(name, "text"): sample(shape.value, name, outer)}
    plain: dict[str, Any] = {
        **dict.fromkeys(("integer", "long"), 1),
        **dict.fromkeys(("float", "double"), 1.0),
        "boolean": True,
        "timestamp": NOW,
        "blob": b"",
    }
    text = TEXTS.get(name) or TEXTS.get(shape.name) or "text"
    return plain.get(shape.type_name, text)


@cache
def model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def answer_to(operation: Operation) -> Any:
    shape = model(operation.service).operation_model(operation.name).output_shape
    return sample(shape) if shape else {}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    """A session whose calls are checked by botocore, and answered before they are sent."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    session = Aws(load(Options(), KEYS))
    make = session.client

    def client(service: str, *, region: str | None = None) -> Any:
        made = make(service, region=region)
        made.meta.events.register("before-call", partial(answered, service))
        return made

    monkeypatch.setattr(session, "client", client)
    # What is read of an answer shows as long as the answer is not copied.
    monkeypatch.setattr("ash_ops.redact.document", lambda answer, **_: answer)
    return session


def answered(service: str, model: Any, **_: Any) -> Any:
    answer = answer_to(BY_SERVICE[service][model.name])
    return SimpleNamespace(status_code=200, headers={}), answer


@pytest.mark.parametrize(("function", "args", "options"), CASES)
def test_a_reader_sends_what_is_valid_and_reads_what_is_there(
    aws: Aws, function: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any]
) -> None:
    try:
        with held():
            found = function(aws, *args, **options)
            assert not isinstance(found, Iterator) or list(found)
    except pricing.NoSinglePrice:
        assert function is pricing.find  # "X" is the usage of nothing
    except ReadFailed as failure:
        if function is cloudtrail.denied_calls and failure.code == "UnreadableAnswer":
            return  # its events are JSON within the answer, and "X" is none
        pytest.fail(f"{failure}: {failure.__cause__!r}")


def test_every_reader_is_in_the_table() -> None:
    modules = {inspect.getmodule(case.values[0]) for case in CASES}
    readers = {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == getattr(module, "__name__", "") and not name.startswith("_")
        if next(iter(inspect.signature(function).parameters), "") == "aws"
    }
    assert readers == {case.values[0] for case in CASES}


@pytest.mark.parametrize(
    "read",
    [
        lambda c: logs.LogsReader(c, "/ash/runtime", "error").read(logs.Query(start=0, limit=5)),
        lambda c: logs.LogsReader(c, "/ash/runtime").streams_by_recency(),
        lambda c: ecs.TaskReader(c, "ash", "ash").read_service(),
        lambda c: ecs.TaskReader(c, "ash", "ash").log_group(),
        lambda c: ecs.TaskReader(c, "ash", "ash").tasks(),
    ],
)
def test_the_readers_of_the_logs_do_so_without_a_client(
    read: Callable[[RenewableCredentials], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(_api: object, operation: Operation, body: dict[str, Any]) -> Reply:
        shape = model(operation.service).operation_model(operation.name).input_shape
        validate_parameters(body, shape)
        return Reply(answer_to(operation), None)

    monkeypatch.setattr("ash_ops.aws.client.json_api.JsonApi.call", call)
    assert read(RenewableCredentials(load(Options(), KEYS))) is not None
