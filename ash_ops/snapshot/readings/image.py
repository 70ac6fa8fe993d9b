"""The image of the Ash container: does its tag exist, and for which processors."""

from __future__ import annotations

import http.client
from typing import Any

from ash_ops.aws.ecr import architectures, ecr_home, ecr_image
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.snapshot.context import ReadingContext, Row
from ash_ops.snapshot.fan_out import Absent
from ash_ops.snapshot.http_get import Fetch, get
from ash_ops.snapshot.registry import Image, look_up, parse_image

CALL = "registry:GetManifest"


def image(context: ReadingContext, fetch: Fetch | None) -> Row:
    """What ECR, or the registry asked without credentials, says about it.

    Args:
        context: the readings so far.
        fetch: asks a registry; ``None`` where only a registry on this machine may be asked.
    """
    reference = container_of(context.need("task_definition")).get("image")
    if not reference:
        raise Absent("image")
    parsed = parse_image(reference)
    found = find_image(context.aws, parsed, fetch)
    named = {"registry": parsed.registry, "repository": parsed.repository, "tag": parsed.tag}
    return {"reference": reference, **named, **found}


def find_image(aws: Aws, image: Image, fetch: Fetch | None) -> dict[str, Any]:
    """Whether an image exists, and for which processors: asked of ECR, or of its registry.

    Raises:
        ReadFailed: it could not be found out.
    """
    return _in_ecr(aws, image) if ecr_home(image.registry) else _at_registry(image, fetch)


def container_of(definition: Row, name: str = "ash") -> Row:
    """The Ash container of a task definition: the one of that name, else the first essential."""
    containers = definition.get("containerDefinitions") or []
    named = [row for row in containers if row.get("name") == name]
    essential = [row for row in containers if row.get("essential") is not False]
    return next(iter(named or essential), {})


def _in_ecr(aws: Aws, image: Image) -> dict[str, Any]:
    image_id = {"imageDigest": image.digest} if image.digest else {"imageTag": image.tag}
    try:
        found = ecr_image(aws, image.registry, image.repository, image_id)
    except ReadFailed as failure:
        if failure.code != "RepositoryNotFoundException":
            raise
        return {"exists": False, "repository_exists": False}
    digest = (found.get("imageId") or {}).get("imageDigest")
    names = tuple(architectures(found.get("imageManifest") or ""))
    return {
        "exists": bool(found),
        "repository_exists": True,
        "digest": digest,
        "architectures": names,
    }


def _at_registry(image: Image, fetch: Fetch | None) -> dict[str, Any]:
    if fetch is None and image.is_local:
        fetch = get
    if fetch is None:
        raise ReadFailed(CALL, "skipped", "", "the registry is not asked in this run")
    try:
        return look_up(image, fetch)
    except (OSError, http.client.HTTPException, ValueError) as error:
        kind = "timeout" if isinstance(error, TimeoutError) else "unreachable"
        raise ReadFailed(CALL, kind, type(error).__name__, f"{image.registry}: {error}") from error
