"""Stacks, hooks, costs, denials and services: the other side of each fact, and what a step names."""

from __future__ import annotations

from typing import Any

from tests.ash_ops.checks.one_fact.test_restarts import FULL as NO_CAPACITY
from tests.ash_ops.checks.one_fact.test_rollouts import EXISTS, STOPPED_TAG
from tests.ash_ops.checks.one_fact.test_rollouts import SERVICE as THE_SERVICE
from tests.ash_ops.checks.one_fact.test_stacks import (
    ECHO,
    FULL,
    NO_TASK,
    OF_STACK,
    REFUSED,
    ROLE,
    denied,
    failing,
    hooked,
)
from tests.support.each import each
from tests.support.one_check import GONE, Row, found, holds, unread

QUOTA = f"warning cfn-quota {OF_STACK} since 11:31"
# The code that Service Quotas has, and twice AWS's default (the lists of quotas in the services' guides).
QUOTAS = {
    "AWS::EC2::EIP": "ec2 --quota-code L-0263D0A3 --desired-value 10",
    "AWS::EC2::InternetGateway": "vpc --quota-code L-A4707A72 --desired-value 10",
    "AWS::EC2::NatGateway": "vpc --quota-code L-FE5A380F --desired-value 10",
    "AWS::EC2::SecurityGroup": "vpc --quota-code L-E79EC296 --desired-value 5000",
    "AWS::EC2::VPC": "vpc --quota-code L-F678F1CE --desired-value 10",
    "AWS::EFS::FileSystem": "elasticfilesystem --quota-code L-848C634D --desired-value 2000",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "elasticloadbalancing --quota-code L-69A177A2 --desired-value 100",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "elasticloadbalancing --quota-code L-B22855CB --desired-value 6000",
    "AWS::ECS::Cluster": "ecs --quota-code <quota-code> --desired-value <value>",
    "": "<service-code> --quota-code <quota-code> --desired-value <value>",
}


@each("kind", list(QUOTAS))
def test_which_quota_a_resource_has_met(kind: str) -> None:
    [item] = found("stack-state", "", failing(FULL, ResourceType=kind))
    commands = " ".join(step.command or "" for step in item.fix)
    assert f"request-service-quota-increase --service-code {QUOTAS[kind]} " in commands


NO_ROOM = f"Resource handler returned message: {NO_CAPACITY}"
BACK = {"EventId": "8", "Timestamp": "2026-11-22T11:32:00Z", "LogicalResourceId": "ash-cloud", "ResourceType": "AWS::CloudFormation::Stack",
        "ResourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS"}  # fmt: skip
