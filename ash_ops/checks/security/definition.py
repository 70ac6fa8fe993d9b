"""What does the task definition give away, or leave out?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._facts import ash_container, definition, is_coordinator, on_ec2
from ash_ops.checks._findings import change, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, present
from ash_ops.facts.services import DeploymentConfiguration
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition, MountPoint, Volume
from ash_ops.settings import SECRET_VARIABLES

_DATA = "/data"
_SNAPSHOTS = "ASH_SNAPSHOT_URL"


def _redeploy(snapshot: Snapshot, why: str) -> tuple[Fix, ...]:
    return (deploy_fix(snapshot, why), verify(snapshot, "security"))


def _names(container: ContainerDefinition) -> set[str]:
    return {e.name for e in container.environment} | {s.name for s in container.secrets}


def plain_secrets(snapshot: Snapshot) -> Iterator[Finding]:
    """No secret stands in the plain environment, where ecs:DescribeTaskDefinition shows it."""
    container = ash_container(snapshot)
    plain = sorted({e.name for e in container.environment if e.value} & SECRET_VARIABLES)
    if plain:
        yield finding(
            "secrets-in-environment",
            "security",
            f"{', '.join(plain)} stand in the task definition in clear: whoever may describe it reads them.",
            [
                quote(
                    snapshot.task_definition,
                    f"containerDefinitions[{container.name}].environment",
                    ", ".join(plain),
                )
            ],
            _redeploy(
                snapshot,
                "Deploy the bundled template: it takes them from Secrets Manager. Then change them.",
            ),
            severity="warning",
        )


def internal_secret(snapshot: Snapshot) -> Iterator[Finding]:
    """ASH_INTERNAL_SECRET is set: without it anyone may register a runner."""
    container = ash_container(snapshot)
    if "ASH_INTERNAL_SECRET" not in _names(container):
        yield finding(
            "internal-secret-missing",
            "security",
            "ASH_INTERNAL_SECRET is not set: anyone who reaches the server may register as a runner.",
            [
                quote(
                    snapshot.task_definition,
                    f"containerDefinitions[{container.name}].secrets",
                    "no ASH_INTERNAL_SECRET",
                )
            ],
            _redeploy(snapshot, "Deploy the bundled template: it always sets one."),
            severity="warning",
        )


def _outlives_the_task(volume: Volume) -> bool:
    on_instance = volume.host is not None and bool(volume.host.source_path)
    return on_instance or volume.efs_volume_configuration is not None


def _holds_data(mount: MountPoint) -> bool:
    """Whether a volume is mounted where the server keeps its data."""
    path = (mount.container_path or _DATA).rstrip("/")
    return path == _DATA or _DATA.startswith(f"{path}/")


def durable_state(snapshot: Snapshot) -> Iterator[Finding]:
    """Agents and sessions outlive the task: on EFS, on the instance's disk, or in PostgreSQL and S3."""
    container = ash_container(snapshot)
    volumes = {v.name for v in definition(snapshot).volumes if _outlives_the_task(v)}
    is_kept = any(m.source_volume in volumes and _holds_data(m) for m in container.mount_points)
    names = _names(container)
    database = {"ASH_DATABASE_URL"} & names or {"DATABASE_HOST", "ASH_DATABASE_PASSWORD"} <= names
    outside = bool(database) and "ASH_SNAPSHOT_URL" in names
    if outside and not is_kept:
        yield from _without_a_role(snapshot, container)
    if is_kept or outside or is_coordinator(snapshot):
        return
    yield finding(
        "state-not-durable",
        "security",
        "Agents, sessions and keys live on the task's own disk: every restart or rollout loses them.",
        [
            quote(
                snapshot.task_definition, "taskDefinition.volumes", "no EFS volume in the container"
            )
        ],
        (
            deploy_fix(
                snapshot,
                "Keep /data on EFS (one task at a time). What is in the task now ends with it: "
                "take it out first.",
                "--efs",
            ),
            verify(snapshot, "security"),
        ),
        severity="warning",
    )


def _without_a_role(snapshot: Snapshot, container: ContainerDefinition) -> Iterator[Finding]:
    """What goes to S3 goes there with the credentials of the task's role, or with keys of its own."""
    url = container.setting(_SNAPSHOTS) or ""
    keyed = "AWS_ACCESS_KEY_ID" in _names(container)
    if definition(snapshot).task_role_arn or keyed or not url.startswith("s3://"):
        return
    if on_ec2(snapshot):
        return  # an instance's own role may do
    yield finding(
        "snapshot-sync-failed",
        "security",
        f"{_SNAPSHOTS} is {url}, but the task has no role and so no credentials for S3: no session is kept there.",
        [quote(snapshot.task_definition, "taskDefinition.taskRoleArn", "none")],
        _redeploy(snapshot, "Give the task a role that may read and write the bucket."),
        severity="warning",
    )


def circuit_breaker(snapshot: Snapshot) -> Iterator[Finding]:
    """A rollout that fails ends, and goes back, by itself."""
    service = present(snapshot.service)
    config = service.deployment_configuration
    breaker = config.deployment_circuit_breaker if config else None
    if breaker is not None and breaker.enable:
        return
    yield finding(
        "circuit-breaker-disabled",
        "security",
        "The deployment circuit breaker is off: a bad version is tried for hours instead of rolled back.",
        [
            quote(
                snapshot.service, "deploymentConfiguration.deploymentCircuitBreaker.enable", "false"
            )
        ],
        (_switch_on(snapshot, config), verify(snapshot, "security")),
        severity="warning",
    )


def _switch_on(snapshot: Snapshot, config: DeploymentConfiguration | None) -> Fix:
    """The bounds of a rollout stay as they are; AWS takes both in one parameter."""
    facts = snapshot.deployment
    wanted: dict[str, object] = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    if config is not None and config.maximum_percent is not None:
        wanted["maximumPercent"] = config.maximum_percent
    if config is not None and config.minimum_healthy_percent is not None:
        wanted["minimumHealthyPercent"] = config.minimum_healthy_percent
    return change(
        snapshot,
        "Switch it on.",
        op.UPDATE_SERVICE,
        cluster=facts.cluster,
        service=facts.service,
        deploymentConfiguration=wanted,
    )


PLAIN_SECRETS = Check(
    id="plain-secrets",
    title="No secret stands in the task definition",
    playbook="security",
    run=plain_secrets,
    causes=("secrets-in-environment",),
)
INTERNAL_SECRET = Check(
    id="internal-secret",
    title="Runners must know a secret to register",
    playbook="security",
    run=internal_secret,
    causes=("internal-secret-missing",),
)
DURABLE_STATE = Check(
    id="durable-state",
    title="Agents and sessions outlive the task",
    playbook="security",
    run=durable_state,
    causes=("state-not-durable", "snapshot-sync-failed"),
    last=True,  # who may come in is told before what a restart loses
)
CIRCUIT_BREAKER = Check(
    id="circuit-breaker-enabled",
    title="A failing rollout ends by itself",
    playbook="security",
    run=circuit_breaker,
    causes=("circuit-breaker-disabled",),
    last=True,
)
