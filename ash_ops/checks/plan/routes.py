"""Do clients get in, and does the task get out? Without a way out it stays PENDING for ever."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, items
from ash_ops.checks.network.blocker import Blocker
from ash_ops.checks.network.routes import route_blockers
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.network import RouteTable, table_of
from ash_ops.facts.reading import CannotTell

# ECS gives no public address to a task on Managed Instances.
_PRIVATE = Fix(why="Name private subnets behind a NAT gateway with --task-subnets.")
_OTHERS = Fix(
    why="Or name other subnets: public ones with --subnets and --public, or private ones behind a NAT gateway "
    "with --task-subnets and --private."
)


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """An internet gateway is behind the load balancer's subnets, and a way out behind the task's."""
    if planned.parameters.get("Scheme") == "internet-facing":
        yield from _closed(planned)
    yield from _without_way_out(planned)


def _closed(planned: PlannedDeployment) -> Iterator[Finding]:
    tables = tuple(items(planned.snapshot.route_tables))
    ids = [
        subnet.subnet_id
        for subnet in items(planned.snapshot.subnets)
        if subnet.subnet_id in planned.balancer_subnets and not _is_public(table_of(tables, subnet))
    ]
    if not ids:
        return
    yield finding(
        "balancer-subnet-private",
        "plan",
        f"An internet-facing load balancer in {', '.join(ids)} answers nobody: no route leads from there to an "
        "internet gateway.",
        [
            quote(
                planned.snapshot.route_tables,
                f"RouteTables[of {id_}].Routes",
                "no internet gateway",
            )
            for id_ in ids
        ],
        [Fix(why="Name public subnets with --subnets, or use --internal.")],
    )


def _is_public(table: RouteTable | None) -> bool:
    route = table.default_route if table else None
    return route is not None and route.is_public and route.state != "blackhole"


def _without_way_out(planned: PlannedDeployment) -> Iterator[Finding]:
    """The doctor's own look at the routes, on the network as it will be used; a shared route table once."""
    found: dict[str, tuple[Blocker, list[str]]] = {}
    cannot_tell: CannotTell | None = None
    for subnet in items(planned.snapshot.subnets):
        if subnet.subnet_id not in planned.task_subnets:
            continue
        try:
            blockers = route_blockers(planned.snapshot, subnet, public_ip=planned.has_public_tasks)
        except CannotTell as unread:
            cannot_tell = unread
            continue
        for blocker in blockers:
            proof = "".join(fact.field + fact.value for fact in blocker.evidence)
            found.setdefault(proof, (blocker, []))[1].append(subnet.subnet_id)
    for blocker, ids in found.values():
        managed = planned.parameters.get("LaunchType") == "MANAGED"
        yield no_way_out(ids, blocker, [_PRIVATE] if managed else _fixes(blocker))
    if cannot_tell is not None and not found:
        raise cannot_tell


def _fixes(blocker: Blocker) -> list[Fix]:
    """What is wrong with the network itself has its repair; a service that is not there has none."""
    return [*(fix for fix in blocker.fix if "update-service" not in (fix.command or "")), _OTHERS]


def no_way_out(subnets: list[str], blocker: Blocker, fixes: list[Fix]) -> Finding:
    """A task that is put into one of these subnets cannot pull its image."""
    return finding(
        "image-pull-network",
        "plan",
        f"{blocker.sentence} A task in {' or '.join(subnets)} cannot pull its image.",
        blocker.evidence,
        fixes,
        subject=f"subnet/{subnets[0]}",
        apart=subnets[0],
    )


CHECK = Check(
    id="routes",
    title="Clients get in, and the task gets out",
    playbook="plan",
    run=run,
    causes=("balancer-subnet-private", "image-pull-network"),
)
