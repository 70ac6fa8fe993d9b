"""Effects of commands where one more fact decides: the second row, the neighbour's value, what is told in part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ash_ops.checks.commands import Command, of_text
from ash_ops.facts.model import parsed, plain
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.effects import Effect, effect
from ash_ops.repairs.lines import changes_it, joined
from tests.ash_ops.repairs.test_effects import (
    ARN,
    BALANCER,
    CREATE_LISTENER,
    DENIED_READING,
    DOWN,
    EGRESS,
    EXECUTION,
    FORWARD,
    GROUP,
    GROUP_ATTRIBUTES,
    HEALTHY,
    IDLE,
    INGRESS,
    LISTENER,
    LISTENER_ATTRIBUTES,
    MODIFY_GROUP,
    MODIFY_LISTENER,
    OTHER_GROUP,
    SERVICE,
    SET_SUBNETS,
    SILENT,
    STACK,
    TASK_GROUP,
    TO_GROUP,
    Patch,
    after,
    done,
    one,
    policy,
    quoted,
    ranges,
    rule,
    simulated,
    value,
)
from tests.support import scenarios

UNREAD = {"value": None, "gap": {"kind": "skipped"}}
UNSURE: Patch = {"target_health": UNREAD, **SILENT}
TWO_GROUPS = value("target_groups", GROUP, OTHER_GROUP)
SECOND = {**LISTENER, "ListenerArn": "arn:second", "Port": 443}
TWO_LISTENERS = value("listeners", LISTENER, SECOND)
OF_OTHER = "--attributes Key=a,Value=b"
REGISTER = f"elbv2 register-targets --target-group-arn {GROUP['TargetGroupArn']}"
MOVE = "secretsmanager update-secret-version-stage --version-stage AWSCURRENT"


def health(*states: tuple[str, str]) -> Patch:
    rows = [{"Target": {"Id": id_}, "TargetHealth": {"State": state}} for id_, state in states]
    return value("target_health", *rows)


def group(**fields: Any) -> Patch:
    return value("target_groups", {**GROUP, **fields})


OPEN_80 = rule(80, **ranges("10.0.0.0/8"))


def bare(without: str, **fields: Any) -> Patch:
    """The group of the task as it is told where it has no rules of a kind."""
    kept = {key: rules for key, rules in TASK_GROUP.items() if key != without}
    return value("security_groups", {**kept, **fields})


ALL = {"IpProtocol": "-1", **ranges("10.0.0.0/8")}


def group_of(*rules: Patch) -> Patch:
    return bare("", IpPermissions=list(rules))


def secret(key: str, **fields: Any) -> Patch:
    reference = f"{ARN}:{key}::"
    return {"reference": reference, "arn": ARN, "json_key": key, "is_json": True, "json_keys": ["A"], **fields}  # fmt: skip


HALF = value(
    "secrets",
    secret("A", version="v2", whole_version="v1", is_empty=False),
    secret("B", version="v2", whole_version="v1", is_empty=True, empty_keys=["B"]),
    {"reference": "arn:other", "arn": "arn:other", "is_empty": True},
)
WHOLE = value(
    "secrets",
    secret("A", version="v1", json_keys=["A", "B"], empty_keys=[], is_empty=False),
    secret("B", version="v1", json_keys=["A", "B"], empty_keys=[], is_empty=False),
    {"reference": "arn:other", "arn": "arn:other", "is_empty": True},
)
TWO_STATEMENTS = {
    "Statement": [
        {"Effect": "Allow", "Action": "a:B", "Resource": "x"},
        {"Effect": "Allow", "Action": ["c:D"], "Resource": "y"},
        {"Effect": "Deny", "Action": "e:F", "Resource": "*"},
    ]
}
DENIED_ROWS = [("a:B", "x"), ("a:B", "y"), ("c:D", "y"), ("e:F", "z")]


def rows(**decisions: str) -> Patch:
    found = [
        (action, resource, decisions.get(action[0] + resource, "implicitDeny"))
        for action, resource in DENIED_ROWS
    ]
    return simulated(*found)


CHANGES: dict[str, tuple[str, Patch, Patch]] = {
    "an attribute of the second group": (f"{GROUP_ATTRIBUTES} arn:other-tg {OF_OTHER}", TWO_GROUPS, {"other_attributes": {"value": {"arn:other-tg": {"a": "b"}}}, **SILENT}),
    "an attribute beside those it has": (f"{GROUP_ATTRIBUTES} arn:other-tg {OF_OTHER}", {**TWO_GROUPS, "other_attributes": {"value": {"arn:other-tg": {"a": "x", "c": "d"}, "arn:z": {"e": "f"}}}}, {"other_attributes": {"value": {"arn:other-tg": {"a": "b", "c": "d"}, "arn:z": {"e": "f"}}}, **SILENT}),
    "an attribute of the second listener": (f"{LISTENER_ATTRIBUTES} arn:second {OF_OTHER}", TWO_LISTENERS, {"other_attributes": {"value": {"arn:second": {"a": "b"}}}}),
    "an attribute of the first group, whatever the others have": (f"{GROUP_ATTRIBUTES} {GROUP['TargetGroupArn']} {OF_OTHER}", {"other_attributes": DENIED_READING}, {"target_group_attributes": {"value": {"a": "b"}}, **SILENT}),
    "what counts as healthy, and whether it is asked": (f"{MODIFY_GROUP} --matcher HttpCode=200 --no-health-check-enabled", {}, group(Matcher={"HttpCode": "200"}, HealthCheckEnabled=False)),
    "a path where the protocol is not told": (f"{MODIFY_GROUP} --health-check-path /live", group(HealthCheckProtocol=None), group(HealthCheckPath="/live", HealthCheckProtocol=None)),
    "a path over HTTPS": (f"{MODIFY_GROUP} --health-check-path /live", group(HealthCheckProtocol="HTTPS"), group(HealthCheckPath="/live", HealthCheckProtocol="HTTPS")),
    "a path over what is asked from now on": (f"{MODIFY_GROUP} --health-check-path /live --health-check-protocol HTTP", group(HealthCheckProtocol="TCP"), group(HealthCheckPath="/live")),
    "a port over TCP": (f"{MODIFY_GROUP} --health-check-port 80", group(HealthCheckProtocol="TCP"), group(HealthCheckProtocol="TCP", HealthCheckPort="80")),
    "one healthy target proves the check": (f"{MODIFY_GROUP} --health-check-path /live", health(("i-1", "unhealthy"), ("i-2", "healthy")), group(HealthCheckPath="/live")),
    "none of two does not": (f"{MODIFY_GROUP} --health-check-path /live", health(("i-1", "unhealthy"), ("i-2", "initial")), {**group(HealthCheckPath="/live"), **UNSURE}),
    "no target, no proof": (f"{MODIFY_GROUP} --health-check-path /live", health(), {**group(HealthCheckPath="/live"), **UNSURE}),
    "the same port of another balancer": (f"{CREATE_LISTENER} --protocol TCP --port 4100 {FORWARD}", value("listeners", {**LISTENER, "LoadBalancerArn": "arn:other-nlb"}), {**value("listeners", {**LISTENER, "LoadBalancerArn": "arn:other-nlb"}, {"ListenerArn": f"{BALANCER['LoadBalancerArn'].replace(':loadbalancer/', ':listener/')}/0", "LoadBalancerArn": BALANCER["LoadBalancerArn"], "Port": 4100, "Protocol": "TCP", "DefaultActions": [TO_GROUP]}), **SILENT}),
    "a zone less where a target is idle": (f"{SET_SUBNETS} subnet-bbb", health(("i-1", "unused")), {**value("load_balancers", {**BALANCER, "AvailabilityZones": [BALANCER["AvailabilityZones"][1]]}), "target_health": UNREAD}),
    "a target more": (f"{REGISTER} --targets Id=10.0.1.99", {}, UNSURE),
    "a second one of two": (f"{REGISTER} --targets {quoted([{'Id': '10.0.1.23'}, {'Id': '10.0.1.24'}])}", {}, UNSURE),
    "one that drains is taken in again": (f"{REGISTER} --targets Id=10.0.1.23", health(("10.0.1.23", "draining")), UNSURE),
    "the first of a group": (f"{REGISTER} --targets Id=10.0.1.23", health(), UNSURE),
    "a whole version becomes the current one, under every key": (f"{MOVE} --secret-id {ARN} --move-to-version-id v1", HALF, {**WHOLE, **SILENT}),
    "the same by one of its references": (f"{MOVE} --secret-id {ARN}:A:: --move-to-version-id v1", value("secrets", secret("A", whole_version="v1", is_empty=True, empty_keys=["A"])), {**value("secrets", secret("A", version="v1", empty_keys=[], is_empty=False)), **SILENT}),
    "a policy of several statements": (f"iam put-role-policy {EXECUTION} --policy-name p --policy-document {quoted(TWO_STATEMENTS)}", rows(), rows(ax="allowed", cy="allowed")),
    "an explicit denial stands": (f"iam put-role-policy {EXECUTION} {policy('Allow', '*', '*')}", simulated(("a:B", "x", "explicitDeny"), ("c:D", "y", "implicitDeny"), ("e:F", "z", "inconclusive")), simulated(("a:B", "x", "explicitDeny"), ("c:D", "y", "allowed"), ("e:F", "z", "inconclusive"))),
    "the first rule of a group that has none": (f"{INGRESS} sg-task --protocol tcp --port 80 --cidr 10.0.0.0/8", bare("IpPermissions"), bare("", IpPermissions=[OPEN_80])),
    "the first way out of a group that has none": (f"{EGRESS} sg-task --protocol tcp --port 80 --cidr 10.0.0.0/8", bare("IpPermissionsEgress"), bare("", IpPermissionsEgress=[OPEN_80])),
    "every protocol where one port is open": (f"{INGRESS} sg-task --ip-permissions {quoted(ALL)}", group_of(rule(4100, **ranges("10.0.0.0/8"))), group_of(rule(4100, **ranges("10.0.0.0/8")), ALL)),
    "every port where some are open": (f"{INGRESS} sg-task --ip-permissions {quoted(rule(0, to=65535, **ranges('10.0.0.0/8')))}", group_of(rule(1, to=65535, **ranges("10.0.0.0/8"))), group_of(rule(1, to=65535, **ranges("10.0.0.0/8")), rule(0, to=65535, **ranges("10.0.0.0/8")))),
    "how long a new task is left alone": (f"ecs update-service {SERVICE} --health-check-grace-period-seconds 300", {}, {"service": {"value": {"healthCheckGracePeriodSeconds": 300}}}),
    "a service whose state was not told": (f"ecs update-service {SERVICE} --desired-count 2", {"service": {"value": {"status": None}}}, {"service": {"value": {"status": None, "desiredCount": 2}}}),
    "fewer tasks where none runs start none": (f"ecs update-service {SERVICE} --desired-count 0", IDLE | {"service": {"value": {"desiredCount": 2, "runningCount": 0}}}, {"service": {"value": {"desiredCount": 0, "runningCount": 0}}}),
}  # fmt: skip


@pytest.mark.parametrize(("command", "change", "patch"), CHANGES.values(), ids=CHANGES)
def test_a_command_changes_this_and_nothing_else(command: str, change: Patch, patch: Patch) -> None:
    found, before, same = done(command, change)
    assert (found.refusal, same) == ("", False)
    assert found.facts is not None
    assert plain(found.facts) == after(before, patch)


SAME: dict[str, tuple[str, Patch]] = {
    "an attribute that the second group has": (f"{GROUP_ATTRIBUTES} arn:other-tg {OF_OTHER}", {**TWO_GROUPS, "other_attributes": {"value": {"arn:other-tg": {"a": "b", "c": "d"}}}}),
    "one of two attributes is no other where both are so": (f"{GROUP_ATTRIBUTES} arn:other-tg --attributes {quoted([{'Key': 'a', 'Value': 'b'}, {'Key': 'c', 'Value': 'd'}])}", {**TWO_GROUPS, "other_attributes": {"value": {"arn:other-tg": {"a": "b", "c": "d"}}}}),
    "a target that is there": (f"{REGISTER} --targets Id=10.0.1.23", DOWN),
    "two that are there": (f"{REGISTER} --targets {quoted([{'Id': 'i-1'}, {'Id': 'i-2'}])}", health(("i-1", "initial"), ("i-2", "healthy"), ("i-3", "draining"))),
    "a listener whose balancer was not told": (f"{CREATE_LISTENER} --protocol TCP --port 4100 {FORWARD}", value("listeners", {**LISTENER, "LoadBalancerArn": None})),
    "every protocol where every one is open": (f"{INGRESS} sg-task --ip-permissions {quoted(ALL)}", group_of(ALL)),
    "every port where every one is open": (f"{INGRESS} sg-task --protocol tcp --port 0-65535 --cidr 10.0.0.0/8", group_of(ALL)),
    "one subnet of one": (f"{SET_SUBNETS} subnet-aaa", value("load_balancers", {**BALANCER, "AvailabilityZones": BALANCER["AvailabilityZones"][:1]})),
    "what one of two statements allowed before": (f"iam put-role-policy {EXECUTION} --policy-name p --policy-document {quoted(TWO_STATEMENTS)}", rows(ax="allowed", cy="allowed")),
    "as long a grace": (f"ecs update-service {SERVICE} --health-check-grace-period-seconds 120", {}),
    "bounds that are so": (f"ecs update-service {SERVICE} --deployment-configuration {quoted({'maximumPercent': 100})}", {}),
}  # fmt: skip


@pytest.mark.parametrize(("command", "change"), SAME.values(), ids=SAME)
def test_a_command_for_what_is_so_already_changes_nothing(command: str, change: Patch) -> None:
    found, _, same = done(command, change)
    assert (found.refusal, same) == ("", True)


SERVED = {
    "TCP": {"TCP", "TCP_UDP"}, "TLS": {"TCP", "TLS"}, "UDP": {"UDP", "TCP_UDP"}, "TCP_UDP": {"TCP_UDP"},
    "HTTP": {"HTTP", "HTTPS"}, "HTTPS": {"HTTP", "HTTPS"},
}  # fmt: skip


@pytest.mark.parametrize("listener", SERVED)
def test_a_listener_serves_groups_of_these_protocols_alone(listener: str) -> None:
    """API reference, CreateListener; a group whose protocol was not told is taken for one that fits."""
    command = f"{CREATE_LISTENER} --protocol {listener} --port 80 {FORWARD}"
    for protocol in SERVED:
        found, _, _ = done(command, group(Protocol=protocol))
        refusal = "" if protocol in SERVED[listener] else f"a {listener} listener serves no target group of {protocol}"  # fmt: skip
        assert found.refusal == refusal
    for unknown in (done(command, group(Protocol=None)), done(command.replace(listener, "NEW", 1))):
        assert unknown[0].refusal == ""
        assert unknown[0].facts is not None


REFUSED: dict[str, tuple[str, Patch, str]] = {
    "a port that forwards elsewhere": (f"{CREATE_LISTENER} --protocol TCP --port 4100 {FORWARD}", {**TWO_GROUPS, **value("listeners", {**LISTENER, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:other-tg"}]})}, "port 4100 has a listener already"),
    "a path over TCP to be": (f"{MODIFY_GROUP} --health-check-path /x --health-check-protocol TLS", {}, "a health check over TLS has no path"),
    "a service that is gone": (f"ecs update-service {SERVICE} --desired-count 1", {"service": {"value": {"status": "INACTIVE"}}}, "the service is INACTIVE"),
    "a role that is gone under its one name": (f"iam put-role-policy {EXECUTION} {policy('Allow', '*', '*')}", {"execution_role": {"value": {"exists": False}}}, "there is no role ash-cloud-execution"),
}  # fmt: skip


@pytest.mark.parametrize(("command", "change", "why"), REFUSED.values(), ids=REFUSED)
def test_aws_refuses(command: str, change: Patch, why: str) -> None:
    assert done(command, change)[0] == Effect(refusal=why)


UNKNOWN: dict[str, tuple[str, Patch]] = {
    "actions that IAM was not asked about": (f"iam put-role-policy {EXECUTION} {policy('Allow', 's3:Get*', '*')}", simulated(("a:B", "x", "implicitDeny"))),
    "a policy for a role that was asked nothing": (f"iam put-role-policy {EXECUTION} {policy('Allow', '*', '*')}", simulated()),
    "another policy of a like name": (f"iam attach-role-policy {EXECUTION} --policy-arn arn:aws:iam::1:policy/MyAmazonECSTaskExecutionRolePolicy", {}),
    "a version that is not whole": (f"{MOVE} --secret-id {ARN} --move-to-version-id v9", HALF),
    "a version of another secret": (f"{MOVE} --secret-id arn:no --move-to-version-id v1", HALF),
    "a whole version of a secret that was not read": (f"{MOVE} --secret-id {ARN} --move-to-version-id v1", {"secrets": DENIED_READING}),
    "targets of another group": ("elbv2 register-targets --target-group-arn arn:no --targets Id=i-1", {}),
    "targets whose health was not read": (f"{REGISTER} --targets Id=i-1", {"target_health": DENIED_READING}),
    "attributes of the second group that were not read": (f"{GROUP_ATTRIBUTES} arn:other-tg {OF_OTHER}", {**TWO_GROUPS, "other_attributes": DENIED_READING}),
    "attributes of the first group that were not read": (f"{GROUP_ATTRIBUTES} {GROUP['TargetGroupArn']} {OF_OTHER}", {"target_group_attributes": DENIED_READING}),
    "a listener that forwards to a group that nobody knows": (f"{MODIFY_LISTENER} --protocol TCP", value("listeners", {**LISTENER, "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:no"}]})),
    "a service of another deployment to delete": ("ecs delete-service --cluster ash-cloud --service ash-cloud-2-runtime", {}),
    "a stack of another name": (f"cloudformation continue-update-rollback {STACK}-2", {}),
    "a log group where the task names none": ("logs create-log-group --log-group-name /ash-cloud/runtime", {**one("log_group", None), **one("task_definition", None)}),
}  # fmt: skip


@pytest.mark.parametrize(("command", "change"), UNKNOWN.values(), ids=UNKNOWN)
def test_nobody_guesses_what_a_command_does(command: str, change: Patch) -> None:
    assert done(command, change)[0] == Effect()


def test_a_second_reference_to_a_role_of_another_name_stays_as_it_is() -> None:
    other = {**HEALTHY["execution_role"]["value"], "name": "another", "exists": False}
    command = f"iam put-role-policy {EXECUTION} {policy('Allow', '*', '*')}"
    denied = simulated(("a:B", "x", "implicitDeny"))
    found, before, _ = done(command, denied, one("task_role", other))
    assert plain(found.facts) == after(before, simulated(("a:B", "x", "allowed")))


def test_a_policy_is_read_from_text_and_from_data() -> None:
    """A call that the doctor makes itself has it as data, a printed command as a text."""
    snapshot = parsed(Snapshot, scenarios.merged(HEALTHY, rows()))
    options = {"role-name": "ash-cloud-execution", "policy-name": "p"}
    told = [
        effect(snapshot, Command("aws", "iam put-role-policy", {**options, "policy-document": each}))
        for each in (TWO_STATEMENTS, json.dumps(TWO_STATEMENTS))
    ]  # fmt: skip
    assert told[0] == told[1]
    assert told[0].facts is not None


@pytest.mark.parametrize(
    "name", ["cpu", "memory", "max-sandboxes", "sandbox-memory", "log-retention"]
)
def test_of_two_sizes_the_larger_is_asked_for(name: str) -> None:
    line = f"ash-ops deploy --{name}"
    for sizes in (("900", "1024"), ("1024", "900")):
        assert joined(f"{line} {size}" for size in sizes) == f"{line} 1024"
    assert joined([f"{line} 900", f"{line} large"]) is None


@pytest.mark.parametrize("name", ["mode", "timeout", "image"])
def test_of_two_values_that_are_no_sizes_neither_is_chosen(name: str) -> None:
    assert joined([f"ash-ops deploy --{name} 1", f"ash-ops deploy --{name} 2"]) is None


@pytest.mark.parametrize(("options", "is_it"), [("", True), ("--name blue", True), ("--name red", False)])  # fmt: skip
def test_a_command_is_about_the_deployment_that_it_names_or_this_one(
    options: str, *, is_it: bool
) -> None:
    command = of_text(f"ash-ops deploy {options}")
    assert command is not None
    assert changes_it(command, "blue") is is_it
