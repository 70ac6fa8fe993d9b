"""IAM's decision on one request, as far as our policies need it.

After the IAM user guide, "Policy evaluation logic" and "IAM JSON policy elements: Condition
operators": an explicit Deny wins; else one Allow is wanted, and one of the boundary's where there is
a boundary; a key that a request does not carry fails a condition, but for ``...IfExists``,
``...NotEquals``, ``...NotLike`` and ``ForAllValues``. An operator that is not known here is an error,
never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

Document = Mapping[str, Any]
Context = Mapping[str, str | Sequence[str]]


def allows(
    documents: Sequence[Document],
    action: str,
    resource: str,
    context: Context | None = None,
    boundary: Document | None = None,
) -> bool:
    """Whether identity policies, within a boundary, allow an action on a resource."""
    asked = (action, resource, context or {})
    if any(_says("Deny", document, *asked) for document in (*documents, boundary or {})):
        return False
    allowed = any(_says("Allow", document, *asked) for document in documents)
    return allowed and (boundary is None or _says("Allow", boundary, *asked))


def statements_of(document: Document) -> list[Document]:
    """The statements; one alone may stand without a list."""
    found = document.get("Statement", [])
    return [found] if isinstance(found, dict) else list(found)


def applies(statement: Document, action: str, resource: str, context: Context) -> bool:
    """Whether a statement is about a request: its action, its resource, all of its conditions."""
    return (
        _named(statement, "Action", action, re.IGNORECASE)
        and _named(statement, "Resource", resource)
        and all(
            _holds(operator, _values(context.get(key)), _values(wanted))
            for operator, pairs in statement.get("Condition", {}).items()
            for key, wanted in pairs.items()
        )
    )


def _says(effect: str, document: Document, action: str, resource: str, context: Context) -> bool:
    return any(
        statement["Effect"] == effect and applies(statement, action, resource, context)
        for statement in statements_of(document)
    )


def _named(statement: Document, element: str, value: str, flags: int = 0) -> bool:
    if f"Not{element}" in statement:
        return not _like(value, _values(statement[f"Not{element}"]), flags)
    return _like(value, _values(statement[element]), flags)


def _values(given: object) -> list[str]:
    if given is None:
        return []
    return [str(given)] if isinstance(given, str | bool | int) else [str(v) for v in given]  # type: ignore[attr-defined]  # a list of JSON


def _like(value: str, patterns: Iterable[str], flags: int = 0) -> bool:
    return any(_pattern(pattern, flags).fullmatch(value) for pattern in patterns)


@lru_cache(maxsize=4096)
def _pattern(text: str, flags: int) -> re.Pattern[str]:
    """``*`` and ``?`` alone are wildcards: a bracket is a bracket."""
    escaped = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in text)
    return re.compile(escaped, flags | re.DOTALL)


def _holds(operator: str, given: list[str], wanted: list[str]) -> bool:
    quantifier, _, rest = operator.rpartition(":")
    name = rest.removesuffix("IfExists")
    if name == "Null":
        return (not given) is (wanted[0].lower() == "true")
    negated = name.startswith(("StringNot", "ArnNot"))
    if not given:
        return rest.endswith("IfExists") or negated or quantifier == "ForAllValues"
    matches = [_matches(name.replace("Not", "", 1), value, wanted) for value in given]
    if negated:
        return not any(matches)
    return any(matches) if quantifier == "ForAnyValue" else all(matches)


def _matches(name: str, value: str, wanted: list[str]) -> bool:
    if name in ("StringEquals", "Bool"):
        return value in wanted
    if name == "StringEqualsIgnoreCase":
        return value.lower() in [w.lower() for w in wanted]
    if name in (
        "StringLike",
        "ArnEquals",
        "ArnLike",
    ):  # the two of ARNs are the same, says the guide
        return _like(value, wanted)
    raise ValueError(f"the condition operator {name!r} is not known here")
