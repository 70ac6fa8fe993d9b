"""What a service ran before: its last steady revision, as ECS itself kept it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ash_ops.aws import ecs
from ash_ops.aws.client.session import Aws
from ash_ops.aws.rollouts import rollouts, service_revisions
from ash_ops.deploy.plan.image import with_version
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.rollouts import ServiceRevision
from ash_ops.facts.services import Service

_REVISIONS_BACK = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A revision to go back to.

    Attributes:
        definition: the ARN of its task definition.
        image: the image that it ran; by its digest where the tag alone says another one now.
        why: why this one, in words.
    """

    definition: str
    image: str
    why: str

    @property
    def name(self) -> str:
        """Its task definition by its short name."""
        return self.definition.rsplit("/", 1)[-1]


def before_this(aws: Aws, service: Service, of_stack: str | None) -> Earlier:
    """The last steady revision before the one that a service runs.

    ECS keeps a service's deployments for 90 days (Amazon ECS, "View service history"). Where it tells
    of none, the stack's own revision counts, which CloudFormation saw steady; then task
    definitions, newest first.

    Args:
        aws: where.
        service: as it is.
        of_stack: the task definition that its stack wants.

    Raises:
        OpsError: there is no other.
        ReadFailed: task definitions may not be read.
    """
    current = ecs.require_revision(aws, service.runs).container.image
    found: Iterator[Earlier] = _candidates(aws, service, of_stack, current)
    earlier = next(found, None)
    if earlier is None:
        family = service.runs.rsplit("/", 1)[-1].rpartition(":")[0]
        raise OpsError(
            "There is nothing to go back to",
            f"no earlier revision of {family} that is still known ran another image than {current}",
            "Name a version: `ash-ops rollout TAG`.",
        )
    return earlier


def _candidates(
    aws: Aws, service: Service, of_stack: str | None, current: str
) -> Iterator[Earlier]:
    unread = ""
    try:
        yield from _steady(aws, service, of_stack, current)
    except ReadFailed as error:
        unread = f"; which was steady could not be read ({error.call}: {error.code})"
    if of_stack and of_stack != service.runs:
        image = _image(aws, of_stack)
        if image:
            why = f"the stack's own revision, which it saw steady{unread}"
            yield Earlier(definition=of_stack, image=image, why=why)
    yield from _older(aws, service, current, unread)


def _steady(aws: Aws, service: Service, of_stack: str | None, current: str) -> Iterator[Earlier]:
    """The steady revisions of other deployments than the present, newest first."""
    cluster = service.service_arn.split("/")[-2] if service.service_arn.count("/") > 1 else ""
    briefs = rollouts(aws, cluster, service.service_name)
    targets = list(dict.fromkeys(brief.target for brief in briefs if brief.target))
    known = {r.service_revision_arn: r for r in service_revisions(aws, targets)} if targets else {}
    present = next((known[t] for t in targets if _runs(known.get(t), service)), None)
    for brief in briefs:
        revision = known.get(brief.target)
        if revision is None or not revision.task_definition or not brief.is_steady:
            continue
        same = revision.task_definition == service.runs
        image = _image(aws, revision.task_definition)
        digest, now = _digest(revision), _digest(present)
        if image == current and digest and now and digest != now:
            image, same = with_version(current, digest), False  # the tag moved in between
        if image and not same and (image != current or revision.task_definition == of_stack):
            when = f", {brief.created_at:%Y-%m-%d %H:%M} UTC" if brief.created_at else ""
            yield Earlier(
                definition=revision.task_definition,
                image=image,
                why=f"the last that was steady before{when}",
            )


def _runs(revision: ServiceRevision | None, service: Service) -> bool:
    return revision is not None and revision.task_definition == service.runs


def _digest(revision: ServiceRevision | None) -> str | None:
    images = revision.container_images if revision else ()
    own = [each for each in images if each.container_name == "ash"]
    return next((each.image_digest for each in own or images), None)


def _image(aws: Aws, definition: str) -> str:
    """The image of a task definition; empty where it was deleted.

    Raises:
        ReadFailed: it may not be read.
    """
    try:
        return ecs.require_revision(aws, definition).container.image
    except ReadFailed as error:
        if error.kind == "denied":
            raise
        return ""


def _older(aws: Aws, service: Service, current: str, unread: str) -> Iterator[Earlier]:
    """Older task definitions with another image, newest first."""
    family, _, number = service.runs.rsplit("/", 1)[-1].rpartition(":")
    newest = int(number) - 1 if number.isdigit() else 0
    for revision in range(newest, max(0, newest - _REVISIONS_BACK), -1):
        image = _image(aws, f"{family}:{revision}")
        if image not in ("", current):
            why = f"the one before with another image{unread or '; nobody kept whether it was steady'}"
            yield Earlier(definition=f"{family}:{revision}", image=image, why=why)
