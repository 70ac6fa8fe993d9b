"""What a client needs: the URL and the API key of a deployment, however it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ash_ops.aws import ecs
from ash_ops.aws.client.session import Aws
from ash_ops.aws.secrets import find_secret, parse_reference, read_values, referenced_value
from ash_ops.deploy.live import require_service, url_of
from ash_ops.errors import OpsError, ReadFailed, UsageProblem
from ash_ops.facts.services import Service
from ash_ops.names import Deployment
from ash_ops.secret import Secret
from ash_ops.settings import Settings
from ash_ops.snapshot.readings.server import local_secret, local_url

_VARIABLE = "ASH_API_KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where and with what a client connects."""

    url: str
    key: Secret


def find_url(aws: Aws, names: Deployment, service: Service) -> str:
    """The public address of a service.

    Raises:
        OpsError: no load balancer stands in front of it.
        ReadFailed: it could not be read.
    """
    url = url_of(aws, names, service)
    if url is None:
        raise OpsError(
            "The deployment has no address",
            "no load balancer forwards to its service",
            "`ash-ops doctor connection` tells why.",
        )
    return url


def find_connection(aws: Aws, names: Deployment) -> Connection:
    """URL and key of a deployment.

    Raises:
        OpsError: there is no such deployment, or its key cannot be known.
        ReadFailed: a read failed.
    """
    service = require_service(aws, names)
    return Connection(url=find_url(aws, names, service), key=find_key(aws, names, service))


def client_connection(settings: Settings, open_aws: Callable[[], Aws]) -> tuple[str, Secret | None]:
    """URL and key of the server that a client on this machine is to talk to.

    ``ASH_SERVER_URL`` and the key beside it, as the SDK takes them; without it, the deployment's.

    Raises:
        UsageProblem: ``ASH_SERVER_URL`` is not a URL.
        OpsError: there is no such deployment, or its key cannot be known.
        ReadFailed: a read failed.
    """
    given = settings.get("ASH_SERVER_URL")
    if given is None:
        found = find_connection(open_aws(), settings.deployment)
        return found.url, found.key
    if not given.startswith(("http://", "https://")) or local_url(settings) is None:
        raise UsageProblem(
            "ASH_SERVER_URL cannot be used",
            "it is not a URL that starts with http:// or https:// and names a host",
            "Correct it, or unset it to talk to the deployment's own address.",
        )
    return given, local_secret(settings)[0]


def find_key(aws: Aws, names: Deployment, service: Service | None = None) -> Secret:
    """The API key that the running task was started with.

    It is looked for where the task definition says: in the secret it names, or in its plain
    environment, where the public Terraform puts it.

    Raises:
        OpsError: there is no such deployment, or its key cannot be known.
        ReadFailed: a read failed, for instance because reading the secret is not allowed.
    """
    service = service or require_service(aws, names)
    definition = service.runs
    revision = ecs.require_revision(aws, definition)
    for entry in revision.container.secrets:
        if entry.name == _VARIABLE and entry.value_from:
            return _from_reference(aws, entry.value_from)
    key = revision.environment.get(_VARIABLE) or stored_key(aws, names)
    if key is None:
        raise OpsError(
            "The API key cannot be known",
            f"{definition.rsplit('/', 1)[-1]} sets no {_VARIABLE}: the server made one of its own, "
            "in /data/initial-api-key inside the task",
            "Set ASH_API_KEY for the server and deploy again; `ash-ops deploy` always does.",
        )
    return key


def _from_reference(aws: Aws, text: str) -> Secret:
    reference = parse_reference(text)
    value = referenced_value(aws, reference)
    if value is not None:
        return value
    name = reference.name.rsplit(":", 1)[-1]
    wanted = f"no key {reference.json_key}" if reference.json_key else "no such value"
    raise OpsError(
        "The API key cannot be known",
        f"the {reference.kind} {name} is not there, or has {wanted}",
        "Run `ash-ops deploy` again: it writes what is missing. `ash-ops doctor auth` tells more.",
    )


def stored_key(aws: Aws, names: Deployment) -> Secret | None:
    """The key in the deployment's own secret; ``None`` when there is none, or it may not be read."""
    try:
        stored = find_secret(aws, names.secret)
        if stored is None or stored.deleted_at is not None:
            return None
        return read_values(aws, stored.arn).get(_VARIABLE)
    except ReadFailed:
        return None
