"""One AWS session: credentials found at once or not at all, clients made once, in one thread.

A search for credentials that ends at a metadata address nobody answers costs two silent seconds
(measured with botocore 1.44.5); it is made only where that address exists: on an EC2 machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ash_ops.aws import trace
from ash_ops.errors import CredentialsProblem, UsageProblem
from ash_ops.settings import DEFAULT_REGION, Settings

if TYPE_CHECKING:
    import boto3
    import botocore.session
    from botocore.credentials import Credentials

# Services whose IAM prefix is not the name boto3 gives them.
IAM_PREFIX = {
    "elbv2": "elasticloadbalancing",
    "efs": "elasticfilesystem",
    "service-quotas": "servicequotas",
    "application-autoscaling": "application-autoscaling",
}
_VENDOR_FILE = Path("/sys/devices/virtual/dmi/id/sys_vendor")


class Aws:
    """The AWS account, region and credentials that one command works with.

    Methods of the clients may be called from many threads; the clients themselves are made
    under a lock, because making them is not thread-safe (boto/boto3#1592).

    Raises:
        CredentialsProblem: there are no usable credentials.
        UsageProblem: the profile or the region does not exist.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        attempts: int = 3,
        connect_timeout: float = 3.0,
        read_timeout: float = 10.0,
    ) -> None:
        self.settings = settings
        self._limits = (attempts, connect_timeout, read_timeout)
        self._session = _session(settings)
        self.region = _region(self._session, settings)
        self._clients: dict[tuple[str, str, bool], Any] = {}
        self._loaders = {False: self._session.get_component("data_loader")}
        self._lock = threading.Lock()
        _require_credentials(self._session, settings)

    def client(self, service: str, *, region: str | None = None) -> Any:
        """The boto3 client of a service, made on first use.

        Args:
            service: boto3's name of it, for instance ``ecs``.
            region: another region than the session's, for services that live in few of them.
        """
        return self._client(service, region or self.region, trimmed=False)

    def reader(self, service: str, *, region: str | None = None) -> Any:
        """A client that has only the operations of ``model_cache.OPERATIONS``; made far sooner."""
        return self._client(service, region or self.region, trimmed=True)

    def _client(self, service: str, region: str, *, trimmed: bool) -> Any:
        key = (service, region, trimmed)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make_client(service, region, trimmed=trimmed)
            return self._clients[key]

    def credentials(self) -> Credentials:
        """The credentials found, as botocore holds them: it renews what can be renewed."""
        found = self._session.get_credentials()
        if found is None:
            raise _credentials_problem("they were there and are gone", self.settings)
        return found

    def _loader(self, *, trimmed: bool) -> Any:
        from ash_ops.aws import model_cache

        if trimmed not in self._loaders:
            can = model_cache.may_be_used()
            self._loaders[trimmed] = model_cache.TrimmedLoader() if can else self._loaders[False]
        return self._loaders[trimmed]

    def _make_client(self, service: str, region: str, *, trimmed: bool) -> Any:
        from botocore.config import Config

        self._session.register_component("data_loader", self._loader(trimmed=trimmed))

        attempts, connect, read = self._limits
        config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=connect,
            read_timeout=read,
            max_pool_connections=20,
            user_agent_extra="ash-ops",
        )
        # Trimmed clients come straight from botocore, the engine of boto3: importing boto3 as well
        # would cost a diagnosis what the trimming saves.
        engine = self._session.create_client
        make: Callable[..., Any] = engine if trimmed else _boto3(self._session).client
        client = make(
            service, region_name=region, endpoint_url=self.settings.endpoint_url, config=config
        )
        trace.follow(client)
        return client


def _boto3(core: botocore.session.Session) -> boto3.Session:
    import boto3

    return boto3.Session(botocore_session=core)


def _session(settings: Settings) -> botocore.session.Session:
    """A session that sees the credentials of ``.env`` as well as what boto3 sees by itself."""
    from botocore.exceptions import ProfileNotFound
    from botocore.session import Session

    core = Session(profile=settings.profile)
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=in_utc)
    try:
        core.get_scoped_config()
    except ProfileNotFound:
        raise UsageProblem(
            f"There is no AWS profile {settings.profile!r}",
            "neither ~/.aws/config nor ~/.aws/credentials names it",
            "Run `aws configure list-profiles`, then correct --profile or AWS_PROFILE.",
        ) from None
    _use_env_file_keys(core, settings)
    _skip_absent_metadata(core, settings)
    return core


def in_utc(value: Any) -> datetime:
    """A time as an AWS protocol writes it: seconds since 1970, ISO 8601, or RFC 822.

    botocore's own puts the machine's zone in, and leaves times without a zone as they are; AWS's
    are UTC.
    """
    from botocore.utils import parse_timestamp

    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = parse_timestamp(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _use_env_file_keys(core: botocore.session.Session, settings: Settings) -> None:
    key = settings.secret("AWS_ACCESS_KEY_ID")
    secret = settings.secret("AWS_SECRET_ACCESS_KEY")
    if settings.profile or key is None or secret is None:
        return
    if settings.origin("AWS_ACCESS_KEY_ID") != "environment":
        token = settings.secret("AWS_SESSION_TOKEN")
        core.set_credentials(key.reveal(), secret.reveal(), token.reveal() if token else None)


def _skip_absent_metadata(core: botocore.session.Session, settings: Settings) -> None:
    if settings.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or _on_ec2():
        return
    resolver = core.get_component("credential_provider")
    resolver.remove("iam-role")


def _on_ec2() -> bool:
    try:
        return _VENDOR_FILE.read_text().startswith("Amazon EC2")
    except OSError:
        return False


def _region(core: botocore.session.Session, settings: Settings) -> str:
    region = str(settings.region or core.get_config_variable("region") or DEFAULT_REGION)
    # An emulator or a private endpoint may serve any region; AWS serves those botocore lists.
    if settings.endpoint_url is None and region not in _known_regions(core):
        raise UsageProblem(
            f"The AWS region {region!r} is not known",
            _region_hint(core, region),
            "Correct --region or AWS_REGION. If AWS has just opened it, upgrade boto3.",
        )
    return region


def _known_regions(core: botocore.session.Session) -> set[str]:
    return {
        region
        for partition in core.get_available_partitions()
        for region in core.get_available_regions("ecs", partition_name=partition)
    }


def _region_hint(core: botocore.session.Session, region: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(region, sorted(_known_regions(core)), n=2)
    return f"did you mean {' or '.join(close)}?" if close else "ECS runs in no region of that name"


def _require_credentials(core: botocore.session.Session, settings: Settings) -> None:
    from botocore.exceptions import BotoCoreError

    try:
        found = core.get_credentials()
    except BotoCoreError as error:
        raise _credentials_problem(str(error), settings) from None
    if found is None:
        raise _credentials_problem(
            "none are in the environment, in .env or in a profile, and this is not an EC2 machine",
            settings,
        )


def _credentials_problem(why: str, settings: Settings) -> CredentialsProblem:
    login = f"aws sso login --profile {settings.profile}" if settings.profile else "aws sso login"
    return CredentialsProblem(
        "There are no usable AWS credentials",
        why,
        f"Set AWS_PROFILE, or run `{login}`, or put AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
        "in .env. `ash-ops demo` needs none.",
    )
