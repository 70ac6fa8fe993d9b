"""One look: how long it may take, what it asks of the server unasked, and whose clock it believes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ash_client.testing import AshServer
from ash_ops.aws.client.session import Aws
from ash_ops.facts.snapshot import READINGS
from ash_ops.names import Deployment
from ash_ops.snapshot import collect as module
from ash_ops.snapshot.collect import collect
from ash_ops.snapshot.fan_out import Run
from ash_ops.snapshot.http_get import get
from ash_ops.snapshot.probe import Ladder, ask_public_ip
from ash_ops.snapshot.server_alone import ask_server
from tests.ash_ops.fakes.aws import FakeAws
from tests.ash_ops.fakes.world import SECRET_KEY, world
from tests.ash_ops.snapshot.conftest import PATIENCE, session_for, settings_for

STARTED = 1000.0
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        pytest.param({"timeout": 20.0}, 19.0, id="a twentieth is kept for the snapshot"),
        pytest.param({"timeout": 20.0, "canary": True}, 94.0, id="a session may take 75 s more"),
        pytest.param({}, 14.25, id="15 s where nobody said"),
    ],
)
def test_the_calls_have_the_time_that_was_allowed_and_the_work_to_do_meanwhile(
    shared_aws: Aws, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], seconds: float
) -> None:
    given: list[tuple[float, object]] = []
    work = iter(["a piece"])

    class Stopped(Exception):
        """Nothing need be read."""

    def finish(_: Run, deadline: float, meanwhile: object) -> None:
        given.append((deadline - STARTED, meanwhile))
        raise Stopped

    monkeypatch.setattr(Run, "finish", finish)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: STARTED))
    with pytest.raises(Stopped):
        collect(shared_aws, Deployment(), probe=False, meanwhile=work, **options)
    assert given == [(pytest.approx(seconds), work)]


@pytest.mark.parametrize(
    ("options", "asked", "made"),
    [
        pytest.param({}, True, 0, id="a usual look asks the server and changes nothing there"),
        pytest.param({"canary": True}, True, 1, id="a session is made where it was asked for"),
        pytest.param({"probe": False}, False, 0, id="and nothing where the server is not to be asked"),
    ],
)  # fmt: skip
def test_what_a_look_does_at_the_server(options: dict[str, Any], asked: bool, made: int) -> None:
    there = AshServer(api_key=SECRET_KEY, agents=["poet"])
    with there as server, FakeAws(world(port=server.port)) as fake:
        aws = session_for(fake, ASH_API_KEY=SECRET_KEY)
        snapshot = collect(aws, aws.settings.deployment, timeout=PATIENCE, **options)
        heard = [(each.method, each.path) for each in server.requests]
    assert bool(heard) is asked
    assert heard.count(("POST", "/api/sessions")) == made
    assert (snapshot.probe.value is not None) is asked


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (None, ""),
        (0.0, ""),
        (44.9, ""),
        (-44.9, ""),
        (45.0, "1 min behind AWS's"),
        (-45.0, "1 min ahead of AWS's"),
        (100.0, "2 min behind AWS's"),
        (-7200.0, "120 min ahead of AWS's"),
    ],
)
def test_a_clock_is_corrected_from_45_seconds_on(ahead: float | None, words: str) -> None:
    """The Date of an answer is cut to the second, and the answer may have been under way."""
    by = None if ahead is None else timedelta(seconds=ahead)
    context: Any = SimpleNamespace(aws=SimpleNamespace(ahead=by), limits=[])
    correction = module._correction(context)
    assert correction == (by if words else timedelta(0))
    told = f"this machine's clock is {words}: all times are AWS's, put right by the Date of its answers"
    assert context.limits == ([told] if words else [])


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:4566"])
def test_an_emulator_has_no_registry_and_no_public_address(url: str | None) -> None:
    aws: Any = SimpleNamespace(settings=SimpleNamespace(endpoint_url=url))
    assert module._usual_fetch(aws) is (get if url is None else None)
    usual = module._usual_ladder(aws, canary=False)
    assert (usual.public_ip is ask_public_ip) is (url is None)
    assert usual.canary is None
    assert module._usual_ladder(aws, canary=True).canary is not None


def test_of_the_server_alone_all_of_aws_is_left_out_and_says_so() -> None:
    settings = settings_for(
        "http://127.0.0.1:9", ASH_API_KEY=SECRET_KEY, ASH_OPS_NAME="ash-two", AWS_REGION="eu-west-3"
    )
    with AshServer(api_key=SECRET_KEY) as server:
        found = ask_server(settings, server.url, NOON, Ladder(public_ip=None))
    assert (found.taken_at, found.deployment.url) == (NOON, server.url)
    names = found.deployment
    assert (names.name, names.region) == ("ash-two", "eu-west-3")
    assert (names.cluster, names.service, names.log_group) == (
        "ash-two", "ash-two-runtime", "/ash-two/runtime",
    )  # fmt: skip
    for name in READINGS:
        reading = getattr(found, name)
        assert reading.at == NOON
        if name not in {"probe", "local_key"}:
            assert (reading.call, reading.value) == (f"local:{name}", None)
            assert reading.gap is not None
            assert (reading.gap.kind, reading.gap.message) == (
                "skipped", "only the server was asked",
            )  # fmt: skip
    rungs = {rung.name: rung.outcome for rung in found.probe.get().rungs}
    assert (rungs["tcp"], rungs["health"], rungs["auth"]) == ("ok", "ok", "ok")
    assert found.local_key.call == "local:ASH_API_KEY"
    assert found.local_key.get().origin == "environment"
    assert found.local_key.get().deployed_fingerprint is None
