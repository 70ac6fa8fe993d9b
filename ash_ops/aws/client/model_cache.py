"""Service models cut down to the operations ash-ops makes, kept in the user's cache.

botocore unpacks and parses whole service models (EC2's alone takes a tenth of a second) to make a
client. The cache holds the same models, from the *installed* botocore, without the operations that
are not in ``operations``; it is keyed by botocore's version and that table. It mends itself: a
file that is missing, damaged or of another version is made again from the full model, and where
nothing can be written the full model is used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import botocore
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from msgspec.json import decode, encode

from ash_ops.aws.operations import BY_SERVICE
from ash_ops.cache import cache_directory, write_at_once

# How endpoints.json names the services (a test compares with their models).
_ENDPOINTS = (frozenset(BY_SERVICE) - {"cloudwatch", "ecr", "efs", "elbv2", "pricing"}) | {
    "api.ecr",
    "api.pricing",
    "elasticfilesystem",
    "elasticloadbalancing",
    "monitoring",
    "servicequotas",
}
_FORMAT = 3
# Clients ask for it by the version of their own model, which is the trimmed one. botocore's own search
# for it reads the folders of all 400 services: 7 ms of CPU, at the first call of each thread.
_PAGES = "paginators-1"


class TrimmedLoader(Loader):
    """A loader that hands out trimmed models of the services in ``operations``.

    Args:
        directory: where they are kept; by default below the user's cache directory.
    """

    def __init__(self, directory: Path | None = None) -> None:
        super().__init__()
        self._directory = (directory or cache_directory() / "models") / _key()
        self._models: dict[str, dict[str, Any]] = {}
        self._endpoints: dict[str, Any] | None = None

    def load_service_model(
        self, service_name: str, type_name: str, api_version: str | None = None
    ) -> Any:
        """As botocore's own, but trimmed where it can be."""
        is_whole = api_version is not None and type_name != _PAGES
        if service_name not in BY_SERVICE or is_whole:
            return super().load_service_model(service_name, type_name, api_version)
        models = self._models.get(service_name) or self._of(service_name)
        if type_name in models:
            return models[type_name]
        return super().load_service_model(service_name, type_name, api_version)

    def load_data_with_path(self, name: str) -> Any:
        """As botocore's own, but for the regions' endpoints: only those of these services."""
        if name != "endpoints":
            return super().load_data_with_path(name)
        if self._endpoints is None:
            self._endpoints = self._cached("endpoints", self._trimmed_endpoints)
        return self._endpoints, str(self._directory)

    def _of(self, service: str) -> dict[str, Any]:
        models = self._cached(service, lambda: self._trimmed(service))
        self._models[service] = models
        return models

    def _cached(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        path = self._directory / f"{name}.json"
        found = _read(path)
        if found is None:
            found = make()
            with suppress(OSError):
                write_at_once(path, encode(found))
        return found

    def _trimmed_endpoints(self) -> dict[str, Any]:
        full = super().load_data_with_path("endpoints")[0]
        partitions = [
            {**row, "services": {k: v for k, v in row["services"].items() if k in _ENDPOINTS}}
            for row in full["partitions"]
        ]
        return {**full, "partitions": partitions}

    def _trimmed(self, service: str) -> dict[str, Any]:
        full = Loader().load_service_model(service, "service-2")  # this one would keep it
        names = sorted(BY_SERVICE[service])
        models = {"service-2": trim(full, names)}
        pages: Mapping[str, Any] = {}
        with suppress(DataNotFoundError):  # a service without pages has no such file
            pages = super().load_service_model(service, _PAGES)["pagination"]
        models[_PAGES] = {"pagination": {n: pages[n] for n in names if n in pages}}
        with suppress(DataNotFoundError):
            models["endpoint-rule-set-1"] = super().load_service_model(
                service, "endpoint-rule-set-1"
            )
        return models


def trim(model: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A service model with only these operations and the shapes they need; no documentation."""
    operations = {n: _bare(model["operations"][n]) for n in names if n in model["operations"]}
    shapes: dict[str, Any] = {}
    waiting = list(_shape_names(operations))
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = _bare(model["shapes"][name])
            waiting += _shape_names(shapes[name])
    kept = {
        key: model[key] for key in ("version", "metadata", "clientContextParams") if key in model
    }
    return {**kept, "operations": operations, "shapes": shapes}


def _bare(value: Any) -> Any:
    """Without documentation; a member of that name is a shape reference and stays."""
    if isinstance(value, Mapping):
        return {
            key: _bare(item)
            for key, item in value.items()
            if key != "documentation" or not isinstance(item, str)
        }
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _shape_names(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "shape" and isinstance(item, str):
                yield item
            else:
                yield from _shape_names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _shape_names(item)


def may_be_used() -> bool:
    """Whether botocore reads its own models only: not if the user has put others before them."""
    with suppress(RuntimeError):  # no home directory
        return (
            not os.environ.get("AWS_DATA_PATH") and not Path("~/.aws/models").expanduser().exists()
        )
    return False


def _key() -> str:
    names = {service: sorted(row) for service, row in BY_SERVICE.items()}
    table = json.dumps([_FORMAT, names], sort_keys=True)
    return f"{botocore.__version__}-{hashlib.sha256(table.encode()).hexdigest()[:8]}"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = decode(path.read_bytes())
        model = found.get("service-2")
        is_whole = found["partitions"] if model is None else model["operations"] and model["shapes"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if is_whole else None
