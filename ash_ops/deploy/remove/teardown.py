"""``teardown``: show what goes, ask, remove it to the end, look again, print the receipt.

Every step finds its work by looking, never by remembering: a run that was interrupted, or a
stack that is half gone, is finished by running it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ash_ops.aws import cloudformation, elbv2
from ash_ops.aws.client.session import Aws
from ash_ops.aws.ec2 import delete_disk, find_disk
from ash_ops.aws.iam import caller
from ash_ops.aws.logs import delete_log_group, find_log_group
from ash_ops.aws.secrets import StoredSecret, delete_secret, find_secret
from ash_ops.aws.storage import delete_database_snapshot, delete_file_system, find_file_system
from ash_ops.deploy.keep.points import MADE_BY_HAND
from ash_ops.deploy.live import find_service
from ash_ops.deploy.losses import agree_to
from ash_ops.deploy.ownership import Claims, FoundResource, refusal, why_not_ours
from ash_ops.deploy.plan.foreign_workloads import ForeignWorkloads, remove_foreign_workloads
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.deploy.remove.copies import delete_copies, what_becomes_of_copies
from ash_ops.deploy.remove.inventory import (
    FILES,
    Stock,
    own_snapshots,
    take_inventory,
    way_back,
    what_becomes_of_data,
)
from ash_ops.deploy.remove.leftovers import Found, look_again
from ash_ops.deploy.remove.runners import end_runners
from ash_ops.deploy.remove.stack import delete_stack
from ash_ops.deploy.run.secrets import RECOVERY_DAYS
from ash_ops.deploy.sessions.live import lines
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.facts.tagged import OwnLogGroup
from ash_ops.facts.wanted import SERVICE
from ash_ops.report.receipt import Receipt, receipt
from ash_ops.report.resources import describe

_SETTLE_TRIES = 10
_SETTLE_SECONDS = 6.0
_KEEP_DATA = (
    "`ash-ops deploy` brings the bundled template, which keeps data beside the stack; or agree to "
    "the loss with --delete-data (--yes alone never does)."
)


def teardown(work: TeardownContext) -> Receipt:
    """Remove a deployment.

    Returns:
        The receipt, with the exit code.

    Raises:
        NotOurs: what is there under its names is somebody else's.
        OpsError: it is not ours to remove, it was declined, or it did not go.
    """
    account = caller(work.aws).account
    claims = Claims(aws=work.aws, names=work.names, dialogue=work.dialogue, adopt=work.adopt)
    stock = take_inventory(claims, secret_now=work.delete_secret_now)
    if stock.is_empty and not (work.delete_backups and stock.copies.points):
        _refuse_foreign(work)
        if stock.foreign:
            raise refusal(stock.foreign, work.names)
        work.dialogue.say(
            f"There is no deployment {work.names.prefix} in {work.aws.region}; looking for leftovers."
        )
        return _receipt(work, stock, (), look_again(work.aws, work.names))
    _show(work, stock, account)
    agree_to(
        work.dialogue,
        stock.lost,
        given=work.delete_data,
        refused="Nothing was removed",
        way_on=_KEEP_DATA,
    )
    question = f"Type {work.names.prefix} to remove all of this"
    if not work.dialogue.type_back(question, work.names.prefix):
        raise OpsError(
            "Nothing was removed", "the name was not typed", "Run `ash-ops teardown` again."
        )
    try:
        return _remove(work, stock)
    except KeyboardInterrupt:
        work.dialogue.settle()
        work.dialogue.say(
            "\nWhat was started goes on by itself. `ash-ops teardown` again finishes it."
        )
        raise


def _refuse_foreign(work: TeardownContext) -> None:
    if find_service(work.aws, work.names) is None:
        return
    raise OpsError(
        f"{work.names.prefix} was deployed by something else, probably the public Terraform",
        f"there is a service {work.names.service}, but no stack {work.names.stack}",
        "Remove it with the tool that made it: `terraform destroy`. It was left alone.",
    )


def _show(work: TeardownContext, stock: Stock, account: str) -> None:
    say = work.dialogue.say
    say(f"To be removed: {work.names.prefix} in {work.aws.region} (account {account})")
    for resource in stock.resources:
        if resource.status != "DELETE_COMPLETE":
            text = describe(resource.logical_id, resource.type)
            say(f"  - {resource.logical_id:<26} {text}")
    for line in (
        *_beside_the_stack(work, stock),
        *what_becomes_of_copies(work, stock.copies),
        *_sessions(work, stock),
    ):
        say(line)
    cost = work.estimate()
    if cost:
        say(f"  It costs {cost}.")


def _sessions(work: TeardownContext, stock: Stock) -> Iterator[str]:
    """The sessions that are live, and what becomes of each."""
    if any(resource.type == SERVICE for resource in stock.resources):
        kept = stock.beside and not work.delete_data
        home = "on what is kept" if kept else ""
        yield from lines(work.sessions(work.aws, work.names), home)


def _beside_the_stack(work: TeardownContext, stock: Stock) -> Iterator[str]:
    """What goes, stays, or is asked about, and is no resource of the stack."""
    if stock.secret:
        until = (
            "destroyed at once, beyond recovery"
            if work.delete_secret_now
            else f"can be taken back for {RECOVERY_DAYS} days"
        )
        yield f"  - {'secret':<26} {work.names.secret}, with the API key; {until}"
    for group in stock.logs:
        yield f"  - {'log group':<26} {group.id}"
    yield from what_becomes_of_data(stock, delete=work.delete_data)
    yield from _validating_record(stock)
    if stock.foreign_workloads.description:
        yield f"  ? {'started by others':<26} {stock.foreign_workloads.description}: asked about separately"
    for resource in stock.foreign:
        yield f"  = {resource.kind:<26} {resource.name}: not ours, left alone; {resource.why}"


def _validating_record(stock: Stock) -> Iterator[str]:
    """CloudFormation does not take it along (cloudformation-coverage-roadmap#1603), and nor do we."""
    parameters = stock.stack.parameters if stock.stack else {}
    if parameters.get("HostedZoneId") and not parameters.get("CertificateArn"):
        yield (
            f"  = {'validating record':<26} a CNAME of {parameters['DomainName']} in the zone "
            f"{parameters['HostedZoneId']}: stays, for ACM renews every certificate of the name by it"
        )


def _remove(work: TeardownContext, stock: Stock) -> Receipt:
    if stock.stack is not None:
        _ask_about_foreign_workloads(work, stock.foreign_workloads)
        work.drain(stock.stack)
        _unblock(work, stock.stack)
        remove_foreign_workloads(work.aws, work.names, stock.foreign_workloads)
        end_runners(work.aws, work.names, stock.resources)
        delete_stack(work, stock.stack)
    logs = [group.id for group in stock.logs if _delete_log_group(work, group)]
    kept = tuple(resource.name for resource in stock.beside if not _delete_data(work, resource))
    snapshots = _delete_snapshots(work, stock) if work.delete_data else ()
    copied = delete_copies(work, stock.copies) if work.delete_backups else ()
    secret = ("secret",) if stock.secret and _delete_secret(work, stock.secret) else ()
    gone = (r for r in stock.resources if r.physical_id not in kept)
    named = [f"{r.logical_id} ({r.type.removeprefix('AWS::')})" for r in gone]
    removed = (*named, *logs, *snapshots, *copied, *secret)
    staying = (*kept, *(point.id for point in stock.copies.points))
    return _receipt(work, stock, removed, _settled_look(work, stock, staying))


# Between the plan and now somebody may have put another thing in the place of one: each is looked
# at once more right before it is deleted.


def _delete_log_group(work: TeardownContext, group: OwnLogGroup) -> bool:
    again = find_log_group(work.aws, group.id)
    if again is None:
        return False  # gone by itself
    # A log group has no id of its own; one that was made anew was made at another time.
    if again.created != group.created:
        work.dialogue.say(f"Left alone: {group.id} was made anew meanwhile.")
        return False
    delete_log_group(work.aws, group.id)
    return True


def _delete_secret(work: TeardownContext, secret: StoredSecret) -> bool:
    again = find_secret(work.aws, secret.arn)
    if again is None or (again.deleted_at is not None and not work.delete_secret_now):
        return False
    if why_not_ours(again.tags, work.names):
        work.dialogue.say(f"Left alone: {work.names.secret} is not ours any more.")
        return False
    days = None if work.delete_secret_now else RECOVERY_DAYS
    delete_secret(work.aws, secret.arn, recovery_days=days)
    return True


def _delete_data(work: TeardownContext, resource: FoundResource) -> bool:
    """Delete what holds data, with the consent that ``--yes`` is not."""
    if not work.delete_data:
        work.dialogue.say(
            f"Kept: {resource.name}, with what agents stored (--delete-data deletes it; "
            f"{way_back(resource)} uses it again)."
        )
        return False
    if resource.kind == FILES:
        system = find_file_system(work.aws, resource.name)
        if system is not None and not why_not_ours(system.tags, work.names):
            delete_file_system(work.aws, resource.name)
        return True
    disk = find_disk(work.aws, resource.name)
    if disk is not None and not why_not_ours(disk.tags, work.names):
        _delete_disk(work, resource.name)
    return True


def _delete_disk(work: TeardownContext, id_: str) -> None:
    """Delete a disk; an instance that is just terminated holds it for some seconds still."""
    for _ in range(_SETTLE_TRIES):
        try:
            delete_disk(work.aws, id_)
            return
        except ReadFailed as error:
            if "InUse" not in error.code:
                raise
        work.clock.sleep(_SETTLE_SECONDS)
    delete_disk(work.aws, id_)


def _delete_snapshots(work: TeardownContext, stock: Stock) -> tuple[str, ...]:
    """The last snapshot of a database; the copies that `backup` made have a consent of their own."""
    own = own_snapshots(work.aws, work.names, stock.databases)
    found = [s.id for s in own if MADE_BY_HAND not in s.tags]
    for id_ in found:
        delete_database_snapshot(work.aws, id_)
    return tuple(found)


def _unblock(work: TeardownContext, stack: Stack) -> None:
    """Take away what would make the deletion fail, each with consent of its own."""
    if stack.enable_termination_protection:
        _consent(work, f"{stack.name} is protected against termination. Unprotect it?")
        cloudformation.unprotect(work.aws, stack.id)
    balancer = stack.outputs.get("LoadBalancerArn")
    if balancer and _balancer_is_protected(work.aws, balancer):
        _consent(work, "The load balancer is protected against deletion. Unprotect it?")
        elbv2.unprotect(work.aws, balancer)


def _ask_about_foreign_workloads(work: TeardownContext, found: ForeignWorkloads) -> None:
    """A cluster in which something runs cannot be deleted. Asked before anything is changed."""
    question = f"In the cluster runs what others started: {found.description}. Stop it?"
    if found.description and not work.dialogue.consent(question):
        raise _nothing_removed()


def _consent(work: TeardownContext, question: str) -> None:
    if not work.dialogue.confirm(question):
        raise _nothing_removed()


def _nothing_removed() -> OpsError:
    return OpsError(
        "Nothing was removed",
        "what stands in the way of the deletion was to stay",
        "Take it away yourself, or agree to it: run `ash-ops teardown` again.",
    )


def _balancer_is_protected(aws: Aws, balancer: str) -> bool:
    try:
        attributes = elbv2.load_balancer_attributes(aws, balancer)
    except ReadFailed:
        return False  # gone already, or not to be read: the deletion will tell
    return attributes.get(elbv2.PROTECTION) == "true"


def _settled_look(work: TeardownContext, stock: Stock, kept: Sequence[str]) -> list[Found]:
    """Look again until nothing is left that is only still on its way out."""
    found = look_again(work.aws, work.names, stock.databases)
    for _ in range(_SETTLE_TRIES):
        if not any(_is_going(item, kept) for item in found):
            break
        work.clock.sleep(_SETTLE_SECONDS)
        found = look_again(work.aws, work.names, stock.databases)
    return found


def _is_going(item: Found, kept: Sequence[str]) -> bool:
    """Whether something billed is there that was not kept: then it is on its way out."""
    kept_by_rds = item.kind == "database snapshots"
    return item.billed and not kept_by_rds and any(id_ not in kept for id_ in item.ids)


def _receipt(
    work: TeardownContext, stock: Stock, removed: Sequence[str], found: Sequence[Found]
) -> Receipt:
    left = [f"{resource.kind} {resource.name}: {resource.why}" for resource in stock.foreign]
    return receipt(work.names.prefix, work.aws.region, removed, found, left)
