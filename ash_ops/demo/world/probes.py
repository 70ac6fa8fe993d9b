"""The two probes of a running server: the container's health check and the target group's."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from ash_ops.demo.overlay import state
from ash_ops.demo.world import fleet, process, reach
from ash_ops.demo.world.subjects import definition_of, place_of, server_container, variable

Record = dict[str, Any]

_URL = re.compile(r"https?://([\w.\-]+)(?::(\d+))?(/[\w./?=&%-]*)?")
_LOCAL = ("localhost", "127.0.0.1", "0.0.0.0")  # noqa: S104 - names of the container itself
# What the published image holds of the programs that health checks call (no curl, no wget).
_IN_THE_IMAGE = ("node", "true", "test", "exit", "/bin/true", "sh")
_OPEN_PATHS = ("/docs", "/dashboard")


def container_passes(task: Record, container: Record) -> bool:
    """Whether a container's own health check passes now."""
    command = [str(part) for part in (container.get("healthCheck") or {}).get("command", [])]
    if not command or command[0] == "NONE":
        return True
    text = " ".join(command[1:] if command[0] in ("CMD", "CMD-SHELL") else command)
    program = text.split()[0].rsplit("/", 1)[-1] if text.split() else ""
    if program not in _IN_THE_IMAGE:
        return False  # exit status 127, or 1 behind `|| exit 1`
    if program in ("exit", "true", "test"):
        return not text.startswith("exit") or text.split()[1:2] in ([], ["0"])
    return _request_passes(task, text)


def _request_passes(task: Record, text: str) -> bool:
    if "/runner/health" in text:
        return fleet.is_known(task)
    url = _URL.search(text)
    if url is None:
        return not process.is_deaf(task)
    _, port = process.listens_on(task)
    asked = int(url[2] or 80)
    answers = asked == port and url[1] in _LOCAL and not process.is_deaf(task)
    return answers and _status(task, url[3] or "/") < 400


def _status(task: Record, path: str) -> int:
    """What the server answers a request without a key."""
    if path == "/health" or path.startswith(_OPEN_PATHS):
        return 200
    container = server_container(definition_of(task))
    keyed = any(s["name"] == "ASH_API_KEY" for s in container.get("secrets", []))
    return 401 if keyed or variable(container, "ASH_API_KEY") else 404


def target_health(task: Record, port: int, group: Record, balancer: Record | None) -> Record | None:
    """Why a target is not healthy, as DescribeTargetHealth tells it; ``None`` for a healthy one."""
    if not group.get("HealthCheckEnabled", True):
        return None
    asked = str(group.get("HealthCheckPort") or "traffic-port")
    probed = port if asked == "traffic-port" else int(asked)
    if not _arrives(task, balancer, probed) or not _accepts(task, probed):
        return _unhealthy("Target.FailedHealthChecks", "Health checks failed")
    if str(group.get("HealthCheckProtocol", "TCP")) in ("TCP", "TLS"):
        return None
    status = _status(task, str(group.get("HealthCheckPath") or "/"))
    if process.refuses_everybody(task, age_of(task), addresses_kept=keeps_addresses(group)):
        status = int(HTTPStatus.TOO_MANY_REQUESTS)
    if _matches(status, str((group.get("Matcher") or {}).get("HttpCode") or "200-399")):
        return None
    text = f"Health checks failed with these codes: [{status}]"
    return _unhealthy("Target.ResponseCodeMismatch", text)


def _unhealthy(reason: str, description: str) -> Record:
    return {"State": "unhealthy", "Reason": reason, "Description": description}


def age_of(task: Record) -> float:
    """How long a task's process has run, in seconds."""
    from ash_ops.demo.world.clock import CLOCK, seconds

    return CLOCK.now - seconds(task["startedAt"]) if task.get("startedAt") else 0.0


def keeps_addresses(group: Record) -> bool:
    """Whether a target group hands on its clients' addresses."""
    attributes = state.target_group_attributes(group["TargetGroupArn"])
    told = {a["Key"]: a["Value"] for a in attributes}
    return str(told.get("preserve_client_ip.enabled", "false")) == "true"


def _accepts(task: Record, port: int) -> bool:
    host, listening = process.listens_on(task)
    return bool(
        port == listening
        and host not in ("127.0.0.1", "localhost", "::1")
        and (not process.is_deaf(task))
    )


def serves(task: Record, port: int, balancer: Record | None) -> bool:
    """Whether a connection through the load balancer finds the server."""
    return _arrives(task, balancer, port) and _accepts(task, port)


def _arrives(task: Record, balancer: Record | None, port: int) -> bool:
    if balancer is None:
        return True
    place = place_of(task)
    if state.subnets().get(place.subnet, {}).get("VpcId") != balancer.get("VpcId"):
        return False
    groups = tuple(balancer.get("SecurityGroups") or ())
    for interface in balancer.get("_interfaces", []):
        record = state.network_interfaces().get(interface, {})
        there = reach.Place(record.get("SubnetId", ""), groups, record.get("PrivateIpAddress", ""))
        if not reach.between(there, place, port):
            return False
    return True


def _matches(status: int, matcher: str) -> bool:
    for part in matcher.split(","):
        first, _, last = part.partition("-")
        if int(first) <= status <= int(last or first):
            return True
    return False
