"""A template's functions worked out: what its resources are to be, with a stack's own values.

CloudFormation, "Intrinsic function reference". What only CloudFormation can know (an attribute of a
resource, a value from Systems Manager, a macro) is said to be unknown, and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from ash_ops.patterns import regex

_VARIABLE = regex(r"\$\{(!?)([^}]+)\}")
_LISTS = ("List<", "CommaDelimitedList")
_NOTHING = object()  # what AWS::NoValue leaves
# The attributes that are what Ref, or another name for it, gives too.
_SAME_AS_REF = {"GroupId": "AWS::EC2::SecurityGroup"}


class UnknownValue(Exception):
    """Only CloudFormation knows the value."""


class Resolved(Struct, frozen=True, kw_only=True):
    """One resource of a template, its condition being true.

    Attributes:
        properties: those whose value is known.
        unknown: the names of the others.
    """

    type: str
    properties: dict[str, Any]
    unknown: tuple[str, ...]


def parse_template(body: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """A template with its functions in their long form, every other value as a text.

    Raises:
        UnknownValue: it is no template.
    """
    return _loaded(body) if isinstance(body, str) else body


# A change reads the stack's template before, after and for its proof: mostly the same one.
@lru_cache(maxsize=2)
def _loaded(body: str) -> Mapping[str, Any]:
    import yaml  # only here: its import is slow

    try:
        loaded = yaml.load(body, Loader=_loader())  # noqa: S506  # it builds nothing but texts, lists and mappings
    except yaml.YAMLError as error:
        raise UnknownValue(" ".join(str(error).split())) from None
    if not isinstance(loaded, dict):
        raise UnknownValue("the template is no mapping")
    return loaded


@lru_cache(maxsize=1)
def _loader() -> Any:
    import yaml

    class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # chosen at run time
        """YAML whose short functions become long ones."""

    Loader.add_multi_constructor("!", _long_form)
    return Loader


def _long_form(loader: Any, name: str, node: Any) -> dict[str, Any]:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name in ("Ref", "Condition"):
        return {name: value}
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{name}": value}


class Resolver(Struct, frozen=True, kw_only=True):
    """Works out a template's values for one stack.

    Attributes:
        template: of ``parse_template``.
        parameters: the stack's.
        physical: what each of its resources is, by its logical id.
        pseudo: the pseudo parameters, for instance ``AWS::Region``.
    """

    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    physical: Mapping[str, str]
    pseudo: Mapping[str, str]
    _answers: dict[str, bool] = field(default_factory=dict)

    def resources(self) -> Iterator[tuple[str, Resolved]]:
        """The resources whose condition is true, by their logical ids.

        Raises:
            UnknownValue: a condition cannot be worked out.
        """
        for logical_id, raw in (self.template.get("Resources") or {}).items():
            condition = raw.get("Condition")
            if condition is None or self.condition(condition):
                yield logical_id, self._resource(raw)

    def _resource(self, raw: Mapping[str, Any]) -> Resolved:
        properties: dict[str, Any] = {}
        unknown = []
        for name, node in (raw.get("Properties") or {}).items():
            try:
                value = self.value(node)
            except (UnknownValue, LookupError, TypeError, ValueError, AttributeError):
                unknown.append(name)
                continue
            if value is not _NOTHING:
                properties[name] = value
        return Resolved(type=str(raw.get("Type")), properties=properties, unknown=tuple(unknown))

    def condition(self, name: str) -> bool:
        """Whether a condition of the template is true.

        Raises:
            UnknownValue: it cannot be worked out.
        """
        if name not in self._answers:
            try:
                self._answers[name] = self._is_true(self.template["Conditions"][name])
            except (LookupError, TypeError, ValueError) as error:
                raise UnknownValue(f"the condition {name}: {error}") from None
        return self._answers[name]

    def _is_true(self, node: Any) -> bool:
        (function, argument), *_ = node.items()
        match function:
            case "Condition":
                return self.condition(argument)
            case "Fn::Equals":
                left, right = map(self.value, argument)
                return str(left) == str(right)
            case "Fn::Not":
                return not self._is_true(argument[0])
            case "Fn::And":
                return all(map(self._is_true, argument))
            case "Fn::Or":
                return any(map(self._is_true, argument))
        raise UnknownValue(f"the function {function} in a condition")

    def value(self, node: Any) -> Any:
        """A node with its functions worked out.

        Raises:
            UnknownValue: only CloudFormation knows it.
        """
        if isinstance(node, Mapping):
            return self._mapping(node)
        if isinstance(node, list):
            return [found for item in node if (found := self.value(item)) is not _NOTHING]
        if isinstance(node, str) and "{{resolve:" in node:
            raise UnknownValue("a dynamic reference")
        if isinstance(node, bool):
            return str(node).lower()
        return node if node is None else str(node)

    def _mapping(self, node: Mapping[str, Any]) -> Any:
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._call(name, argument)
        pairs = ((key, self.value(item)) for key, item in node.items())
        return {key: item for key, item in pairs if item is not _NOTHING}

    def _call(self, name: str, argument: Any) -> Any:
        functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._attribute,
            "Fn::If": self._if,
            "Fn::Sub": self._sub,
            "Fn::Select": lambda a: self.value(a[1])[int(self.value(a[0]))],
            "Fn::Join": lambda a: str(a[0]).join(self.value(a[1])),
            "Fn::Split": lambda a: str(self.value(a[1])).split(a[0]),
            "Fn::FindInMap": self._in_map,
        }
        if name not in functions:
            raise UnknownValue(f"the function {name}")
        return functions[name](argument)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in self.pseudo:
            return self.pseudo[name]
        declared = (self.template.get("Parameters") or {}).get(name)
        return self.physical[name] if declared is None else self._parameter(name, declared)

    def _parameter(self, name: str, declared: Mapping[str, Any]) -> Any:
        kind = str(declared.get("Type", "String"))
        hidden = str(declared.get("NoEcho", "false")).lower() == "true"
        if hidden or kind.startswith("AWS::SSM::") or name not in self.parameters:
            raise UnknownValue(f"the value of {name} is not told")
        text = self.parameters[name]
        if not kind.startswith(_LISTS):
            return text
        return [part.strip() for part in text.split(",") if part.strip()]

    def _attribute(self, argument: Any) -> str:
        logical_id, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
        kind = self.template["Resources"][logical_id]["Type"]
        if _SAME_AS_REF.get(attribute) == kind:
            return self.physical[logical_id]
        raise UnknownValue(f"the attribute {attribute} of {logical_id}")

    def _if(self, argument: Any) -> Any:
        condition, then, otherwise = argument
        return self.value(then if self.condition(condition) else otherwise)

    def _sub(self, argument: Any) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})

        def put(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            if name in own:
                return str(self.value(own[name]))
            return str(self._attribute(name) if "." in name else self._ref(name))

        return _VARIABLE.sub(put, text)

    def _in_map(self, argument: Any) -> Any:
        name, *keys = (self.value(part) for part in argument)
        found = self.template["Mappings"][name]
        for key in keys:
            found = found[key]
        return self.value(found)
