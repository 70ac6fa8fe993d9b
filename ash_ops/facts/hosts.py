"""The machines that tasks run on: container instances, and what starts and stops them."""

from ash_ops.facts.model import Camel, Instant, Model, Pascal


class HostResource(Camel):
    """What a container instance has or has left of one thing: ``CPU``, ``MEMORY``, ``PORTS`` ..."""

    name: str = ""
    integer_value: int | None = None
    string_set_value: tuple[str, ...] = ()


class HostAttribute(Camel):
    """Something a container instance has, for instance ``ecs.instance-type``."""

    name: str = ""
    value: str | None = None


class HostHealthCheck(Camel):
    """One of the health checks that ECS makes of an instance.

    Attributes:
        type: ``CONTAINER_RUNTIME``, ``ACCELERATED_COMPUTE``, ``DAEMON`` or ``AGENT_CONNECTIVITY``.
        status: ``OK``, ``IMPAIRED``, ``INSUFFICIENT_DATA`` or ``INITIALIZING``.
    """

    type: str | None = None
    status: str | None = None
    status_reason: str | None = None
    last_status_change: Instant | None = None


class HostHealth(Camel):
    """The health of an instance, as ``CONTAINER_INSTANCE_HEALTH`` includes it."""

    overall_status: str | None = None
    details: tuple[HostHealthCheck, ...] = ()


class ContainerInstance(Camel):
    """A machine of the cluster.

    Attributes:
        status: ``ACTIVE``, ``DRAINING``, ``REGISTERING``, ``DEREGISTERING`` or ``REGISTRATION_FAILED``.
    """

    container_instance_arn: str = ""
    ec2_instance_id: str | None = None
    capacity_provider_name: str | None = None
    status: str | None = None
    status_reason: str | None = None
    agent_connected: bool | None = None
    running_tasks_count: int | None = None
    pending_tasks_count: int | None = None
    registered_at: Instant | None = None
    registered_resources: tuple[HostResource, ...] = ()
    remaining_resources: tuple[HostResource, ...] = ()
    attributes: tuple[HostAttribute, ...] = ()
    health_status: HostHealth | None = None

    @property
    def id(self) -> str:
        """What people call it: the EC2 instance's id, else the last part of its ARN."""
        return self.ec2_instance_id or self.container_instance_arn.rsplit("/", 1)[-1]

    @property
    def reference(self) -> str:
        """What the API takes for it: its ARN, else its id."""
        return self.container_instance_arn or self.id

    @property
    def instance_type(self) -> str | None:
        """For instance ``m6i.large``."""
        return self.attribute("ecs.instance-type")

    def attribute(self, name: str) -> str | None:
        """The value of one of its attributes; ``None`` where it has none of that name."""
        return next((a.value or "" for a in self.attributes if a.name == name), None)

    def registered(self, name: str) -> int | None:
        """How much of ``CPU`` (1024 a vCPU) or ``MEMORY`` (MiB) it has in all."""
        return _amount(self.registered_resources, name)

    def remaining(self, name: str) -> int | None:
        """How much of ``CPU`` (1024 a vCPU) or ``MEMORY`` (MiB) no task has."""
        return _amount(self.remaining_resources, name)

    @property
    def ports_taken(self) -> frozenset[int]:
        """The host's TCP ports that tasks or the system hold."""
        rows = (r for r in self.remaining_resources if r.name == "PORTS")
        return frozenset(int(p) for row in rows for p in row.string_set_value if p.isdigit())

    @property
    def impaired(self) -> tuple[HostHealthCheck, ...]:
        """The health checks that it fails."""
        health = self.health_status
        failed = [c for c in (health.details if health else ()) if c.status == "IMPAIRED"]
        if health is not None and health.overall_status == "IMPAIRED" and not failed:
            return (HostHealthCheck(status="IMPAIRED"),)  # and which of them was not told
        return tuple(failed)


def _amount(resources: tuple[HostResource, ...], name: str) -> int | None:
    return next((r.integer_value for r in resources if r.name == name), None)


class ManagedScaling(Camel):
    """Whether ECS raises and lowers the size of a provider's group."""

    status: str | None = None


class AutoScalingGroupProvider(Camel):
    """The Auto Scaling group behind a capacity provider."""

    auto_scaling_group_arn: str | None = None
    managed_scaling: ManagedScaling | None = None

    @property
    def group_name(self) -> str | None:
        """Its name, the end of its ARN."""
        arn = self.auto_scaling_group_arn
        return arn.rsplit("/", 1)[-1] if arn else None


