"""The calls made without a service client: where they go, and what their failures mean."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session

from ash_ops.aws.light import LOGS, Identity, JsonApi, endpoint_of
from ash_ops.errors import ReadFailed
from ash_ops.settings import Options, load
from tests.bench.logs_standin import StandIn
from tests.bench.logs_world import Faults, World

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
}


PARTITIONS = Session().get_component("data_loader").load_data("partitions")["partitions"]


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition["id"])
def test_every_region_has_the_domain_that_botocore_knows(partition: dict[str, Any]) -> None:
    settings = load(Options(), KEYS)
    for region in partition["regions"]:
        if region.endswith("-global"):
            continue  # not a place: logs are in none of them
        expected = f"https://logs.{region}.{partition['outputs']['dnsSuffix']}"
        assert endpoint_of("logs", settings, region) == expected


def test_a_configured_endpoint_goes_first() -> None:
    settings = load(Options(), KEYS | {"AWS_ENDPOINT_URL_LOGS": "http://127.0.0.1:1/"})
    assert endpoint_of("logs", settings, "us-east-1") == "http://127.0.0.1:1"
    assert endpoint_of("ecs", settings, "us-east-1") == "https://ecs.us-east-1.amazonaws.com"


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
        api = JsonApi(LOGS, Identity(load(Options(endpoint_url=standin.url), KEYS)))
        with pytest.raises(ReadFailed) as caught:
            api.call("FilterLogEvents", {"logGroupName": "/ash-cloud/runtime"})
    assert caught.value.kind == kind
    assert caught.value.call == "logs:FilterLogEvents"


def test_no_one_there_is_unreachable() -> None:
    with StandIn(World([], Faults(), 0.0)) as standin:
        url = standin.url
    api = JsonApi(LOGS, Identity(load(Options(endpoint_url=url), KEYS)))
    with pytest.raises(ReadFailed) as caught:
        api.call("FilterLogEvents", {})
    assert caught.value.kind == "unreachable"
    assert "not-a-secret" not in str(caught.value)
