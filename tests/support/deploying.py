"""Scripted AWS answers, a user who answers by script, and time that passes when told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ash_ops.aws.client.session import Aws
from ash_ops.commands.ports import Ports
from ash_ops.deploy.clock import Clock
from ash_ops.settings import Options, Settings, load

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
    "ANTHROPIC_API_KEY": "sk-ant-planted-anthropic",
}


def settings_of(**variables: str) -> Settings:
    return load(Options(), {**KEYS, **variables})


class User:
    """Answers questions from a list, and keeps what it was told."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.heard: list[str] = []
        self.asked: list[str] = []
        self.pictures: list[list[str]] = []

    def say(self, text: str) -> None:
        self.heard.append(text)

    def event(self, line: str) -> None:
        self.heard.append(line)

    def live(self, lines: list[str]) -> None:
        self.pictures.append(lines)

    def settle(self) -> None:
        pass

    def confirm(self, question: str) -> bool:
        self.asked.append(question)
        return self.answers.pop(0)

    def consent(self, question: str) -> bool:
        return self.confirm(question)

    def agree_to_charge(self, question: str) -> bool:
        return self.confirm(question)

    def type_back(self, question: str, expected: str) -> bool:
        return self.confirm(question)

    @property
    def text(self) -> str:
        return "\n".join(self.heard)


class FakeTime:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.naps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, self.sleep)


def ports_of(settings: Settings, open_aws: Callable[[], Aws], user: User | None = None) -> Ports:
    """The world of a command, with a user who answers by script; what it shows is in ``heard``."""
    someone = user or User()
    return Ports(
        settings=settings,
        open_aws=open_aws,
        dialogue=someone,
        note=someone.say,
        show=someone.say,
    )


def stack(status: str, **more: Any) -> dict[str, Any]:
    """A DescribeStacks answer; the stack is ours unless other tags are given."""
    raw = {
        "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/ash-cloud/1",
        "StackName": "ash-cloud",
        "StackStatus": status,
        "CreationTime": "2026-11-23T10:00:00Z",
        "Tags": [{"Key": "ash:deployment", "Value": "ash-cloud"}],
        **more,
    }
    return {"Stacks": [raw]}


def event(number: int, logical: str, status: str, reason: str | None = None) -> dict[str, Any]:
    """A stack event; the stack's own are named after it."""
    of_stack = logical == "ash-cloud"
    types = {"Service": "AWS::ECS::Service", "Cluster": "AWS::ECS::Cluster"}
    raw = {
        "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/ash-cloud/1",
        "EventId": f"event-{number}",
        "StackName": "ash-cloud",
        "LogicalResourceId": logical,
        "PhysicalResourceId": logical.lower(),
        "ResourceType": "AWS::CloudFormation::Stack"
        if of_stack
        else types.get(logical, "AWS::X::Y"),
        "Timestamp": f"2026-11-23T10:00:{number:02d}Z",
        "ResourceStatus": status,
    }
    return {**raw, "ResourceStatusReason": reason} if reason else raw


def events(*newest_last: dict[str, Any]) -> dict[str, Any]:
    """A DescribeStackEvents answer; AWS gives the newest first."""
    return {"StackEvents": list(reversed(newest_last))}


def service(**more: Any) -> dict[str, Any]:
    """A DescribeServices answer with one deployment."""
    deployment = {
        "id": "ecs-svc/1",
        "status": "PRIMARY",
        "taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/ash-cloud-runtime:7",
        "desiredCount": 1,
        "runningCount": 0,
        "pendingCount": 1,
        "failedTasks": 2,
        "rolloutState": "IN_PROGRESS",
        **more,
    }
    raw = {
        "serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/ash-cloud/ash-cloud-runtime",
        "serviceName": "ash-cloud-runtime",
        "status": "ACTIVE",
        "desiredCount": 1,
        "runningCount": deployment["runningCount"],
        "pendingCount": deployment["pendingCount"],
        "taskDefinition": deployment["taskDefinition"],
        "deployments": [deployment],
        "loadBalancers": [
            {
                "targetGroupArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/t/1",
                "containerName": "ash",
                "containerPort": 4100,
            }
        ],
        "events": [],
    }
    return {"services": [raw], "failures": []}


PULL = (
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve "
    "ref ghcr.io/ash-ai-org/ash:0.0.99: ghcr.io/ash-ai-org/ash:0.0.99: not found"
)


def dead_task(number: int, reason: str = PULL, code: str = "TaskFailedToStart") -> dict[str, Any]:
    """A stopped task."""
    return {
        "taskArn": f"arn:aws:ecs:us-east-1:123456789012:task/ash-cloud/{number:032x}",
        "lastStatus": "STOPPED",
        "desiredStatus": "STOPPED",
        "stopCode": code,
        "stoppedReason": reason,
        "containers": [{"name": "ash", "lastStatus": "STOPPED"}],
    }
