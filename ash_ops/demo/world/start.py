"""What stops a task's start, phase by phase, in ECS's own words.

The phases are those of a Fargate task: its interface, then the secrets, then the image, then the
log stream and the volumes of the container. Each asks the account as it is at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ash_ops.demo.names import ACCOUNT
from ash_ops.demo.overlay import containers, identity, state
from ash_ops.demo.world import reach
from ash_ops.demo.world.conditions import CONDITIONS
from ash_ops.demo.world.subjects import definition_of, place_of

Record = dict[str, Any]

_GITHUB = "140.82.113.34"
_INIT = "ResourceInitializationError: "
_PULL_SECRETS = f"{_INIT}unable to pull secrets or registry auth: "
_FROM_ASM = (
    f"{_PULL_SECRETS}execution resource retrieval failed: unable to retrieve secret from asm: "
)
_LOGGER = (
    f"{_INIT}failed to validate logger args: create stream has been retried 1 times: "
    "failed to create Cloudwatch log stream: "
)
_TIMED_OUT_S = 350.0


@dataclass(frozen=True, slots=True)
class StartFailure:
    """Why a phase fails.

    Attributes:
        reason: the task's ``stoppedReason``.
        after_s: how long ECS tries before it gives up.
    """

    reason: str
    after_s: float = 8.0


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a start.

    Attributes:
        name: for people.
        lasts_s: how long it takes when nothing stops it.
        clock: the time of the task that is set at its end.
        failure: what stops it now, if anything does.
    """

    name: str
    lasts_s: float
    clock: str
    failure: Callable[[Record], StartFailure | None]


def _network(task: Record) -> StartFailure | None:
    asked = task.get("_network") or {}
    for group in asked.get("securityGroups") or ():
        if group not in state.security_groups():
            return StartFailure(f"The security group '{group}' does not exist")
    return None


def _secrets(task: Record) -> StartFailure | None:
    definition = definition_of(task)
    role = str(definition.get("executionRoleArn") or "")
    for container in definition["containerDefinitions"]:
        for secret in container.get("secrets", []):
            found = _secret(task, role, secret["valueFrom"])
            if found is not None:
                return found
    return None


def _secret(task: Record, role: str, reference: str) -> StartFailure | None:
    if ":secretsmanager:" not in reference:
        return None
    arn = ":".join(reference.split(":")[:7])
    fetching = f"failed to fetch secret {arn} from secrets manager: "
    if not reach.to_aws(place_of(task), "secretsmanager"):
        text = "RequestCanceled: request context canceled caused by: context deadline exceeded. "
        retried = "service call has been retried 5 time(s): "
        ask = "Please check your task network configuration."
        return StartFailure(_FROM_ASM + retried + fetching + text + ask, 120)
    retried = "service call has been retried 1 time(s): "
    action = "secretsmanager:GetSecretValue"
    if not identity.allows(role, action, arn):
        return StartFailure(_FROM_ASM + retried + fetching + _denied(task, role, action, arn))
    return _secret_value(reference, _FROM_ASM + retried + fetching)


def _secret_value(reference: str, beginning: str) -> StartFailure | None:
    try:
        containers.secret_value(reference)
    except containers.SecretMarkedForDeletion:
        text = "You can't perform this operation on the secret because it was marked for deletion."
        return StartFailure(f"{beginning}InvalidRequestException: {text}")
    except containers.SecretIsNoJson as first:
        text = f"invalid character '{first}' looking for beginning of value"
        return StartFailure(f"{_FROM_ASM}failed to parse the secret as JSON: {text}")
    except KeyError:
        key = reference.split(":")[7]
        text = f"retrieved secret from Secrets Manager did not contain json key {key}"
        return StartFailure(f"{_FROM_ASM}{text}")
    except LookupError:
        text = "Secrets Manager can't find the specified secret."
        return StartFailure(f"{beginning}ResourceNotFoundException: {text}")
    return None


def _denied(task: Record, role: str, action: str, resource: str) -> str:
    session = f"{role.rsplit('/', 1)[-1]}/{task['taskArn'].rsplit('/', 1)[-1]}"
    return (
        f"AccessDeniedException: User: arn:aws:sts::{ACCOUNT}:assumed-role/{session} is not "
        f"authorized to perform: {action} on resource: {resource} because no identity-based policy "
        f"allows the {action} action status code: 400, request id: "
        "3f2c9a5e-6f63-4b8b-9d5e-0c2a1b3d4e5f"
    )


def _image(task: Record) -> StartFailure | None:
    definition = definition_of(task)
    for container in definition["containerDefinitions"]:
        found = _one_image(task, definition, container["image"])
        if found is not None:
            return found
    return None


def _one_image(task: Record, definition: Record, image: str) -> StartFailure | None:
    if ".dkr.ecr." in image:
        return _from_ecr(task, definition, image)
    if not reach.to_internet(place_of(task)):
        return _unreachable(image)
    return _in_registry(definition, image, CONDITIONS.image(image))


def _unreachable(image: str) -> StartFailure:
    host, _, path = image.split("@")[0].partition("/")
    name, _, tag = path.rpartition(":")
    url = f"https://{host}/v2/{name or path}/manifests/{tag or 'latest'}"
    return StartFailure(
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to "
        f'resolve ref {image}: failed to do request: Head "{url}": '
        f"dial tcp {_GITHUB}:443: i/o timeout",
        _TIMED_OUT_S,
    )


