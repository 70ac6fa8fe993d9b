"""An account in memory: what is there, answered as AWS answers, and gone once it was deleted.

A scripted answer (botocore's Stubber) fixes which calls are made and in which order. Here a test can
compare all that is there before and after, whatever was called. Requests are held to botocore's models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import OperationModel

from ash_ops.aws.client.session import Aws
from tests.support.aws_parameters import problems_of_request

ACCOUNT = "123456789012"
MADE = datetime(2026, 11, 23, 10, tzinfo=UTC)
Raw = dict[str, Any]
Answer = Callable[[Raw], Raw]


# Making a client reads the service's whole model: once is enough.
_CLIENTS: dict[str, Any] = {}


def arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{rest}"


def tags(**more: str) -> list[Raw]:
    """The tag of ash-cloud, and others: ``Name="x"``."""
    mine = {"ash:deployment": "ash-cloud", **more}
    return [{"Key": key, "Value": value} for key, value in mine.items()]


OURS = tags()
ANOTHERS = [{"Key": "ash:deployment", "Value": "ash-cloud-2"}]


def nothing(model: OperationModel) -> Raw:
    """An answer whose lists are empty."""
    members = model.output_shape.members if model.output_shape else {}
    return {name: [] for name, shape in members.items() if shape.type_name == "list"}


class Account:
    """What is in an account, by kind and id.

    Attributes:
        there: kind -> id -> what the describing call says of it; log groups have ``tags`` besides.
        answers: what an operation answers instead, by its name; a code that is raised is a text.
        calls: the operations that were asked for, with their parameters.
    """

    def __init__(self, there: Mapping[str, Mapping[str, Raw]]) -> None:
        self.there = {kind: dict(deepcopy(things)) for kind, things in there.items()}
        self.answers: dict[str, Answer | Raw | str] = {}
        self.calls: list[tuple[str, Raw]] = []

    def ids(self) -> set[str]:
        """Everything that is there."""
        return {id_ for things in self.there.values() for id_ in things}

    def asked(self, operation: str) -> list[Raw]:
        """The requests of one operation."""
        return [given for name, given in self.calls if name == operation]

    def serve(self, aws: Aws) -> None:
        """Answer what a session asks."""
        make = aws._make_client

        def made(service: str, region: str) -> Any:
            if service not in _CLIENTS:
                _CLIENTS[service] = make(service, region)
            client = object.__new__(type(_CLIENTS[service]))
            vars(client).update(vars(_CLIENTS[service]))
            client._make_api_call = partial(self._answered, client)
            return client

        aws._make_client = made  # type: ignore[method-assign]  # the only door to the network

    def _answered(self, client: Any, operation: str, given: Raw) -> Raw:
        model = client.meta.service_model.operation_model(operation)
        if model.input_shape is not None:
            members = model.input_shape.members
            alias = "Filters" in given and "Filters" not in members  # boto3 names EC2's Filter so
            asked = {"Filter" if alias and k == "Filters" else k: v for k, v in given.items()}
            problems = problems_of_request(model, asked)
            assert not problems, problems
        self.calls.append((operation, given))
        answer = self.answers.get(operation, getattr(self, f"_{xform_name(operation)}", None))
        if isinstance(answer, str):
            raise ClientError({"Error": {"Code": answer, "Message": answer}}, operation)
        if callable(answer):
            return answer(given)
        return answer or nothing(model)

    def missing(self, code: str) -> ClientError:
        """AWS's error of a code; CloudFormation tells only by its words that a stack is not there."""
        return ClientError({"Error": {"Code": code, "Message": "it does not exist"}}, "Any")

    def of(self, kind: str) -> list[Raw]:
        return list(self.there.get(kind, {}).values())

    def take(self, kind: str, id_: str) -> Raw:
        """Delete something.

        Raises:
            ClientError: it is not there.
        """
        try:
            return self.there[kind].pop(id_)
        except KeyError:
            raise self.missing("ResourceNotFoundException") from None

    def named(self, kind: str, id_: str) -> Raw:
        for name, raw in self.there.get(kind, {}).items():
            if id_ in (name, raw.get("ARN")):
                return raw
        raise self.missing("ResourceNotFoundException")

    def _get_caller_identity(self, _: Raw) -> Raw:
        return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/me"}

    # The stack takes what it lists along, but for what its template keeps.

    def _describe_stacks(self, given: Raw) -> Raw:
        found = [
            s for s in self.of("stack") if given["StackName"] in (s["StackName"], s["StackId"])
        ]
        if not found:
            raise self.missing("ValidationError")
        return {"Stacks": found}

    def _list_stack_resources(self, _: Raw) -> Raw:
        return {"StackResourceSummaries": self.of("resource")}

    def _get_template(self, _: Raw) -> Raw:
        kept = {r["LogicalResourceId"]: r.get("Policy") for r in self.of("resource")}
        types = {r["LogicalResourceId"]: r["ResourceType"] for r in self.of("resource")}
        resources = {
            name: {"Type": types[name], **({"DeletionPolicy": policy} if policy else {})}
            for name, policy in kept.items()
        }
        return {"TemplateBody": {"Resources": resources}}

    def _delete_stack(self, given: Raw) -> Raw:
        left = given.get("RetainResources", ())
        for raw in self.of("resource"):
            if raw["LogicalResourceId"] not in left and not raw.get("Policy"):
                for things in self.there.values():
                    things.pop(raw["PhysicalResourceId"], None)
        self.there["resource"] = {}
        for raw in self.of("stack"):
            raw["StackStatus"] = "DELETE_COMPLETE"
        return {}

    def _update_termination_protection(self, given: Raw) -> Raw:
        self.of("stack")[0]["EnableTerminationProtection"] = given["EnableTerminationProtection"]
        return {}

    # What stands beside it.

    def _describe_secret(self, given: Raw) -> Raw:
        return self.named("secret", given["SecretId"])

    def _delete_secret(self, given: Raw) -> Raw:
        found = self.named("secret", given["SecretId"])
        if given.get("ForceDeleteWithoutRecovery"):
            self.take("secret", found["Name"])
        else:
            found["DeletedDate"] = MADE
        return {}

    def _describe_log_groups(self, given: Raw) -> Raw:
        start = given.get("logGroupNamePrefix", "")
        return {
            "logGroups": [g for g in self.of("log group") if g["logGroupName"].startswith(start)]
        }

    def _list_tags_for_resource(self, given: Raw) -> Raw:
        wanted = given.get("resourceArn")
        groups = (g for g in self.of("log group") if g["arn"].removesuffix(":*") == wanted)
        return {"tags": next(groups)["tags"]}

    def _tag_resource(self, given: Raw) -> Raw:
        for group in self.of("log group"):
            if group["arn"].removesuffix(":*") == given.get("resourceArn"):
                group["tags"] |= given["tags"]
        return {}

    def _delete_log_group(self, given: Raw) -> Raw:
        return self.take("log group", given["logGroupName"])

    def _describe_file_systems(self, given: Raw) -> Raw:
        wanted = given.get("FileSystemId")
        return {"FileSystems": [f for f in self.of("files") if wanted in (None, f["FileSystemId"])]}

    def _delete_file_system(self, given: Raw) -> Raw:
        return self.take("files", given["FileSystemId"])

    def _describe_volumes(self, given: Raw) -> Raw:
        wanted = given.get("VolumeIds")
        return {"Volumes": [v for v in self.of("disk") if not wanted or v["VolumeId"] in wanted]}

    def _delete_volume(self, given: Raw) -> Raw:
        return self.take("disk", given["VolumeId"])

    def _describe_db_snapshots(self, _: Raw) -> Raw:
        return {"DBSnapshots": self.of("database snapshot")}

    def _delete_db_snapshot(self, given: Raw) -> Raw:
        return self.take("database snapshot", given["DBSnapshotIdentifier"])

    def _list_services(self, _: Raw) -> Raw:
        return {"serviceArns": list(self.there.get("service", {}))}

    def _delete_service(self, given: Raw) -> Raw:
        return self.take("service", given["service"])

    def _list_tasks(self, given: Raw) -> Raw:
        wanted = given.get("serviceName")
        tasks = self.there.get("task", {})
        return {
            "taskArns": [a for a, t in tasks.items() if not wanted or t["group"].endswith(wanted)]
        }

    def _describe_tasks(self, given: Raw) -> Raw:
        return {"tasks": [t for a, t in self.there.get("task", {}).items() if a in given["tasks"]]}

    def _stop_task(self, given: Raw) -> Raw:
        return {"task": self.take("task", given["task"])}

    def _update_service(self, given: Raw) -> Raw:
        return {"service": {}}
