"""``aws SERVICE OPERATION --option value ...`` as the AWS CLI reads it, on botocore's own models.

So the demo and its tests type what doctor prints where there is no AWS CLI; that one pins a botocore
of its own, and cannot stand beside boto3 in one environment.
This reads what ash-ops prints: options of the operation's members, JSON, shorthand, flags, waiters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.model import ListShape, OperationModel, Shape, StructureShape

Clients = Callable[[str], Any]

_CLI_ONLY = ("region", "profile", "query", "output", "endpoint-url", "no-cli-pager")
# The CLI's own names for EC2's numbers of protocols (`protocolarg` in its customizations).
_PROTOCOLS = {"tcp": "6", "udp": "17", "icmp": "1", "all": "-1"}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHORTHAND = re.compile(r"([\w.\-]+)=(\[[^\]]*\]|[^,\[]*)(?:,|$)")


def run(words: list[str], client: Clients) -> dict[str, Any]:
    """Do what an ``aws`` command line says.

    Args:
        words: the words after ``aws``, as a shell hands them over.
        client: makes a boto3 client.

    Returns:
        The answer.

    Raises:
        ValueError: the AWS CLI would refuse the command line.
    """
    service, operation, *rest = words
    boto = client(service)
    if operation == "wait":
        name = rest[0].replace("-", "_")
        boto.get_waiter(name).wait(**_options(rest[1:], _waited(boto, name)))
        return {}
    method = operation.replace("-", "_")
    model = boto.meta.service_model.operation_model(_api_name(boto, method))
    answer: dict[str, Any] = getattr(boto, method)(**_options(rest, model))
    return answer


def _api_name(boto: Any, method: str) -> str:
    try:
        name: str = boto.meta.method_to_api_mapping[method]
    except KeyError:
        raise ValueError(f"there is no operation {method!r}") from None
    return name


def _waited(boto: Any, name: str) -> OperationModel:
    waiters = botocore.session.get_session().get_waiter_model(boto.meta.service_model.service_name)
    camel = {_WORD.sub("_", waiter).lower(): waiter for waiter in waiters.waiter_names}
    if name not in camel:
        raise ValueError(f"there is no waiter {name!r}")
    operation = waiters.get_waiter(camel[name]).operation
    found: OperationModel = boto.meta.service_model.operation_model(operation)
    return found


def _options(words: list[str], model: OperationModel) -> dict[str, Any]:
    members = model.input_shape.members if model.input_shape else {}
    names = {_WORD.sub("-", member).lower(): member for member in members}
    given: dict[str, Any] = {}
    for option, values in _grouped(words):
        if option in _CLI_ONLY:
            continue
        member, value = _member(option, values, names, members, model)
        given[member] = value
    return given


def _grouped(words: list[str]) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for word in words:
        if word.startswith("--"):
            option, equals, value = word[2:].partition("=")
            found.append((option, [value] if equals else []))
        elif found:
            found[-1][1].append(word)
        else:
            raise ValueError(f"unknown option {word!r}")
    return found


def _member(
    option: str,
    values: list[str],
    names: dict[str, str],
    members: dict[str, Shape],
    model: OperationModel,
) -> tuple[str, Any]:
    if model.name.endswith("NetworkAclEntry"):
        if option in ("ingress", "egress"):
            return "Egress", option == "egress"
        if option == "protocol":
            return "Protocol", _PROTOCOLS.get(values[0], values[0])
    if option.startswith("no-") and option[3:] in names and not values:
        return names[option[3:]], False
    if option not in names:
        raise ValueError(f"unknown option --{option} of {model.name}")
    member = names[option]
    return member, _value(values, members[member])


def _value(values: list[str], shape: Shape) -> Any:
    if shape.type_name == "boolean":
        return not values or values[0].lower() == "true"
    if not values:
        raise ValueError(f"expected one argument for {shape.name}")
    if isinstance(shape, ListShape):
        if values[0].lstrip().startswith("["):
            return json.loads(values[0])
        return [_item(value, shape.member) for value in values]
    if len(values) > 1:
        raise ValueError(f"unknown options: {', '.join(values[1:])}")
    return _item(values[0], shape)


def _item(text: str, shape: Shape) -> Any:
    if shape.type_name in ("structure", "map", "list"):
        if text.lstrip().startswith(("{", "[")):
            return json.loads(text)
        return _shorthand(text, shape)
    return _scalar(text, shape)


def _shorthand(text: str, shape: Shape) -> Any:
    if not isinstance(shape, StructureShape):
        return dict(part.split("=", 1) for part in text.split(","))
    found: dict[str, Any] = {}
    position = 0
    for match in _SHORTHAND.finditer(text):
        if match.start() != position:
            break
        position = match.end()
        name, value = match[1], match[2]
        if name not in shape.members:
            raise ValueError(f"{shape.name} has no {name!r}")
        member = shape.members[name]
        if isinstance(member, ListShape):
            found[name] = [_scalar(part, member.member) for part in value.strip("[]").split(",")]
        else:
            found[name] = _item(value, member)
    if position != len(text):
        raise ValueError(f"shorthand that cannot be read: {text!r}")
    return found


def _scalar(text: str, shape: Shape) -> Any:
    if shape.type_name in ("integer", "long"):
        return int(text)
    if shape.type_name in ("double", "float"):
        return float(text)
    if shape.type_name == "boolean":
        return text.lower() == "true"
    return text