class ManagedInstancesProvider(Camel):
    """What lets ECS start instances by itself."""

    infrastructure_role_arn: str | None = None


class CapacityProvider(Camel):
    """A capacity provider.

    Attributes:
        status: ``PROVISIONING``, ``ACTIVE``, ``DEPROVISIONING`` or ``INACTIVE``.
        update_status: of the last change, for instance ``CREATE_FAILED``.
        type: ``EC2_AUTOSCALING``, ``MANAGED_INSTANCES``, ``FARGATE`` or ``FARGATE_SPOT``.
    """

    name: str = ""
    capacity_provider_arn: str | None = None
    cluster: str | None = None
    status: str | None = None
    update_status: str | None = None
    update_status_reason: str | None = None
    type: str | None = None
    auto_scaling_group_provider: AutoScalingGroupProvider | None = None
    managed_instances_provider: ManagedInstancesProvider | None = None

    @property
    def group_name(self) -> str | None:
        """The Auto Scaling group that it starts instances in, if it has one."""
        group = self.auto_scaling_group_provider
        return group.group_name if group else None


class SuspendedProcess(Pascal):
    """Something that an Auto Scaling group was told not to do, for instance ``Launch``."""

    process_name: str | None = None
    suspension_reason: str | None = None


class GroupInstance(Pascal):
    """An instance of an Auto Scaling group."""

    instance_id: str = ""
    lifecycle_state: str | None = None
    health_status: str | None = None


class GroupTag(Pascal):
    """A tag of an Auto Scaling group."""

    key: str = ""
    value: str | None = None


class LaunchTemplateReference(Pascal):
    """The launch template of an Auto Scaling group, and which of its versions."""

    launch_template_id: str = ""
    version: str = "$Default"


class EbsDevice(Pascal):
    """A volume that an instance starts with."""

    volume_size: int | None = None


class DeviceMapping(Pascal):
    """A device that an instance starts with."""

    ebs: EbsDevice | None = None


class TemplateInterface(Pascal):
    """A network interface that an instance starts with."""

    associate_public_ip_address: bool | None = None


class MarketOptions(Pascal):
    """How an instance is bought: ``spot`` or, without, on demand."""

    market_type: str | None = None


class LaunchTemplateData(Pascal):
    """What a launch template starts."""

    instance_type: str | None = None
    block_device_mappings: tuple[DeviceMapping, ...] = ()
    network_interfaces: tuple[TemplateInterface, ...] = ()
    instance_market_options: MarketOptions | None = None

    @property
    def disk_gb(self) -> int | None:
        """Its volumes together; ``None`` where it leaves them to the image."""
        sizes = [mapping.ebs.volume_size for mapping in self.block_device_mappings if mapping.ebs]
        known = [size for size in sizes if size is not None]
        return sum(known) if known and len(known) == len(sizes) else None

    @property
    def is_public(self) -> bool:
        """Whether it asks for a public address."""
        return any(face.associate_public_ip_address for face in self.network_interfaces)

    @property
    def is_spot(self) -> bool:
        """Whether it starts on Spot capacity."""
        options = self.instance_market_options
        return options is not None and options.market_type == "spot"


class ScalingGroup(Pascal):
    """An Auto Scaling group.

    Attributes:
        launch_template: what it starts; ``None`` where it mixes kinds of instances.
    """

    auto_scaling_group_name: str = ""
    min_size: int | None = None
    max_size: int | None = None
    desired_capacity: int | None = None
    status: str | None = None
    launch_template: LaunchTemplateReference | None = None
    instances: tuple[GroupInstance, ...] = ()
    suspended_processes: tuple[SuspendedProcess, ...] = ()
    tags: tuple[GroupTag, ...] = ()


class ScalingActivity(Pascal):
    """Something that an Auto Scaling group did or tried.

    Attributes:
        status_code: ``Successful``, ``Failed``, ``Cancelled``, ``InProgress`` ...
    """

    activity_id: str = ""
    auto_scaling_group_name: str = ""
    start_time: Instant | None = None
    end_time: Instant | None = None
    status_code: str | None = None
    status_message: str | None = None
    description: str | None = None
    cause: str | None = None


class HostEvent(Model):
    """What the event archive kept of an instance of the cluster."""

    at: Instant
    instance: ContainerInstance
