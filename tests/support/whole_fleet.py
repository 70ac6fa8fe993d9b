"""A fleet with all that one can have, beside another deployment and things of no deployment."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.deploy.remove.teardown import teardown
from ash_ops.deploy.sessions.live import LiveSessions, SessionLine
from ash_ops.names import Deployment
from ash_ops.report.receipt import Receipt
from tests.support.account import ANOTHERS, MADE, OURS, Account, Raw, arn, tags
from tests.support.deploying import FakeTime, User

NAMES = Deployment()
STACK_ID = arn("cloudformation", "stack/ash-cloud/1")
INSIGHTS = "/aws/ecs/containerinsights/ash-cloud/performance"


def log_group(name: str, owner: str = "ash-cloud") -> Raw:
    tagged = {"ash:deployment": owner} if owner else {}
    return {
        "logGroupName": name,
        "arn": arn("logs", f"log-group:{name}:*"),
        "creationTime": 1,
        "tags": tagged,
    }


def files(name: str, tagged: Any = OURS, state: str = "available") -> Raw:
    return {"FileSystemId": name, "LifeCycleState": state, "Tags": tagged}


def disk(name: str, tagged: Any, state: str = "available") -> Raw:
    return {"VolumeId": name, "State": state, "Size": 50, "Tags": tagged}


def resource(logical: str, type_: str, physical: str, policy: str = "") -> Raw:
    return {
        "LogicalResourceId": logical,
        "PhysicalResourceId": physical,
        "ResourceType": type_,
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": MADE,
        "Policy": policy,
    }


def snapshot(name: str, database: str, tagged: Any) -> Raw:
    return {"DBSnapshotIdentifier": name, "DBInstanceIdentifier": database, "TagList": tagged}


RUNTIME = arn("ecs", "service/ash-cloud/ash-cloud-runtime")
RUNNERS = arn("ecs", "service/ash-cloud/ash-cloud-runners")


STACKS = {
    STACK_ID: {
        "StackId": STACK_ID,
        "StackName": "ash-cloud",
        "StackStatus": "CREATE_COMPLETE",
        "CreationTime": MADE,
        "Tags": OURS,
        "Outputs": [{"OutputKey": "Mode", "OutputValue": "multi-machine"}],
    }
}
RESOURCES = {
    each["LogicalResourceId"]: each
    for each in (
        resource("Cluster", "AWS::ECS::Cluster", arn("ecs", "cluster/ash-cloud")),
        resource("Service", "AWS::ECS::Service", RUNTIME),
        resource("RunnerService", "AWS::ECS::Service", RUNNERS),
        resource("LogGroup", "AWS::Logs::LogGroup", "/ash-cloud/runtime"),
        resource("FileSystem", "AWS::EFS::FileSystem", "fs-0a5e0000", "Retain"),
        resource("Database", "AWS::RDS::DBInstance", "db-ours", "Snapshot"),
    )
}
SECRETS = {
    name: {
        "Name": name,
        "ARN": arn("secretsmanager", f"secret:{name}-AbCdEf"),
        "Tags": tagged,
    }
    for name, tagged in (("ash-cloud/server", OURS), ("ash-cloud-2/server", ANOTHERS))
}
LOG_GROUPS = {
    name: log_group(name, owner)
    for name, owner in (
        ("/ash-cloud/runtime", "ash-cloud"),
        ("/ash-cloud/events", "ash-cloud"),
        ("/ash-cloud/events-of-mine", "ash-cloud"),
        ("/ash-cloud-2/events", "ash-cloud-2"),
        (INSIGHTS, ""),
    )
}
FILE_SYSTEMS = {
    "fs-0a5e0000": files("fs-0a5e0000"),
    "fs-twos": files("fs-twos", ANOTHERS),
    "fs-nobodys": files("fs-nobodys", []),
    "fs-going": files("fs-going", OURS, "deleting"),
}
DISKS = {
    "vol-data": disk("vol-data", tags(Name="ash-cloud-data")),
    "vol-twos": disk("vol-twos", [*ANOTHERS, {"Key": "Name", "Value": "ash-cloud-data"}]),
    "vol-going": disk("vol-going", tags(Name="ash-cloud-data"), "deleting"),
}
SNAPSHOTS = {
    "last": snapshot("last", "db-ours", []),
    "tagged": snapshot("tagged", "db-before", OURS),
    "by-hand": snapshot("by-hand", "db-ours", tags(**{"ash:backup": "2026-11-20"})),
    "twos": snapshot("twos", "db-twos", ANOTHERS),
}
TASKS = {
    "t/own": {"taskArn": "t/own", "group": "service:ash-cloud-runtime"},
    "t/runner": {"taskArn": "t/runner", "group": "service:ash-cloud-runners"},
}


LIVE = LiveSessions(live=(SessionLine(id="s-1", agent="poet", status="running"),))


def everything() -> dict[str, dict[str, Raw]]:
    """All of it, to be changed by who asks."""
    return deepcopy(
        {
            "stack": STACKS,
            "resource": RESOURCES,
            "secret": SECRETS,
            "log group": LOG_GROUPS,
            "files": FILE_SYSTEMS,
            "disk": DISKS,
            "database snapshot": SNAPSHOTS,
            "service": {RUNTIME: {}, RUNNERS: {}},
            "task": TASKS,
        }
    )


def removed(
    aws: Aws, account: Account, user: User, time_: FakeTime | None = None, **options: Any
) -> tuple[set[str], Receipt]:
    """What was there and is not any more, and the receipt."""
    account.serve(aws)
    before = account.ids()
    clock = (time_ or FakeTime()).clock
    work = TeardownContext(
        aws=aws,
        names=NAMES,
        dialogue=user,
        clock=clock,
        now=lambda: datetime(2026, 11, 27, tzinfo=UTC),
        sessions=lambda _aws, _names: LIVE,
        **options,
    )
    receipt = teardown(work)
    return before - account.ids(), receipt


def line_about(text: str, name: str) -> str:
    """The first line that names something."""
    return next((line for line in text.splitlines() if name in line), "")
