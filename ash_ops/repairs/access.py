"""What commands of IAM and Secrets Manager do to the facts."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import Role, SimulatedAction
from ash_ops.repairs.facts import (
    Refused,
    Unknowable,
    asked_anew,
    changed,
    copied,
    read,
    with_values,
)

_Options = Mapping[str, Any]
# arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy, version 1.
_MANAGED = (
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
)


def _on_role(snapshot: Snapshot, name: str, change: Callable[[Role], Role]) -> Snapshot:
    """The facts with a role changed, under each name it has among them."""
    values: dict[str, Role] = {}
    for field in ("execution_role", "task_role"):
        reading = getattr(snapshot, field)
        role = reading.value if reading.gap is None else None
        if role is None or role.name != name:
            continue
        if not role.exists:
            raise Refused(f"there is no role {name}")
        values[field] = change(role)
    if not values:
        raise Unknowable(name)
    same = all(getattr(snapshot, field).value == role for field, role in values.items())
    return snapshot if same else with_values(snapshot, **values)


def _statements(document: Any) -> list[dict[str, Any]]:
    policy = json.loads(document) if isinstance(document, str) else document
    found = policy["Statement"]
    return found if isinstance(found, list) else [found]


def _texts(given: Any) -> list[str]:
    return given if isinstance(given, list) else [given]


def _put_policy(snapshot: Snapshot, options: _Options) -> Snapshot:
    allowed = [
        (action, resource)
        for s in _statements(options["policy-document"])
        if s["Effect"] == "Allow"
        for action in _texts(s["Action"])
        for resource in _texts(s["Resource"])
    ]

    def covers(row: SimulatedAction) -> bool:
        return any(fnmatchcase(row.action, a) and fnmatchcase(row.resource, r) for a, r in allowed)

    actions = [action for action, _ in allowed]
    return _on_role(snapshot, options["role-name"], lambda role: _granted(role, covers, actions))


def _granted(
    role: Role, covers: Callable[[SimulatedAction], bool], actions: Collection[str]
) -> Role:
    """A role after a policy that allows more; an explicit denial stands whatever else allows.

    Raises:
        Unknowable: IAM was asked about none of the actions.
    """
    if actions and not any(
        fnmatchcase(row.action, action) for row in role.simulated for action in actions
    ):
        raise Unknowable(role.name)
    rows = tuple(
        copied(row, decision="allowed") if _can_be_granted(row) and covers(row) else row
        for row in role.simulated
    )
    return copied(role, simulated=rows)


def _can_be_granted(row: SimulatedAction) -> bool:
    return row.decision == "implicitDeny" and not row.denied_by


def _attach_policy(snapshot: Snapshot, options: _Options) -> Snapshot:
    if not options["policy-arn"].endswith("/AmazonECSTaskExecutionRolePolicy"):
        raise Unknowable(options["policy-arn"])
    return _on_role(
        snapshot,
        options["role-name"],
        lambda role: _granted(role, lambda row: row.action in _MANAGED, _MANAGED),
    )


def _trust(snapshot: Snapshot, options: _Options) -> Snapshot:
    services = tuple(
        name
        for s in _statements(options["policy-document"])
        for name in _texts(s["Principal"]["Service"])
    )
    name = options["role-name"]
    return _on_role(snapshot, name, lambda role: _trusting(role, services))


def _trusting(role: Role, services: tuple[str, ...]) -> Role:
    same = set(role.trusted_services) == set(services)
    return role if same else copied(role, trusted_services=services)


def _restore_secret(snapshot: Snapshot, options: _Options) -> Snapshot:
    wanted = options["secret-id"]
    states = read(snapshot.secrets) or ()
    # One secret has many references: one a JSON key.
    mine = [s for s in states if wanted in {s.arn, s.reference}]
    if not mine:
        raise Unknowable(wanted)
    after = snapshot
    for state in mine:
        if state.deleted_at is not None:
            after = changed(
                after, "secrets", "reference", state.reference, lambda s: copied(s, deleted_at=None)
            )
    return after


def _move_version(snapshot: Snapshot, options: _Options) -> Snapshot:
    """A secret after a version of it that is whole became the current one."""
    wanted, version = options["secret-id"], options["move-to-version-id"]
    states = read(snapshot.secrets) or ()
    mine = [s for s in states if wanted in {s.arn, s.reference}]
    if not any(s.whole_version == version for s in mine):
        raise Unknowable(wanted)
    keys = tuple(
        sorted({s.json_key for s in mine if s.json_key}.union(*(s.json_keys for s in mine)))
    )
    whole = {"is_json": True, "json_keys": keys, "empty_keys": (), "version": version}
    rows = tuple(
        copied(s, **whole, is_empty=False, whole_version=None) if s in mine else s for s in states
    )
    # Whoever has no key of their own asks with the deployed one, which can be read again now.
    return asked_anew(with_values(snapshot, secrets=rows))


OPERATIONS = {
    "iam attach-role-policy": _attach_policy,
    "iam put-role-policy": _put_policy,
    "iam update-assume-role-policy": _trust,
    "secretsmanager restore-secret": _restore_secret,
    "secretsmanager update-secret-version-stage": _move_version,
}
