"""Where what runs is not what the stack wants, and the calls that put it back.

CloudFormation updates what its template changes, and nothing else: a revision that was rolled out, a
rule that was added or a health check that was edited by hand stays until it is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ash_ops.aws.operations import Operation
from ash_ops.drift import balancing, roles, security_groups, service
from ash_ops.drift.difference import Difference, Live
from ash_ops.facts.wanted import (
    BALANCER,
    LISTENER,
    ROLE,
    SERVICE,
    TARGET_GROUP,
    WantedResource,
)

__all__ = ["Difference", "Live", "calls", "differences"]

# The members of a call that are lists of changes: two calls on one thing become one.
_LISTS = ("Attributes", "IpPermissions")
_COMPARE: dict[str, Callable[[WantedResource, Any, Live], Iterator[Difference]]] = {
    TARGET_GROUP: balancing.target_group,
    BALANCER: balancing.load_balancer,
    LISTENER: balancing.listener,
    SERVICE: service.service,
}


def differences(wanted: Iterable[WantedResource], live: Live) -> list[Difference]:
    """Every difference, in the order in which they are put back.

    Roles come first, for whatever starts needs them; then what lets traffic in; what shuts it out, last. A resource that was not read, or is
    not there any more, is not compared.
    """
    resources = list(wanted)
    named = {each.name: each for each in live.roles}
    found: list[Difference] = []
    for each in resources:
        if each.type == ROLE and each.physical_id in named:
            found += roles.role(each, named[each.physical_id])
    found += [*security_groups.of_groups(resources, live.security_groups)]
    there: dict[str, Mapping[str, Any]] = {
        TARGET_GROUP: {each.target_group_arn: each for each in live.target_groups},
        BALANCER: {each.load_balancer_arn: each for each in live.balancers},
        LISTENER: {each.listener_arn: each for each in live.listeners},
        SERVICE: {each.service_arn: each for each in live.services},
    }
    for type_, compare in _COMPARE.items():
        for each in resources:
            if each.type == type_ and each.physical_id in there[type_]:
                found += compare(each, there[type_][each.physical_id], live)
    return sorted(found, key=lambda each: each.call.name.startswith("Revoke"))


def calls(found: Iterable[Difference]) -> list[tuple[Operation, dict[str, Any]]]:
    """The calls that put differences back, one for each thing and operation."""
    made: dict[str, tuple[Operation, dict[str, Any]]] = {}
    for each in found:
        key = f"{each.call.action} {sorted(each.on.items())}"
        _, parameters = made.setdefault(key, (each.call, dict(each.on)))
        for name, value in each.change.items():
            parameters[name] = [*parameters.get(name, ()), *value] if name in _LISTS else value
    return list(made.values())
