"""The image of the Ash container: does its tag exist, and for which processors."""

from __future__ import annotations

import http.client

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.aws.ecr import architectures, ecr_home, ecr_image
from ash_ops.errors import ReadFailed
from ash_ops.facts.start import ImageState
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Absent
from ash_ops.snapshot.http_get import Fetch, get
from ash_ops.snapshot.registry import Image, look_up, parse_image

CALL = "registry:GetManifest"


@reading(op.BATCH_GET_IMAGE, after=("task_definition",), call=CALL, patience=3.0)
def image(context: ReadingContext) -> ImageState:
    """What ECR, or the registry asked without credentials, says about it."""
    definition: TaskDefinition = context.need("task_definition")
    container = definition.container()
    if container is None or not container.image:
        raise Absent("image")
    return find_image(context.aws, parse_image(container.image), context.fetch)


def find_image(aws: Aws, image: Image, fetch: Fetch | None) -> ImageState:
    """Whether an image exists, and for which processors: asked of ECR, or of its registry.

    Raises:
        ReadFailed: it could not be found out.
    """
    return _in_ecr(aws, image) if ecr_home(image.registry) else _at_registry(image, fetch)


def _in_ecr(aws: Aws, image: Image) -> ImageState:
    image_id = {"imageDigest": image.digest} if image.digest else {"imageTag": image.tag}
    try:
        found = ecr_image(aws, image.registry, image.repository, image_id)
    except ReadFailed as failure:
        if failure.code != "RepositoryNotFoundException":
            raise
        return replace(image.state, exists=False, repository_exists=False)
    return replace(
        image.state,
        exists=bool(found),
        repository_exists=True,
        digest=(found.get("imageId") or {}).get("imageDigest"),
        architectures=tuple(architectures(found.get("imageManifest") or "")),
    )


def _at_registry(image: Image, fetch: Fetch | None) -> ImageState:
    if fetch is None and image.is_local:
        fetch = get
    if fetch is None:
        raise ReadFailed(CALL, "skipped", "", "the registry is not asked in this run")
    try:
        return look_up(image, fetch)
    except (OSError, http.client.HTTPException, ValueError) as error:
        kind = "timeout" if isinstance(error, TimeoutError) else "unreachable"
        raise ReadFailed(CALL, kind, type(error).__name__, f"{image.registry}: {error}") from error
