"""Whose is it? Asked before anything is changed or deleted; a name alone proves nothing.

Something is ours if it carries this deployment's tag (``ash:deployment`` = the prefix, letter by
letter), and no other stack than ours made it; or if our own stack, proven so itself, lists it.
What is not ours is not touched. It can be adopted: named, asked about one by one, and tagged.
What may not be read could not be told, and is not touched either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ash_ops.aws import cloudformation, discovery, elbv2
from ash_ops.aws.client.session import Aws
from ash_ops.aws.logs import find_log_group
from ash_ops.aws.secrets import StoredSecret, find_secret, tag_secret
from ash_ops.deploy.dialogue import Dialogue
from ash_ops.errors import Inconclusive, OpsError, ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.facts.tagged import Tagged
from ash_ops.names import Deployment

# CloudFormation puts it on what it makes; nobody else can set a tag that begins with "aws:".
STACK_TAG = "aws:cloudformation:stack-name"


class NotOurs(OpsError):
    """Something is there that is not this deployment's; it was not touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundResource:
    """Something that was found under one of the deployment's names.

    Attributes:
        kind: what it is, in words.
        name: its name or id.
        why: why it is not ours; empty when it is.
    """

    kind: str
    name: str
    why: str = ""

    @property
    def description(self) -> str:
        """The thing in words."""
        return f"the {self.kind} {self.name}"


