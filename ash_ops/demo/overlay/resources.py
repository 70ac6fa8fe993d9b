"""CloudFormation: how its resources become ECS services, secrets and rules.

Stock ministack leaves nested ECS properties in CloudFormation's capitals, hands numbers over as
text where a parameter was referenced, and knows fewer types than the templates use.
"""

from __future__ import annotations

import json
import secrets as random_source
import string
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ecs
from ministack.services import secretsmanager as secrets_manager
from ministack.services.cloudformation import provisioners

from ash_ops.demo.overlay import load_balancers
from ash_ops.demo.overlay.machines import capacity, managed
from ash_ops.demo.overlay.network import add_rule, create_volume, delete_volume, remove_rule
from ash_ops.demo.world import engine as world
from ash_ops.demo.world.clock import STANDSTILL
from ash_ops.demo.world.subjects import primary_of

Properties = dict[str, Any]
Created = tuple[str, Properties]

# Resources of which nothing in a diagnosis depends on more than that they exist.
_STORED_ONLY = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Budgets::Budget",
)

_NUMBERS = frozenset(
    {
        *("containerPort", "hostPort", "interval", "timeout", "retries", "startPeriod"),
        *("stopTimeout", "startTimeout", "maximumPercent", "minimumHealthyPercent", "sizeInGiB"),
        *("weight", "base", "softLimit", "hardLimit", "memoryReservation", "transitEncryptionPort"),
    }
)
_FLAGS = frozenset(
    {
        *("essential", "enable", "rollback", "privileged", "readonlyRootFilesystem", "readOnly"),
        *("initProcessEnabled", "interactive", "pseudoTerminal", "disableNetworking"),
    }
)
# Where the API spells a property in another way than with a small first letter.
_SPELT = {
    "EFSVolumeConfiguration": "efsVolumeConfiguration",
    "FilesystemId": "fileSystemId",
    "IAM": "iam",
}
# Below these keys stand names the user chose, which keep their capitals.
_USER_KEYS = frozenset({"options", "dockerLabels", "driverOpts", "labels"})


def install(table: dict[str, Properties]) -> None:
    """Replace handlers in ministack's table of resource types."""
    for kind in _STORED_ONLY:
        table[kind] = {"create": _store, "delete": _forget}
    table["AWS::EC2::SecurityGroupIngress"] = _rule_handlers("IpPermissions")
    table["AWS::EC2::SecurityGroupEgress"] = _rule_handlers("IpPermissionsEgress")
    table["AWS::ECS::ClusterCapacityProviderAssociations"] = {
        "create": _associate,
        "delete": capacity.dissociate,
    }
    table["AWS::EC2::Volume"] = {"create": _create_volume, "delete": _delete_volume}
    provisioners._STACK_TAG_PROPERTY["AWS::EC2::Volume"] = ("Tags", "list")
    table["AWS::ECS::TaskDefinition"] |= {
        "create": _create_task_definition,
        "update": _update_task_definition,
    }
    table["AWS::ECS::Service"] |= {"create": _create_service, "update": _update_service}
    table["AWS::SecretsManager::Secret"] |= {
        "create": _create_secret,
        "update": _by_secret_name(table["AWS::SecretsManager::Secret"]["update"]),
        "delete": _delete_secret,
    }
    provisioners._sm_secret_string = _secret_string
    managed.install(table)
    _provide_groups(table["AWS::ECS::CapacityProvider"])
    load_balancers.install_handlers(table)


def _store(logical_id: str, _properties: Properties, stack_name: str) -> Created:
    name = f"{stack_name}-{logical_id}"
    return name, {"Arn": name}


def _provide_groups(handlers: Properties) -> None:
    """Make the providers of Auto Scaling groups; those of Managed Instances are made already."""
    create, delete = handlers["create"], handlers["delete"]

    def made(logical_id: str, properties: Properties, stack_name: str) -> Created:
        if "AutoScalingGroupProvider" in properties:
            return capacity.create_provider(camel(properties))
        found: Created = create(logical_id, properties, stack_name)
        return found

    def deleted(name: str, properties: Properties) -> None:
        delete(name, properties)
        capacity.delete_provider(name, properties)

    handlers |= {"create": made, "delete": deleted}


