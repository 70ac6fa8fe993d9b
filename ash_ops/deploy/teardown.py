"""``teardown``: show what goes, ask, remove it to the end, look again, print the receipt.

Every step finds its work by looking, never by remembering: a run that was interrupted, or a
stack that is half gone, is finished by running it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ash_ops.aws import cloudformation
from ash_ops.aws.calls import call
from ash_ops.aws.cloudformation import Resource, Stack
from ash_ops.aws.iam import caller
from ash_ops.aws.secrets import StoredSecret, delete_secret, find_secret
from ash_ops.aws.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.descriptions import describe
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.deploy.evidence import Evidence
from ash_ops.deploy.leftovers import Found, file_systems, log_groups, look_again
from ash_ops.deploy.live import find_service
from ash_ops.deploy.occupants import Occupants, find_occupants, remove_occupants
from ash_ops.deploy.progress import Progress
from ash_ops.deploy.receipt import receipt
from ash_ops.deploy.watch import Watch, is_moving, last_event
from ash_ops.deployment import Deployment
from ash_ops.errors import ExitCode, OpsError, ReadFailed

_SETTLE_TRIES = 10
_SETTLE_SECONDS = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What there is to remove.

    Attributes:
        files: file systems that outlive the stack, with what agents stored.
        logs: log groups that are there without a stack.
        occupants: what others started in the stack's cluster.
    """

    stack: Stack | None
    resources: tuple[Resource, ...]
    secret: StoredSecret | None
    files: tuple[str, ...]
    logs: tuple[str, ...]
    occupants: Occupants

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there at all."""
        return not (self.stack or self.secret or self.files or self.logs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismantling:
    """What a teardown needs of the world, handed in.

    Attributes:
        estimate: what the deployment costs a month, as a line; empty when it cannot be told.
        delete_data: whether file systems are to be deleted without a question of their own.
    """

    aws: Aws
    names: Deployment
    dialogue: Dialogue
    clock: Clock = field(default_factory=Clock)
    estimate: Callable[[], str] = lambda: ""
    delete_data: bool = False


def teardown(work: Dismantling) -> tuple[ExitCode, str]:
    """Remove a deployment.

    Returns:
        The exit code, and the receipt.

    Raises:
        OpsError: it is not ours to remove, it was declined, or it did not go.
    """
    account = caller(work.aws).account
    removal = _take_stock(work)
    if removal.is_empty:
        _refuse_foreign(work)
        work.dialogue.say(
            f"There is no deployment {work.names.prefix} in {work.aws.region}; looking for leftovers."
        )
        return _receipt(work, (), look_again(work.aws, work.names))
    _show(work, removal, account)
    question = f"Type {work.names.prefix} to remove all of this"
    if not work.dialogue.type_back(question, work.names.prefix):
        raise OpsError(
            "Nothing was removed", "the name was not typed", "Run `ash-ops teardown` again."
        )
    try:
        return _remove(work, removal)
    except KeyboardInterrupt:
        work.dialogue.settle()
        work.dialogue.say(
            "\nWhat was started goes on by itself. `ash-ops teardown` again finishes it."
        )
        raise


def _take_stock(work: Dismantling) -> Removal:
    aws, names = work.aws, work.names
    stack = cloudformation.find_stack(aws, names.stack)
    secret = find_secret(aws, names.secret)
    resources = cloudformation.resources(aws, stack.id) if stack else ()
    return Removal(
        stack=stack,
        resources=resources,
        secret=None if secret is None or secret.deleted_at else secret,
        files=_may_be_denied(lambda: tuple(file_systems(aws, names))),
        logs=_own_logs(work, resources),
        occupants=_occupants(work) if stack else Occupants(),
    )


def _occupants(work: Dismantling) -> Occupants:
    try:
        return find_occupants(work.aws, work.names)
    except ReadFailed:
        return Occupants()  # not to be read: if something is there, the deletion tells


def _own_logs(work: Dismantling, resources: Sequence[Resource]) -> tuple[str, ...]:
    """Log groups that the stack will not take along, such as the one of Container Insights."""
    in_stack = {resource.physical_id for resource in resources}
    if not in_stack and find_service(work.aws, work.names):
        return ()  # another tool's deployment: its logs are its own
    found = _may_be_denied(lambda: tuple(log_groups(work.aws, work.names)))
    return tuple(group for group in found if group not in in_stack)


def _may_be_denied(read: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
    """What is found; nothing when it may not be read: the second look then says so."""
    try:
        return read()
    except ReadFailed:
        return ()


def _refuse_foreign(work: Dismantling) -> None:
    if find_service(work.aws, work.names) is None:
        return
    raise OpsError(
        f"{work.names.prefix} was deployed by something else, probably the public Terraform",
        f"there is a service {work.names.service}, but no stack {work.names.stack}",
        "Remove it with the tool that made it: `terraform destroy`. It was left alone.",
    )


def _show(work: Dismantling, removal: Removal, account: str) -> None:
    say = work.dialogue.say
    say(f"To be removed: {work.names.prefix} in {work.aws.region} (account {account})")
    for resource in removal.resources:
        if resource.status != "DELETE_COMPLETE":
            text = describe(resource.logical_id, resource.type)
            say(f"  - {resource.logical_id:<26} {text}")
    if removal.secret:
        say(f"  - {'secret':<26} {work.names.secret}, with the API key")
    for group in removal.logs:
        say(f"  - {'log group':<26} {group}")
    for system in removal.files:
        say(f"  ? {'file system':<26} {system}: asked about separately, it holds agents' data")
    if removal.occupants.told:
        say(f"  ? {'started by others':<26} {removal.occupants.told}: asked about separately")
    cost = work.estimate()
    if cost:
        say(f"  It costs {cost}.")


def _remove(work: Dismantling, removal: Removal) -> tuple[ExitCode, str]:
    if removal.stack is not None:
        _unblock(work, removal.stack)
        _empty_cluster(work, removal.occupants)
        _delete_stack(work, removal.stack)
    for group in removal.logs:
        call(work.aws, "logs", "delete_log_group", logGroupName=group)
    kept = tuple(s for s in removal.files if not _delete_files(work, s))
    if removal.secret:
        delete_secret(work.aws, removal.secret.arn)
    return _receipt(work, _removed(removal, kept), _settled_look(work, kept))


def _removed(removal: Removal, kept: Sequence[str]) -> tuple[str, ...]:
    gone = (r for r in removal.resources if r.physical_id not in kept)
    named = [f"{r.logical_id} ({r.type.removeprefix('AWS::')})" for r in gone]
    return (*named, *removal.logs, *(("secret",) if removal.secret else ()))


def _unblock(work: Dismantling, stack: Stack) -> None:
    """Take away what would make the deletion fail, each with consent of its own."""
    if stack.is_protected:
        _consent(work, f"{stack.name} is protected against termination. Unprotect it?")
        cloudformation.unprotect(work.aws, stack.id)
    balancer = stack.outputs.get("LoadBalancerArn")
    if balancer and _balancer_is_protected(work.aws, balancer):
        _consent(work, "The load balancer is protected against deletion. Unprotect it?")
        off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
        call(
            work.aws,
            "elbv2",
            "modify_load_balancer_attributes",
            LoadBalancerArn=balancer,
            Attributes=off,
        )


def _empty_cluster(work: Dismantling, found: Occupants) -> None:
    """A cluster in which something runs cannot be deleted."""
    if found.told:
        _consent(work, f"In the cluster runs what others started: {found.told}. Stop it?")
        remove_occupants(work.aws, work.names, found)


def _consent(work: Dismantling, question: str) -> None:
    if not work.dialogue.confirm(question):
        raise OpsError(
            "Nothing was removed",
            "what stands in the way of the deletion was to stay",
            "Take it away yourself, or agree to it: run `ash-ops teardown` again.",
        )


def _balancer_is_protected(aws: Aws, balancer: str) -> bool:
    try:
        raw = call(aws, "elbv2", "describe_load_balancer_attributes", LoadBalancerArn=balancer)
    except ReadFailed:
        return False  # gone already, or not to be read: the deletion will tell
    attributes = {item.get("Key"): item.get("Value") for item in raw.get("Attributes") or ()}
    return attributes.get("deletion_protection.enabled") == "true"


def _delete_stack(work: Dismantling, stack: Stack) -> None:
    """Delete the stack and follow it to the end: again if it fails, then without what cannot go."""
    if is_moving(stack) and stack.status.startswith("UPDATE"):
        work.dialogue.say(f"{stack.name} is {stack.status}: it can be deleted when that is over.")
        _watch(work, stack, last_event(work.aws, stack.id)).follow()
    first = _delete_once(work, stack, (), already=stack.status == "DELETE_IN_PROGRESS")
    if first is None:
        return
    if not work.dialogue.confirm(f"The stack is {first.status}. Try the deletion once more?"):
        raise _stuck(work, stack, first)
    second = _delete_once(work, stack, ())
    if second is None:
        return
    if second.status != "DELETE_FAILED" or not second.stuck:
        raise _stuck(work, stack, second)
    for reason in second.reasons:
        work.dialogue.say(f"  {reason}")
    left = ", ".join(second.stuck)
    if not work.dialogue.confirm(f"Delete the stack and leave {left} behind, to be billed on?"):
        raise _stuck(work, stack, second)
    last = _delete_once(work, stack, second.stuck)
    if last is not None:
        raise _stuck(work, stack, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """A deletion that did not come to its end.

    Attributes:
        stuck: the logical ids of what could not be deleted.
    """

    status: str
    stuck: tuple[str, ...]
    reasons: tuple[str, ...]


def _delete_once(
    work: Dismantling, stack: Stack, retain: Sequence[str], *, already: bool = False
) -> _Failure | None:
    """Start a deletion, unless one is under way, and follow it; ``None`` when the stack is gone."""
    after = last_event(work.aws, stack.id)
    if not already:
        cloudformation.delete_stack(work.aws, stack.id, retain)
    watch = _watch(work, stack, after)
    end = watch.follow()
    if end.status == "DELETE_COMPLETE":
        return None
    failed = [event for event in watch.evidence.failures if not event.is_of_stack]
    return _Failure(
        status=end.status,
        stuck=tuple(dict.fromkeys(event.logical_id for event in failed)),
        reasons=tuple(f"{e.logical_id}: {e.reason}" for e in watch.evidence.failures if e.reason),
    )


def _watch(work: Dismantling, stack: Stack, after: str | None) -> Watch:
    return Watch(
        aws=work.aws,
        deployment=work.names,
        stack_id=stack.id,
        dialogue=work.dialogue,
        clock=work.clock,
        progress=Progress(f"Removing {work.names.prefix}"),
        evidence=Evidence(),
        after=after,
        stop_early=False,
        again=f"ash-ops teardown --name {work.names.prefix}",
    )


def _stuck(work: Dismantling, stack: Stack, failure: _Failure) -> OpsError:
    return OpsError(
        f"The stack {stack.name} is {failure.status}",
        "\n        ".join(failure.reasons) or "CloudFormation gave no reason",
        "Remove what it names, then run `ash-ops teardown` again: it goes on, and offers to leave "
        f"behind what cannot go. `ash-ops doctor deploy --name {work.names.prefix}` shows the events.",
    )


def _delete_files(work: Dismantling, system: str) -> bool:
    """Delete a file system with consent; ``--yes`` alone does not delete data."""
    if not work.delete_data:
        work.dialogue.say(f"Kept: {system}, with what agents stored (--delete-data deletes it).")
        return False
    call(work.aws, "efs", "delete_file_system", FileSystemId=system)
    return True


def _settled_look(work: Dismantling, kept: Sequence[str]) -> list[Found]:
    """Look again until nothing is left that is only still on its way out."""
    found = look_again(work.aws, work.names)
    for _ in range(_SETTLE_TRIES):
        left = [id_ for item in found if item.billed for id_ in item.ids if id_ not in kept]
        if not left:
            break
        work.clock.sleep(_SETTLE_SECONDS)
        found = look_again(work.aws, work.names)
    return found


def _receipt(
    work: Dismantling, removed: Sequence[str], found: Sequence[Found]
) -> tuple[ExitCode, str]:
    return receipt(work.names.prefix, work.aws.region, removed, found)
