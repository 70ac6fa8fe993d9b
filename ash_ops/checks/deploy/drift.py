"""Is what runs what the stack made? Told from the facts themselves, and from a drift detection."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.deploy._rollback import was_taken_back
from ash_ops.drift import Difference, Live, differences
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.wanted import (
    BALANCER,
    EGRESS,
    GROUP,
    INGRESS,
    LISTENER,
    SERVICE,
    TARGET_GROUP,
    WantedResource,
)

_SHOWN = 6
# The reading that shows a type as it runs.
_READINGS = {
    SERVICE: "service",
    GROUP: "security_groups",
    BALANCER: "load_balancers",
    LISTENER: "listeners",
    TARGET_GROUP: "target_groups",
}
_RULES = (INGRESS, EGRESS)  # they are read with their groups


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """What runs is what the stack wants."""
    stack = present(snapshot.stack)
    if "IN_PROGRESS" in stack.status:
        raise NotApplicable("CloudFormation is at work: what the stack wants is being made")
    wanted, cannot_tell = _wanted(snapshot)
    found = _between(wanted, snapshot)
    if found:
        yield _different(snapshot, found)
    elif stack.drift_status == "DRIFTED":
        yield _detected(snapshot)
    elif cannot_tell is not None and stack.drift_status != "IN_SYNC":
        raise cannot_tell
    _require_plain(wanted)
    # Where it was looked for and is not there any more, no value can be compared.
    for reading in (snapshot.service, snapshot.security_groups, snapshot.listeners):
        reading.get()


def found_differences(snapshot: Snapshot) -> list[Difference]:
    """In what runs differs from what the stack wants, as far as both are known."""
    return _between(_wanted(snapshot)[0], snapshot) if snapshot.stack.value else []


def _between(wanted: list[WantedResource], snapshot: Snapshot) -> list[Difference]:
    # What tasks run comes first: the others hang on it.
    return sorted(differences(wanted, _live(snapshot)), key=lambda each: each.type != SERVICE)


def _wanted(snapshot: Snapshot) -> tuple[list[WantedResource], CannotTell | None]:
    """What the stack wants, and why that is not known; the service's revision is always."""
    cannot_tell = snapshot.wanted.cannot_tell()
    if cannot_tell is None:
        return list(items(snapshot.wanted)), None
    stack, service = present(snapshot.stack), snapshot.service.value
    revision = stack.outputs.get("TaskDefinitionArn")
    if service is None or not revision:
        return [], cannot_tell
    alone = WantedResource(
        logical_id="Service",
        type=SERVICE,
        physical_id=service.service_arn,
        properties={"TaskDefinition": revision},
    )
    return [alone], cannot_tell


def _require_plain(wanted: list[WantedResource]) -> None:
    """What a service shall run and how often must be told as a name and a number.

    Raises:
        CannotTell: a stack says it in a way that is not known here.
    """
    for each in (each for each in wanted if each.type == SERVICE):
        revision, count = (each.properties.get(n) for n in ("TaskDefinition", "DesiredCount"))
        if "TaskDefinition" in each.unknown or not isinstance(revision, str | None):
            raise CannotTell(f"which revision the stack wants of {each.logical_id} was not told")
        odd = count is not None and not str(count).isdecimal()
        if "DesiredCount" in each.unknown or odd:
            raise CannotTell(f"how many tasks the stack wants of {each.logical_id} was not told")


def _live(snapshot: Snapshot) -> Live:
    service, definition = snapshot.service.value, snapshot.task_definition.value
    container = definition.container() if definition else None
    images = {definition.task_definition_arn: container.image} if definition and container else {}
    gone = service is None or service.status == "INACTIVE"
    groups, balancers = snapshot.target_groups.value or (), snapshot.load_balancers.value or ()
    listeners = snapshot.listeners.value or ()
    attributes = {
        each: read
        for each, read in (
            (
                next((g.target_group_arn for g in groups), ""),
                snapshot.target_group_attributes.value,
            ),
            (
                next((b.load_balancer_arn for b in balancers), ""),
                snapshot.load_balancer_attributes.value,
            ),
            (next((x.listener_arn for x in listeners), ""), snapshot.listener_attributes.value),
        )
        if read
    }
    return Live(
        services=() if gone or service is None else (service,),
        security_groups=snapshot.security_groups.value or (),
        balancers=balancers,
        listeners=listeners,
        target_groups=groups,
        attributes=attributes,
        images=images,
    )


def _different(snapshot: Snapshot, found: list[Difference]) -> Finding:
    more = len(found) - 1
    others = f" And {more} more difference{'s' if more > 1 else ''}." if more else ""
    taken_back = any(was_taken_back(snapshot, d) for d in _revisions(found))
    back = (
        "Put back what the stack wants: it shows every difference and asks. If the change was meant, "
        "give it to the deployment instead, as an option."
    )
    return finding(
        "stack-drift",
        "deploy",
        f"What runs is not what the stack {present(snapshot.stack).name} wants: {found[0].line}."
        f"{others}",
        [_evidence(snapshot, each) for each in found[:_SHOWN]],
        [_LEFT_ALONE if taken_back else deploy_fix(snapshot, back), verify(snapshot, "deploy")],
        severity="warning",
    )


_LEFT_ALONE = Fix(
    why="Do not put it back yet: the revision that the stack wants is the one that ECS rolled back, and "
    "deploying it again brings back what failed. Repair it, then roll the repaired version out: the "
    "stack and what runs agree again then."
)


def _revisions(found: list[Difference]) -> Iterator[str]:
    """The revisions that putting things back would run."""
    named = (each.change.get("taskDefinition") for each in found)
    return (str(name) for name in named if name)


def _evidence(snapshot: Snapshot, each: Difference) -> Evidence:
    reading = getattr(snapshot, _READINGS[each.type])
    return quote(reading, f"{each.logical_id}: {each.what}", f"{each.runs}; wanted: {each.wants}")


def _detected(snapshot: Snapshot) -> Finding:
    """A drift that CloudFormation found in what is not compared here."""
    stack = present(snapshot.stack)
    return finding(
        "stack-drift",
        "deploy",
        f"Stack {stack.name} no longer matches its template: something was changed by hand.",
        [quote(snapshot.stack, "Stacks[0].DriftInformation.StackDriftStatus", "DRIFTED")],
        [
            Fix(
                why="See what was changed.",
                command=aws_command(
                    snapshot,
                    f"cloudformation describe-stack-resource-drifts --stack-name {stack.name}",
                ),
            )
        ],
        severity="warning",
    )


CHECK = Check(
    id="stack-drift",
    title="What runs is what the stack wants",
    playbook="deploy",
    run=run,
    causes=("stack-drift",),
)
