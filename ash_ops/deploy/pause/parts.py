"""What of a deployment runs and is billed by the hour: services, machines, databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ash_ops.aws import cloudformation, ecs
from ash_ops.aws.client.session import Aws
from ash_ops.aws.iam import caller
from ash_ops.aws.machines import hosts
from ash_ops.aws.operate import pausing
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.live import require_service
from ash_ops.deploy.ownership import Claims
from ash_ops.deploy.run.watch import is_moving
from ash_ops.errors import OpsError
from ash_ops.facts.services import Service
from ash_ops.facts.stacks import Stack
from ash_ops.facts.wanted import SERVICE
from ash_ops.names import Deployment
from ash_ops.snapshot.readings.wanted import wanted_resources

GROUP = "AWS::AutoScaling::AutoScalingGroup"
DATABASE = "AWS::RDS::DBInstance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that runs, or is to.

    Attributes:
        name: as AWS's calls take it: the service's, the group's or the instance's name.
        wants: how many the stack wants of it.
        runs: how many it is asked for now; of a database 1 unless it is stopped, or stopping.
        least: the fewest machines that the stack wants of a group.
        state: a database's, in RDS's word.
    """

    name: str
    wants: int
    runs: int
    least: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """All that runs of a deployment.

    Attributes:
        stack: its stack, known to be ours.
        account: where it is.
        services: the server's first.
        groups: Auto Scaling groups of machines.
        databases: RDS instances.
    """

    stack: Stack
    account: str
    service: Service
    services: tuple[Part, ...]
    groups: tuple[Part, ...] = ()
    databases: tuple[Part, ...] = ()

    @property
    def is_stopped(self) -> bool:
        """Whether nothing of it is asked to run, on purpose."""
        everything = (*self.services, *self.groups, *self.databases)
        return self.service.is_stopped and not any(part.runs for part in everything)

    @property
    def is_running(self) -> bool:
        """Whether all of it is asked to run as the stack wants it."""
        everything = (*self.services, *self.groups, *self.databases)
        return all(part.runs >= part.wants for part in everything)


def read_parts(environment: Environment) -> Parts:
    """What runs of a deployment that is ours, and how much its stack wants of it.

    Raises:
        NotOurs: the stack of that name is somebody else's.
        OpsError: there is none, another tool made it, or CloudFormation is at work on it.
        ReadFailed: a read failed.
    """
    aws, names = environment.aws, environment.deployment
    claims = Claims(aws=aws, names=names, dialogue=environment.dialogue, look_only=True)
    stack = claims.stack()
    service = require_service(aws, names)
    if stack is None:
        raise _foreign(names)
    if is_moving(stack):
        raise OpsError(
            f"{names.prefix} is being changed",
            f"its stack is {stack.status}",
            "Wait for that to end (`ash-ops deploy` follows it), then run the command again.",
        )
    wanted = {
        each.physical_id: each.properties
        for each in wanted_resources(aws, stack, (SERVICE, GROUP, DATABASE))
    }
    there = cloudformation.resources(aws, stack.id)
    named = {
        kind: [r.physical_id for r in there if r.type == kind and r.physical_id]
        for kind in (SERVICE, GROUP, DATABASE)
    }
    return Parts(
        stack=stack,
        account=caller(aws).account,
        service=service,
        services=tuple(_services(aws, names, named[SERVICE], wanted)),
        groups=tuple(_groups(aws, named[GROUP], wanted)),
        databases=tuple(_databases(aws, named[DATABASE])),
    )


Wanted = Mapping[str, Mapping[str, Any]]


def _services(aws: Aws, names: Deployment, arns: Sequence[str], wanted: Wanted) -> Iterator[Part]:
    """The server's service, then the runners'."""
    by_name = {arn.rsplit("/", 1)[-1]: arn for arn in arns}
    for name in sorted(by_name, key=lambda name: name != names.service):
        found = ecs.live_service(aws, names.cluster, name)
        if found is not None:
            wants = _number(wanted.get(by_name[name], {}).get("DesiredCount"))
            yield Part(name=name, wants=wants, runs=found.desired_count or 0)


def _groups(aws: Aws, ids: Sequence[str], wanted: Wanted) -> Iterator[Part]:
    if not ids:
        return
    for group in hosts.scaling_groups(aws):
        name = group.auto_scaling_group_name
        if name in ids:
            properties = wanted.get(name, {})
            yield Part(
                name=name,
                wants=_number(properties.get("DesiredCapacity")),
                runs=group.desired_capacity or 0,
                least=_number(properties.get("MinSize")),
            )


def _databases(aws: Aws, ids: Sequence[str]) -> Iterator[Part]:
    for name in ids:
        found = pausing.find_database(aws, name)
        if found is not None:
            state = str(found.get("DBInstanceStatus") or "")
            yield Part(name=name, wants=1, runs=int(not state.startswith("stop")), state=state)


def _number(said: object) -> int:
    """A number of a template; 1 where only CloudFormation knows it."""
    text = str(said)
    return int(text) if text.isdecimal() else 1


def _foreign(names: Deployment) -> OpsError:
    return OpsError(
        f"{names.prefix} was deployed by something else, probably the public Terraform",
        f"there is no stack {names.stack} that tells what is this deployment's; it was left alone",
        "Stop or start it there: `terraform apply -var desired_count=...`.",
    )
