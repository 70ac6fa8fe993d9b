"""Does the image exist, and for which processors? Asked of its registry before anything is created."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed
from ash_ops.snapshot.http_get import Fetch, get
from ash_ops.snapshot.readings.image import find_image
from ash_ops.snapshot.registry import parse_image

# The grammar of the distribution project (reference/regexp.go): a repository's parts are lower-case
# letters and digits, with single separators between them.
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_REGISTRY = rf"(?:{_LABEL}(?:\.{_LABEL})+(?::[0-9]{{1,5}})?|{_LABEL}:[0-9]{{1,5}}|localhost)"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_REGISTRY}/)?{_PART}(?:/{_PART})*)"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
    r"(?:@sha256:[0-9a-f]{64})?"
)
_LONGEST_NAME = 255
_NAMES = {"X86_64": "amd64", "ARM64": "arm64"}


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


def is_reference(text: str) -> bool:
    """Whether a text can be the name of an image."""
    match = _REFERENCE.fullmatch(text)
    return match is not None and len(match["name"]) <= _LONGEST_NAME


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


def look_up(aws: Aws, image: str, fetch: Fetch = get) -> ImageAnswer:
    """Ask the image's registry; never raises, for a registry that is down refuses nothing."""
    if not is_reference(image):
        return ImageAnswer(exists=False, reason="it is not the name of an image")
    try:
        found = find_image(aws, parse_image(image), fetch)
    except ReadFailed as error:
        return ImageAnswer(exists=None, reason=f"{error.call}: {error.message or error.code}")
    if found.exists is None:
        # A private image and one that does not exist look the same from outside.
        return ImageAnswer(exists=None, reason=f"the registry answered {found.status}")
    if not found.exists:
        what = "tag or digest" if found.repository_exists else "repository"
        return ImageAnswer(exists=False, reason=f"the registry has no such {what}")
    return ImageAnswer(exists=True, architectures=frozenset(found.architectures))
