"""Everything that the templates create has its line on the bill, or a word why it costs nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
import yaml

from ash_ops.cost.choices import CHOICES, change
from ash_ops.cost.lines import LINES, Billed, Quantity, quantities
from ash_ops.cost.lines.resources import BILLED, FREE, UNBILLED
from ash_ops.cost.plan import ARM, Database, Machines, Plan, Tasks, default_plan
from ash_ops.errors import UsageProblem
from ash_ops.iam.policy import direct_actions
from ash_ops.template_parameters import MODES, MULTI_MACHINE, STANDALONE

ALL_KEYS = {key for line in LINES for key in line.keys}


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, whose values do not matter here."""


Loader.add_multi_constructor("!", lambda *_: None)  # type: ignore[no-untyped-call]  # PyYAML has no types for it


def resources() -> list[tuple[str, str, list[str]]]:
    found = []
    for mode in MODES:
        text = files("ash_ops").joinpath(f"templates/{mode}.yaml").read_text("utf-8")
        for name, resource in yaml.load(text, Loader)["Resources"].items():
            properties = sorted(set(resource.get("Properties") or {}) - {"Tags"})
            found.append((f"{mode}.{name}", resource["Type"], properties))
    return found


@pytest.mark.parametrize(("place", "kind", "properties"), resources(), ids=lambda x: str(x)[:60])
def test_every_resource_is_billed_or_free_and_every_property_of_a_billed_one_is_known(
    place: str, kind: str, properties: list[str]
) -> None:
    assert (kind in BILLED) is not (kind in FREE), f"{place} ({kind}) has no line and no reason"
    if kind in BILLED:
        known = {*BILLED[kind], *UNBILLED.get(kind, ())}
        assert set(properties) <= known, (
            f"{place} has properties of which nobody knows what they cost"
        )


def test_every_billed_property_has_lines_that_ask_for_its_price() -> None:
    asked = {key for kind in BILLED.values() for keys in kind.values() for key in keys}
    assert asked <= ALL_KEYS


def test_no_type_is_listed_that_no_template_has() -> None:
    there = {kind for _, kind, _ in resources()}
    assert {*BILLED, *FREE} == there


def test_a_line_asks_only_for_the_prices_it_names() -> None:
    """So that the list of lines is the whole truth about what is billed."""
    shapes = [
        replace(default_plan(mode, kind), **_EVERYTHING)
        for mode in MODES
        for kind in ("fargate", "ec2", "managed")
    ]
    for shape in shapes:
        for line in LINES:
            for quantity in line.quantities(shape):
                beginning = quantity.key.partition(".")
                assert {quantity.key, f"{beginning[0]}{beginning[1]}"} & {*line.keys}, quantity


CHANGED = {
    "cpu": "256",
    "memory": "4096",
    "architecture": "arm64",
    "spot": "on",
    "runners": "5",
    "instance-type": "m6i.2xlarge",
    "volume": "77",
    "ephemeral-storage": "77",
    "private": "yes",
    "nat": "3",
    "endpoints": "4",
    "internal": "yes",
    "tls": "yes",
    "container-insights": "enhanced",
    "log-gb": "9",
    "log-retention": "3",
    "traffic-gb": "900000",
    "connections": "1000000",
    "efs": "50",
    "s3": "60",
    "secrets": "7",
    "alarms": "9",
    "database": "db.t4g.small:multi-az",
    "image-gb": "7",
}
SHAPES = (*((STANDALONE, kind) for kind in ("fargate", "ec2", "managed")), (MULTI_MACHINE, "fargate"))  # fmt: skip


@pytest.mark.parametrize(("option", "text"), CHANGED.items())
def test_an_option_is_named_by_exactly_the_lines_that_it_changes(option: str, text: str) -> None:
    """The page of costs lists them: who wants a line smaller looks there for what to turn."""
    changed: set[str] = set()
    for mode, kind in SHAPES:
        base = change(default_plan(mode, kind), {"connections": "900000"})
        with suppress(UsageProblem):  # that shape has nothing of the kind
            other = change(base, {option: text})
            changed |= {_name(line) for line in LINES if _of(line, base) != _of(line, other)}
    assert changed == {_name(line) for line in LINES if option in line.options}


def _name(line: Billed) -> str:
    return line.quantities.__name__


def _of(line: Billed, plan: Plan) -> tuple[Quantity, ...]:
    return tuple(line.quantities(plan))


def test_an_option_that_is_named_exists() -> None:
    named = {option for line in LINES for option in line.options}
    assert named <= {*CHOICES, "messages-per-day"}
    assert CHANGED.keys() == CHOICES.keys() - {"mode", "launch-type", "region"}


def test_how_a_line_is_read_is_what_the_policy_allows() -> None:
    calls = {call for line in LINES for call in line.read.split(", ") if call}
    assert calls <= set(direct_actions("cost"))


def test_every_name_of_a_price_is_asked_for_by_one_line_at_least() -> None:
    asked = {quantity.key.partition(".")[0] for quantity in quantities(_ALL)}
    assert {key.rstrip(".") for key in ALL_KEYS} - asked == {
        "container_insights_enhanced_metric_month",
        "rds_postgres_single_az_hour",
        "rds_gp3_gb_month",
    }


_EVERYTHING: dict[str, Any] = {
    "nat_gateways": 1,
    "endpoint_zones": 2,
    "image_gb": Decimal(1),
    "efs_gb": Decimal(1),
    "s3_gb": Decimal(1),
    "alarms": 1,
    "private_zones": 1,
    "model_gb": Decimal(1),
    "database": Database(multi_az=True),
}
_ALL = Plan(
    tasks=(
        Tasks(role="a", storage_gb=30),
        Tasks(role="b", arch=ARM),
        Tasks(role="c", spot=True),
        Tasks(role="d", spot=True, arch=ARM),
    ),
    machines=(Machines(managed=True), Machines(role="spot", spot=True)),
    **_EVERYTHING,
)
