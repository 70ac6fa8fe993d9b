"""The calls made without a service client: where they go, and what their failures mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session

from ash_ops.aws import operations as op
from ash_ops.aws.client.json_api import JsonApi, RenewableCredentials, plain_endpoint
from ash_ops.aws.client.session import Aws
from ash_ops.errors import ReadFailed, UsageProblem
from ash_ops.settings import Options, load
from tests.bench.logs_standin import StandIn
from tests.bench.logs_world import Faults, World

Patch = pytest.MonkeyPatch
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
}


PARTITIONS = Session().get_component("data_loader").load_data("partitions")["partitions"]


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition["id"])
def test_every_region_has_the_domain_that_botocore_knows(partition: dict[str, Any]) -> None:
    for region in partition["regions"]:
        if region.endswith("-global"):
            continue  # not a place: logs are in none of them
        expected = f"https://logs.{region}.{partition['outputs']['dnsSuffix']}"
        assert plain_endpoint("logs", region) == expected


def test_a_configured_endpoint_goes_first() -> None:
    settings = load(Options(), KEYS | {"AWS_ENDPOINT_URL_LOGS": "http://127.0.0.1:1/"})
    credentials = RenewableCredentials(settings)
    assert credentials.endpoint("logs") == "http://127.0.0.1:1"
    assert credentials.endpoint("ecs") == "https://ecs.us-east-1.amazonaws.com"


@pytest.mark.parametrize("service", ["logs", "ecs"])
@pytest.mark.parametrize("where", ["environment", "config file"])
@pytest.mark.parametrize(
    "special",
    [{"FIPS": "true"}, {"DUALSTACK": "true"}, {"FIPS": "true", "DUALSTACK": "true"}, {}],
    ids="+".join,
)
def test_the_logs_ask_at_the_endpoint_at_which_the_doctor_asks(
    service: str, where: str, special: dict[str, str], tmp_path: Path, monkeypatch: Patch
) -> None:
    """FIPS and dual-stack are a matter of compliance, whatever makes the call."""
    variables = {f"AWS_USE_{name}_ENDPOINT": value for name, value in special.items()}
    if where == "config file":
        lines = [f"{name.lower().removeprefix('aws_')} = {v}" for name, v in variables.items()]
        config = tmp_path / "config"
        config.write_text("\n".join(["[default]", *lines]))
        variables = {"AWS_CONFIG_FILE": str(config)}
    else:
        variables["AWS_CONFIG_FILE"] = str(tmp_path / "none")
    for name, value in (KEYS | variables).items():
        monkeypatch.setenv(name, value)
    settings = load(Options(), KEYS | variables)
    found = RenewableCredentials(settings).endpoint(service)
    assert found == Aws(settings).endpoint(service).rstrip("/")
    assert ("fips" in found) is ("FIPS" in special)
    assert found.endswith(".api.aws") is ("DUALSTACK" in special)


def test_a_region_without_such_an_endpoint_is_told_in_plain_words(monkeypatch: Patch) -> None:
    variables = {"AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_REGION": "eu-isoe-west-1"}
    for name, value in (KEYS | variables).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageProblem, match="no endpoint of this sort in eu-isoe-west-1"):
        RenewableCredentials(load(Options(), KEYS | variables)).endpoint("logs")


@pytest.mark.parametrize(
    ("faults", "kind"),
    [
        (Faults(throttled=1.0), "throttled"),
        (Faults(server_error=1.0), "unavailable"),
        (Faults(dropped=1.0), "unreachable"),
        (Faults(expired_between=(0.0, 1e11)), "expired"),
    ],
)
def test_each_failure_has_its_kind(faults: Faults, kind: str) -> None:
    with StandIn(World([], faults, 0.0), latency=0.0) as standin:
        api = JsonApi("logs", RenewableCredentials(load(Options(endpoint_url=standin.url), KEYS)))
        with pytest.raises(ReadFailed) as caught:
            api.call(op.FILTER_LOG_EVENTS, {"logGroupName": "/ash-cloud/runtime"})
    assert caught.value.kind == kind
    assert caught.value.call == "logs:FilterLogEvents"


def test_no_one_there_is_unreachable() -> None:
    with StandIn(World([], Faults(), 0.0)) as standin:
        url = standin.url
    api = JsonApi("logs", RenewableCredentials(load(Options(endpoint_url=url), KEYS)))
    with pytest.raises(ReadFailed) as caught:
        api.call(op.FILTER_LOG_EVENTS, {})
    assert caught.value.kind == "unreachable"
    assert "not-a-secret" not in str(caught.value)