STOPPED_BACK = {
    **ECHO,
    "EventId": "9",
    "Timestamp": "2026-11-22T11:33:00Z",
    "ResourceStatusReason": "Rate exceeded (HandlerErrorCode: Throttling)",
}
MIDWAY = f"error cfn-update-rollback-failed {OF_STACK}"
SERVES_NOT: dict[str, Any] = {**NO_TASK, "target_health": []}
STACKS: dict[str, Row] = {
    "a failure that says nothing": (
        "stack-state", "", failing(""), f"warning cfn-resource-failed {OF_STACK} since 11:31", "could not be made: no reason given.",
    ),
    "the stack's own failure is no resource's": ("stack-state", "", failing(FULL, ResourceType="AWS::CloudFormation::Stack"), "sound"),
    "what stopped the way back goes before what the update failed of": (
        "stack-state", "", {**failing(FULL, "UPDATE_ROLLBACK_FAILED"), "stack_events.+": BACK, "stack_events.2": BACK, "stack_events": [
            STOPPED_BACK, BACK, *failing(FULL)["stack_events"]]}, f"warning aws-throttled {OF_STACK} since 11:33 stops next start; {MIDWAY}", "continue-update-rollback",
    ),
    "a failure of the way back that ended well is none of now": (
        "stack-state", "", {**failing(FULL), "stack_events": [STOPPED_BACK, BACK, *failing(FULL)["stack_events"]]}, QUOTA,
    ),
    "spelled in one l": ("stack-state", "", {**failing(FULL), "stack_events.+": {**ECHO, "ResourceStatusReason": "Resource creation canceled"}}, QUOTA),
    "told of a list": ("stack-state", "", {**failing(FULL), "stack_events.+": {**ECHO, "ResourceStatusReason": "The following resource(s) failed to update: [X]."}}, QUOTA),
    "undone an hour ago": (
        "stack-state", "", {**failing(FULL, Timestamp="2026-11-22T11:00:00Z"), **SERVES_NOT, "stack_events.1.Timestamp": "2026-11-22T10:50:00Z"},
        f"error cfn-quota {OF_STACK} since 11:00",
    ),
    "being undone, and it serves": ("stack-state", "", failing(FULL, "UPDATE_ROLLBACK_IN_PROGRESS"), f"{QUOTA}; info deployment-in-progress {OF_STACK}"),
    "being undone, and nothing serves": (
        "stack-state", "", {**failing(FULL, "UPDATE_ROLLBACK_IN_PROGRESS"), **SERVES_NOT}, f"{QUOTA.replace('warning', 'error')}; info deployment-in-progress {OF_STACK}",
    ),
    "cleaned up after it": ("stack-state", "", failing(FULL, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"), f"info deployment-in-progress {OF_STACK}"),
    "an import that was undone": ("stack-state", "", failing(FULL, "IMPORT_ROLLBACK_COMPLETE"), QUOTA),
    "an import that is being undone": ("stack-state", "", failing(FULL, "IMPORT_ROLLBACK_IN_PROGRESS"), f"{QUOTA}; info deployment-in-progress {OF_STACK}"),
    "capacity was short, and the way back stopped": (
        "stack-state", "", failing(NO_ROOM, "UPDATE_ROLLBACK_FAILED"),
        f"warning fargate-capacity {OF_STACK} since 11:31; {MIDWAY}",
    ),
    "capacity was short, and nothing serves": (
        "stack-state", "", {**failing(NO_ROOM), **SERVES_NOT}, f"error fargate-capacity {OF_STACK} since 11:31",
    ),
    "a first deployment that failed": (
        "stack-state", "", {**failing(FULL, "ROLLBACK_COMPLETE", ResourceStatus="CREATE_FAILED"), "service": None},
        f"error cfn-quota {OF_STACK} since 11:31; error cfn-rollback-complete {OF_STACK}", "ash-ops deploy", "CREATE_FAILED: You have",
    ),
    "half deleted, and the service was not read": ("stack-state", "", {"stack.StackStatus": "DELETE_FAILED", "service": unread()}, f"error cfn-delete-dependency {OF_STACK}", "--name ash-cloud-2"),
    "half deleted, and there is none": ("stack-state", "", {"stack.StackStatus": "DELETE_FAILED", "service": None}, f"error cfn-delete-dependency {OF_STACK}", "ash-ops teardown"),
    "it is being deleted": (
        "stack-state", "", {"stack.StackStatus": "DELETE_IN_PROGRESS"}, f"warning deployment-in-progress {OF_STACK}", "is deleting stack ash-cloud (DELETE_IN_PROGRESS): what answers now is about to go.",
    ),
    "no event tells when": ("stack-state", "", {**failing(FULL, Timestamp=None), **SERVES_NOT}, "sound"),
}  # fmt: skip

RESULT = {"HookResultId": "h-1", "Annotations": [{"AnnotationName": "RULE", "Status": "FAILED", "StatusMessage": "Bad.", "RemediationMessage": "Set Scheme to internal",
                                                "RemediationLink": "https://acme.example/rule"}]}  # fmt: skip
ASKED = hooked(HookInvocationId="h-1")
HOOKS: dict[str, Row] = {
    "with its advice": ("stack-hooks", "", {**ASKED, "hook_results": [RESULT]}, REFUSED, ": RULE: Bad. (Set Scheme to internal)", "for an exception (more: https://acme.example/rule).", "Annotations[RULE]', value='RULE: Bad. (Set Scheme to internal)'"),
    "with a state alone": ("stack-hooks", "", {**ASKED, "hook_results": [{**RESULT, "Annotations": [{"AnnotationName": "RULE", "Status": "SKIPPED"}]}]}, REFUSED, ": RULE: SKIPPED"),
    "with no state": ("stack-hooks", "", {**ASKED, "hook_results": [{**RESULT, "Annotations": [{"AnnotationName": "RULE"}]}]}, REFUSED, ": RULE: failed"),
    "another hook's result": ("stack-hooks", "", {**ASKED, "hook_results": [{**RESULT, "HookResultId": "h-2"}]}, REFUSED, "it gives no reason.", "get-hook-result --hook-result-id h-1", "!RULE"),
    "no result is named": ("stack-hooks", "", {**hooked(), "hook_results": [{**RESULT, "HookResultId": ""}]}, REFUSED, "it gives no reason.", "!RULE", "!get-hook-result"),
    "the result's own reason": (
        "stack-hooks", "", {**ASKED, "hook_results": [{"HookResultId": "h-1", "HookStatusReason": "Too wide.", "Annotations": []}]}, REFUSED, ": Too wide.", "!get-hook-result",
    ),
    "the event's goes before it": (
        "stack-hooks", "", {**hooked(HookInvocationId="h-1", HookStatusReason="Too open."), "hook_results": [{"HookResultId": "h-1", "HookStatusReason": "Too wide.", "Annotations": []}]},
        REFUSED, ": Too open.", "!Too wide",
    ),
    "a hook without a name": ("stack-hooks", "", hooked(HookType=None), REFUSED, "Hook of the account refused", "value='?: HOOK_COMPLETE_FAILED'"),
    "the stack goes back": ("stack-hooks", "", hooked("UPDATE_ROLLBACK_IN_PROGRESS"), REFUSED),
    "the stack is at work": ("stack-hooks", "", hooked("UPDATE_IN_PROGRESS"), "sound"),
    "no stack": ("stack-hooks", "", {"stack": None}, "none of its business"),
    "the first of two": ("stack-hooks", "", {**hooked(), "stack_events.+": {**hooked(HookType="Acme::First::Hook")["stack_events"][0], "HookType": "Acme::First::Hook",
                                            "HookStatus": "HOOK_FAILED", "Timestamp": "2026-11-22T11:30:30Z"}}, f"error cfn-hook-failed {OF_STACK} since 11:30:30", "Hook Acme::First::Hook broke at"),
}  # fmt: skip

LINES = {"log_lines": [{"stream": "ash/ash/d", "at": "2026-11-22T11:57:00Z", "message": "AccessDenied: not authorized to perform bedrock:InvokeModel"}]}  # fmt: skip
DIED = {"stopped_tasks": [{"taskArn": "x/d", "lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:58:00Z", "stopCode": "EssentialContainerExited"}]}  # fmt: skip
SPOKE = {"denied_calls": [denied()], **DIED, **LINES}
BOUNDARY = "is not authorized to perform: bedrock:InvokeModel because no permissions boundary allows the action"
DENIED: dict[str, Row] = {
    "it died of it": ("denied-calls", "", {**SPOKE, **NO_TASK}, f"error {ROLE} stops answers now"),
    "it died of it, and another runs": ("denied-calls", "", SPOKE, f"warning maybe {ROLE} since 11:56"),
    "it died of it, and none is wanted": ("denied-calls", "", {**SPOKE, **NO_TASK, "service.desiredCount": 0}, f"warning maybe {ROLE} since 11:56"),
    "it died, and spoke of another": ("denied-calls", "", {**SPOKE, **NO_TASK, "denied_calls": [denied("bedrock:ListModels")]}, f"warning maybe {ROLE} since 11:56"),
    "none died": ("denied-calls", "", {**SPOKE, **NO_TASK, "stopped_tasks": []}, f"warning maybe {ROLE} since 11:56"),
    "no service": ("denied-calls", "", {**SPOKE, **NO_TASK, "service": None}, f"warning maybe {ROLE} since 11:56"),
    "three of four are told": (
        "denied-calls", "", {"denied_calls": [denied(f"bedrock:A{n}", at=f"2026-11-22T11:5{5 - n}:00Z") for n in range(4)]}, f"warning maybe {ROLE} since 11:52",
        "AWS denied bedrock:A0, bedrock:A1, bedrock:A2 to ash-cloud-task, last 5 min ago", "Events[bedrock:A2].errorMessage", "!A3",
        "Allow ash-cloud-task the action bedrock:A0", "list-role-policies --role-name ash-cloud-task",
    ),
    "one call, twice": ("denied-calls", "", {"denied_calls": [denied(), denied(at="2026-11-22T11:50:00Z")]}, f"warning maybe {ROLE} since 11:50", "denied bedrock:InvokeModel to"),
    "two roles": (
        "denied-calls", "", {"denied_calls": [denied(), denied(role="arn:aws:iam::111122223333:role/other")]}, f"warning maybe {ROLE} since 11:56; warning maybe role-call-denied of role/other since 11:56",
    ),
    "a boundary": ("denied-calls", "", {"denied_calls": [denied(message=BOUNDARY)]}, f"warning maybe {ROLE} since 11:56", "AccessDenied: is not authorized", "boundary", "!list-role-policies"),
    "ECS, of what no start needs": ("denied-calls", "", {"denied_calls": [denied("x:Y", source="ecs-tasks.amazonaws.com")]}, f"warning maybe {ROLE} since 11:56"),
    "ECS, in nobody's role": (
        "denied-calls", "", {"denied_calls": [denied("secretsmanager:GetSecretValue", source="ecs-tasks.amazonaws.com", role="", by="arn:aws:iam::1:user/me")]},
        "warning maybe role-call-denied of role/me since 11:56", "ash-ops iam-policy deploy",
    ),
    "nobody asked CloudTrail": ("denied-calls", "", {}, "none of its business"),
    "the later of two failures tells until when": (
        "denied-calls", "", {"denied_calls": [], "stopped_tasks": [{**DIED["stopped_tasks"][0], "taskArn": "x/e", "stoppedAt": "2026-11-22T11:50:00Z"}, *DIED["stopped_tasks"]]},
        "? CloudTrail records no denied call yet, but it may be 15 minutes late: ask again at 12:13 UTC",
    ),
}  # fmt: skip

# For 730 h in us-east-1: a vCPU at 0.04048 USD, a GB at 0.004445, a public address at 0.005. So a task of half a vCPU
# and 4 GB costs 31.40 USD, one of four and 8 GB 147.81, and 400 GB of lines at 0.50 and 0.03 cost 212.
THREE_RUN = {"tasks": [{"taskArn": f"x/{n}", "lastStatus": "RUNNING"} for n in "abc"]}
DEAR = "warning maybe cost-above-plan"
COST: dict[str, Row] = {
    "two more tasks": ("running-cost", "", THREE_RUN, DEAR, "costs about $130 a month; what is asked for would cost $67."),
    "two more that are larger": (
        "running-cost", "", {**THREE_RUN, "task_definition.cpu": "4096", "task_definition.memory": "8192"}, DEAR, "costs about $479 a month; what is asked for would cost $184.",
    ),
    "lines": ("running-cost", "", {"log_group.storedBytes": 400 * 10**9}, DEAR, "costs about $279 a month; what is asked for would cost $67."),
    "by less than twenty dollars": ("running-cost", "", {"log_group.storedBytes": 30 * 10**9}, "sound"),
    "nobody asks for a number": ("running-cost", "", {"service.desiredCount": None, "tasks": []}, "sound"),
    "no memory was told": ("running-cost", "", {"task_definition.memory": GONE}, "none of its business"),
    "fewer run than are wanted": ("running-cost", "", {"service.desiredCount": 3}, "sound"),
    "no log group": ("running-cost", "", {"log_group": None}, "sound"),
    "nothing is stored": ("running-cost", "", {"log_group.storedBytes": 0}, "sound"),
}  # fmt: skip

HERE: dict[str, Row] = {
    "stopped on purpose, since nobody knows when": (
        "service-exists", "", {**STOPPED_TAG, "service.tags": [{"key": "ash:stopped", "value": "yes"}]}, f"info stopped-on-purpose of {THE_SERVICE}", "is stopped (`ash-ops stop`)",
        "services[0].tags[ash:stopped]', value='set'", "desiredCount', value='0'",
    ),
    "it was deleted, and a task is left": ("service-exists", "", {"service.status": "INACTIVE"}, f"error service-missing of {THE_SERVICE}", "It was deleted (status INACTIVE).", "ash-ops deploy"),
    "the cluster was not read": ("service-exists", "", {"cluster": unread()}, "? ecs:DescribeClusters could not be read (denied): AccessDenied"),
    "the service was not read": ("service-exists", "", {"service": unread()}, "? ecs:DescribeServices could not be read (denied): AccessDenied"),
    "how many are wanted was not told": ("service-exists", "", {"service.desiredCount": None}, "sound"),
    "the cluster was deleted, and its service with it": (
        "service-exists", "", {"cluster.status": "INACTIVE", "service.status": "INACTIVE", "tasks": []}, f"error service-missing of {THE_SERVICE}",
    ),
    "one that is being deleted, and deployed again": ("service-exists", "", {"service.status": "DRAINING"}, f"error service-missing of {THE_SERVICE}", "Then deploy it again.", "ash-ops deploy"),
}  # fmt: skip

IMAGE = "task_definition.containerDefinitions.0.image"
OTHER = "error maybe version-differs stops answers now"
VERSIONS: dict[str, Row] = {
    "as its tag says": ("server-version", "", {"probe.health.version": "0.2.0"}, "sound"),
    "another answers": ("server-version", "", {"probe.health.version": "0.1.9"}, OTHER, "is answered by version 0.1.9, and every task that runs is of 0.2.0", "ash-ops status", "health.version', value='0.1.9'",
                        "containerDefinitions[ash].image', value='ghcr.io/ash-ai-org/ash:0.2.0'"),
    "a tag with its v": ("server-version", "", {"probe.health.version": "0.2.0", IMAGE: "ghcr.io/ash-ai-org/ash:v0.2.0"}, "sound"),
    "a tag that is no version": ("server-version", "", {"probe.health.version": "0.1.9", IMAGE: "ghcr.io/ash-ai-org/ash:main"}, "none of its business"),
    "an image of one's own": ("server-version", "", {"probe.health.version": "0.1.9", IMAGE: "ghcr.io/acme/ash:0.2.0"}, "none of its business"),
    "the server tells none": ("server-version", "", {"probe.health.version": None}, "none of its business"),
    "two revisions run": ("server-version", "", {"probe.health.version": "0.1.9", "tasks.+": {"taskArn": "x/b", "lastStatus": "RUNNING", "taskDefinitionArn": "arn:x:8"}}, "none of its business"),
    "one runs of which no revision was told": ("server-version", "", {"probe.health.version": "0.1.9", "tasks.0.taskDefinitionArn": None}, OTHER),
    "none runs": ("server-version", "", {"probe.health.version": "0.1.9", "tasks": []}, "none of its business"),
}  # fmt: skip


@each("case", STACKS | {f"hook: {k}": v for k, v in HOOKS.items()})
def test_what_a_stack_and_its_hooks_tell(case: Row) -> None:
    holds(case)


@each("case", DENIED | {f"cost: {k}": v for k, v in COST.items()})
def test_what_a_denial_and_a_bill_are_told_to_be(case: Row) -> None:
    holds(case)


@each("case", HERE | VERSIONS)
def test_what_stands_and_of_which_version_it_is(case: Row) -> None:
    holds(case)


IDS = {
    "role-call-denied:ash-cloud-task": ("denied-calls", {"denied_calls": [denied()]}),
    "secret-access-denied": (
        "denied-calls",
        {"denied_calls": [denied("secretsmanager:GetSecretValue", source="ecs-tasks.amazonaws.com")]},
    ),
    "deployment-in-progress:stack": ("stack-state", {"stack.StackStatus": "UPDATE_IN_PROGRESS"}),
    "stopped-on-purpose": ("service-exists", EXISTS["stopped on purpose"][2]),
}  # fmt: skip


@each("case", IDS.items())
def test_a_finding_beside_one_of_the_same_cause_has_an_id_of_its_own(
    case: tuple[str, tuple[str, dict[str, Any]]],
) -> None:
    name, (check, changes) = case
    assert [item.id for item in found(check, "", changes)] == [name]
