"""An image is looked up as its registry's protocol says, with the defaults Docker has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ash_ops.snapshot.http_get import HttpAnswer
from ash_ops.snapshot.registry import Image, look_up, parse_image

INDEX = {
    "manifests": [
        {"platform": {"architecture": "amd64", "os": "linux"}},
        {"platform": {"architecture": "arm64", "os": "linux"}},
        {"platform": {"architecture": "unknown", "os": "unknown"}},
    ]
}


@pytest.mark.parametrize(
    ("reference", "image"),
    [
        ("ghcr.io/ash-ai-org/ash:0.2.0", Image("ghcr.io", "ash-ai-org/ash", "0.2.0")),
        ("ghcr.io/ash-ai-org/ash", Image("ghcr.io", "ash-ai-org/ash", "latest")),
        ("nginx", Image("docker.io", "library/nginx", "latest")),
        ("ashai/ash:1", Image("docker.io", "ashai/ash", "1")),
        ("localhost:5000/ash:1", Image("localhost:5000", "ash", "1")),
        ("localhost/ash", Image("localhost", "ash", "latest")),
        ("r.io/a@sha256:ab", Image("r.io", "a", "", "sha256:ab")),
        ("r.io/a:1@sha256:ab", Image("r.io", "a", "1", "sha256:ab")),
    ],
)
def test_a_reference_is_taken_apart(reference: str, image: Image) -> None:
    assert parse_image(reference) == image


class Registry:
    """Answers as told, and remembers what it was asked."""

    def __init__(self, *answers: HttpAnswer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def __call__(self, url: str, headers: Mapping[str, str]) -> HttpAnswer:
        self.asked.append((url, headers))
        return self.answers.pop(0)


def answer(status: int, body: Any = None, **headers: str) -> HttpAnswer:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return HttpAnswer(status, named, json.dumps(body).encode())


CHALLENGE = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a/b:pull"'


def test_a_public_image_is_found_with_an_anonymous_token() -> None:
    registry = Registry(
        answer(401, www_authenticate=CHALLENGE),
        answer(200, {"token": "t0"}),
        answer(200, INDEX, docker_content_digest="sha256:1"),
    )
    state = look_up(Image("ghcr.io", "a/b", "1"), registry)
    assert (state.exists, state.architectures) == (True, ("amd64", "arm64"))
    assert state.digest == "sha256:1"
    urls = [url for url, _ in registry.asked]
    assert urls[0] == "https://ghcr.io/v2/a/b/manifests/1"
    assert urls[1].startswith("https://ghcr.io/token?service=ghcr.io&scope=repository")
    assert registry.asked[2][1]["Authorization"] == "Bearer t0"


def test_the_processor_of_an_image_without_index_is_in_its_configuration() -> None:
    registry = Registry(
        answer(200, {"config": {"digest": "sha256:c"}}), answer(200, {"architecture": "arm64"})
    )
    assert look_up(Image("r.io", "a", "1"), registry).architectures == ("arm64",)


@pytest.mark.parametrize(
    ("final", "exists", "repository"),
    [
        (answer(404, {"errors": [{"code": "MANIFEST_UNKNOWN"}]}), False, True),
        (answer(404, {"errors": [{"code": "NAME_UNKNOWN"}]}), False, False),
        (answer(403, {"errors": [{"code": "DENIED"}]}), None, None),
        (answer(429), None, None),
        (answer(500), None, None),
    ],
)
def test_only_a_404_means_that_it_is_not_there(
    final: HttpAnswer, exists: bool | None, repository: bool | None
) -> None:
    state = look_up(Image("r.io", "a", "1"), Registry(final))
    assert (state.exists, state.repository_exists) == (exists, repository)


def test_a_registry_that_gives_no_token_has_not_said_anything() -> None:
    registry = Registry(
        answer(401, www_authenticate=CHALLENGE), answer(403, {"errors": []}), answer(401)
    )
    assert look_up(Image("ghcr.io", "a/b", "1"), registry).exists is None


def test_a_token_is_not_asked_for_in_the_clear() -> None:
    registry = Registry(answer(401, www_authenticate='Bearer realm="http://evil/token"'))
    assert look_up(Image("r.io", "a", "1"), registry).exists is None
    assert len(registry.asked) == 1
