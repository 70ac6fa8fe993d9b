"""Do clients get in, and does the task get out? Without a way out it stays PENDING for ever."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, items
from ash_ops.checks.network.obstacle import Obstacle
from ash_ops.checks.network.routes import route_obstacles
from ash_ops.facts.network import table_of
from ash_ops.facts.planned import PlannedDeployment
from ash_ops.facts.reading import CannotTell

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
    for subnet in items(planned.snapshot.subnets):
        table = table_of(tables, subnet)
        route = table.default_route if table else None
        is_public = route is not None and route.is_public and route.state != "blackhole"
        if subnet.subnet_id not in planned.balancer_subnets or is_public:
            continue
        name = table.route_table_id if table else "main"
        yield finding(
            "balancer-subnet-private",
            "plan",
            f"{subnet.subnet_id} has no route to an internet gateway, so an internet-facing load balancer there "
            "answers nobody.",
            [
                quote(
                    planned.snapshot.route_tables,
                    f"RouteTables[{name}].Routes",
                    f"0.0.0.0/0 -> {route.target}" if route else "no default route",
                )
            ],
            [Fix(why="Name public subnets with --subnets, or use --internal.")],
            subject=f"subnet/{subnet.subnet_id}",
            apart=subnet.subnet_id,
        )


def _without_way_out(planned: PlannedDeployment) -> Iterator[Finding]:
    """The doctor's own look at the routes, on the network as it will be used."""
    doubt: CannotTell | None = None
    for subnet in items(planned.snapshot.subnets):
        if subnet.subnet_id not in planned.task_subnets:
            continue
        try:
            found = route_obstacles(planned.snapshot, subnet, public_ip=planned.has_public_tasks)
        except CannotTell as unread:
            doubt = unread
            continue
        for obstacle in found:
            yield no_way_out(subnet.subnet_id, obstacle, _fixes(obstacle))
    if doubt is not None:
        raise doubt


def _fixes(obstacle: Obstacle) -> list[Fix]:
    """What is wrong with the network itself has its repair; a service that is not there has none."""
    return [*(fix for fix in obstacle.fix if "update-service" not in (fix.command or "")), _OTHERS]


def no_way_out(subnet: str, obstacle: Obstacle, fixes: list[Fix]) -> Finding:
    """A task that is put into this subnet cannot pull its image."""
    return finding(
        "image-pull-network",
        "plan",
        f"{obstacle.sentence} A task in {subnet} cannot pull its image.",
        obstacle.evidence,
        fixes,
        subject=f"subnet/{subnet}",
        apart=subnet,
    )


CHECK = Check(
    id="routes",
    title="Clients get in, and the task gets out",
    playbook="plan",
    run=run,
    causes=("balancer-subnet-private", "image-pull-network"),
)
