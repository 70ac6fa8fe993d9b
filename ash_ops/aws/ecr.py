"""What ECR says about an image."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ash_ops import redact
from ash_ops.aws import operations as op
from ash_ops.aws.calls import Answer, call, rows
from ash_ops.aws.client.session import Aws
from ash_ops.patterns import regex

_ECR_HOST = regex(r"(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")


def ecr_home(registry: str) -> tuple[str, str] | None:
    """Account and region of a private ECR registry, or ``None`` for any other registry."""
    found = _ECR_HOST.fullmatch(registry)
    return (found[1], found[2]) if found else None


def ecr_image(aws: Aws, registry: str, repository: str, image_id: Mapping[str, str]) -> Answer:
    """The image's manifest and digest.

    Raises:
        ReadFailed: of kind ``missing`` when the repository does not exist.
    """
    account, region = ecr_home(registry) or ("", aws.region)
    answer = call(
        aws,
        op.BATCH_GET_IMAGE,
        region=region,
        registryId=account,
        repositoryName=repository,
        imageIds=[dict(image_id)],
        acceptedMediaTypes=list(MANIFEST_TYPES),
    )
    return next(iter(answer.get("images") or []), {})


MANIFEST_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


def architectures(manifest: str | bytes) -> list[str]:
    """The processors an image index names; none for a manifest of a single image."""
    try:
        document: Any = redact.document(json.loads(manifest))
    except ValueError:
        return []
    rows = document.get("manifests") if isinstance(document, Mapping) else None
    named = [(row.get("platform") or {}).get("architecture") for row in rows or []]
    return sorted({name for name in named if name and name != "unknown"})


def stored_bytes(aws: Aws, repository: str) -> int:
    """How much the images of a repository of this account take.

    Raises:
        ReadFailed: ECR did not answer.
    """
    found = rows(aws, op.DESCRIBE_IMAGES, repositoryName=repository)
    return sum(int(image.get("imageSizeInBytes", 0)) for image in found)
