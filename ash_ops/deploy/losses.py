"""What a change would lose, in sentences, and the consent to it that ``--yes`` is not.

Read from the change set, and from where ``/data`` is kept before and after: a disk may stay where
it is and still be lost to the server, which then starts empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ash_ops.aws import cloudformation
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.errors import OpsError
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.facts.stacks import Stack, StackResource

# The types that hold what nobody can make again, and what is on them.
STATEFUL: dict[str, str] = {
    "AWS::EFS::FileSystem": "all agents and sessions on this file system",
    "AWS::EC2::Volume": "all agents and sessions on this disk",
    "AWS::RDS::DBInstance": "all agents, sessions and keys in this database",
    "AWS::RDS::DBCluster": "all rows in this database",
    "AWS::DynamoDB::Table": "all items in this table",
    "AWS::DynamoDB::GlobalTable": "all items in this table",
    "AWS::S3::Bucket": "all objects in this bucket",
    "AWS::SQS::Queue": "all messages in this queue",
    "AWS::SecretsManager::Secret": "the values in this secret",
    "AWS::ElastiCache::ReplicationGroup": "all that is in this cache",
    "AWS::OpenSearchService::Domain": "all that is in this index",
    "AWS::Kinesis::Stream": "all records in this stream",
    "AWS::KMS::Key": "all that was encrypted with this key",
    "AWS::Cognito::UserPool": "all users of this pool",
    "AWS::ECR::Repository": "all images in this repository",
    "AWS::CloudFormation::Stack": "all that the resources of this nested stack hold",
}
DISK = "AWS::EC2::Volume"
INSTANCES = (
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::LaunchTemplate",
    "AWS::EC2::Instance",
)

EPHEMERAL = "inside the task"
ENDS_WITH_THE_TASK = (
    "/data is inside the task: agents and sessions end with every task that is replaced "
    "(`ash-ops deploy --efs` keeps them from then on)."
)
ROOT_DISK = "on the instance's root disk"


def data_home(parameters: Mapping[str, str], types: Iterable[str], mode: str) -> str:
    """Where a deployment keeps ``/data``, in words; two that are equal are one place.

    Args:
        parameters: the stack's.
        types: of its resources.
        mode: ``standalone`` or ``multi-machine``.
    """
    kept = parameters.get("FileSystemId")
    if parameters.get("UseEfs") == "true" or mode == "multi-machine":
        return f"on the file system {kept}" if kept else "on the stack's file system"
    if parameters.get("LaunchType") != "EC2":
        return EPHEMERAL
    disk = parameters.get("DataVolumeId")
    if disk:
        return f"on the disk {disk}"
    return "on the stack's disk" if DISK in set(types) else ROOT_DISK


def losses(changes: Sequence[Change], before: str, after: str) -> list[str]:
    """What a plan would lose, a sentence a loss; empty when nothing is.

    Args:
        changes: the plan's.
        before: where ``/data`` is, of ``data_home``; empty for a new deployment.
        after: where it would be.
    """
    found = [sentence for change in changes if (sentence := _loss(change))]
    if before and before not in (after, EPHEMERAL) and not _told_by_change(changes):
        found.append(
            f"/data is {before} and would be {after}: the server starts empty, all agents and "
            "sessions there are lost to it."
        )
    if before == after == ROOT_DISK and any(c.type in INSTANCES for c in changes):
        found.append(
            "The EC2 instance is replaced, and /data is on its root disk: all agents and sessions "
            "on this disk are lost."
        )
    return found


def _told_by_change(changes: Sequence[Change]) -> bool:
    data = ("AWS::EFS::FileSystem", DISK)
    return any(c.type in data and c.action == "Remove" for c in changes)


def _loss(change: Change) -> str:
    what = STATEFUL.get(change.type)
    if what is None:
        return ""
    name = f"{change.logical_id} ({change.physical_id or change.type})"
    if change.action == "Remove":
        return f"{name} is removed from the stack: {what} are lost to the server.{_kept(change)}"
    if change.action == "Modify" and change.replacement == "True":
        return f"{name} is replaced by an empty one: {what} are lost to the server.{_kept(change)}"
    if change.action == "Modify" and change.replacement == "Conditional" and _may_be(change):
        return f"{name} may be replaced by an empty one: {what} would be lost.{_kept(change)}"
    if change.action == "Dynamic":
        return f"What becomes of {name} is known only while it is done: {what} may be lost."
    return ""


def _may_be(change: Change) -> bool:
    """Whether a conditional replacement can come about: tags and policies never replace."""
    return set(change.scope) != {"Tags"}


def _kept(change: Change) -> str:
    policy = change.policy or ""
    if "Retain" in policy:
        return " It is itself kept, and billed on."
    return " A snapshot is kept, and billed on." if "Snapshot" in policy else ""


def losses_of_deletion(aws: Aws, stack: Stack) -> list[str]:
    """What deleting a stack to create it anew would lose.

    Raises:
        ReadFailed: its resources could not be read.
    """
    if stack.status == "REVIEW_IN_PROGRESS":
        return []  # a shell without resources
    return [
        f"{item.logical_id} ({item.physical_id}) goes with the stack: {STATEFUL[item.type]} are "
        "lost to the new one."
        for item in cloudformation.resources(aws, stack.id)
        if is_there(item)
    ]


def is_there(item: StackResource) -> bool:
    """Whether a resource holds data and has not gone."""
    gone = item.status in ("DELETE_COMPLETE", "CREATE_FAILED") or item.physical_id is None
    return item.type in STATEFUL and not gone


def say_losses(dialogue: Dialogue, sentences: Sequence[str]) -> None:
    """Tell each loss on a line of its own."""
    for sentence in sentences:
        dialogue.say(f"  DATA LOSS  {sentence}")


_WAY_ON = "Leave that change out; or agree to the loss with --lose-data (--yes alone never does)."


def agree_to(
    dialogue: Dialogue,
    sentences: Sequence[str],
    *,
    given: bool,
    refused: str = "Nothing was changed",
    way_on: str = _WAY_ON,
) -> None:
    """Go on only with consent to every loss, after the user was told.

    Args:
        dialogue: the user.
        sentences: the losses.
        given: whether the option that agrees to them was.
        refused: what is said when it is declined.
        way_on: what can be done then.

    Raises:
        OpsError: it was declined, or nobody was there to agree.
    """
    if given or not sentences:
        return
    try:
        agreed = dialogue.consent("Lose this data?")
    except OpsError:
        agreed = False
    if not agreed:
        why = " ".join(sentences)
        raise OpsError(f"{refused}: data would be lost, and that was not agreed to", why, way_on)
