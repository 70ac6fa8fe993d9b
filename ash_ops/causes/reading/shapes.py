"""Whole answers of AWS APIs, recognised by their shape, as single messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from ash_ops.causes.base import KINDS
from ash_ops.causes.evidence import items, lenient, text_of
from ash_ops.causes.structure.services import TARGET_STATES

LIMIT: Final = 2_000
"""Messages of one document that are looked at; the rest is not."""


class Message(Struct, frozen=True):
    """One message of a document.

    Attributes:
        subject: what it is about.
        kind: its kind.
        fields: its fields.
        at: when it was said, as it was written.
        labelled: whether its fields were read off lines of text, which are utterances too.
    """

    subject: str
    kind: str
    fields: Mapping[str, Any]
    at: str = ""
    labelled: bool = False


def messages(document: object) -> list[Message]:
    """The messages of a document; none when its shape is not known."""
    found: list[Message] = []
    for message in _any(document, 3):
        found.append(message)
        if len(found) >= LIMIT:
            break
    return found


def recognised(fields: Mapping[str, Any]) -> bool:
    """Whether an object has one of the shapes that are known."""
    known = lenient(fields)
    return any(recognises(known) for recognises, _ in _SHAPES)


def _any(value: object, depth: int) -> Iterator[Message]:
    if isinstance(value, list | tuple):
        if depth:
            for entry in value:
                yield from _any(entry, depth - 1)
        return
    if not isinstance(value, Mapping):
        return
    fields = lenient(value)
    for recognises, read in _SHAPES:
        if recognises(fields):
            yield from read(fields)
            return


def _tasks(fields: Mapping[str, Any]) -> Iterator[Message]:
    for task in items(fields.get("tasks")):
        yield from _task(task)
    yield from _failures(fields)


def _task(task: Mapping[str, Any]) -> Iterator[Message]:
    name = _last(task.get("taskArn"))
    yield Message(
        f"task {name}" if name else "task", "stopped_task", task, text_of(task.get("stoppedAt"))
    )


def _failures(fields: Mapping[str, Any]) -> Iterator[Message]:
    for failure in items(fields.get("failures")):
        subject = _last(failure.get("arn")) or "request"
        yield Message(subject, "api_error", {"failures": [dict(failure)]})


def _services(fields: Mapping[str, Any]) -> Iterator[Message]:
    for service in items(fields.get("services")):
        yield from _service(service)
    yield from _failures(fields)


def _service(service: Mapping[str, Any]) -> Iterator[Message]:
    name = text_of(service.get("serviceName")) or _last(service.get("serviceArn")) or "?"
    yield Message(f"service {name}: deployments", "service_event", _state(service))
    for event in items(service.get("events")):
        yield Message(
            f"service {name}: event", "service_event", event, text_of(event.get("createdAt"))
        )


def _state(service: Mapping[str, Any]) -> dict[str, Any]:
    """What a service says of itself, without its events."""
    kept = ("status", "desiredCount", "runningCount", "pendingCount", "deployments")
    return {name: service[name] for name in kept if name in service}


def _stack_events(fields: Mapping[str, Any]) -> Iterator[Message]:
    for event in items(fields.get("stackEvents", fields.get("operationEvents"))):
        yield from _stack_event(event)


def _stack_event(event: Mapping[str, Any]) -> Iterator[Message]:
    name = text_of(event.get("logicalResourceId")) or text_of(event.get("resourceType")) or "event"
    yield Message(f"resource {name}", "cfn_event", event, text_of(event.get("timestamp")))


def _stacks(fields: Mapping[str, Any]) -> Iterator[Message]:
    for stack in items(fields.get("stacks")):
        yield Message(f"stack {text_of(stack.get('stackName')) or '?'}", "cfn_event", stack)


def _targets(fields: Mapping[str, Any]) -> Iterator[Message]:
    entries = items(fields.get("targetHealthDescriptions"))
    if not entries:
        yield Message("target group", "target_health", fields)
    for entry in entries:
        yield from _target(entry)


def _target(entry: Mapping[str, Any]) -> Iterator[Message]:
    name = text_of(lenient(entry.get("target")).get("id")) or "target"
    yield Message(f"target {name}", "target_health", entry)


def _is_target_row(fields: Mapping[str, Any]) -> bool:
    """Whether fields are a row of ``describe-target-health`` under names of one's own (``--query``)."""
    code = text_of(fields.get("reason")).startswith(("Target.", "Elb."))
    known = text_of(fields.get("health")) in TARGET_STATES
    return known and (code or ("target" in fields and "port" in fields))


