"""Steps where another policy than the role's own decides: of a key, of the thing itself, a boundary.

Sources: AWS KMS Developer Guide, "Troubleshooting key access"; IAM User Guide, "Troubleshoot access
denied error messages".
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from ash_ops.causes.denials import denier
from ash_ops.checks._findings import aws_command, fresh_tasks
from ash_ops.checks._names import named_in
from ash_ops.checks.base import Fix
from ash_ops.checks.pending._keys import key_of, named_key
from ash_ops.facts.snapshot import Snapshot
from ash_ops.patterns import regex

_REPOSITORY = regex(
    r"arn:aws[a-z-]*:ecr:[a-z0-9-]+:(?P<account>\d{12}):repository/(?P<name>[\w./-]+)"
)
_DENIED = regex(
    r":assumed-role/(?P<role>[\w+=,.@-]+)/\S+ is not authorized to perform: (?P<action>[a-z0-9-]+:[A-Za-z]+)"
)
_ROLE_NAME = regex(r":(?:assumed-role|role)/(?:[\w+=,.@-]+/)*?(?P<name>[\w+=,.@-]+)(?:/|\b)")


def denied_to(snapshot: Snapshot, text: str) -> tuple[str, str] | None:
    """The task's own role and the action that AWS denied to it, where a text says so."""
    task, said = snapshot.task_definition.value, _DENIED.search(text)
    role = ((task.task_role_arn if task else None) or "").rsplit("/", 1)[-1]
    if said is None or (role and role != said["role"]):
        return None  # where the task's role was not told, the server has no other to call with
    return said["role"], said["action"]


def allowed_to(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """Who denied decides who can allow it; on which resources the role may do it, a person."""
    found = denied_to(snapshot, text)
    if found is None:
        return None
    elsewhere = denied_elsewhere(snapshot, text)
    return [elsewhere or allow(snapshot, *found)]


def allow(snapshot: Snapshot, role: str, action: str) -> Fix:
    """A role's own policies lack an action."""
    return Fix(
        why=f"Allow {role} the action {action} on what the message names, if the server is "
        "meant to do that; see first what its policies allow.",
        command=aws_command(snapshot, f"iam list-role-policies --role-name {role}"),
    )


def denied_elsewhere(snapshot: Snapshot, text: str) -> Fix | None:
    """The step for a denial that no grant to the role lifts, with the policy that decides shown.

    ``None`` where the role's own policies decide.
    """
    advice = denier(text)
    if advice is None:
        return None
    look = _policy_of_the_thing(snapshot, text) if "resource-based" in text else None
    if "boundary" in text.lower():
        look = _boundary(snapshot, text)
    return Fix(why=advice, command=look)


def _policy_of_the_thing(snapshot: Snapshot, text: str) -> str | None:
    key, repository = named_key(text), _REPOSITORY.search(text)
    secret = named_in(text).get("secret", "")
    if "kms:" in text and key:
        return _key_policy(snapshot, key)
    if ":secretsmanager:" in secret:
        return aws_command(snapshot, f"secretsmanager get-resource-policy --secret-id {secret}")
    if repository:
        named = f"--registry-id {repository['account']} --repository-name {repository['name']}"
        return aws_command(snapshot, f"ecr get-repository-policy {named}")
    return None


def _boundary(snapshot: Snapshot, text: str) -> str | None:
    role = _role_of(snapshot, text)
    query = "--query Role.PermissionsBoundary"
    return aws_command(snapshot, f"iam get-role --role-name {role} {query}") if role else None


def _key_policy(snapshot: Snapshot, key: str) -> str:
    shown = f"kms get-key-policy --key-id {shlex.quote(key)} --policy-name default --output text"
    return aws_command(snapshot, shown)


def key_denied(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """The steps for a value whose encryption key the execution role may not use.

    ``None`` where the message is about no key.
    """
    if "kms" not in text.lower() or denier(text):
        return None
    role, key = _role_of(snapshot, text), key_of(snapshot, text)
    if role is None or key is None:
        return [
            Fix(
                why="The value is encrypted with a customer key: allow kms:Decrypt on that key to the "
                "execution role, in the role's policies and in the key's."
            ),
            *fresh_tasks(snapshot),
        ]
    return [*_decrypt(snapshot, role, key), *fresh_tasks(snapshot)]


def _decrypt(snapshot: Snapshot, role: str, key: str) -> Iterator[Fix]:
    if not _is_granted(snapshot, role):
        statement: dict[str, object] = {
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": _resource(key),
        }
        if ":alias/" in key:  # a policy names keys, or the aliases by which they are called
            alias = key.partition(":alias/")[2]
            statement["Condition"] = {
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{alias}"}
            }
        policy = shlex.quote(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        yield Fix(
            why="Allow the execution role to decrypt with the key of the value.",
            command=aws_command(
                snapshot,
                f"iam put-role-policy --role-name {role} --policy-name ash-decrypt --policy-document {policy}",
            ),
        )
    yield Fix(
        why="The key's own policy must allow it too: it names the role, or leaves it to IAM by "
        "allowing the account's root. See it; whoever owns the key changes it.",
        command=_key_policy(snapshot, key),
    )


def _resource(key: str) -> str:
    return f"{key.partition(':alias/')[0]}:key/*" if ":alias/" in key else key


def _is_granted(snapshot: Snapshot, role: str) -> bool:
    """Whether IAM's simulation allows the role itself to decrypt: then the key's policy denies it."""
    known = snapshot.execution_role.value
    rows = known.simulated if known is not None and known.name == role else ()
    return any(row.action == "kms:Decrypt" and row.decision == "allowed" for row in rows)


def _role_of(snapshot: Snapshot, text: str) -> str | None:
    """The role that the message names, else the execution role."""
    named = _ROLE_NAME.search(text)
    if named:
        return named["name"]
    task = snapshot.task_definition.value
    arn = task.execution_role_arn if task else None
    return arn.rsplit("/", 1)[-1] if arn else None
