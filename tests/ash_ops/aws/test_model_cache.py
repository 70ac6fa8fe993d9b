"""The cache of trimmed models only ever saves time: without it everything works the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.loaders import Loader
from botocore.session import Session

from ash_ops.aws.client.model_cache import TrimmedLoader, may_be_used, trim
from ash_ops.aws.operations import BY_SERVICE


def files(directory: Path) -> dict[str, Path]:
    return {path.stem: path for path in directory.rglob("*.json")}


@pytest.mark.parametrize("service", BY_SERVICE)
def test_a_trimmed_model_makes_a_client_with_the_operations(service: str, tmp_path: Path) -> None:
    """Also a guard: an operation that botocore renames is missed here, not by a user."""
    core = Session()
    core.register_component("data_loader", TrimmedLoader(tmp_path))
    client = core.create_client(
        service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    assert set(client.meta.service_model.operation_names) == set(BY_SERVICE[service])


@pytest.mark.parametrize("service", ["ecs", "ec2", "elbv2"])
def test_the_shapes_kept_are_those_of_the_full_model(service: str) -> None:
    full = Loader().load_service_model(service, "service-2")
    small = trim(full, BY_SERVICE[service])
    assert len(small["shapes"]) < len(full["shapes"])
    for name, shape in small["shapes"].items():
        assert set(shape.get("members", ())) == set(full["shapes"][name].get("members", ()))


def test_a_member_called_documentation_is_no_documentation() -> None:
    model = {
        "operations": {"A": {"input": {"shape": "In"}, "documentation": "long"}},
        "shapes": {
            "In": {"type": "structure", "members": {"documentation": {"shape": "S"}}},
            "S": {"type": "string", "documentation": "long"},
        },
    }
    small = trim(model, ["A"])
    assert small["shapes"]["In"]["members"] == {"documentation": {"shape": "S"}}
    assert small["shapes"]["S"] == {"type": "string"}


def test_the_second_time_the_file_is_read(tmp_path: Path) -> None:
    TrimmedLoader(tmp_path).load_service_model("sts", "service-2")
    path = files(tmp_path)["sts"]
    assert botocore.__version__ in path.parent.name
    marked = json.loads(path.read_text())
    marked["service-2"]["version"] = "marked"
    path.write_text(json.dumps(marked))
    again = TrimmedLoader(tmp_path).load_service_model("sts", "service-2")
    assert again["version"] == "marked"


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text(""),
        lambda path: path.write_text("{}"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_bytes(path.read_bytes()[:200]),
        lambda path: path.write_bytes(b"\xff\xfe"),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_damaged_file_is_made_again(damage: Callable[[Path], Any], tmp_path: Path) -> None:
    TrimmedLoader(tmp_path).load_service_model("sts", "service-2")
    damage(files(tmp_path)["sts"])
    again = TrimmedLoader(tmp_path).load_service_model("sts", "service-2")
    assert "GetCallerIdentity" in again["operations"]


def test_where_nothing_can_be_written_it_works_all_the_same(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("in the way")
    model = TrimmedLoader(occupied).load_service_model("sts", "service-2")
    assert "GetCallerIdentity" in model["operations"]


def test_how_a_call_is_paged_is_read_from_the_trimmed_model(tmp_path: Path) -> None:
    """A client asks by its version; botocore would search the folders of all its services for that."""
    loader = TrimmedLoader(tmp_path)
    version = loader.load_service_model("ecs", "service-2")["metadata"]["apiVersion"]
    pages = loader.load_service_model("ecs", "paginators-1", version)["pagination"]
    whole = Loader().load_service_model("ecs", "paginators-1")["pagination"]
    assert pages == {name: whole[name] for name in BY_SERVICE["ecs"] if name in whole}
    assert "ListTasks" in pages


def test_other_services_and_versions_are_botocores_own(tmp_path: Path) -> None:
    loader = TrimmedLoader(tmp_path)
    assert "ListBuckets" in loader.load_service_model("s3", "service-2")["operations"]
    full = loader.load_service_model("ecs", "service-2", "2014-11-13")
    assert "CreateService" in full["operations"]


def test_a_users_own_models_are_not_hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AWS_DATA_PATH", raising=False)
    assert may_be_used()
    (tmp_path / ".aws" / "models").mkdir(parents=True)
    assert not may_be_used()
    monkeypatch.setenv("AWS_DATA_PATH", "/models")
    assert not may_be_used()
