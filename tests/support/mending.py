"""The plan of ``doctor --fix`` for facts out of a file, with a session that never calls."""

from __future__ import annotations

from functools import cache

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.fix.actions import Plan, plan
from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import Deployment
from tests.support.deploying import KEYS, settings_of


@cache
def session() -> Aws:
    """A session with made-up keys; its models say how a call is written."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            if name.startswith("AWS_"):
                patch.setenv(name, value)
        return Aws(settings_of())


def plan_of(report: Report, snapshot: Snapshot, *, lose_sessions: bool = False) -> Plan:
    """What would be repaired, and what is left to a person."""
    return plan(session(), Deployment(), report, snapshot, lose_sessions=lose_sessions)
