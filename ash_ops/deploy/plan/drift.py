"""What runs beside what its stack wants: read before every plan, whoever changed it.

CloudFormation compares a plan with the stack's last template, never with what runs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ash_ops.aws import ec2, ecs, elbv2, iam, storage
from ash_ops.aws.client.session import Aws
from ash_ops.drift import Difference, Live, differences
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.facts.wanted import (
    BALANCER,
    GROUP,
    LISTENER,
    MOUNT_TARGET,
    PUT_BACK,
    ROLE,
    SERVICE,
    TARGET_GROUP,
    WantedResource,
)
from ash_ops.names import Deployment
from ash_ops.snapshot.readings.wanted import wanted_resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How what runs differs from what its stack wants.

    Attributes:
        differences: in the order in which they are put back.
        unread: what could not be compared, and why; a sentence each.
        gone: what the stack made and is not there any more, in words.
    """

    differences: tuple[Difference, ...] = ()
    unread: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether what runs is known to be what the stack wants."""
        return not (self.differences or self.unread or self.gone)

    @property
    def of_service(self) -> tuple[Difference, ...]:
        """Those of the service: its revision, its count, its network."""
        return tuple(each for each in self.differences if each.type == SERVICE)

    @property
    def revision(self) -> Difference | None:
        """The revision that was rolled out past the stack, if one was."""
        found = (d for d in self.differences if "taskDefinition" in d.change)
        return next(found, None)


def read_drift(
    aws: Aws, names: Deployment, stack: Stack | None, types: Collection[str] = PUT_BACK
) -> Drift:
    """Compare what runs with what the stack wants of its resources of some types.

    Whatever cannot be read is told in ``unread``; nothing is raised for it.
    """
    if stack is None:
        return Drift()
    try:
        wanted = wanted_resources(aws, stack, types)
    except ReadFailed as error:
        return Drift(unread=(_why_unread("what the stack wants", error),))
    reader = _Reader(aws, names, wanted)
    live = reader.live()
    return Drift(
        differences=tuple(differences(wanted, live)),
        unread=tuple(reader.unread),
        gone=tuple(reader.gone),
    )


def _why_unread(what: str, error: ReadFailed) -> str:
    allow = f" Allow {error.action}." if error.action else ""
    return f"{what} could not be read ({error.call}: {error.code}).{allow}"


class _Reader:
    """Reads what a stack's resources are now, and keeps what could not be read."""

    def __init__(self, aws: Aws, names: Deployment, wanted: Sequence[WantedResource]) -> None:
        self.aws = aws
        self.names = names
        self.wanted = wanted
        self.unread: list[str] = []
        self.gone: list[str] = []

    def live(self) -> Live:
        services = self._each(SERVICE, self._service)
        balancers = self._each(BALANCER, lambda r: elbv2.load_balancer(self.aws, r.physical_id))
        targets = self._each(TARGET_GROUP, lambda r: elbv2.target_group(self.aws, r.physical_id))
        self._each(MOUNT_TARGET, lambda r: storage.find_mount_target(self.aws, r.physical_id))
        listeners = self._listeners([each.load_balancer_arn for each in balancers])
        return Live(
            roles=self._each(ROLE, lambda r: iam.live_role(self.aws, r.physical_id)),
            services=services,
            security_groups=self._each(GROUP, self._group),
            balancers=balancers,
            listeners=listeners,
            target_groups=targets,
            attributes={
                **self._attributes(balancers, "load_balancer_arn", elbv2.load_balancer_attributes),
                **self._attributes(targets, "target_group_arn", elbv2.target_group_attributes),
                **self._attributes(listeners, "listener_arn", elbv2.listener_attributes),
            },
            images=self._images([each.runs for each in services]),
        )

    def _try(self, what: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except ReadFailed as error:
            if error.kind != "missing":
                self.unread.append(_why_unread(what, error))
                return error
            return None

    def _each(self, type_: str, read: Callable[[WantedResource], Any]) -> list[Any]:
        """What is there of a type; what is not is noted, where that could be told."""
        found = []
        for resource in self.wanted:
            if resource.type != type_:
                continue
            there = self._try(f"the resource {resource.logical_id}", partial(read, resource))
            if there is None:
                self.gone.append(f"{resource.logical_id} ({resource.physical_id})")
            elif not isinstance(there, ReadFailed):
                found.append(there)
        return found

    def _service(self, resource: WantedResource) -> Any:
        return ecs.live_service(self.aws, self.names.cluster, resource.physical_id.split("/")[-1])

    def _group(self, resource: WantedResource) -> Any:
        found = ec2.security_groups_named(self.aws, [resource.physical_id])
        return next((g for g in found if g.group_id == resource.physical_id), None)

    def _listeners(self, balancers: Sequence[str]) -> list[Any]:
        """The listeners of the stack's balancers; one that is not among them is gone."""
        read = [
            self._try("the listeners", partial(elbv2.listeners, self.aws, b)) for b in balancers
        ]
        there = [listener for rows in read if isinstance(rows, tuple) for listener in rows]
        if all(isinstance(rows, tuple) for rows in read) and balancers:
            known = {listener.listener_arn for listener in there}
            wanted = [r for r in self.wanted if r.type == LISTENER]
            lacking = [r for r in wanted if r.physical_id not in known]
            self.gone += [f"{r.logical_id} ({r.physical_id})" for r in lacking]
        return there

    def _attributes(
        self, things: Sequence[Any], arn: str, read: Callable[[Aws, str], dict[str, str]]
    ) -> dict[str, dict[str, str]]:
        found = {}
        for thing in things:
            name = getattr(thing, arn)
            answer = self._try(f"the attributes of {name}", partial(read, self.aws, name))
            if isinstance(answer, dict):
                found[name] = answer
        return found

    def _images(self, running: Sequence[str]) -> dict[str, str]:
        """The images of the revisions, where the stack wants others than run; for the words alone."""
        wanted = {
            str(r.properties["TaskDefinition"])
            for r in self.wanted
            if "TaskDefinition" in r.properties
        }
        found: dict[str, str] = {}
        for arn in wanted.symmetric_difference(running):
            try:
                revision = ecs.task_definition(self.aws, arn)
            except ReadFailed:
                continue  # the sentence then goes without its image
            if revision is not None:
                found[arn] = revision.container.image
        return found


def lines_of(found: Collection[Difference]) -> list[str]:
    """Differences as lines of a plan."""
    return [f"  differs    {each.line}" for each in found]
