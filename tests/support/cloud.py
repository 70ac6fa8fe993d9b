"""An account in which stacks are planned and started, for ``deploy`` and ``rollout`` in one process."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.run.deploy import deploy
from ash_ops.deploy.sessions.live import LiveSessions
from ash_ops.errors import ExitCode
from ash_ops.template_parameters import document
from tests.ash_ops.fakes.world import world as healthy_world
from tests.support.account import MADE, OURS, Account, Raw, arn
from tests.support.deploying import FakeTime, User, settings_of

ID = arn("cloudformation", "stack/ash-cloud/1")
SECRET = arn("secretsmanager", "secret:ash-cloud/server-AbCdEf")
ALL_CHECKS = frozenset(
    ("room-for-tasks", "routes", "image", "quota", "names", "permissions", "size", "room")
)


def changed(action: str, name: str, type_: str, **more: Any) -> Raw:
    found = {"Action": action, "LogicalResourceId": name, "ResourceType": type_, **more}
    return {"Type": "Resource", "ResourceChange": found}


SERVICE = changed("Add", "Service", "AWS::ECS::Service")


class Cloud:
    """An account in which stacks are planned and started."""

    def __init__(self, aws: Aws, time_: FakeTime, user: User, *, there: bool = False) -> None:
        self.account, self.user, self.aws = Account({"secret": {}}), user, aws
        network = {k.partition(":")[2]: v for k, v in healthy_world().items() if k[:4] == "ec2:"}
        self.account.answers |= {
            **network,
            "CreateChangeSet": self._create,
            "DescribeChangeSet": self._describe,
            "GetTemplateSummary": self._summary,
            "CreateSecret": self._secret,
            "PutSecretValue": {"ARN": SECRET, "VersionId": "2" * 36},
            "GetSecretValue": {"SecretString": '{"ASH_API_KEY": "old", "ANTHROPIC_API_KEY": "k"}'},
        }
        self.changes: list[Raw] = [SERVICE]
        self.status, self.reason = "CREATE_COMPLETE", ""
        if there:
            self.account.there["stack"] = {ID: stack()}
            self.account.there["secret"] = {"ash-cloud/server": stored()}
        self.account.serve(aws)
        self.environment = Environment(
            aws=aws,
            settings=settings_of(),
            dialogue=user,
            clock=time_.clock,
            find_address=lambda: "203.0.113.7",
            estimate=lambda _request: "about $40 a month",
            explain=lambda *_: "why",
            sessions=lambda *_: LiveSessions(),
        )

    def _create(self, given: Raw) -> Raw:
        return {"StackId": ID, "Id": f"{given['ChangeSetName']}-id"}

    def _describe(self, given: Raw) -> Raw:
        told = {"Status": self.status, "StatusReason": self.reason, "Changes": self.changes}
        return {**told, "ExecutionStatus": "AVAILABLE"}

    def _summary(self, given: Raw) -> Raw:
        body = document(given["TemplateBody"])
        return {"Parameters": [{"ParameterKey": name} for name in body["Parameters"]]}

    def _secret(self, given: Raw) -> Raw:
        self.account.there["secret"][given["Name"]] = stored()
        return {"ARN": SECRET, "VersionId": given["ClientRequestToken"]}

    def did(self) -> list[str]:
        looks = ("Describe", "List", "Get", "Simulate")
        return [name for name, _ in self.account.calls if not name.startswith(looks)]

    def give(self, **variables: str) -> None:
        """Variables, as an environment has them."""
        self.environment = replace(self.environment, settings=settings_of(**variables))

    def deploy(self, options: DeployOptions | None = None, **choices: Any) -> ExitCode:
        chosen = {"wait": False, "skip_checks": ALL_CHECKS, **choices}
        return deploy(self.environment, options or image_of_loopback(), DeployChoices(**chosen))


def image_of_loopback(**options: Any) -> DeployOptions:
    """Options with an image whose registry is at once found not to answer."""
    return DeployOptions(image="127.0.0.1:9/ash:1", **options)


def stored(**more: Any) -> Raw:
    return {
        "Name": "ash-cloud/server",
        "ARN": SECRET,
        "Tags": OURS,
        "VersionIdsToStages": {"1" * 36: ["AWSCURRENT"]},
        **more,
    }


def stack(**parameters: str) -> Raw:
    return {
        "StackId": ID,
        "StackName": "ash-cloud",
        "StackStatus": "UPDATE_COMPLETE",
        "CreationTime": MADE,
        "Tags": OURS,
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
        "Outputs": [],
    }


def ecs() -> dict[str, Any]:
    """A service that runs."""
    return {k.partition(":")[2]: v for k, v in healthy_world().items() if k[:4] == "ecs:"}


def parameters(given: Raw) -> dict[str, str]:
    return {p["ParameterKey"]: p.get("ParameterValue", "as it is") for p in given["Parameters"]}
