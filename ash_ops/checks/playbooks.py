"""The chapters of the doctor, in the order in which a deployment comes to fail: what is first breaks the rest."""

from __future__ import annotations

from typing import Literal

Playbook = Literal[
    "deploy",
    "pending",
    "restarts",
    "connection",
    "auth",
    "agents",
    "security",
    "plan",  # before a deployment: what can be known to fail
    "proof",  # after it: does what was deployed serve
]
PLAYBOOKS: tuple[Playbook, ...] = (
    "deploy",
    "pending",
    "restarts",
    "connection",
    "auth",
    "agents",
    "security",
)
