"""Only ``ash_ops/aws`` names an operation of AWS; everybody else asks its readers."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import house


def test_no_operation_is_named_outside_its_floor() -> None:
    assert house.named_operations() == []


@pytest.mark.parametrize(
    "source",
    [
        'client.x("describe_tasks")',
        'ask("DescribeDBSnapshots")',
        'call(aws, "made", "up")',
        'calls.pages(aws, "ecs")',
    ],
)
def test_one_that_is_named_is_found(
    source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = tmp_path / "ash_ops" / "deploy.py"
    module.parent.mkdir()
    module.write_text(source, encoding="utf-8")
    monkeypatch.setattr(house, "ROOT", tmp_path)
    monkeypatch.setattr(house, "product", lambda: [module])
    assert house.named_operations()


def test_the_names_of_methods_are_those_of_boto3() -> None:
    from botocore import xform_name

    from ash_ops.aws.operations import OPERATIONS

    assert {o.name: o.method for o in OPERATIONS} == {
        o.name: xform_name(o.name) for o in OPERATIONS
    }


def test_only_its_floor_has_the_operations_called() -> None:
    """``call`` itself is used beside the readers where a repair names its operation."""
    users = {
        path.relative_to(house.ROOT).as_posix()
        for path in house.product()
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "ash_ops.aws.calls"
        if {alias.name for alias in node.names} & {"call", "pages", "rows", "facts"}
        if not path.is_relative_to(house.ROOT / "ash_ops" / "aws")
    }
    assert users == {"ash_ops/deploy/fix/actions.py", "ash_ops/deploy/run/put_back.py"}
