"""Does the image exist, and for which processors? Asked of the registry before anything is created.

The registry API is the OCI distribution specification's: a manifest by tag or digest, and a
bearer token from the place that the 401 names (public images hand it out to anyone).
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ash_ops.aws.calls import call
from ash_ops.aws.session import Aws
from ash_ops.errors import ReadFailed

_ECR = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
_REFERENCE = re.compile(
    r"(?:(?P<host>[\w.-]+\.[\w.-]+(?::\d+)?|localhost(?::\d+)?|[\w.-]+:\d+)/)?"
    r"(?P<repository>[a-z0-9][a-z0-9._/-]*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_KINDS = (
    "application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json"
)
_TIMEOUT = 1.5
_NAMES = {"X86_64": "amd64", "ARM64": "arm64"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReference:
    """The parts of an image's name."""

    host: str | None
    repository: str
    tag: str | None
    digest: str | None

    @property
    def version(self) -> str:
        """What is asked of the registry: the digest, else the tag, else ``latest``."""
        return self.digest or self.tag or "latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAnswer:
    """What a registry said.

    Attributes:
        exists: ``None`` when it could not be found out.
        architectures: ``amd64``, ``arm64`` ...; empty when the registry did not tell.
        reason: why it does not exist, or could not be found out.
    """

    exists: bool | None
    architectures: frozenset[str] = frozenset()
    reason: str = ""

    def runs_on(self, architecture: str) -> bool | None:
        """Whether there is an image for ``X86_64`` or ``ARM64``; ``None`` when unknown."""
        if not self.architectures:
            return None
        return _NAMES[architecture] in self.architectures


def parse_image(text: str) -> ImageReference | None:
    """The parts of an image's name; ``None`` when it is none."""
    match = _REFERENCE.fullmatch(text)
    return ImageReference(**match.groupdict()) if match else None


def with_version(image: str, version: str) -> str:
    """The same image in another version.

    Args:
        image: the image in use, for instance ``ghcr.io/ash-ai-org/ash:0.2.0``.
        version: a tag, a ``sha256:`` digest, or a whole other image with its registry.
    """
    if "/" in version:
        return version
    bare = image.split("@", 1)[0]
    head, colon, tail = bare.rpartition(":")
    name = head if colon and "/" not in tail else bare
    return f"{name}@{version}" if version.startswith("sha256:") else f"{name}:{version}"


def look_up(aws: Aws, image: str, *, scheme: str = "https") -> ImageAnswer:
    """Ask the image's registry; never raises, for a registry that is down refuses nothing."""
    reference = parse_image(image)
    if reference is None:
        return ImageAnswer(exists=False, reason="it is not the name of an image")
    if reference.host is None:
        return ImageAnswer(exists=None, reason="it names no registry")
    ecr = _ECR.fullmatch(reference.host)
    if ecr:
        return _ask_ecr(aws, reference, ecr[1], ecr[2])
    try:
        return _ask_registry(reference, scheme)
    except urllib.error.HTTPError as error:
        return _refused(error)
    except (OSError, ValueError) as error:
        return ImageAnswer(exists=None, reason=f"{reference.host}: {type(error).__name__}")


def _ask_ecr(aws: Aws, reference: ImageReference, account: str, region: str) -> ImageAnswer:
    key = {"imageDigest": reference.digest} if reference.digest else {"imageTag": reference.version}
    try:
        found = call(
            aws,
            "ecr",
            "describe_images",
            registryId=account,
            repositoryName=reference.repository,
            imageIds=[key],
        )
    except ReadFailed as error:
        missing = error.kind == "missing"
        return ImageAnswer(exists=False if missing else None, reason=f"{error.call}: {error.code}")
    if not found.get("imageDetails"):
        return ImageAnswer(
            exists=False, reason=f"no such image in {reference.repository} ({region})"
        )
    return ImageAnswer(exists=True)


def _ask_registry(reference: ImageReference, scheme: str) -> ImageAnswer:
    url = f"{scheme}://{reference.host}/v2/{reference.repository}/manifests/{reference.version}"
    try:
        manifest = _get(url, None)
    except urllib.error.HTTPError as error:
        if error.code != 401:
            raise
        manifest = _get(url, _token(error.headers.get("WWW-Authenticate", "")))
    return ImageAnswer(exists=True, architectures=_architectures(manifest))


def _get(url: str, token: str | None) -> dict[str, Any]:
    headers = {"Accept": _KINDS, **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # built from https above
    with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310  # as above
        document = json.loads(answer.read(4_000_000))
    if not isinstance(document, dict):
        raise ValueError("the registry's answer is not an object")
    return document


def _token(challenge: str) -> str:
    parts = dict(_CHALLENGE.findall(challenge))
    realm = parts.pop("realm", "")
    if not realm.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ValueError("the registry names no place to get a token")
    return str(_get(f"{realm}?{urlencode(parts)}", None).get("token", ""))


def _architectures(manifest: Mapping[str, Any]) -> frozenset[str]:
    platforms = (item.get("platform") or {} for item in manifest.get("manifests") or ())
    found = (str(platform.get("architecture", "")) for platform in platforms)
    return frozenset(name for name in found if name and name != "unknown")


def _refused(error: urllib.error.HTTPError) -> ImageAnswer:
    if error.code == 404:
        return ImageAnswer(exists=False, reason="the registry has no such tag or digest")
    # A private image and one that does not exist look the same from outside.
    return ImageAnswer(exists=None, reason=f"the registry answered {error.code}")
