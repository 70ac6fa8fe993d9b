"""An `aws` command as the parameters of its call, checked against botocore's model of the operation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sized
from typing import Any

from botocore import xform_name
from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator

from tests.support.commands import models

_GLOBAL = {"region", "profile", "output", "query"}
_WAITERS = {"wait"}
# AWS's own name for the vault of EFS's daily copies (EFS user guide, "Backing up EFS file systems"), which AWS
# Backup's model does not allow.
_BEYOND_ITS_MODEL = {("BackupVaultName", "aws/efs/automatic-backup-vault")}


def problems_of(words: list[str]) -> list[str]:
    """What AWS's own model says against the words behind ``aws``; empty if it takes them."""
    service, command, *rest = words
    if command in _WAITERS:
        return []
    model = models().get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    operation = model.operation_model(names[command])
    try:
        parameters = _parameters(operation, _options(rest))
    except (ValueError, KeyError, TypeError) as error:
        return [f"{operation.name}: {type(error).__name__}: {error}"]
    return problems_of_request(operation, parameters)


def problems_of_request(operation: OperationModel, parameters: Mapping[str, Any]) -> list[str]:
    """What AWS's model says against a call's parameters, as they are handed on to be sent."""
    shape = operation.input_shape
    if shape is None:
        return []
    report = ParamValidator().validate(parameters, shape)
    found = [f"{operation.name}: {report.generate_report()}"] if report.has_errors() else []
    return [*found, *_finer(parameters, shape, operation.name)]


def _options(words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word.removeprefix("--")
            found[name] = []
        else:
            found[name].append(word)
    return {name: values for name, values in found.items() if name not in _GLOBAL}


def _parameters(operation: OperationModel, options: dict[str, list[str]]) -> dict[str, Any]:
    shape = operation.input_shape
    assert shape is not None
    members = {xform_name(name, "-"): name for name in shape.members}
    found: dict[str, Any] = {}
    for option, values in options.items():
        plain = option.removeprefix("no-") if option not in members else option
        if operation.name == "CreateNetworkAclEntry" and option == "ingress":
            found["Egress"] = False
            continue
        if operation.name == "ReplaceNetworkAclEntry" and option == "ingress":
            found["Egress"] = False
            continue
        member = shape.members[members[plain]]
        found[members[plain]] = _value(member, values, switched_on=plain == option)
    return found


def _value(shape: Shape, values: list[str], *, switched_on: bool) -> Any:
    if shape.type_name == "boolean":
        return json.loads(values[0]) if values else switched_on
    if shape.type_name == "list":
        if len(values) == 1 and values[0][:1] == "[":
            return json.loads(values[0])
        return [_scalar(shape.member, value) for value in values]
    if shape.type_name == "structure" and not values:
        return {"Value": switched_on}
    (value,) = values
    return _scalar(shape, value)


def _scalar(shape: Shape, text: str) -> Any:
    if shape.type_name in {"structure", "map"}:
        return json.loads(text) if text[:1] == "{" else _shorthand(shape, text)
    if shape.type_name in {"integer", "long"}:
        return int(text)
    if shape.type_name in {"double", "float"}:
        return float(text)
    if shape.type_name == "boolean":
        return {"true": True, "false": False}[text]
    return text


def _shorthand(shape: Shape, text: str) -> dict[str, Any]:
    """``Key=a,Value=b``, and ``name={a=b,c=[d,e]}`` one level deep."""
    found: dict[str, Any] = {}
    for name, inner, plain in re.findall(r"(\w+)=(?:\{([^{}]*)\}|([^,{}]*))(?:,|$)", text):
        member = shape.members[name]
        found[name] = _shorthand(member, inner) if inner else _listed(member, plain)
    return found


def _listed(shape: Shape, text: str) -> Any:
    if shape.type_name == "list":
        return [_scalar(shape.member, t) for t in text.strip("[]").split(",")]
    return _scalar(shape, text)


def _finer(value: Any, shape: Shape, where: str) -> Iterator[str]:
    """What botocore leaves to the service: values of an enumeration, patterns, lengths, counts."""
    if isinstance(value, dict) and shape.type_name == "structure":
        for name, inner in value.items():
            if name in shape.members:  # else botocore has said so
                yield from _finer(inner, shape.members[name], f"{where}.{name}")
    elif isinstance(value, dict) and shape.type_name == "map":
        yield from _of_length(value, shape, where)
        for name, inner in value.items():
            yield from _finer(name, shape.key, where)
            yield from _finer(inner, shape.value, f"{where}.{name}")
    elif isinstance(value, list | tuple):
        yield from _of_length(value, shape, where)
        for inner in value:
            yield from _finer(inner, shape.member, where)
    elif isinstance(value, str):
        yield from _of_length(value, shape, where)
        yield from _text(value, shape, where)
    elif isinstance(value, int | float) and value > shape.metadata.get("max", value):
        yield f"{where}: {value} is more than {shape.metadata['max']}"


def _of_length(value: Sized, shape: Shape, where: str) -> Iterator[str]:
    least, most = (shape.metadata.get(end, len(value)) for end in ("min", "max"))
    if not least <= len(value) <= most:
        yield f"{where}: {value!r} has {len(value)}, {least} to {most} are allowed"


def _text(value: str, shape: Shape, where: str) -> Iterator[str]:
    if shape.enum and value not in shape.enum:
        yield f"{where}: {value!r} is none of {shape.enum}"
    pattern = shape.metadata.get("pattern")
    allowed = (where.rpartition(".")[2], value) in _BEYOND_ITS_MODEL
    if pattern and not allowed and not re.fullmatch(_readable(pattern), value):
        yield f"{where}: {value!r} does not match {pattern}"


def _readable(pattern: str) -> str:
    # Java writes what is beyond the first 65,536 characters as two halves.
    pattern = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    return pattern.replace(r"\p{L}", r"\w").replace(r"\p{Z}", r"\s").replace(r"\p{N}", r"\d")
