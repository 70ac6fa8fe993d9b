"""Do the secrets and parameters of the task exist, in the form the task wants them?"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._attempts import Stage, at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import ash_container, definition
from ash_ops.checks._findings import (
    aws_command,
    change,
    deploy_fix,
    finding,
    fresh_tasks,
    quote,
    verify,
)
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items
from ash_ops.checks.pending._versions import went_back
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import SecretState
from ash_ops.patterns import regex

_LOGIN = "the login to the image's registry"
# What Secrets Manager puts at the end of a secret's ARN, after its name.
_SUFFIX = regex(r"-[A-Za-z0-9]{6}$")


def _login_again(snapshot: Snapshot, login: str) -> Fix:
    """A registry's login is made by whoever has it: the template makes no such secret."""
    name = _SUFFIX.sub("", login.partition(":secret:")[2] or login)
    return Fix(
        why=f'Make secret {name} again, as JSON: {{"username": ..., "password": ...}}, in a file (so that it stays out '
        "of the shell's history), and let the container's repositoryCredentials name it; or take them out, if the "
        "image is public. Whoever made the login knows it.",
        command=aws_command(
            snapshot,
            f"secretsmanager create-secret --name {shlex.quote(name)} --secret-string file://<FILE>",
        ),
    )


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Each reference names a secret that is there, with a value and with the JSON key asked for."""
    wanted = dict.fromkeys(_logins(snapshot), _LOGIN)
    wanted |= {s.value_from: s.name for s in ash_container(snapshot).secrets}
    whole: dict[str, SecretState] = {}  # what is wrong with a secret as a whole is told once
    for state in items(snapshot.secrets):
        variable = wanted.get(state.reference, "a variable")
        if not state.exists or state.deleted_at or state.has_current_version is False:
            if whole.setdefault(_secret(state.reference), state) is state:
                yield _absent(snapshot, state, variable)
            continue
        key = json_key(state.reference)
        if key and state.is_json is False:
            if whole.setdefault(_secret(state.reference), state) is state:
                why = f"its value is not JSON, so it has no key {key!r}"
                yield _bad(snapshot, state, variable, why)
        elif key and state.is_json and key not in state.json_keys:
            yield _bad(snapshot, state, variable, f"its JSON has no key {key!r}")


def _logins(snapshot: Snapshot) -> Iterator[str]:
    """The secrets with which ECS logs in to the registries of the task's images."""
    for container in definition(snapshot).container_definitions:
        login = container.repository_credentials
        if login and login.credentials_parameter:
            yield login.credentials_parameter


def login_lost(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """The step for a message that names a registry's login; ``None`` for any other secret."""
    try:
        named = next((login for login in _logins(snapshot) if login in text), None)
        return [_login_again(snapshot, named)] if named else None
    except (CannotTell, NotApplicable):
        return None


def _secret(reference: str) -> str:
    """The secret of a reference, without the key in it: several variables often share one."""
    return ":".join(reference.split(":")[:7])


def json_key(reference: str) -> str | None:
    """The JSON key of a ``valueFrom`` such as ``arn:...:secret:name-AbCdEf:key::``."""
    parts = reference.split(":")
    return parts[7] or None if len(parts) > 7 and parts[2] == "secretsmanager" else None


def _absent(snapshot: Snapshot, state: SecretState, variable: str) -> Finding:
    name = state.arn or state.reference
    if state.deleted_at:
        why = f"it is marked for deletion since {state.deleted_at:%Y-%m-%d}"
        step = change(snapshot, "Take it back.", op.RESTORE_SECRET, SecretId=name)
    elif state.exists:
        why = "it has no current value"
        step = (
            Fix(why="Give it a value again.")
            if variable == _LOGIN
            else deploy_fix(
                snapshot,
                "Give it a value (it is asked for, so that it stays out of the shell's history).",
            )
        )
    elif variable == _LOGIN:
        why = "there is none of that name in this region"
        step = _login_again(snapshot, state.reference)
    else:
        why = "there is none of that name in this region"
        step = (
            _parameter(snapshot, state, variable)
            if state.kind == "parameter"
            else deploy_fix(
                snapshot, "Deploy again: that makes the secret and points the task at it."
            )
        )
    return finding(
        "secret-not-found",
        "pending",
        f"The task cannot start: {variable} comes from {name}, but {why}.",
        [quote(snapshot.secrets, f"secrets[{variable}].valueFrom", state.reference)],
        [step, *fresh_tasks(snapshot), verify(snapshot, "pending")],
        severity=at_next_start(snapshot, Stage.FETCHED),
        subject=f"secret/{state.arn or state.reference}",
        apart=variable,
    )


def _parameter(snapshot: Snapshot, state: SecretState, variable: str) -> Fix:
    """The template keeps its keys in a secret: a parameter is somebody's own, and so is its value."""
    within = state.reference.partition(":parameter/")[
        2
    ]  # an ARN leaves out the slash of a hierarchy
    name = f"/{within}" if "/" in within else within or state.reference
    return Fix(
        why=f"Make the parameter of {variable} again, with its value in a file (so that it stays out of the shell's history); "
        "whoever wrote it knows what it was.",
        command=aws_command(
            snapshot,
            f"ssm put-parameter --name {shlex.quote(name)} --type SecureString --value file://<FILE>",
        ),
    )


def _bad(snapshot: Snapshot, state: SecretState, variable: str, why: str) -> Finding:
    return finding(
        "secret-bad-format",
        "pending",
        f"The task cannot start: {variable} comes from {state.arn or state.reference}, but {why}.",
        [
            quote(snapshot.secrets, f"secrets[{variable}].valueFrom", state.reference),
            quote(
                snapshot.secrets, f"secrets[{variable}].keys", ", ".join(state.json_keys) or "none"
            ),
        ],
        [_completed(snapshot, state), *fresh_tasks(snapshot), verify(snapshot, "pending")],
        severity=at_next_start(snapshot, Stage.FETCHED),
        subject=f"secret/{state.arn or state.reference}",
        apart=variable,
    )


def _completed(snapshot: Snapshot, state: SecretState) -> Fix:
    """What gives a secret back what it lacks."""
    before = went_back(snapshot, state)
    if before is not None:
        return before
    if state.is_json:
        return deploy_fix(snapshot, "Deploy again: that completes the secret.")
    return Fix(
        why="Put a JSON object of the keys and their values into it again: the version before is no "
        "better, and `ash-ops deploy` replaces nothing that it cannot read. Whoever wrote the value "
        "knows what it was to be."
    )


CHECK = Check(
    id="secrets",
    title="Every secret that the task refers to exists and has the key asked for",
    playbook="pending",
    run=run,
    causes=("secret-not-found", "secret-bad-format"),
    explains=(*NO_TASK, "task-stuck"),
)
