"""A service's deployments and the revisions that they bring: what ECS itself says of a rollout."""

from collections.abc import Sequence
from typing import TypeVar

from ash_ops.facts.model import Camel, Instant, Model, Pascal
from ash_ops.facts.services import (
    CapacityProviderStrategyItem,
    NetworkConfiguration,
    ServiceLoadBalancer,
)
from ash_ops.facts.task_definitions import TaskDefinition

STEADY = "SUCCESSFUL"
ROLLOUTS_A_CALL = 20  # the most that DescribeServiceDeployments and DescribeServiceRevisions take


class RevisionSummary(Camel):
    """How far a revision is in a deployment."""

    arn: str = ""
    requested_task_count: int | None = None
    running_task_count: int | None = None
    pending_task_count: int | None = None


class LifecycleHook(Camel):
    """A hook that a deployment waits for: a function, or a person (``PAUSE``)."""

    hook_id: str = ""
    target_type: str | None = None
    target_arn: str | None = None
    status: str | None = None
    expires_at: Instant | None = None
    timeout_action: str | None = None


class Rollback(Camel):
    """Why and when a deployment was rolled back, and to which revision."""

    reason: str | None = None
    started_at: Instant | None = None
    service_revision_arn: str | None = None


class BreakerCount(Camel):
    """How many tasks of a deployment failed, and how many the circuit breaker lets fail."""

    status: str | None = None
    failure_count: int | None = None
    threshold: int | None = None


class RolloutAlarms(Camel):
    """The CloudWatch alarms that a deployment is watched by."""

    status: str | None = None
    alarm_names: tuple[str, ...] = ()
    triggered_alarm_names: tuple[str, ...] = ()


class RolloutBrief(Camel):
    """What the list of a service's deployments tells of each."""

    service_deployment_arn: str = ""
    created_at: Instant | None = None
    status: str | None = None
    target_service_revision_arn: str | None = None

    @property
    def target(self) -> str:
        """The ARN of the revision that it brings."""
        return self.target_service_revision_arn or ""

    @property
    def is_steady(self) -> bool:
        """Whether it came to its end as it was meant to: its revision ran as it should."""
        return self.status == STEADY


class ServiceDeployment(Camel):
    """One deployment of a service, from its request to its end."""

    service_deployment_arn: str = ""
    created_at: Instant | None = None
    started_at: Instant | None = None
    finished_at: Instant | None = None
    stopped_at: Instant | None = None
    updated_at: Instant | None = None
    status: str | None = None
    status_reason: str | None = None
    lifecycle_stage: str | None = None
    lifecycle_hook_details: tuple[LifecycleHook, ...] = ()
    source_service_revisions: tuple[RevisionSummary, ...] = ()
    target_service_revision: RevisionSummary | None = None
    rollback: Rollback | None = None
    deployment_circuit_breaker: BreakerCount | None = None
    alarms: RolloutAlarms | None = None

    @property
    def id(self) -> str:
        """The last part of its ARN."""
        return self.service_deployment_arn.rsplit("/", 1)[-1]

    @property
    def began(self) -> Instant | None:
        """When it was asked for."""
        return self.created_at or self.started_at

    @property
    def target(self) -> str:
        """The ARN of the revision that it brings."""
        return self.target_service_revision.arn if self.target_service_revision else ""

    @property
    def is_steady(self) -> bool:
        """Whether it came to its end as it was meant to: its revision ran as it should."""
        return self.status == STEADY


class ContainerImage(Camel):
    """The image of a container as a revision resolved it: a tag may move, a digest does not."""

    container_name: str = ""
    image: str | None = None
    image_digest: str | None = None


class ServiceRevision(Camel):
    """What a service was at one time: its task definition, network and capacity."""

    service_revision_arn: str = ""
    task_definition: str | None = None
    launch_type: str | None = None
    platform_version: str | None = None
    capacity_provider_strategy: tuple[CapacityProviderStrategyItem, ...] = ()
    load_balancers: tuple[ServiceLoadBalancer, ...] = ()
    network_configuration: NetworkConfiguration | None = None
    container_images: tuple[ContainerImage, ...] = ()
    created_at: Instant | None = None


class RevisionPair(Model):
    """The task definitions of the newest revision, and of the last that worked before it.

    Attributes:
        before: the one that worked, with values as they may be shown.
        after: the newest one, also where ECS went back from it.
        changed_environment: the names of the variables of the Ash container that have another value
            now; they were compared before they were masked, and are not kept.
    """

    before: TaskDefinition
    after: TaskDefinition
    changed_environment: tuple[str, ...] = ()


class DeniedCall(Model):
    """A call that AWS denied, as CloudTrail recorded it.

    Attributes:
        action: for instance ``secretsmanager:GetSecretValue``.
        role: the name of the role that made it; empty where a user did.
        by: the ARN of the caller.
        source: the address, or the service of AWS that called in its name.
    """

    at: Instant
    action: str
    code: str
    message: str = ""
    role: str = ""
    by: str = ""
    source: str = ""


class HookAnnotation(Pascal):
    """One finding of a CloudFormation hook, and what it advises."""

    annotation_name: str = ""
    status: str | None = None
    status_message: str | None = None
    remediation_message: str | None = None
    remediation_link: str | None = None
    severity_level: str | None = None


class HookTarget(Pascal):
    """What a CloudFormation hook looked at."""

    target_type_name: str = ""
    target_id: str = ""


class HookResult(Pascal):
    """What a CloudFormation hook said of a resource that was to be made."""

    hook_result_id: str = ""
    type_name: str = ""
    failure_mode: str | None = None
    status: str | None = None
    hook_status_reason: str | None = None
    invoked_at: Instant | None = None
    target: HookTarget | None = None
    annotations: tuple[HookAnnotation, ...] = ()


Rollout = TypeVar("Rollout", RolloutBrief, ServiceDeployment)


def last_steady(rollouts: Sequence[Rollout]) -> Rollout | None:
    """The newest deployment that worked and brought another revision than the newest of all.

    Args:
        rollouts: the service's deployments, newest first.
    """
    newest = rollouts[0].target if rollouts else ""
    return next((r for r in rollouts[1:] if r.is_steady and r.target != newest), None)
