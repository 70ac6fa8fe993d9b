"""A fake AWS with a healthy deployment, and a session that talks to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.facts.snapshot import Snapshot
from ash_ops.settings import Options, Settings, load
from ash_ops.snapshot.collect import collect
from tests.ash_ops.fakes.aws import FakeAws
from tests.ash_ops.fakes.world import SECRET_KEY, world

Collect = Callable[..., Snapshot]
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAFAKEFAKEFAKEFAKE", "AWS_SECRET_ACCESS_KEY": "fake"}


@pytest.fixture(scope="session", autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads this machine's credentials or writes to its cache."""
    home: Path = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DATA_PATH"):
            patch.delenv(name, raising=False)
        yield


def settings_for(url: str, **variables: str) -> Settings:
    environ = {**KEYS, "AWS_REGION": "us-east-1", **variables}
    return load(Options(endpoint_url=url, env_file=None), environ)


# Seconds that no load of the machine makes an answer take, which come after a time only where none comes.
PATIENCE = 100.0


def session_for(fake: FakeAws, *, read_timeout: float = PATIENCE, **variables: str) -> Aws:
    return Aws(settings_for(fake.url, **variables), attempts=1, read_timeout=read_timeout)


@pytest.fixture(scope="module")
def shared_fake() -> Iterator[FakeAws]:
    with FakeAws(world(port=1)) as fake:
        yield fake


@pytest.fixture(scope="module")
def shared_aws(shared_fake: FakeAws) -> Aws:
    return session_for(shared_fake, ASH_API_KEY=SECRET_KEY)


@pytest.fixture(scope="module")
def hasty_aws(shared_fake: FakeAws) -> Aws:
    """For calls that nobody answers: what is silent is found out by waiting."""
    return session_for(shared_fake, ASH_API_KEY=SECRET_KEY, read_timeout=1.0)


@pytest.fixture
def look(
    shared_fake: FakeAws, shared_aws: Aws, request: pytest.FixtureRequest
) -> Iterator[Collect]:
    """Collect from the fake, with answers or faults changed for this test alone."""

    def collected(
        answers: dict[str, Any] | None = None, faults: dict[str, str] | None = None, **options: Any
    ) -> Snapshot:
        shared_fake.answers = world(port=1) | (answers or {})
        shared_fake.faults = faults or {}
        shared_fake.calls.clear()
        given = {"probe": False, "timeout": PATIENCE} | options
        silent = "silent" in shared_fake.faults.values()
        aws = request.getfixturevalue("hasty_aws") if silent else shared_aws
        return collect(aws, aws.settings.deployment, **given)

    yield collected
    shared_fake.faults = {}
