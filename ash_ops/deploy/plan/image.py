"""Names of images: what can be one, and the same image in another version."""

from __future__ import annotations

import re

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
