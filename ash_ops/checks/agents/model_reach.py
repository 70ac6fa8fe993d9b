"""Can the agents of a server that runs reach the model's API?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._consequences import CLOSED_SUBNET
from ash_ops.checks._facts import answers, answers_here, ash_container, running, short, was_proven
from ash_ops.checks._findings import finding, verify
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.network import BLOCKED, INTERNET, Blocker, internet_blockers
from ash_ops.checks.network.private import missing_endpoints, service_of
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

# A server with one of these in its environment reaches a model by another way than api.anthropic.com.
_OTHER_WAYS = (
    "ANTHROPIC_BASE_URL",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_USE_VERTEX",
    "HTTPS_PROXY",
    "https_proxy",
)

_BEDROCK = "bedrock-runtime"
_ANOTHER_WAY = Fix(
    why="Or, where the VPC is closed on purpose, give the server another way to a model in its environment: "
    "HTTPS_PROXY, or ANTHROPIC_BASE_URL of a gateway that is reached from there."
)


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every task that runs stands in a subnet with a way to the internet."""
    tasks = running(snapshot)
    if not tasks:
        raise NotApplicable("no task runs")
    if _goes_another_way(snapshot) or was_proven(snapshot):
        raise NotApplicable("the agents are told another way to a model, or a session ran")
    blocked = {subnet: found for subnet, found in internet_blockers(snapshot).items() if found}
    cut_off = [t for t in tasks if t.subnet_id in blocked and not _is_of_another(snapshot, t)]
    if not cut_off:
        return
    starts = not missing_endpoints(snapshot, list(blocked))
    if starts and any(_BEDROCK in service_of(e) for e in items(snapshot.vpc_endpoints)):
        raise CannotTell(
            "whether the agents call the model through the VPC's endpoint of Bedrock was not told"
        )
    blockers = _distinct(o for t in cut_off for o in blocked[t.subnet_id or ""])
    yield _cut_off(snapshot, blockers, _whose(snapshot, cut_off, tasks), starts=starts)


def _is_of_another(snapshot: Snapshot, task: Task) -> bool:
    """Whether a task is of a deployment with another network configuration than the one that was looked at."""
    service = present(snapshot.service)
    mine = next((d for d in service.deployments if d.id and d.id == task.started_by), None)
    own = mine.network_configuration if mine else None
    return own is not None and own != service.network_configuration


def _whose(snapshot: Snapshot, cut_off: list[Task], tasks: list[Task]) -> str:
    """Whose agents cannot reach it: of all, or of the tasks on which a part of the sessions lands."""
    probe = snapshot.probe.value
    heard = answers_here(snapshot) if probe and probe.rungs else answers(snapshot)
    answering = "The server answers, but" if heard else "Beside that,"
    if len(cut_off) == len(tasks):
        return f"{answering} its agents"
    named = ", ".join(short(task) for task in cut_off)
    return f"{answering} the agents of {len(cut_off)} of its {len(tasks)} tasks ({named})"


def _goes_another_way(snapshot: Snapshot) -> bool:
    container = ash_container(snapshot)
    given = {e.name for e in container.environment} | {s.name for s in container.secrets}
    return not given.isdisjoint(_OTHER_WAYS)


def _distinct(blockers: Iterator[Blocker]) -> list[Blocker]:
    """Each blocker once, of the first subnet: two may share a route table, and the balancer's is told of that one."""
    first: dict[tuple[str, ...], Blocker] = {}
    for blocker in blockers:
        first.setdefault(tuple(e.field + e.value for e in blocker.evidence), blocker)
    return list(first.values())


def _cut_off(snapshot: Snapshot, blockers: list[Blocker], whose: str, *, starts: bool) -> Finding:
    """What endpoints make up for at a start, they do not for api.anthropic.com: AWS has none for that."""
    told = " ".join(o.sentence for o in blockers)
    closed = {o.closed for o in blockers}
    also = "" if starts else ", and no task could be started anew there"
    return finding(
        "anthropic-unreachable",
        "agents",
        f"{told} {whose} cannot reach the model's API{also}.",
        [e for o in blockers for e in o.evidence],
        [
            *(fix for o in blockers for fix in o.fix),
            *([_ANOTHER_WAY] if starts else []),
            verify(snapshot, "agents"),
        ],
        severity="error",
        effect=Effect.AGENTS,
        subject=f"subnet/{min(closed)}" if "" not in closed else "",
        apart=CLOSED_SUBNET if "" not in closed else "",
    )


CHECK = Check(
    id="model-reach",
    title="Agents can reach the model's API",
    playbook="agents",
    run=run,
    causes=("anthropic-unreachable",),
    explains=tuple(f"{cause}:{INTERNET}" for cause in BLOCKED),
)
