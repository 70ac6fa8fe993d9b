"""The facts inside the page, so that whoever gets it can diagnose them again with ``--from``."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Final

from ash_ops.facts.model import plain
from ash_ops.facts.snapshot import Snapshot

LARGEST: Final = 512 * 1024
"""Bytes of JSON: beyond this a page is no longer easily sent."""


def paragraph(snapshot: Snapshot) -> str:
    """A link that saves the facts; or, where they are too large, how to keep them."""
    # ASCII only: half a surrogate in a message cannot be written in UTF-8.
    document = json.dumps(plain(snapshot), separators=(",", ":")).encode("ascii")
    if len(document) > LARGEST:
        return (
            f"<p>The facts are too large to be attached ({len(document) // 1024} KiB). "
            "<code>ash-ops doctor --save FILE</code> keeps them.</p>"
        )
    data = b64encode(document).decode("ascii")
    return (
        f"<p><a download='snapshot.json' href='data:application/json;base64,{data}'>Save the facts "
        "as snapshot.json</a>. Secrets in them are masked; names, addresses and the account number "
        "are not. <code>ash-ops doctor --from snapshot.json</code> diagnoses them again, "
        "without AWS.</p>"
    )


def masked_account(account: str | None) -> str:
    """An account's number but for its last four digits; empty where it is not known."""
    return f"account ••••{account[-4:]}" if account else ""
