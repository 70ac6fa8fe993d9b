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
    assert (state.repository_exists, state.status) == (True, 200)
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


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("nginx", "https://registry-1.docker.io/v2/library/nginx/manifests/latest"),
        ("r.io/a/b:1", "https://r.io/v2/a/b/manifests/1"),
        ("r.io/a:1@sha256:ab", "https://r.io/v2/a/manifests/sha256:ab"),
        ("localhost/a:1", "http://localhost/v2/a/manifests/1"),
        ("localhost:5000/a:1", "http://localhost:5000/v2/a/manifests/1"),
        ("127.0.0.1:5000/a:1", "http://127.0.0.1:5000/v2/a/manifests/1"),
        ("[::1]:5000/a:1", "http://[::1]:5000/v2/a/manifests/1"),
        ("127.0.0.1.r.io/a:1", "https://127.0.0.1.r.io/v2/a/manifests/1"),
        ("localhost.r.io/a:1", "https://localhost.r.io/v2/a/manifests/1"),
    ],
)
def test_a_manifest_is_asked_for_in_the_clear_on_this_machine_alone(
    reference: str, url: str
) -> None:
    registry = Registry(answer(404))
    look_up(parse_image(reference), registry)
    ((asked, headers),) = registry.asked
    assert asked == url
    accepted = headers["Accept"].split(", ")
    assert "application/vnd.oci.image.index.v1+json" in accepted
    assert "application/vnd.docker.distribution.manifest.list.v2+json" in accepted


@pytest.mark.parametrize(
    ("reference", "challenge", "asked"),
    [
        pytest.param(
            "r.io/a/b:1", 'Bearer realm="https://t.io/x"',
            "https://t.io/x?service=r.io&scope=repository%3Aa%2Fb%3Apull",
            id="what the challenge leaves out is the registry and its repository",
        ),
        pytest.param(
            "r.io/a/b:1", 'Bearer realm="https://t.io/x",service="s",scope="y"',
            "https://t.io/x?service=s&scope=y", id="what it says is sent back",
        ),
        pytest.param(
            "localhost:5000/a:1", 'Bearer realm="http://localhost:5000/x"',
            "http://localhost:5000/x?service=localhost%3A5000&scope=repository%3Aa%3Apull",
            id="a registry on this machine may hand out its tokens in the clear",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("member", ["token", "access_token"])
def test_a_token_is_asked_for_where_the_challenge_says(
    reference: str, challenge: str, asked: str, member: str
) -> None:
    registry = Registry(
        answer(401, www_authenticate=challenge), answer(200, {member: "t0"}), answer(404)
    )
    look_up(parse_image(reference), registry)
    assert registry.asked[1] == (asked, {})
    url, headers = registry.asked[2]
    assert url == registry.asked[0][0]
    assert headers == {**registry.asked[0][1], "Authorization": "Bearer t0"}


@pytest.mark.parametrize("body", [["t0"], {"token": 7}, {"token": ""}, {}, "t0"])
def test_what_is_no_token_is_not_sent(body: Any) -> None:
    registry = Registry(answer(401, www_authenticate=CHALLENGE), answer(200, body))
    state = look_up(Image("ghcr.io", "a/b", "1"), registry)
    assert (state.exists, state.status, len(registry.asked)) == (None, 401, 2)


def test_a_manifest_without_a_configuration_tells_no_processor() -> None:
    registry = Registry(
        answer(200, {}), answer(200, {"config": {"digest": "sha256:c"}}), answer(200, {})
    )
    for asked in (1, 3):
        state = look_up(Image("r.io", "a", "1"), registry)
        assert (state.exists, state.architectures, len(registry.asked)) == (True, (), asked)
    assert registry.asked[2][0] == "https://r.io/v2/a/blobs/sha256:c"
