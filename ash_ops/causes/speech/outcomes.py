"""What tools print when all went well: people paste it to ask whether it did.

Each is known by the line that its tool ends with, or by counts that agree. A word anywhere in the text that
says otherwise (``unhealthy``, ``0/1``, ``rollback``) takes it back: then nothing is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from ash_ops.patterns import regex

_MOST: Final = 120
"""Lines of a text that may be an outcome; more are a log."""
_NOT_WELL: Final = regex(
    r"\b(?:un(?:healthy|used|available|known)|degraded|inactive|draining|deprovisioning|deactivating|stopp(?:ed|ing)|rollback|rolled[ _]back|"
    r"restarting|exited|dead|paused|down|initial|not|no longer|mismatch)\b|rollback_|_rollback|❌|✘|🚨|"
    r"[\"'](?:ok|success|healthy|ready|alive)[\"'] ?: ?(?:false|0)\b|\bhttp/[123](?:\.[01])? [345]\d\d\b|\bpending(?:count)?\W{1,12}[1-9]"
)
_PARTS: Final = regex(
    r"(?<![\d/.-])(\d{1,4})/(\d{1,4}) (?:\w{2,12} )?(?:tasks?|passes|healthy|running|ready)\b"
)
"""How many of how many: ``1/2 desired tasks are running``."""
_LINES: Final = tuple(
    (slug, regex(pattern))
    for slug, pattern in (
        (
            "cfn-no-updates",
            r"\W{0,6}✅ {1,3}[\w/. -]{1,130}\(no changes\)|no changes\. (?:your infrastructure matches|no objects need)",
        ),
        (
            "healthy-cfn",
            (
                r"\W{0,6}✅ {1,3}[\w/.-]{1,130}(?: \([\w/.-]{1,130}\))?\W{0,4}$|apply complete! resources: \d|(?:waiting for .{1,200} )?successfully created/updated stack\b|"
                r"\W{0,4}✔ (?:service )?deployed (?:to|service|environment|job|stack|worker|backend)\b|\W{0,10}\w.{5,90} {2,}\[(?:create|update) (?:complete|in progress)\]|"
                r"(?:.{0,200} )?\d{1,3}/\d{1,3} {0,3}\| {0,3}[\d:]{4,8} (?:[ap]m )?\| {0,3}(?:create|update)_(?:complete|in_progress) |"
                r"(?:[^a-z]{0,40}|[\w/.-]{1,130} {1,3}[|:]? ?[^a-z]{0,40})?(?:create|update|delete|import)_(?:complete|in_progress)\b"
            ),
        ),
        (
            "healthy-steady",
            r"(?:waiting for the service to become stable.{1,80} )?service is stable$|(?:info\[\d{4}\] )?ecs service has reached a stable state\b",
        ),
        (
            "healthy-deploy-progress",
            (
                r"(?:waiting for (?:service )?deployment.{1,80} )?\W{0,10}(?:service )?deployment (?:successful|completed)\b|deployment started\. watch this deployment's progress|"
                r"[^a-z]{0,10}info\[\d{4}\] (?:using ecs task definition|describe ecs container status|started container)\b"
            ),
        ),
        (
            "healthy-target",
            r"[|\s]{0,20}(?:\d{1,3}(?:\.\d{1,3}){3}|i-[0-9a-f]{8,17})[|\s]{1,40}(?:\d{2,5}[|\s]{1,40})?healthy[|\s]{0,40}$",
        ),
        (
            "healthy-steady",
            r"[|\s]{0,20}(?:[0-9a-f]{8,32}[|\s]{1,40})?running[|\s]{1,40}healthy[|\s]{0,40}$|(?:container id .{1,200} )?[0-9a-f]{12} {2,40}\S.{10,300}\bup (?:\d{1,3}|an?|about an?) \w{3,10} \(healthy\)",
        ),
        ("healthy-http", r"(?:< ?)?http/[123](?:\.[01])? 2\d\d\b"),
    )
)
"""A line by which a tool says that it is done, and what that is told as."""
_NAMED: Final = regex(r"\b(desired|running)(?: ?count)?\W{1,20}(\d{1,4})\b")
"""A count with its name in front of it, as fields, tables and queries have it."""


_COUNTS: Final = ("desired", "running")


def outcome(texts: Sequence[str]) -> tuple[str, str] | None:
    """The cause that lines are told as which say that all went well, and the line that says so; else None."""
    lines = [text.strip().lower() for text in texts]
    whole = " ".join(lines)
    if len(lines) > _MOST or _NOT_WELL.search(whole) or _falls_short(whole):
        return None
    for slug, said in _LINES:
        line = next((line for line in lines if said.match(line)), None)
        if line is not None:
            return slug, line[:200]
    counted = dict(_pairs(lines)) or dict(_NAMED.findall(whole))
    if (
        counted.get("desired", "0") not in ("0", "none")
        and counted.get("running") == counted["desired"]
    ):
        return "healthy-steady", f"desired {counted['desired']}, running {counted['running']}"
    part = _PARTS.search(whole)
    return ("healthy-steady", part.group()) if part else None


_STARTED: Final = regex(
    r"\bservice ([\w-]{1,128})\)? has started \d{1,4} tasks?\b(?:: \((?:task|ecs-svc) [\w-]{3,60}\))?"
)
_LET_GO: Final = regex(
    r"\bservice ([\w-]{1,128})\)? (?:deregistered|has stopped|has begun draining|\(instance|\(port)"
)
_OFTEN: Final = 3
"""Starts in one stretch of events that no deployment of a few tasks needs."""


_ARRIVED: Final = ("steady state", "deployment completed", " registered ")
"""Events of tasks that came up: a deployment of many has several starts, too."""


def started_anew(texts: Sequence[str]) -> str | None:
    """The last event of a service that starts task after task, lets go of as many and of which none comes up; else None."""
    whole = "\n".join(texts).lower()
    if whole.count("has started") < _OFTEN or any(word in whole for word in _ARRIVED):
        return None
    starts = Counter(_STARTED.findall(whole))
    ends = Counter(_LET_GO.findall(whole))
    for name, count in starts.items():
        if count >= _OFTEN and ends[name] >= _OFTEN - 1:
            return [found[0] for found in _STARTED.finditer(whole) if found[1] == name][-1]
    return None


def _falls_short(whole: str) -> bool:
    """Whether fewer are there than there should be, or none."""
    return any(have != wanted or wanted == "0" for have, wanted in _PARTS.findall(whole))


def _pairs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The counts of a table whose head names them and whose next row holds them."""
    for head, row in pairwise(lines):
        names = [name.strip() for name in head.strip("|").split("|")]
        values = [value.strip() for value in row.strip("|").split("|")]
        if len(names) in (len(values), len(values) - 1):  # a first column may be taken for a label
            of = dict(zip(names, values[-len(names) :], strict=True))
            for name in _COUNTS:
                count = of.get(f"{name}count", of.get(name, ""))
                if count.isdigit():
                    yield name, count
