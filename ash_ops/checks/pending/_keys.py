"""Steps where a key of KMS cannot be used by anybody: its own state decides, whatever it encrypts.

A secret, a log group, an image in ECR and a volume may each be encrypted with a key of the account's own.
Source: AWS KMS Developer Guide, "Key states of AWS KMS keys".
"""

from __future__ import annotations

from ash_ops.checks._findings import aws_command, fresh_tasks
from ash_ops.checks._names import named_in
from ash_ops.checks.base import Fix
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import SecretState
from ash_ops.patterns import regex

_KEY = regex(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)/[\w/-]+")
_DELETED = ("pending deletion", "pendingdeletion")
_DISABLED = ("is disabled", "disabledexception", "not enabled")
# What says that the state is at fault, and not which one it is.
_IN_SOME_STATE = (
    "kmsinvalidstate",
    "invalidkmskey.invalidstate",
    "in an incorrect state",
    "decryptionfailure",
    "pending import",
)


def named_key(text: str) -> str | None:
    """The ARN of the key, or of the alias, that a message names."""
    named = _KEY.search(text)
    return named.group() if named else None


def key_of(snapshot: Snapshot, text: str) -> str | None:
    """The ARN of the key that the message names, else that of the secret that it names."""
    named = named_key(text)
    if named:
        return named
    secrets = snapshot.secrets.value or ()
    wanted = named_in(text).get("secret")
    own = [s for s in secrets if wanted and wanted in {s.arn, s.reference}] or secrets
    keys = {key for s in own if (key := _full_key(s))}
    return keys.pop() if len(keys) == 1 else None


def _full_key(secret: SecretState) -> str | None:
    """A secret's key as an ARN: Secrets Manager tells an ARN, an id or an alias."""
    key, parts = secret.kms_key_id, (secret.arn or "").split(":")
    if not key or key.startswith("arn:"):
        return key
    if len(parts) < 6:
        return None
    kind = key if key.startswith("alias/") else f"key/{key}"
    return ":".join((*parts[:2], "kms", *parts[3:5], kind))


def usable_again(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """The steps that bring a key back into use; ``None`` where a message blames no key's state."""
    folded = text.lower()
    if "kms" not in folded and "decryptionfailure" not in folded:
        return None
    key = key_of(snapshot, text)
    if any(words in folded for words in _DELETED):
        why = "The key is about to be deleted for good, and with it all that it encrypts: keep it"
        orders = [
            (why, "cancel-key-deletion"),
            ("Then enable it, for it stays disabled", "enable-key"),
        ]
    elif any(words in folded for words in _DISABLED):
        orders = [("The key that encrypts it is disabled: enable it", "enable-key")]
    elif any(words in folded for words in _IN_SOME_STATE):
        orders = [
            ("The state of the key keeps it from being used: see which it is", "describe-key")
        ]
    else:
        return None
    return [*(_order(snapshot, why, order, key) for why, order in orders), *fresh_tasks(snapshot)]


def _order(snapshot: Snapshot, why: str, order: str, key: str | None) -> Fix:
    """Whoever owns the key may do it; an alias names none to these calls but to ``describe-key``."""
    if key is None or (":alias/" in key and order != "describe-key"):
        return Fix(why=f"{why} (`aws kms {order}`, with the key that encrypts it).")
    return Fix(why=f"{why}.", command=aws_command(snapshot, f"kms {order} --key-id {key}"))
