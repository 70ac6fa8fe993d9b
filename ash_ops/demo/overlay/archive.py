"""EventBridge: what ECS says of its tasks, kept where a deployment has a log group for it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from ash_ops.demo.names import ACCOUNT
from ash_ops.demo.overlay import log_groups, state

Record = dict[str, Any]


def tell_task(task: Record) -> None:
    """Tell the event archive of a deployment about a task that changed."""
    cluster = str(task["clusterArn"]).rsplit("/", 1)[-1]
    if f"/{cluster}/events" not in state.log_groups():
        return
    detail = {k: v for k, v in task.items() if not k.startswith("_") and v is not None}
    record = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "ECS Task State Change",
        "source": "aws.ecs",
        "account": ACCOUNT,
        "time": task["stoppedAt"],
        "region": state.region(),
        "resources": [task["taskArn"]],
        "detail": detail,
    }
    at = state.at_ms(task["stoppedAt"])
    log_groups.write(f"/{cluster}/events", str(uuid.uuid4()), [(at, json.dumps(record))])
