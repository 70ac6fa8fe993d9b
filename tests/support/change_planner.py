"""What CloudFormation would do about a change of parameters, worked out without CloudFormation.

A resource is added, removed or changed by its properties before and after; it is replaced where one of
those that differ is create-only in the registry's schema (as cfn-lint ships it), and may be where it is
create-only on a condition, which CloudFormation tells as ``Conditional``. What follows from
another resource's new id is not followed: the templates name no id that a replacement would change,
but for the task definition, whose every change is a new revision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from ash_ops.deploy.plan.template_files import bundled
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.snapshot.intrinsics import Resolved, Resolver, parse_template

PSEUDO = {
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "ash-cloud",
}


_ATTRIBUTE = re.compile(r"\$\{(\w+)\.([\w.]+)\}")


@cache
def _template(mode: str) -> Mapping[str, Any]:
    named: Mapping[str, Any] = _stood_in(parse_template(bundled(mode)))
    return named


def _stood_in(node: Any) -> Any:
    """The template with a name for each value that only CloudFormation knows: it stays the same."""
    if isinstance(node, list):
        return [_stood_in(item) for item in node]
    if isinstance(node, str):
        return _ATTRIBUTE.sub(r"\1-\2", node).replace("{{resolve:", "{{of:")
    if not isinstance(node, Mapping):
        return node
    if "Fn::GetAtt" in node:
        return "-".join(node["Fn::GetAtt"])
    if "Fn::Base64" in node:
        return _stood_in(node["Fn::Base64"])
    return {key: _stood_in(value) for key, value in node.items()}


@cache
def create_only(type_: str, kind: str = "createOnlyProperties") -> tuple[tuple[str, ...], ...]:
    """The paths of the properties that cannot be changed in place, or not always."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema
    return tuple(tuple(path.split("/")[2:]) for path in schema.get(kind, []))


def resources(mode: str, parameters: Mapping[str, str]) -> dict[str, Resolved]:
    """The resources that a template makes with these values."""
    template = _template(mode)
    physical = {logical: f"{logical}-id" for logical in template["Resources"]}
    resolver = Resolver(template=template, parameters=parameters, physical=physical, pseudo=PSEUDO)
    return dict(resolver.resources())


def plan(mode: str, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """The changes from one set of values to another."""
    old, new = resources(mode, before), resources(mode, after)
    found = [_change("Add", name, new[name]) for name in new.keys() - old.keys()]
    found += [_change("Remove", name, old[name]) for name in old.keys() - new.keys()]
    for name in old.keys() & new.keys():
        if old[name].properties != new[name].properties:
            found.append(_change("Modify", name, new[name], _replacement(old[name], new[name])))
    return tuple(sorted(found, key=lambda change: change.logical_id))


def _change(action: str, name: str, what: Resolved, replacement: str | None = None) -> Change:
    return Change(
        action=action,
        logical_id=name,
        physical_id=f"{name}-id",
        type=what.type,
        replacement=replacement,
        scope=("Properties",),
    )


def _replacement(old: Resolved, new: Resolved) -> str:
    """``True``, ``Conditional`` or ``False``."""

    def differs(paths: tuple[tuple[str, ...], ...]) -> bool:
        return any(_at(old.properties, path) != _at(new.properties, path) for path in paths)

    if differs(create_only(new.type)):
        return "True"
    on_condition = create_only(new.type, "conditionalCreateOnlyProperties")
    return "Conditional" if differs(on_condition) else "False"


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
