"""One AWS call, and what its failure means.

What AWS answers is redacted here, before any reader sees it. A field that a reader must have as it
came (a secret's value, what is compared) is named in ``_KEPT``; it hands that on as a ``Secret``.

Every reader goes through ``call`` or ``pages``, so that no botocore exception passes this floor:
a failure is a ``ReadFailed`` that names the call, the kind of failure and the IAM action.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from ash_ops import redact
from ash_ops.aws.session import IAM_PREFIX, Aws
from ash_ops.errors import ReadFailed

Answer = dict[str, Any]

_DENIED = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized")
_THROTTLED = ("Throttl", "RequestLimitExceeded", "TooManyRequests", "SlowDown", "RateExceeded")
_READING = ("describe_", "list_", "get_", "simulate_")
_MISSING = ("NotFound", "NoSuch", "DoesNotExist")


def action_name(service: str, operation: str) -> str:
    """The call as IAM names it: ``action_name("elbv2", "describe_listeners")``."""
    pascal = "".join(word.capitalize() for word in operation.split("_"))
    return f"{IAM_PREFIX.get(service, service)}:{_RENAMED.get(pascal, pascal)}"


# Operations whose boto3 method does not spell the API's capitals.
_RENAMED = {
    "DescribeDbInstances": "DescribeDBInstances",
    "DescribeDbSnapshots": "DescribeDBSnapshots",
}


def call(aws: Aws, service: str, operation: str, /, **parameters: Any) -> Answer:
    """Make one call.

    Raises:
        ReadFailed: it did not answer; never a botocore exception.
    """
    return call_in(aws, None, service, operation, **parameters)


def call_in(
    aws: Aws, region: str | None, service: str, operation: str, /, **parameters: Any
) -> Answer:
    """Make one call in another region than the session's.

    Raises:
        ReadFailed: it did not answer; never a botocore exception.
    """
    with _failures_of(service, operation):
        answer: Answer = getattr(_client(aws, service, operation, region), operation)(**parameters)
    return _read(service, operation, answer)


def pages(aws: Aws, service: str, operation: str, /, **parameters: Any) -> Iterator[Answer]:
    """The pages of a call that has a paginator.

    Raises:
        ReadFailed: a page did not come.
    """
    with _failures_of(service, operation):
        client = _client(aws, service, operation)
        if client.can_paginate(operation):
            answers = client.get_paginator(operation).paginate(**parameters)
        else:
            answers = [getattr(client, operation)(**parameters)]
        for answer in answers:
            yield _read(service, operation, answer)


def _read(service: str, operation: str, answer: Answer) -> Answer:
    """The answer, unless it holds nothing of what the operation reads.

    botocore turns a page of HTML or foreign JSON into an empty answer, which would otherwise
    pass for "there is none".
    """
    if operation.startswith(_READING) and not answer.keys() - {"ResponseMetadata"}:
        name = action_name(service, operation)
        raise ReadFailed(name, "failed", "UnreadableAnswer", "the answer holds nothing expected")
    redacted: Answer = redact.document(answer, keep=_KEPT.get(operation, frozenset()))
    return redacted


# What the readers of these operations take as ``Secret``, or learn and shade before they hand it on.
_KEPT = {
    "get_secret_value": frozenset({"SecretString"}),
    "get_parameter": frozenset({"Value"}),
    "get_parameters": frozenset({"Value"}),
    "describe_task_definition": frozenset({"environment"}),
}


@contextmanager
def _failures_of(service: str, operation: str) -> Iterator[None]:
    """Turn what goes wrong with a call into ``ReadFailed``."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _from_answer(service, operation, error.response) from error
    except (BotoCoreError, OSError) as error:
        raise _from_transport(service, operation, error) from error
    except (ResponseParserError, ValueError, LookupError, TypeError, AttributeError) as error:
        # botocore's parsers let these through when the answer is not what the service model says.
        name = action_name(service, operation)
        raise ReadFailed(name, "failed", "UnreadableAnswer", type(error).__name__) from error


def _from_answer(service: str, operation: str, answer: Mapping[str, Any]) -> ReadFailed:
    error = answer.get("Error") or {}
    code, message = str(error.get("Code", "Unknown")), str(error.get("Message", ""))
    return ReadFailed(action_name(service, operation), kind_of(code), code, message)


def kind_of(code: str) -> str:
    """What an AWS error code says about the failure: denied, throttled, missing or failed."""
    for kind, marks in (("denied", _DENIED), ("throttled", _THROTTLED), ("missing", _MISSING)):
        if any(mark in code for mark in marks):
            return kind
    return "failed"


def _from_transport(service: str, operation: str, error: Exception) -> ReadFailed:
    from botocore.exceptions import (
        ConnectTimeoutError,
        EndpointConnectionError,
        HTTPClientError,
        ReadTimeoutError,
    )

    kind = "failed"
    if isinstance(error, (ConnectTimeoutError, ReadTimeoutError)):
        kind = "timeout"
    elif isinstance(error, (EndpointConnectionError, HTTPClientError, OSError)):
        kind = "unreachable"
    return ReadFailed(action_name(service, operation), kind, type(error).__name__, str(error))


def make_client(aws: Aws, service: str) -> None:
    """Make a client now, in this thread; a failure shows when the client is used."""
    with suppress(ReadFailed), _failures_of(service, "create_client"):
        aws.reader(service)


def _client(aws: Aws, service: str, operation: str, region: str | None = None) -> Any:
    from ash_ops.aws import model_cache

    make = aws.reader if model_cache.covers(service, operation) else aws.client
    return make(service, region=region)
