"""Does every line that a container writes reach CloudWatch?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ash_ops.checks._facts import definition
from ash_ops.checks._findings import deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Effect, Evidence, Finding, asked
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.patterns import regex

_NON_BLOCKING = "non-blocking"
# What AWS measured to be enough for a container that writes 5 MB a second ("Preventing log loss
# with non-blocking mode in the AWSLogs container log driver", AWS containers blog).
_ENOUGH = 25 * 2**20
# amazon-ecs-agent pull request 4524: the agent's buffer where none is named. Docker's own is 1m.
_USUAL = "10m"
_SIZE = regex(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """No container's log driver drops lines when CloudWatch is slow."""
    for container in definition(snapshot).container_definitions:
        options = container.log_options
        if "awslogs-group" not in options:
            continue
        mode = options.get("mode") or asked(snapshot.log_driver_mode)
        size = options.get("max-buffer-size") or _USUAL
        if mode == _NON_BLOCKING and _octets(size) < _ENOUGH:
            yield _may_lose(snapshot, container, size)


def _octets(size: str) -> float:
    """A size as Docker writes it, for instance ``25m``; one that cannot be read holds nothing."""
    found = _SIZE.fullmatch(size.strip())
    return float(found[1]) * _UNITS[found[2].lower()] if found else 0


def _may_lose(snapshot: Snapshot, container: ContainerDefinition, size: str) -> Finding:
    return finding(
        "log-lines-lost",
        "restarts",
        f"Container {container.name} logs in mode non-blocking with a buffer of {size}: while "
        "CloudWatch is slow, or the server writes much, lines are dropped, and nothing says so.",
        _evidence(snapshot, container, size),
        [
            deploy_fix(snapshot, "The bundled template logs with a buffer that is large enough."),
            verify(snapshot, "restarts"),
        ],
        effect=Effect.NOTHING,
        apart=container.name,
    )


def _evidence(snapshot: Snapshot, container: ContainerDefinition, size: str) -> Iterator[Evidence]:
    place = f"containerDefinitions[{container.name}].logConfiguration.options"
    own = container.log_options.get("mode")
    reading = snapshot.task_definition
    yield quote(reading, f"{place}.mode", own or "not set")
    if own is None:
        yield quote(snapshot.log_driver_mode, "settings[defaultLogDriverMode]", _NON_BLOCKING)
    named = container.log_options.get("max-buffer-size")
    yield quote(reading, f"{place}.max-buffer-size", named or f"not set ({size})")


CHECK = Check(
    id="log-loss",
    title="No log line is dropped on its way to CloudWatch",
    playbook="restarts",
    run=run,
    causes=("log-lines-lost",),
)
