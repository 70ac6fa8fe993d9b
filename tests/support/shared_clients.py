"""The clients of one emulated account, made once: a command of its own makes ten, for half of its CPU time.

How they are made is proven where each command is a process: ``tests/ash_ops/aws/client`` and ``tests/docs``.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws

_SETTINGS = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def share_clients(patch: pytest.MonkeyPatch) -> None:
    """Give commands of this process, from now on, the clients that one before them has made."""

    def made(self: Aws, service: str, region: str) -> Any:
        where = tuple(os.environ.get(name) for name in _SETTINGS)
        key = (
            service,
            region,
            self.settings.endpoint_url,
            self.settings.profile,
            self._limits,
            where,
        )
        if key not in _made:
            _made[key] = _make(self, service, region)
        return _made[key]

    patch.setattr(Aws, "_make_client", made)


def with_own_clients(aws: Aws) -> Aws:
    """The same, with clients of its own: what its session is told to listen to is heard."""
    vars(aws)["_make_client"] = partial(_make, aws)
    return aws


_make = Aws._make_client
_made: dict[Any, Any] = {}
