"""The options of an `aws` command as the parameters of the call that it makes.

The service's model decides: what is no member of the call, or not of its type, is refused. The
command's own additions (``--ingress``, ``--cli-input-json``, ``--query``) are no members.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ash_ops.aws.client.session import Aws
from ash_ops.aws.operations import Operation


def parameters(aws: Aws, operation: Operation, options: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a call.

    Args:
        aws: the session, whose models are asked.
        operation: which call.
        options: names without the two hyphens, with their values: texts, ``True`` for a switch,
            and what JSON or ``Key=a,Value=b`` held.

    Raises:
        ValueError: an option is none of this call's, or its value is not of the type.
    """
    from botocore import xform_name

    model = aws.client(operation.service).meta.service_model
    members = model.operation_model(operation.name).input_shape.members
    names = {xform_name(name, "-"): name for name in members}
    unknown = options.keys() - names.keys()
    if unknown:
        raise ValueError(f"{operation.action} has no {', '.join(sorted(unknown))}")
    return {names[key]: _typed(members[names[key]], value) for key, value in options.items()}


def _typed(shape: Any, value: Any) -> Any:
    """A value as the type that the model declares."""
    make = _MAKERS.get(shape.type_name)
    if make is None:
        raise ValueError(f"{shape.name} cannot be written as an option")
    return make(shape, value)


def _structure(shape: Any, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or value.keys() - shape.members.keys():
        raise ValueError(f"{value!r} is no {shape.name}")
    return {key: _typed(shape.members[key], part) for key, part in value.items()}


def _list(shape: Any, value: Any) -> list[Any]:
    rows = value if isinstance(value, list) else [value]
    return [_typed(shape.member, row) for row in rows]


def _boolean(shape: Any, value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    if value not in ("true", "false"):
        raise ValueError(f"{shape.name} is true or false, not {value!r}")
    return bool(value == "true")


def _integer(shape: Any, value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError(f"{shape.name} wants a number")
    return int(value)


def _text(shape: Any, value: Any) -> str:
    if isinstance(value, bool):
        raise ValueError(f"{shape.name} wants a text")
    return value if isinstance(value, str) else json.dumps(value)  # a document given in place


_MAKERS: dict[str, Callable[[Any, Any], Any]] = {
    "structure": _structure,
    "list": _list,
    "boolean": _boolean,
    "integer": _integer,
    "long": _integer,
    "string": _text,
}
