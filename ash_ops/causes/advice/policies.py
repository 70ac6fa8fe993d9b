"""Policies that allow what was refused, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

STATEMENTS: Final = 20
"""Statements of a policy that is shown: IAM's own limit of an inline policy is some 2,000 characters."""


UNNAMED: Final = "<resource>"
"""What stands in a policy for a resource that the text does not name."""


def policy(refused: Iterable[tuple[str, str]]) -> str:
    """A policy that allows just what was refused."""
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": resource}
        for action, resource in dict.fromkeys(refused)
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return json.dumps(document, separators=(",", ":"))


def granting_both(names: Mapping[str, str], others: Mapping[str, str]) -> Mapping[str, str]:
    """Names whose policy also allows what others were refused, where it was the same who asked."""
    own, more = names.get("policy"), others.get("policy")
    if not own or not more or own == more or names.get("principal") != others.get("principal"):
        return names
    document = json.loads(own)
    statements = document["Statement"]
    statements.extend(s for s in json.loads(more)["Statement"] if s not in statements)
    document["Statement"] = statements[:STATEMENTS]
    return {**names, "policy": json.dumps(document, separators=(",", ":"))}
