"""AWS's JSON protocol without a service client, for the command whose start must not be felt.

Making a boto3 client costs about 150 ms more than this, and its response parser half of the CPU
time of a long dump (measured with botocore 1.44.5, ``docs/performance/logs.md``). Signing, TLS,
proxies and certificate bundles are still botocore's own; only the client and the parser are left out.
"""

from __future__ import annotations

import gzip
import json
import socket
import threading
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from ash_ops import redact
from ash_ops.aws.calls import Answer, kind_of
from ash_ops.aws.client.session import is_file
from ash_ops.aws.client.trace import report_call
from ash_ops.aws.operations import Operation
from ash_ops.errors import ReadFailed
from ash_ops.settings import DEFAULT_REGION, Settings

if TYPE_CHECKING:
    from botocore.credentials import Credentials

    from ash_ops.aws.client.session import Aws

# As botocore's own clients have them (args.py, compute_socket_options): without TCP_NODELAY each
# call after the first waits 40 ms for the acknowledgement of its headers.
_SOCKET_OPTIONS = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
]
_LARGE_ANSWER = 100_000
CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 8.0

_EXPIRED = ("ExpiredToken", "RequestExpired", "TokenRefreshRequired", "UnauthorizedSSOToken")
_UNAVAILABLE = ("Unavailable", "Internal", "Timeout", "OperationAborted")
_REFUSED = ("UnrecognizedClient", "InvalidClientTokenId", "InvalidSignature", "SignatureDoesNot")


class Reply(Struct, frozen=True):
    """What a call answered.

    Attributes:
        answer: the decoded JSON object.
        server_time: the ``Date`` header in seconds since 1970; ``None`` where there is none.
    """

    answer: Answer
    server_time: float | None


# What stands before an operation's name in the ``X-Amz-Target`` header (a test compares).
_TARGETS = {"ecs": "AmazonEC2ContainerServiceV20141113", "logs": "Logs_20140328"}

# The DNS suffix of each partition's regions (botocore's partitions.json; a test compares).
_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
    "eu-isoe-": "cloud.adc-e.uk",
    "eusc-": "amazonaws.eu",
}


# Whatever of these is set, botocore alone knows the endpoint that is meant.
_SPECIAL = (
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)


def plain_endpoint(service: str, region: str) -> str:
    """The URL of a service in a region, where nothing special is asked for."""
    suffix = next((s for start, s in _SUFFIXES.items() if region.startswith(start)), None)
    return f"https://{service}.{region}.{suffix or 'amazonaws.com'}"


class _Keys(NamedTuple):
    """Access keys as botocore's signer wants them; importing its own class takes 10 ms."""

    access_key: str
    secret_key: str
    token: str | None

    def get_frozen_credentials(self) -> _Keys:
        """Themselves: they never change."""
        return self


def _is_plain(settings: Settings) -> bool:
    """Whether no setting and no file of AWS's can choose another endpoint."""
    path = Path(settings.get("AWS_CONFIG_FILE") or "~/.aws/config")
    return not any(settings.get(name) for name in _SPECIAL) and not is_file(path)


class RenewableCredentials:
    """The credentials and the region to call with, found again whenever they have expired.

    Access keys given as variables are used as they are. Everything else (profiles, SSO, roles) is
    left to botocore's session, which also renews what can be renewed.

    Raises:
        CredentialsProblem: there are no usable credentials.
        UsageProblem: the profile or the region does not exist.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.region = settings.region or DEFAULT_REGION
        self._aws: Aws | None = None
        self._credentials = self._find()

    def endpoint(self, service: str) -> str:
        """The URL of a service: the configured one, or AWS's (FIPS and dual-stack where asked for).

        Raises:
            UsageProblem: there is no such endpoint in the region.
        """
        settings = self.settings
        own = settings.get(f"AWS_ENDPOINT_URL_{service.upper()}")
        configured = settings.endpoint_url or own
        if configured:
            return configured.rstrip("/")
        if _is_plain(settings):
            return plain_endpoint(service, self.region)
        return self._session().endpoint(service).rstrip("/")

    def _session(self) -> Aws:
        from ash_ops.aws.client.session import Aws

        self._aws = self._aws or Aws(self.settings)
        return self._aws

    def renew(self) -> None:
        """Look the credentials up again; a profile may have been logged in again by now.

        Raises:
            CredentialsProblem: there are none now.
        """
        self._credentials = self._find()

    def frozen(self) -> Any:
        """The credentials of this moment, as botocore's signer wants them."""
        return self._credentials.get_frozen_credentials()

    def _find(self) -> Credentials | _Keys:
        key = self.settings.secret("AWS_ACCESS_KEY_ID")
        secret = self.settings.secret("AWS_SECRET_ACCESS_KEY")
        plain = self.settings.region is not None and self.settings.profile is None
        if plain and key is not None and secret is not None:
            token = self.settings.secret("AWS_SESSION_TOKEN")
            return _Keys(key.reveal(), secret.reveal(), token.reveal() if token else None)
        self._aws = None  # a new session reads the profile's files again
        aws = self._session()
        self.region = aws.region
        return aws.credentials()


