"""An anonymous look-up of an image at its registry: is the tag there, for which processors.

The protocol is the OCI distribution specification's: ask for the manifest; a 401 names where to
get a token (``WWW-Authenticate: Bearer realm=...,service=...,scope=...``); ask again with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from msgspec.structs import replace

from ash_ops.aws.ecr import MANIFEST_TYPES, architectures
from ash_ops.facts.start import ImageState
from ash_ops.patterns import regex
from ash_ops.snapshot.http_get import Fetch, HttpAnswer

_DOCKER_HUB = "docker.io"
_LOCAL = regex(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?")


@dataclass(frozen=True, slots=True)
class Image:
    """An image reference taken apart, with the defaults that Docker fills in."""

    registry: str
    repository: str
    tag: str
    digest: str | None = None
    reference: str = field(default="", compare=False)

    @property
    def state(self) -> ImageState:
        """What is known of it before anybody was asked."""
        return ImageState(
            reference=self.reference,
            registry=self.registry,
            repository=self.repository,
            tag=self.tag,
        )

    @property
    def is_local(self) -> bool:
        """Whether the registry is on this machine, where plain HTTP is the custom."""
        return _LOCAL.fullmatch(self.registry) is not None


def parse_image(reference: str) -> Image:
    """Take a reference apart: ``[registry/]repository[:tag][@digest]``."""
    rest, _, digest = reference.strip().partition("@")
    first, slash, others = rest.partition("/")
    is_host = bool(slash) and ("." in first or ":" in first or first == "localhost")
    registry, path = (first, others) if is_host else (_DOCKER_HUB, rest)
    head, colon, tag = path.rpartition(":")
    repository = head if colon else path
    if registry == _DOCKER_HUB and "/" not in repository:
        repository = f"library/{repository}"
    named = tag if colon else ("" if digest else "latest")
    return Image(registry, repository, named, digest or None, reference)


def look_up(image: Image, fetch: Fetch) -> ImageState:
    """What the registry says.

    Raises:
        OSError: the registry cannot be reached.
        http.client.HTTPException: what answered is no registry.
    """
    host = "registry-1.docker.io" if image.registry == _DOCKER_HUB else image.registry
    base = f"{'http' if image.is_local else 'https'}://{host}/v2/{image.repository}"
    url = f"{base}/manifests/{image.digest or image.tag}"
    wanted = {"Accept": ", ".join(MANIFEST_TYPES)}
    answer = fetch(url, wanted)
    if answer.status == 401:
        token = _token(answer, image, fetch)
        answer = fetch(url, {**wanted, "Authorization": f"Bearer {token}"}) if token else answer
    return _state(replace(image.state, status=answer.status), answer, base, wanted, fetch)


def _token(refusal: HttpAnswer, image: Image, fetch: Fetch) -> str | None:
    told = dict(re.findall(r'(\w+)="([^"]*)"', refusal.headers.get("www-authenticate", "")))
    realm = told.get("realm", "")
    if not realm.startswith("https://") and not (image.is_local and realm.startswith("http://")):
        return None
    scope = told.get("scope") or f"repository:{image.repository}:pull"
    asked = {"service": told.get("service", image.registry), "scope": scope}
    answer = fetch(f"{realm}?{urlencode(asked)}", {})
    try:
        document = json.loads(answer.body)  # as it came: the token is sent on, and never shown
    except ValueError:
        return None
    token = (
        (document.get("token") or document.get("access_token"))
        if isinstance(document, dict)
        else None
    )
    return token if isinstance(token, str) else None


def _state(
    state: ImageState, answer: HttpAnswer, base: str, wanted: Mapping[str, str], fetch: Fetch
) -> ImageState:
    if answer.status == 404:
        codes = {str(e.get("code")) for e in answer.document().get("errors") or []}
        return replace(state, exists=False, repository_exists="NAME_UNKNOWN" not in codes)
    if answer.status != 200:
        return state  # 401, 403: private or not there, the registry will not say which
    found = architectures(answer.body) or _of_single(answer, base, wanted, fetch)
    return replace(
        state,
        exists=True,
        repository_exists=True,
        architectures=tuple(found),
        digest=answer.headers.get("docker-content-digest"),
    )


def _of_single(
    answer: HttpAnswer, base: str, headers: Mapping[str, str], fetch: Fetch
) -> list[str]:
    """The processor of an image that is no index: its configuration names it."""
    digest = (answer.document().get("config") or {}).get("digest")
    if not digest:
        return []
    config = fetch(f"{base}/blobs/{digest}", headers).document()
    return [str(config["architecture"])] if config.get("architecture") else []
