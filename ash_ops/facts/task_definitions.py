"""ECS task definitions."""

from msgspec import field

from ash_ops.facts.model import Camel, Instant, NameValue
from ash_ops.names import ASH_PORT


class SecretReference(Camel):
    """A container's variable that ECS fills from Secrets Manager or Parameter Store."""

    name: str = ""
    value_from: str = ""


class PortMapping(Camel):
    """A port that a container listens on."""

    container_port: int | None = None
    host_port: int | None = None
    protocol: str | None = None


class HealthCheck(Camel):
    """The container health check of a task definition."""

    command: tuple[str, ...] = ()
    interval: int | None = None
    timeout: int | None = None
    retries: int | None = None
    start_period: int | None = None


class LogConfiguration(Camel):
    """Where a container's output goes."""

    log_driver: str | None = None
    options: dict[str, str] = field(default_factory=dict)


class MountPoint(Camel):
    """A volume in a container."""

    source_volume: str | None = None
    container_path: str | None = None
    read_only: bool | None = None


class RepositoryCredentials(Camel):
    """The secret with which a private registry is read."""

    credentials_parameter: str | None = None


class RestartPolicy(Camel):
    """Whether ECS starts a container anew inside its task when it ends.

    Attributes:
        restart_attempt_period: seconds that it must have run for (60 by default).
    """

    enabled: bool | None = None
    ignored_exit_codes: tuple[int, ...] = ()
    restart_attempt_period: int | None = None


class ContainerDefinition(Camel):
    """One container of a task definition."""

    name: str = ""
    image: str = ""
    essential: bool | None = None
    cpu: int | None = None
    memory: int | None = None
    memory_reservation: int | None = None
    privileged: bool | None = None
    user: str | None = None
    readonly_root_filesystem: bool | None = None
    command: tuple[str, ...] | None = None
    entry_point: tuple[str, ...] | None = None
    environment: tuple[NameValue, ...] = ()
    secrets: tuple[SecretReference, ...] = ()
    port_mappings: tuple[PortMapping, ...] = ()
    health_check: HealthCheck | None = None
    log_configuration: LogConfiguration | None = None
    mount_points: tuple[MountPoint, ...] = ()
    repository_credentials: RepositoryCredentials | None = None
    stop_timeout: int | None = None
    restart_policy: RestartPolicy | None = None

    @property
    def is_essential(self) -> bool:
        """Whether the task ends with it; that is the default."""
        return self.essential is not False

    def setting(self, name: str) -> str | None:
        """The value of a variable of its plain environment."""
        return next((e.value for e in self.environment if e.name == name), None)

    @property
    def maps(self) -> tuple[int, ...]:
        """The ports that it is reached on."""
        return tuple(m.container_port for m in self.port_mappings if m.container_port)

    @property
    def log_options(self) -> dict[str, str]:
        """The options of its log driver."""
        return self.log_configuration.options if self.log_configuration else {}


class RuntimePlatform(Camel):
    """The processor and system a task wants."""

    cpu_architecture: str | None = None
    operating_system_family: str | None = None


class EfsVolumeConfiguration(Camel):
    """An EFS file system as a volume."""

    file_system_id: str | None = None
    root_directory: str | None = None
    transit_encryption: str | None = None


class HostVolume(Camel):
    """A directory of the instance: it outlives the task, and Fargate has none (ECS, "Bind mounts")."""

    source_path: str | None = None


class Volume(Camel):
    """A volume of a task definition."""

    name: str = ""
    host: HostVolume | None = None
    efs_volume_configuration: EfsVolumeConfiguration | None = None


class EphemeralStorage(Camel):
    """A Fargate task's disk."""

    size_in_gi_b: int | None = field(default=None, name="sizeInGiB")


class TaskDefinition(Camel):
    """A revision of a task definition."""

    task_definition_arn: str = ""
    family: str = ""
    revision: int | None = None
    status: str | None = None
    cpu: str | None = None
    memory: str | None = None
    network_mode: str | None = None
    requires_compatibilities: tuple[str, ...] = ()
    execution_role_arn: str | None = None
    task_role_arn: str | None = None
    runtime_platform: RuntimePlatform | None = None
    ephemeral_storage: EphemeralStorage | None = None
    registered_at: Instant | None = None
    container_definitions: tuple[ContainerDefinition, ...] = ()
    volumes: tuple[Volume, ...] = ()

    def container(self, name: str = "ash") -> ContainerDefinition | None:
        """The Ash container: the one of that name, else the one that is most like the server.

        The order proves nothing: a proxy or a log router may well come first.
        """
        named = next((c for c in self.container_definitions if c.name == name), None)
        return named or max(self.container_definitions, key=_likeness, default=None)

    @property
    def awslogs(self) -> dict[str, str]:
        """The CloudWatch options of the Ash container; empty if it logs elsewhere.

        Where it is given no log configuration: those of the first container that has them.
        """
        own = self.container()
        asked = [own] if own and own.log_configuration else self.container_definitions
        options = (container.log_options for container in asked)
        return next((found for found in options if found.get("awslogs-group")), {})

    def references(self) -> dict[str, list[str]]:
        """The ``valueFrom`` of all containers, each with the variables that it fills."""
        found: dict[str, list[str]] = {}
        for container in self.container_definitions:
            for secret in container.secrets:
                if secret.value_from:
                    found.setdefault(secret.value_from, []).append(secret.name)
            credentials = container.repository_credentials
            if credentials and credentials.credentials_parameter:
                found.setdefault(credentials.credentials_parameter, [])
        return found


def _likeness(container: ContainerDefinition) -> tuple[bool, bool, bool, bool]:
    """How much a container is like the Ash server: by its image, its variables, its port."""
    repository = container.image.partition("@")[0].rsplit("/", 1)[-1].partition(":")[0]
    names = (*(e.name for e in container.environment), *(x.name for x in container.secrets))
    return (
        repository == "ash",
        any(name.startswith("ASH_") for name in names),
        ASH_PORT in container.maps,
        container.is_essential,
    )