def _target_row(fields: Mapping[str, Any]) -> Iterator[Message]:
    health = {name: fields[name] for name in ("reason", "description") if name in fields}
    target = {"id": fields.get("target"), "port": fields.get("port")}
    yield from _target({"target": target, "targetHealth": health | {"state": fields["health"]}})


def _log_events(fields: Mapping[str, Any]) -> Iterator[Message]:
    yield Message("log", "log_line", {"logs": fields.get("events")})


def _row(fields: Mapping[str, Any]) -> Iterator[Message]:
    subject = text_of(fields.get("id")) or "message"
    yield Message(subject, text_of(fields["kind"]), lenient(fields.get("fields")))


def _task_event(fields: Mapping[str, Any]) -> Iterator[Message]:
    """An event of EventBridge: its detail is the task or the deployment."""
    detail = lenient(fields.get("detail"))
    if any(name in detail for name in ("taskArn", "stoppedReason", "stopCode", "containers")):
        yield from _task(detail)
    elif "errorCode" in detail or "errorMessage" in detail:
        yield from _cloud_trail(detail)
    else:
        told = [text_of(detail[name]) for name in _OF_AN_EVENT if detail.get(name)]
        text = told[0] if told else text_of(fields["detail-type"])
        yield Message("event", "service_event", {"message": text}, text_of(fields.get("time")))


_OF_AN_EVENT: Final = ("reason", "statusMessage", "eventName")
"""What an event of ECS or of an Auto Scaling group says; the name of others is all they say."""


def _answer(fields: Mapping[str, Any]) -> Iterator[Message]:
    whole = "status" in fields and "body" in fields
    yield Message(
        "answer", "http", fields if whole else {"status": fields.get("statusCode"), "body": fields}
    )


def _api_error(fields: Mapping[str, Any]) -> Iterator[Message]:
    yield Message("error", "api_error", fields)


def _cloud_trail(fields: Mapping[str, Any]) -> Iterator[Message]:
    told = {"code": fields.get("errorCode"), "message": fields.get("errorMessage")}
    # Lambda answers with the same message; its own fields beside it say who speaks.
    told |= {name: fields[name] for name in _OF_LAMBDA if name in fields}
    yield Message(text_of(fields.get("eventName")) or "call", "api_error", told)


_OF_LAMBDA: Final = ("errorType", "stack", "stackTrace", "trace")


def _event(fields: Mapping[str, Any]) -> Iterator[Message]:
    """An event of a service, as the guide's ``--query 'services[0].events[0:5]'`` prints it."""
    yield Message("event", "service_event", fields, text_of(fields.get("createdAt")))


def _container(fields: Mapping[str, Any]) -> Iterator[Message]:
    """What the guide's query of a container prints: Status, Reason, ExitCode; or one of one's own, of a task with several."""
    several = items(fields.get("containers"))
    yield Message("container", "stopped_task", {"containers": several or [dict(fields)]})


def _pod(fields: Mapping[str, Any]) -> Iterator[Message]:
    """The state of a container of Kubernetes: its exit code is no task's of ECS."""
    yield Message("container", "log_line", {"message": f"lastState: {text_of(dict(fields))}"})


def _counts(fields: Mapping[str, Any]) -> Iterator[Message]:
    """What the guide's query of a service prints: Status, Running, Desired."""
    names = {"status": "status", "running": "runningCount", "desired": "desiredCount"}
    told = {to: fields[name] for name, to in names.items() if name in fields}
    yield Message("service", "service_event", told)