def why_not_ours(tags: Mapping[str, str], names: Deployment) -> str:
    """Why something with these tags is not ours, in words; empty when it is."""
    key, value = names.tag
    if key not in tags:
        return f"it carries no tag {key}"
    if tags[key] != value:
        return f"its tag {key} says {tags[key]!r}"
    maker = tags.get(STACK_TAG, names.stack)
    if maker != names.stack:
        return f"the stack {maker!r} made it, whatever its tag {key} says"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The question, and what to do where the answer is no.

    Attributes:
        adopt: whether taking over was asked for; then each thing is named and asked about.
        look_only: whether nothing may be changed: what is adopted is then not tagged yet.
    """

    aws: Aws
    names: Deployment
    dialogue: Dialogue
    adopt: bool = False
    look_only: bool = False
    adopted: set[str] = field(default_factory=set)

    def require(self, resource: FoundResource, tag_it: Callable[[], None] | None = None) -> None:
        """Go on only with what is ours, or is adopted now.

        Args:
            resource: what was found.
            tag_it: makes it ours; ``None`` where the next step of the command does so itself.

        Raises:
            NotOurs: it is not ours and was not adopted.
        """
        if not resource.why or resource.description in self.adopted:
            return
        if not self.adopt:
            raise refusal([resource], self.names)
        question = f"{resource.description} is not ours: {resource.why}. Adopt it?"
        if not self.dialogue.consent(question[0].upper() + question[1:]):
            raise refusal([resource], self.names)
        if tag_it is not None and not self.look_only:
            tag_it()
        self.adopted.add(resource.description)

    def stack(self) -> Stack | None:
        """The deployment's stack, if there is one.

        Raises:
            NotOurs: a stack of that name is there, is not ours, and was not adopted.
            Inconclusive: whose it is may not be read.
        """
        with could_tell(f"the stack {self.names.stack}"):
            stack = cloudformation.find_stack(self.aws, self.names.stack)
            if stack is None or stack.status == "DELETE_COMPLETE":
                return None
            resource = self._found_stack(stack)
        if resource.why and self.adopt and resource.description not in self.adopted:
            self._say_resources(stack)
        self.require(resource)
        return stack

    def _found_stack(self, stack: Stack) -> FoundResource:
        why = why_not_ours(stack.tags, self.names)
        if why and stack.status == "REVIEW_IN_PROGRESS" and _is_our_shell(self, stack):
            why = ""
        return FoundResource(kind="stack", name=stack.name, why=why)

    def _say_resources(self, stack: Stack) -> None:
        self.dialogue.say(f"In the stack {stack.name}:")
        for resource in cloudformation.resources(self.aws, stack.id):
            self.dialogue.say(f"  {resource.logical_id:<26} {resource.type} {resource.physical_id}")

    def secret(self) -> StoredSecret | None:
        """The deployment's secret, if there is one.

        Raises:
            NotOurs: a secret of that name is there, is not ours, and was not adopted.
            Inconclusive: whose it is may not be read.
        """
        with could_tell(f"the secret {self.names.secret}"):
            found = find_secret(self.aws, self.names.secret)
        if found is None:
            return None
        tag = self.names.tag
        self.require(
            found_secret(self.aws, self.names, found), lambda: tag_secret(self.aws, found.arn, tag)
        )
        return found

    def refuse_taken(self) -> None:
        """Before a creation: refuse where others have what would be made.

        ECS and Elastic Load Balancing answer the creation of something that is there with what is
        there: the stack would take it for its own, and delete it when it is undone.

        Raises:
            NotOurs: something of these names is there and not ours; it cannot be adopted.
            Inconclusive: whose it is may not be read.
        """
        found = [resource for resource in _of_our_names(self.aws, self.names) if resource.why]
        if found:
            raise refusal(found, self.names, adoptable=False)


def _is_our_shell(claims: Claims, stack: Stack) -> bool:
    """A stack that a plan began has no tags before it is carried out; its plans have them."""
    plans = cloudformation.change_sets(claims.aws, stack.id)
    tags = (cloudformation.read_change_set(claims.aws, stack.id, plan).tags for plan in plans)
    return bool(plans) and all(not why_not_ours(each, claims.names) for each in tags)


def found_secret(aws: Aws, names: Deployment, found: StoredSecret) -> FoundResource:
    """A secret as something that is ours, or why not."""
    why = why_not_ours(found.tags, names)
    # A replica carries the tags of its original: it is the other region's deployment's.
    if not why and found.primary_region not in (None, aws.region):
        why = f"it is a replica of the secret in {found.primary_region}"
    return FoundResource(kind="secret", name=names.secret, why=why)


def own_log_groups(names: Deployment) -> tuple[str, ...]:
    """The log groups of a deployment, by their exact names."""
    return (names.log_group, names.event_log_group)


def _of_our_names(aws: Aws, names: Deployment) -> Iterator[FoundResource]:
    """What is there under the names that a creation would use."""
    balancer, targets = names.load_balancer, names.target_group
    finds: tuple[tuple[str, str, Callable[[], Tagged | None]], ...] = (
        ("cluster", names.cluster, lambda: discovery.tagged_cluster(aws, names.cluster)),
        (
            "service",
            names.service,
            lambda: discovery.tagged_service(aws, names.cluster, names.service),
        ),
        ("load balancer", balancer, lambda: elbv2.tagged_load_balancer(aws, balancer)),
        ("target group", targets, lambda: elbv2.tagged_target_group(aws, targets)),
    )
    for kind, name, find in finds:
        with could_tell(f"the {kind} {name}"):
            found = find()
        if found is not None:
            yield FoundResource(kind=kind, name=name, why=why_not_ours(found.tags, names))
    for name in own_log_groups(names):
        with could_tell(f"the log group {name}"):
            group = find_log_group(aws, name)
        if group is not None:
            yield FoundResource(kind="log group", name=name, why=why_not_ours(group.tags, names))


def require_service(aws: Aws, names: Deployment, service: str | None = None) -> None:
    """Before a service is changed past its stack: it must carry the tag.

    Args:
        aws: where.
        names: the deployment's.
        service: which; by default the server's.

    Raises:
        NotOurs: the service of that name is not ours.
        Inconclusive: whose it is may not be read.
    """
    name = service or names.service
    with could_tell(f"the service {name}"):
        found = discovery.tagged_service(aws, names.cluster, name)
    why = why_not_ours(found.tags, names) if found else ""
    if why:
        raise refusal([FoundResource(kind="service", name=name, why=why)], names, adoptable=False)


@contextmanager
def could_tell(what: str) -> Iterator[None]:
    """Where it may not be read whose something is, say so: it is not touched.

    Raises:
        Inconclusive: the read was denied.
    """
    try:
        yield
    except ReadFailed as error:
        if error.kind != "denied":
            raise
        raise Inconclusive(
            f"Whose {what} is could not be told, so nothing was changed",
            f"{error.call}: {error.code}",
            f"Allow {error.action} for the identity in use, then run the command again.",
        ) from error


def refusal(
    found: Sequence[FoundResource], names: Deployment, *, adoptable: bool = True
) -> NotOurs:
    """The error that names what is not ours, why it is not touched, and the way on."""
    what = ", ".join(resource.description for resource in found)
    verb = "is" if len(found) == 1 else "are"
    way = f"Use another --name (`ash-ops deploy --name {names.prefix}-2` deploys beside it)."
    if adoptable:
        way += (
            " If it is this deployment's all the same, --adopt asks about each thing and tags it."
        )
    return NotOurs(
        f"{what[0].upper()}{what[1:]} {verb} not ours and {verb} left alone",
        "; ".join(f"{resource.name}: {resource.why}" for resource in found)
        + ". A name alone proves nothing",
        way,
    )
