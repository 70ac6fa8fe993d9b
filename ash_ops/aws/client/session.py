"""One AWS session: credentials found at once or not at all, clients made once, in one thread.

A search for credentials that ends at a metadata address nobody answers costs two silent seconds
(measured with botocore 1.44.5); it is made only where that address exists: on an EC2 machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ash_ops.aws.client import trace
from ash_ops.errors import CredentialsProblem, UsageProblem
from ash_ops.settings import DEFAULT_REGION, Settings

if TYPE_CHECKING:
    import ssl

    import botocore.session
    from botocore.credentials import Credentials

# Any one of these lets botocore find credentials (boto3 guide, "Credentials").
_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
)
_FILES = {
    "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials",
    "AWS_CONFIG_FILE": "~/.aws/config",
    "BOTO_CONFIG": "~/.boto",
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
        self._clients: dict[tuple[str, str], Any] = {}
        self._tls: ssl.SSLContext | None = None
        self.ahead: timedelta | None = None
        self._lock = threading.Lock()
        _require_credentials(self._session, settings)

    def heard(self, answer: Mapping[str, Any]) -> None:
        """Take from the first answer how far AWS's clock is ahead of this machine's.

        ``ahead`` then holds it, to the second: that is how exact a ``Date`` header is.
        """
        if self.ahead is not None:
            return
        headers = (answer.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
        with suppress(ValueError, TypeError, OverflowError):
            told = parsedate_to_datetime(str(headers.get("date") or ""))
            at_aws = told if told.tzinfo else told.replace(tzinfo=UTC)
            self.ahead = at_aws - datetime.now(UTC)

    def client(self, service: str, *, region: str | None = None) -> Any:
        """The client of a service, made on first use; it has the operations of ``operations``.

        Args:
            service: boto3's name of it, for instance ``ecs``.
            region: another region than the session's, for services that live in few of them.
        """
        key = (service, region or self.region)
        made = self._clients.get(key)
        if made is not None:
            return made  # a call need not wait until the client of another service is made
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make_client(*key)
            return self._clients[key]

    def endpoint(self, service: str) -> str:
        """The URL at which a service is asked, as AWS's settings have it: FIPS, dual-stack, own.

        Raises:
            UsageProblem: there is no such endpoint.
        """
        from botocore.exceptions import BotoCoreError

        try:
            return str(self.client(service).meta.endpoint_url)
        except BotoCoreError as error:
            raise UsageProblem(
                f"{service} has no endpoint of this sort in {self.region}",
                str(error),
                "Correct AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT or the region.",
            ) from None

    def credentials(self) -> Credentials:
        """The credentials found, as botocore holds them: it renews what can be renewed."""
        found = self._session.get_credentials()
        if found is None:
            raise _credentials_problem("they were there and are gone", self.settings)
        return found

    def _make_client(self, service: str, region: str) -> Any:
        import botocore
        from botocore.config import Config

        attempts, connect, read = self._limits
        config = Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=connect,
            read_timeout=read,
            max_pool_connections=20,
            # botocore's own tells this machine's system too; to put it together takes 0.2 ms a call.
            user_agent=f"Botocore/{botocore.__version__}",
            user_agent_extra="ash-ops",
        )
        # The stubs know the services by name only.
        create: Callable[..., Any] = self._session.create_client
        client = create(
            service, region_name=region, endpoint_url=self.settings.endpoint_url, config=config
        )
        self._share_certificates(client)
        trace.follow(client)
        return client

    def _share_certificates(self, client: Any) -> None:
        """Let all clients have one TLS context, which reads the certificates of the authorities once.

        Each connection has its context read them anew (urllib3's ``ssl_wrap_socket``): 16 ms of CPU
        time, thirty times in a diagnosis. botocore offers no other way; only speed hangs on it.
        """
        with suppress(AttributeError, KeyError):
            pool = client._endpoint.http_session._manager.connection_pool_kw
            if self._tls is None:
                self._tls = pool["ssl_context"]
                vars(self._tls)["load_verify_locations"] = cache(self._tls.load_verify_locations)
            pool["ssl_context"] = self._tls


def _session(settings: Settings) -> botocore.session.Session:
    """A session that sees the credentials of ``.env`` as well as what boto3 sees by itself."""
    from botocore.exceptions import ProfileNotFound
    from botocore.hooks import HierarchicalEmitter
    from botocore.session import Session

    from ash_ops.aws.client import model_cache

    events = HierarchicalEmitter()
    core = Session(profile=settings.profile, event_hooks=events, include_builtin_handlers=False)
    _register_handlers(core)
    # Handlers go by names that services had once, too. Clients use those of today, and would compare
    # each of 400 events with 65 old names: 12 ms of a diagnosis.
    core.register_component("event_emitter", events)
    if model_cache.may_be_used():
        core.register_component("data_loader", model_cache.TrimmedLoader())
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


def _register_handlers(core: botocore.session.Session) -> None:
    """Let a session have botocore's handlers, but for those of S3 and of its documentation.

    Nobody here asks for either; they are half of all, and each client copies those that there are.
    """
    from botocore import handlers

    events = core.get_component("event_emitter")
    places = {
        handlers.REGISTER_FIRST: events.register_first,
        handlers.REGISTER_LAST: events.register_last,
    }
    for name, handler, *place in handlers.BUILTIN_HANDLERS:
        if not name.startswith("docs.") and ".s3." not in name:
            register = places[place[0]] if place else events.register
            register(name, handler)


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
    if settings.endpoint_url is None and region not in known_regions(core):
        raise UsageProblem(
            f"The AWS region {region!r} is not known",
            _region_hint(core, region),
            "Correct --region or AWS_REGION. If AWS has just opened it, upgrade boto3.",
        )
    return region


def known_regions(core: botocore.session.Session | None = None) -> set[str]:
    """The regions in which botocore knows ECS to run, of all partitions."""
    import botocore.session

    core = core or botocore.session.Session()
    return {
        region
        for partition in core.get_available_partitions()
        for region in core.get_available_regions("ecs", partition_name=partition)
    }


def _region_hint(core: botocore.session.Session, region: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(region, sorted(known_regions(core)), n=2)
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


def credentials_may_exist(settings: Settings) -> bool:
    """False if botocore has nowhere to find credentials; True if it is worth loading it to look."""
    named = settings.profile or any(settings.get(name) for name in _VARIABLES)
    files = (Path(settings.get(name) or usual) for name, usual in _FILES.items())
    return bool(named) or any(is_file(path) for path in files) or _on_ec2()


def is_file(path: Path) -> bool:
    """Whether there is such a file; ``~`` is the home directory."""
    try:
        return path.expanduser().is_file()
    except (OSError, RuntimeError):
        return False
