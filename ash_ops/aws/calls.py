"""One AWS call, and what its failure means.

What AWS answers is redacted here, before any reader sees it. A field that a reader must have as it
came (a secret's value, what is compared) is among the operation's ``keeps``; it hands that on as a ``Secret``.

Every reader goes through ``call`` or ``pages``, so that no botocore exception passes this floor:
a failure is a ``ReadFailed`` that names the call, the kind of failure and the IAM action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from ash_ops import redact
from ash_ops.aws.client.session import Aws
from ash_ops.aws.operations import BY_SERVICE, Operation
from ash_ops.errors import ReadFailed
from ash_ops.facts.model import T, fact_of

Answer = dict[str, Any]

_DENIED = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized")
_THROTTLED = ("Throttl", "RequestLimitExceeded", "TooManyRequests", "SlowDown", "RateExceeded")
_MISSING = ("NotFound", "NoSuch", "DoesNotExist")


def call(
    aws: Aws, operation: Operation, /, *, region: str | None = None, **parameters: Any
) -> Answer:
    """Make one call.

    Args:
        aws: the session.
        operation: of ``operations``.
        region: another region than the session's.
        parameters: its members, as the API names them.

    Raises:
        ReadFailed: it did not answer; never a botocore exception.
    """
    with _failures_of(operation):
        client = aws.client(operation.service, region=region)
        answer: Answer = getattr(client, operation.method)(**parameters)
    aws.heard(answer)
    return _read(operation, answer)


def pages(
    aws: Aws, operation: Operation, /, *, region: str | None = None, **parameters: Any
) -> Iterator[Answer]:
    """The pages of a call; one where it has no pages. The arguments are those of ``call``.

    Raises:
        ReadFailed: a page did not come.
    """
    with _failures_of(operation):
        client = aws.client(operation.service, region=region)
        method = operation.method
        if client.can_paginate(method):
            answers = client.get_paginator(method).paginate(**parameters)
        else:
            answers = [getattr(client, method)(**parameters)]
        for answer in answers:
            aws.heard(answer)
            yield _read(operation, answer)


def rows(aws: Aws, operation: Operation, /, **parameters: Any) -> Iterator[Any]:
    """The elements of all pages: of the member that the operation is declared to read first.

    Raises:
        ReadFailed: a page did not come.
    """
    for page in pages(aws, operation, **parameters):
        yield from page.get(operation.reads[0]) or ()


def facts(aws: Aws, operation: Operation, kind: type[T], /, **parameters: Any) -> tuple[T, ...]:
    """The elements of all pages, as facts of one kind.

    Raises:
        ReadFailed: a page did not come, or is not what AWS documents.
    """
    return tuple(fact(operation, kind, row) for row in rows(aws, operation, **parameters))


def fact(operation: Operation, kind: type[T], answer: Answer) -> T:
    """One part of an answer as a fact.

    Raises:
        ReadFailed: it is not what AWS documents.
    """
    try:
        return fact_of(kind, answer)
    except ValueError as error:
        raise ReadFailed(operation.action, "failed", "UnreadableAnswer", str(error)) from None


def if_there(read: Callable[[], T]) -> T | None:
    """What a reader answers; ``None`` where AWS says that there is no such thing.

    Raises:
        ReadFailed: the question could not be answered.
    """
    try:
        return read()
    except ReadFailed as failure:
        if failure.kind == "missing":
            return None
        raise


def tags_of(
    tags: Iterable[Mapping[str, str]] | None, key: str = "Key", value: str = "Value"
) -> dict[str, str]:
    """Tags by their keys; ECS alone spells the fields ``key`` and ``value``."""
    return {tag[key]: tag.get(value, "") for tag in tags or ()}


def _read(operation: Operation, answer: Answer) -> Answer:
    """The answer, unless it holds nothing of what the operation reads.

    botocore turns a page of HTML or foreign JSON into an empty answer, which would otherwise
    pass for "there is none".
    """
    if operation.reads and not answer.keys() - {"ResponseMetadata"}:
        why = "the answer holds nothing expected"
        raise ReadFailed(operation.action, "failed", "UnreadableAnswer", why)
    redacted: Answer = redact.document(answer, keep=operation.keeps)
    return redacted


@contextmanager
def _failures_of(operation: Operation) -> Iterator[None]:
    """Turn what goes wrong with a call into ``ReadFailed``."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _from_answer(operation, error.response) from error
    except (BotoCoreError, OSError) as error:
        raise _from_transport(operation, error) from error
    except (ResponseParserError, ValueError, LookupError, TypeError, AttributeError) as error:
        # botocore's parsers let these through when the answer is not what the service model says.
        name = type(error).__name__
        raise ReadFailed(operation.action, "failed", "UnreadableAnswer", name) from error


def _from_answer(operation: Operation, answer: Mapping[str, Any]) -> ReadFailed:
    error = answer.get("Error") or {}
    code, message = str(error.get("Code", "Unknown")), str(error.get("Message", ""))
    return ReadFailed(operation.action, kind_of(code), code, message)


def kind_of(code: str) -> str:
    """What an AWS error code says about the failure: denied, throttled, missing or failed."""
    for kind, marks in (("denied", _DENIED), ("throttled", _THROTTLED), ("missing", _MISSING)):
        if any(mark in code for mark in marks):
            return kind
    return "failed"


def _from_transport(operation: Operation, error: Exception) -> ReadFailed:
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
    return ReadFailed(operation.action, kind, type(error).__name__, str(error))


def make_client(aws: Aws, service: str) -> None:
    """Make a client now, in this thread; a failure shows when the client is used."""
    with suppress(ReadFailed), _failures_of(next(iter(BY_SERVICE[service].values()))):
        aws.client(service)
