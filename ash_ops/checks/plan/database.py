"""Is the database that is named the one that a fleet will use, and will its coordinator reach it?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding, quote
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable, asked, items
from ash_ops.checks.network.groups import admits_network, groups_of, lists_of, require_lists
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.fleet import RunnerDatabase
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import CannotTell
from ash_ops.template_parameters import MULTI_MACHINE

_SET = Evidence(source="plan:Settings", field="ASH_DATABASE_URL", value="set")


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """What ASH_DATABASE_URL names is used, and lets in who comes from the coordinator's subnets."""
    if planned.mode != MULTI_MACHINE:
        raise NotApplicable("one server uses the database that it is given")
    if not planned.has_own_database:
        return
    if planned.parameters.get("UseDatabase") != "true":
        yield _not_used()
        return
    yield from _reach(planned)


def _not_used() -> Finding:
    return finding(
        "database-not-used",
        "plan",
        "ASH_DATABASE_URL is not used: this deployment was made with a PostgreSQL of its own, and keeps it, for "
        "its rows are there.",
        [_SET],
        [Fix(why="Take it out, or deploy under another --name to use it.")],
    )


def _reach(planned: PlannedDeployment) -> Iterator[Finding]:
    """Of a deployment that is there already its coordinator shows it.

    Raises:
        CannotTell: it is no RDS instance of this region, or in another network.
        NotApplicable: it was not asked.
    """
    database = asked(planned.given_database)
    if database is None:
        raise CannotTell(
            "ASH_DATABASE_URL names no RDS instance of this region: whether it can be reached from the "
            "subnets shows when the coordinator starts"
        )
    if database.vpc != planned.vpc:
        raise CannotTell(
            f"database {database.id} is in another network ({database.vpc or 'unknown'}): whether the two are "
            "connected was not looked at"
        )
    shut = [subnet for subnet in _subnets(planned) if not _admits(planned, database, subnet)]
    if shut:
        yield _shut(planned, database, shut)


def _subnets(planned: PlannedDeployment) -> list[Subnet]:
    wanted = set(planned.task_subnets)
    return [each for each in items(planned.snapshot.subnets) if each.subnet_id in wanted]


def _admits(planned: PlannedDeployment, database: RunnerDatabase, subnet: Subnet) -> bool:
    """Whether an address of the subnet is let in; the coordinator's own group is not there yet."""
    facts = planned.snapshot
    rules = [rule for group in groups_of(facts, database.groups) for rule in group.ip_permissions]
    lists = lists_of(facts)
    require_lists(rules, database.port, lists)
    return admits_network(rules, database.port, subnet.cidr_block or "0.0.0.0/0", lists)


def _shut(planned: PlannedDeployment, database: RunnerDatabase, shut: list[Subnet]) -> Finding:
    group, port = database.groups[0], database.port
    named = " and ".join(subnet.subnet_id for subnet in shut)
    return finding(
        "db-unreachable",
        "plan",
        f"Database {database.id}, which ASH_DATABASE_URL names, does not let {named} in on TCP {port}: the "
        "coordinator would end after half a minute.",
        [
            quote(
                planned.snapshot.security_groups,
                f"SecurityGroups[{group}].IpPermissions",
                f"no rule admits TCP {port} from {subnet.cidr_block}",
            )
            for subnet in shut
        ],
        [
            Fix(
                why="Let the coordinator's subnet in.",
                command=aws_command(
                    planned.snapshot,
                    f"ec2 authorize-security-group-ingress --group-id {group} --protocol tcp "
                    f"--port {port} --cidr {subnet.cidr_block}",
                ),
            )
            for subnet in shut
        ],
        subject=f"database/{database.id}",
    )


CHECK = Check(
    id="database",
    title="The database that is named is the one that is used, and can be reached",
    playbook="plan",
    run=run,
    causes=("database-not-used", "db-unreachable"),
)