class JsonApi:
    """Calls to one service over AWS's JSON 1.1 protocol, on one kept connection.

    It makes each call once: when to try again is its caller's decision.

    Args:
        service: whom to ask.
        credentials: whose.
        keep: the fields of its answers that the caller redacts itself.
    """

    def __init__(
        self,
        service: str,
        credentials: RenewableCredentials,
        *,
        keep: frozenset[str] = frozenset(),
    ) -> None:
        from botocore.httpsession import URLLib3Session
        from botocore.utils import get_environ_proxies

        self._service = service
        self._keep = keep
        self._credentials = credentials
        self._url = credentials.endpoint(service) + "/"
        # Under the interpreter's lock two at a time are no faster, and take twice the memory.
        self._decoding = threading.Lock()
        self._http = URLLib3Session(
            # The stubs know one number of seconds only; botocore takes a pair.
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),  # type: ignore[arg-type]
            # The stubs want texts; urllib3 hands them to setsockopt as they are.
            socket_options=_SOCKET_OPTIONS,  # type: ignore[arg-type]
            proxies=get_environ_proxies(self._url),
            # The stubs know only yes and no; botocore takes the path of a bundle.
            verify=_certificates(credentials.settings),  # type: ignore[arg-type]
        )

    def call(self, operation: Operation, body: Answer) -> Reply:
        """Make one call.

        Raises:
            ReadFailed: it did not answer, or answered with an error. ``kind`` may also be
                ``expired`` (credentials to renew) or ``unavailable`` (5xx or a broken connection).
        """
        name, began = operation.action, perf_counter()
        try:
            reply = self._call(name, operation.name, body)
        except ReadFailed as error:
            report_call(name, began, error.code)
            raise
        report_call(name, began, "ok")
        return reply

    def _call(self, name: str, operation: str, body: Answer) -> Reply:
        try:
            response = self._http.send(self._signed(operation, body))
            status, content, headers = response.status_code, response.content, response.headers
        except Exception as error:
            raise _transport_failure(name, error) from error
        if status != 200:
            raise _error_answer(name, status, content, headers)
        try:
            with self._decoding:
                answer = _decoded(content, headers)
        except (ValueError, OSError, EOFError, RecursionError) as error:
            raise ReadFailed(name, "unavailable", "UnreadableAnswer", str(error)) from error
        if not isinstance(answer, dict):
            raise ReadFailed(name, "unavailable", "UnreadableAnswer", "not a JSON object")
        return Reply(redact.document(answer, keep=self._keep), _date(headers.get("Date")))

    def _signed(self, operation: str, body: Answer) -> Any:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        request = AWSRequest(
            method="POST",
            url=self._url,
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"{_TARGETS[self._service]}.{operation}",
                "User-Agent": "ash-ops",
            },
        )
        signer = self._credentials
        SigV4Auth(signer.frozen(), self._service, signer.region).add_auth(request)
        return request.prepare()


def _certificates(settings: Settings) -> str | bool:
    return settings.get("AWS_CA_BUNDLE") or settings.get("REQUESTS_CA_BUNDLE") or True


def _transport_failure(name: str, error: Exception) -> ReadFailed:
    kind = type(error).__name__
    if "Credential" in kind or "SSO" in kind or "Token" in kind:
        return ReadFailed(name, "expired", kind, str(error))
    return ReadFailed(name, "timeout" if "Timeout" in kind else "unreachable", kind, str(error))


def _error_answer(name: str, status: int, content: bytes, headers: Any) -> ReadFailed:
    """The failure an HTTP answer describes, whatever its body looks like."""
    try:
        answer = _decoded(content, headers)
    except (ValueError, OSError, EOFError, RecursionError):
        answer = {}
    answer = answer if isinstance(answer, dict) else {}
    code = str(answer.get("__type") or answer.get("code") or headers.get("x-amzn-ErrorType") or "")
    code = code.split(":")[0].rsplit("#", 1)[-1] or f"HTTP {status}"
    message = str(answer.get("message") or answer.get("Message") or "no reason was given")
    return ReadFailed(name, _kind(code, status), code, message)


def _decoded(content: bytes, headers: Any) -> Any:
    """The JSON of an answer. A log line may hold bytes that are no text; the rest is still wanted."""
    if "gzip" in (headers.get("Content-Encoding") or ""):
        content = gzip.decompress(content)
    try:
        return _loads(content)
    except ValueError:
        return json.loads(content.decode("utf-8", "replace"), strict=False)


# So many bytes are decoded before a compiled decoder is worth the 25 ms that importing it takes.
_WORTH_AN_IMPORT = 8_000_000
_decoded_bytes = 0


def _loads(content: bytes) -> Any:
    """What ``json.loads`` gives; a long dump is decoded in half the time."""
    global _decoded_bytes
    _decoded_bytes += len(content)
    if _decoded_bytes < _WORTH_AN_IMPORT or len(content) < _LARGE_ANSWER:
        return json.loads(content)
    from pydantic_core import from_json

    try:
        return from_json(content, cache_strings="keys")
    except ValueError:  # a lone surrogate, for instance, which json lets pass
        return json.loads(content)


def _kind(code: str, status: int) -> str:
    # Only here: it brings botocore's session with it.

    if any(mark in code for mark in _EXPIRED):
        return "expired"
    if any(mark in code for mark in _REFUSED):
        return "refused"
    kind = kind_of(code)
    if kind != "failed":
        return kind
    if status == 429 or "LimitExceeded" in code:
        return "throttled"
    passing = status >= 500 or status == 408 or any(mark in code for mark in _UNAVAILABLE)
    return "unavailable" if passing else kind


def _date(header: str | None) -> float | None:
    """A ``Date`` header in seconds since 1970; without a zone it is UTC (RFC 9110, 5.6.7)."""
    try:
        when = parsedate_to_datetime(header) if header else None
    except (ValueError, TypeError, OverflowError):
        return None
    if when is None:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