def _in_registry(definition: Record, image: str, published: Any) -> StartFailure | None:
    if published is None:
        return StartFailure(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to "
            f"resolve ref {image}: {image}: not found"
        )
    platform = definition.get("runtimePlatform") or {}
    processor = platform.get("cpuArchitecture") or "X86_64"
    if processor not in published.processors:
        known = "amd64" if processor == "X86_64" else "arm64"
        return StartFailure(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): image "
            f"Manifest does not contain descriptor matching platform 'linux/{known}'"
        )
    return None


def _from_ecr(task: Record, definition: Record, image: str) -> StartFailure | None:
    place = place_of(task)
    if not (reach.to_aws(place, "ecr.api") and reach.to_aws(place, "ecr.dkr")):
        return StartFailure(
            f"{_PULL_SECRETS}The task cannot pull registry auth from Amazon ECR: There is a "
            "connection issue between the task and Amazon ECR. Check your task network "
            "configuration. RequestError: send request failed caused by: context deadline exceeded",
            120,
        )
    role = str(definition.get("executionRoleArn") or "")
    if not identity.allows(role, "ecr:GetAuthorizationToken", "*"):
        text = _denied(task, role, "ecr:GetAuthorizationToken", "*")
        return StartFailure(f"{_PULL_SECRETS}execution resource retrieval failed: {text}")
    return _in_registry(definition, image, state.ecr_image(image) or CONDITIONS.image(image))


def _container(task: Record) -> StartFailure | None:
    definition = definition_of(task)
    return next(
        (
            found
            for container in definition["containerDefinitions"]
            for found in (_logger(task, definition, container),)
            if found is not None
        ),
        None,
    ) or next(_volumes(task, definition), None)


def _logger(task: Record, definition: Record, container: Record) -> StartFailure | None:
    configuration = container.get("logConfiguration") or {}
    if configuration.get("logDriver") != "awslogs":
        return None
    options = configuration.get("options") or {}
    group = options.get("awslogs-group", "")
    role = str(definition.get("executionRoleArn") or "")
    if not reach.to_aws(place_of(task), "logs"):
        text = "request canceled, context deadline exceeded. Please check your task network configuration."
        return StartFailure(f"{_LOGGER}RequestError: send request failed caused by: {text}", 120)
    arn = f"arn:aws:logs:{state.region()}:{ACCOUNT}:log-group:{group}:log-stream:x"
    if not identity.allows(role, "logs:CreateLogStream", arn):
        return StartFailure(_LOGGER + _denied(task, role, "logs:CreateLogStream", arn))
    if group not in state.log_groups() and options.get("awslogs-create-group") != "true":
        text = "ResourceNotFoundException: The specified log group does not exist."
        return StartFailure(f"{_LOGGER}{text} : exit status 1")
    return None


def _volumes(task: Record, definition: Record) -> Iterator[StartFailure]:
    for volume in definition.get("volumes") or ():
        wanted = volume.get("efsVolumeConfiguration")
        why = wanted and _not_mounted(task, wanted)
        if why:
            text = (
                f"{_INIT}failed to invoke EFS utils commands to set up EFS volumes: stderr: {why}"
            )
            yield StartFailure(text, 30)


def _not_mounted(task: Record, wanted: Record) -> str:
    """What the mount helper says; empty where the file system is mounted."""
    file_system, place = wanted["fileSystemId"], place_of(task)
    target = _mount_target(file_system, place)
    if target is None or not state.vpc_names_hosts(place.vpc):
        return (
            f'Failed to resolve "{file_system}.efs.{state.region()}.amazonaws.com" - check that your '
            "file system ID is correct, and ensure that the VPC has an EFS mount target for this file "
            "system ID.: unsuccessful EFS utils command execution; code: 1"
        )
    if not reach.between(place, target, 2049):
        return (
            "mount.nfs4: Connection timed out : unsuccessful EFS utils command execution; code: 32"
        )
    point = (wanted.get("authorizationConfig") or {}).get("accessPointId")
    if (point and point not in state.access_points()) or identity.shuts_out(
        state.file_system_policy(file_system), "elasticfilesystem:ClientMount"
    ):
        denied = "mount.nfs4: access denied by server while mounting 127.0.0.1:/"
        return f"{denied} : unsuccessful EFS utils command execution; code: 32"
    return ""


def _mount_target(file_system: str, place: reach.Place) -> reach.Place | None:
    """The mount target in the zone of a task: its name resolves to no other."""
    zone = state.subnets().get(place.subnet, {}).get("AvailabilityZone")
    for target in state.mount_targets(file_system):
        if state.subnets().get(target["SubnetId"], {}).get("AvailabilityZone") == zone:
            groups = tuple(target["SecurityGroups"])
            return reach.Place(target["SubnetId"], groups, target.get("IpAddress", ""))
    return None


PHASES = (
    Phase("interface", 8, "connectivityAt", _network),
    Phase("secrets", 4, "pullStartedAt", _secrets),
    Phase("image", 18, "pullStoppedAt", _image),
    Phase("container", 4, "startedAt", _container),
)


def can_start(task: Record) -> bool:
    """Whether nothing would stop any phase now."""
    return all(phase.failure(task) is None for phase in PHASES)
