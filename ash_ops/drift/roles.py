"""A role beside what the stack wants of it: that it is there, who may be it, and what it may do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ash_ops.aws import operations as op
from ash_ops.drift.difference import Difference
from ash_ops.facts.start import LiveRole
from ash_ops.facts.wanted import ROLE, WantedResource

_TRUST, _POLICIES = "AssumeRolePolicyDocument", "Policies"
# What a role is made with, besides whom it trusts.
_MADE_WITH = ("Description", "PermissionsBoundary", "Tags")


def role(wanted: WantedResource, there: LiveRole) -> Iterator[Difference]:
    """Where a role allows less than the stack wants, or is gone.

    A policy that was added to it stays, for somebody may have given their agents more; one that denies does not.
    """
    if {_TRUST, _POLICIES, "ManagedPolicyArns"} & set(wanted.unknown):
        return
    about: dict[str, Any] = {
        "logical_id": wanted.logical_id,
        "type": ROLE,
        "subject": f"the role {there.name}",
    }
    on = {"RoleName": there.name}
    trust = wanted.properties.get(_TRUST)
    if not there.exists:
        made_with = {n: v for n in _MADE_WITH if (v := wanted.properties.get(n))}
        yield Difference(
            **about,
            what="it",
            runs="not there any more",
            wants="it",
            call=op.CREATE_ROLE,
            on=on,
            change={_TRUST: json.dumps(trust), **made_with},
        )
    elif not _same(there.trust, trust):
        yield Difference(
            **about,
            what="whom it trusts",
            runs=_trusted(there.trust),
            wants=_trusted(trust),
            call=op.UPDATE_ASSUME_ROLE_POLICY,
            on=on,
            change={"PolicyDocument": json.dumps(trust)},
        )
    yield from _policies(wanted, there, about)


def _policies(
    wanted: WantedResource, there: LiveRole, about: Mapping[str, Any]
) -> Iterator[Difference]:
    asked = {
        str(each["PolicyName"]): each["PolicyDocument"]
        for each in wanted.properties.get(_POLICIES) or ()
    }
    for name, document in asked.items():
        if not _same(there.inline.get(name), document):
            yield Difference(
                **about,
                what=f"its policy {name}",
                runs="another" if name in there.inline else "not there",
                wants="the template's",
                call=op.PUT_ROLE_POLICY,
                on={"RoleName": there.name, "PolicyName": name},
                change={"PolicyDocument": json.dumps(document)},
            )
    for arn in wanted.properties.get("ManagedPolicyArns") or ():
        if arn not in there.managed:
            yield Difference(
                **about,
                what=f"its policy {arn.rsplit('/', 1)[-1]}",
                runs="not attached",
                wants="it attached",
                call=op.ATTACH_ROLE_POLICY,
                on={"RoleName": there.name, "PolicyArn": arn},
            )
    yield from _denials(wanted, there, asked, about)


def _denials(
    wanted: WantedResource, there: LiveRole, asked: Mapping[str, Any], about: Mapping[str, Any]
) -> Iterator[Difference]:
    """The policies that were added to a role and deny something."""
    ordered = wanted.properties.get("ManagedPolicyArns") or ()
    own = {name: (op.DELETE_ROLE_POLICY, {"PolicyName": name}) for name in there.inline}
    attached = {arn: (op.DETACH_ROLE_POLICY, {"PolicyArn": arn}) for arn in there.managed}
    for name, (call, on) in sorted({**own, **attached}.items(), key=str):
        if name in asked or name in ordered or not _denies({**there.inline, **there.managed}[name]):
            continue
        yield Difference(
            **about,
            what=f"its policy {name.rsplit('/', 1)[-1]}, which denies something,",
            runs="there",
            wants="no such policy",
            call=call,
            on={"RoleName": there.name, **on},
        )


def _statements(document: Any) -> list[Mapping[str, Any]]:
    found = document.get("Statement") or [] if isinstance(document, Mapping) else []
    return [found] if isinstance(found, Mapping) else list(found)


def _denies(document: Mapping[str, Any]) -> bool:
    return any(each.get("Effect") == "Deny" for each in _statements(document))


def _same(one: Any, other: Any) -> bool:
    """Whether two documents say the same: IAM takes one value for a list of one, in any order."""
    return bool(_canonical(_statements(one)) == _canonical(_statements(other)))


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _canonical(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        parts = sorted((_canonical(each) for each in value), key=repr)
        return parts[0] if len(parts) == 1 else parts
    return value


def _trusted(document: Any) -> str:
    """Whom a trust policy names, for a sentence."""
    found = [json.dumps(each.get("Principal")) for each in _statements(document)]
    return ", ".join(found) or "nobody"