def _associate(_logical_id: str, properties: Properties, _stack_name: str) -> Created:
    return capacity.associate(properties["Cluster"], properties["CapacityProviders"])


def _create_volume(_logical_id: str, properties: Properties, _stack_name: str) -> Created:
    id_ = create_volume(properties)
    return id_, {"VolumeId": id_}


def _delete_volume(physical_id: str, _properties: Properties) -> None:
    delete_volume(physical_id)


def _forget(_physical_id: str, _properties: Properties) -> None:
    """Nothing was made that could stay behind."""


def camel(value: Any) -> Any:
    """CloudFormation's ``PascalCase`` properties as the ECS API spells and types them."""
    if isinstance(value, list):
        return [camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    return dict(_camel_item(key, item) for key, item in value.items())


def _camel_item(key: str, value: Any) -> tuple[str, Any]:
    name = _SPELT.get(key) or key[:1].lower() + key[1:]
    if name in _USER_KEYS and isinstance(value, dict):
        return name, {k: str(v) for k, v in value.items()}
    if name in _NUMBERS and isinstance(value, str):
        return name, int(value)
    if name in _FLAGS and isinstance(value, str):
        return name, value.lower() == "true"
    return name, camel(value)


def _number(value: Any, default: int | None = None) -> int | None:
    return default if value in (None, "") else int(value)


def _create_task_definition(logical_id: str, properties: Properties, stack_name: str) -> Created:
    request = camel({k: v for k, v in properties.items() if k != "Tags"})
    request["family"] = request.get("family") or f"{stack_name}-{logical_id}"
    for size in ("cpu", "memory"):  # of the task: text; of a container: numbers
        if size in request:
            request[size] = str(request[size])
    for container in request.get("containerDefinitions", []):
        for size in ("cpu", "memory"):
            if size in container:
                container[size] = int(container[size])
    request["tags"] = camel(properties.get("Tags") or [])
    status, _, body = ecs._register_task_definition(request)
    if status >= 400:
        raise ValueError(f"AWS::ECS::TaskDefinition create failed: {body!r}")
    revision = ecs._task_def_latest[request["family"]]
    arn = ecs._task_defs[f"{request['family']}:{revision}"]["taskDefinitionArn"]
    return arn, {"TaskDefinitionArn": arn}


def _update_task_definition(
    _physical_id: str, _old: Properties, new: Properties, stack_name: str, logical_id: str
) -> Created:
    return _create_task_definition(logical_id, new, stack_name)


def _create_service(logical_id: str, properties: Properties, stack_name: str) -> Created:
    request = _service_request(properties)
    request["serviceName"] = request.get("serviceName") or f"{stack_name}-{logical_id}"
    _require_references(request)
    _stabilize(_begun("create", ecs._create_service, request, request["serviceName"]))
    return _service_created(request["cluster"], request["serviceName"])


def _update_service(
    physical_id: str, old: Properties, new: Properties, _stack_name: str
) -> Created:
    request = _service_request(new)
    name = physical_id.rsplit("/", 1)[-1]
    request["service"] = name
    if old.get("TaskDefinition") == new.get("TaskDefinition"):
        request.pop("taskDefinition", None)
    _stabilize(_begun("update", ecs._update_service, request, name))
    return _service_created(request["cluster"], name)


_BREAKER = (
    "Resource handler returned message: \"Error occurred during operation 'ECS Deployment Circuit "
    "Breaker was triggered'.\" (RequestToken: 8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0, "
    "HandlerErrorCode: GeneralServiceException)"
)
_NOT_STABILIZED = (
    'Resource handler returned message: "Exceeded attempts to wait" (RequestToken: '
    "36086107-14b9-bbbe-fed4-9d8496c2579f, HandlerErrorCode: NotStabilized)"
)
# On AWS three hours; here a rollout lives a hundred times faster.
_PATIENCE_S = 60.0


def _begun(verb: str, change: Callable[[Properties], Any], request: Properties, name: str) -> Any:
    """Change a service; answers with the deployment that this began, before it can be rolled back."""
    with STANDSTILL:
        status, _, body = change(request)
        if status >= 400:
            raise ValueError(f"AWS::ECS::Service {verb} failed: {body!r}")
        return primary_of(ecs._services[f"{request['cluster']}/{name}"])


def _stabilize(wanted: Properties) -> None:
    """Wait as CloudFormation does until a service's rollout has ended."""
    outcome = world.wait_for_rollout(wanted, _PATIENCE_S)
    if outcome != "COMPLETED":
        raise ValueError(_BREAKER if outcome == "FAILED" else _NOT_STABILIZED)


def _service_request(properties: Properties) -> Properties:
    request: Properties = camel(properties)
    request["cluster"] = str(request.get("cluster") or "default").rsplit("/", 1)[-1]
    request["desiredCount"] = _number(request.get("desiredCount"), 1)
    grace = _number(request.get("healthCheckGracePeriodSeconds"))
    if grace is not None:
        request["healthCheckGracePeriodSeconds"] = grace
    return request


def _require_references(request: Properties) -> None:
    # AWS refuses a service whose cluster or task definition is not there; ministack makes it.
    if request["cluster"] not in ecs._clusters:
        raise ValueError("Cluster not found. (Service: AmazonECS; Status Code: 400)")
    if ecs._resolve_td_key(request.get("taskDefinition", "")) not in ecs._task_defs:
        raise ValueError("TaskDefinition not found. (Service: AmazonECS; Status Code: 400)")


def _service_created(cluster: str, name: str) -> Created:
    arn = f"arn:aws:ecs:{get_region()}:{get_account_id()}:service/{cluster}/{name}"
    return arn, {"ServiceArn": arn, "Name": name}


def _create_secret(logical_id: str, properties: Properties, stack_name: str) -> Created:
    # On AWS a Ref to a secret is its ARN; ministack answers with its name.
    _, attributes = provisioners._sm_secret_create(logical_id, properties, stack_name)
    return attributes["Arn"], attributes


def _by_secret_name(update: Callable[..., Created]) -> Callable[..., Created]:
    def step(physical_id: str, *arguments: Any, **named: Any) -> Created:
        name, _ = secrets_manager._resolve(physical_id)
        _, attributes = update(name or physical_id, *arguments, **named)
        return attributes["Arn"], attributes

    return step


def _delete_secret(physical_id: str, properties: Properties) -> None:
    name, _ = secrets_manager._resolve(physical_id)
    if name is not None:
        provisioners._sm_secret_delete(name, properties)


def _secret_string(properties: Properties) -> str:
    """The value a template declares, or one made as ``GenerateSecretString`` says."""
    wanted = properties.get("GenerateSecretString")
    if not wanted:
        return str(properties.get("SecretString", ""))
    password = _password(wanted)
    key = wanted.get("GenerateStringKey")
    if not key:
        return password
    return json.dumps(json.loads(wanted.get("SecretStringTemplate") or "{}") | {key: password})


def _password(wanted: Properties) -> str:
    alphabet = ""
    for option, characters in (
        ("ExcludeLowercase", string.ascii_lowercase),
        ("ExcludeUppercase", string.ascii_uppercase),
        ("ExcludeNumbers", string.digits),
        ("ExcludePunctuation", string.punctuation),
    ):
        if str(wanted.get(option, "false")).lower() != "true":
            alphabet += characters
    alphabet = "".join(c for c in alphabet if c not in wanted.get("ExcludeCharacters", ""))
    length = _number(wanted.get("PasswordLength"), 32) or 32
    return "".join(random_source.choice(alphabet) for _ in range(length))


def _rule_handlers(side: str) -> dict[str, Any]:
    """Handlers of a security group rule that stands as a resource of its own."""

    def create(_logical_id: str, properties: Properties, _stack_name: str) -> Created:
        return add_rule(properties, side), {}

    def delete(_physical_id: str, properties: Properties) -> None:
        remove_rule(properties, side)

    return {"create": create, "delete": delete}
