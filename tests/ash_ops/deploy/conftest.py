"""An AWS session whose every call is answered by a script (botocore's Stubber)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.fix import actions as repairs
from ash_ops.deploy.fix import run as mending
from ash_ops.errors import UsageProblem
from tests.support.deploying import KEYS, FakeTime, settings_of
from tests.support.repair_world import World


@pytest.fixture
def time_() -> FakeTime:
    return FakeTime()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    for name in [n for n in os.environ if n.startswith(("AWS_", "ASH_", "ANTHROPIC_"))]:
        monkeypatch.delenv(name)
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return Aws(settings_of())


@pytest.fixture
def stub(aws: Aws) -> Iterator[Callable[[str], Stubber]]:
    """``stub("ecs")`` gives the script of a service's answers; all of them must be used up."""
    scripts: dict[str, Stubber] = {}
    with ExitStack() as stack:

        def script(service: str) -> Stubber:
            if service not in scripts:
                scripts[service] = stack.enter_context(Stubber(aws.client(service)))
            return scripts[service]

        yield script
        for made in scripts.values():
            made.assert_no_pending_responses()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Callable[..., World]:
    """A world in which the calls of repairs are caught."""

    def make(*looks: str, agrees: bool | UsageProblem = True) -> World:
        made = World(*looks, agrees=agrees)
        monkeypatch.setattr(repairs, "call", made.call)
        monkeypatch.setattr(mending, "split", made.split)
        return made

    return make