def _docker_state(fields: Mapping[str, Any]) -> Iterator[Message]:
    """The state of a container as ``docker inspect`` prints it."""
    state = lenient(fields.get("state")) or fields
    health = lenient(state.get("health"))
    failed = [check for check in items(health.get("log")) if check.get("exitCode") != 0]
    output = [f"container health check failed: {text_of(one.get('output'))}" for one in failed]
    container = {
        "exitCode": None if state.get("running") else state.get("exitCode"),
        "reason": "OutOfMemoryError" if state.get("oOMKilled") else text_of(state.get("error")),
        "healthStatus": health.get("status"),
    }
    yield Message("container", "stopped_task", {"containers": [container], "logs": output})


def _last(arn: object) -> str:
    return text_of(arn).rsplit("/", 1)[-1]


def _has(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda fields: any(name in fields for name in names)


def _is_row(fields: Mapping[str, Any]) -> bool:
    return fields.get("kind") in KINDS and "fields" in fields


def _is_log_events(fields: Mapping[str, Any]) -> bool:
    events = items(fields.get("events"))
    return bool(events) and any(
        name in events[0] for name in ("ingestionTime", "logStreamName", "timestamp")
    )


def _has_all(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda fields: all(name in fields for name in names)


def _has_ended(fields: Mapping[str, Any]) -> bool:
    """Whether fields hold the exit code of a container; loggers of other programs print -1 for none."""
    code = fields.get("exitCode")
    return "exitCode" in fields and not (isinstance(code, int) and code < 0)


def _is_of_a_pod(fields: Mapping[str, Any]) -> bool:
    """Whether fields are of a pod: its states, or the end of its container as only its API writes it."""
    ended = "finishedAt" in fields and "exitCode" in fields and "reason" in fields
    states = any(isinstance(fields.get(name), Mapping) for name in ("lastState", "terminated"))
    return (
        states or "://" in text_of(fields.get("containerID")) or (ended and "status" not in fields)
    )


def _docker_health(fields: Mapping[str, Any]) -> Iterator[Message]:
    yield from _docker_state({"health": fields})


def _docker_check(fields: Mapping[str, Any]) -> Iterator[Message]:
    """One run of a container's health check as ``docker inspect`` lists it."""
    yield from _docker_state({"health": {"status": "unhealthy", "log": [fields]}})


def _is_docker_check(fields: Mapping[str, Any]) -> bool:
    ran = all(name in fields for name in ("start", "exitCode", "output"))
    return ran and fields["exitCode"] != 0


def _is_docker_state(fields: Mapping[str, Any]) -> bool:
    health, state = fields.get("health"), fields.get("state")
    return (isinstance(health, Mapping) and not isinstance(health, str)) or (
        isinstance(state, Mapping) and ("ExitCode" in state or "Health" in state)
    )


_Shape = tuple[
    Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any]], Iterator[Message]]
]
_SHAPES: Final[tuple[_Shape, ...]] = (
    (_is_row, _row),
    (_has("detail-type"), _task_event),
    (_has("tasks"), _tasks),
    (_has("services"), _services),
    (_has("stackEvents", "operationEvents"), _stack_events),
    (_has("stacks"), _stacks),
    (_has("targetHealthDescriptions"), _targets),
    (_has("targetHealth"), _target),
    (_is_target_row, _target_row),
    (_has("stoppedReason", "stopCode", "taskArn"), _task),
    (_is_log_events, _log_events),
    (_has("serviceArn", "deployments", "serviceName"), _service),
    (_has("resourceStatus", "resourceStatusReason"), _stack_event),
    (_has("stackStatus"), _stack_event),
    (_has("failures"), _failures),
    (_has("errorCode", "errorMessage"), _cloud_trail),
    (_is_of_a_pod, _pod),
    (_is_docker_check, _docker_check),
    (_is_docker_state, _docker_state),
    (_has_all("status", "failingStreak"), _docker_health),
    (_has_all("status", "running", "desired"), _counts),
    (_has_all("createdAt", "message"), _event),
    (_has_ended, _container),
    (_has_all("status", "reason"), _container),
    (_has("__type"), _api_error),
    (_has_all("code", "message"), _api_error),
    (_has_all("status", "body"), _answer),
    (_has("statusCode"), _answer),
    (_has_all("state", "reason"), _target),
)
