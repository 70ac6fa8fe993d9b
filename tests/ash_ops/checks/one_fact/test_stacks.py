"""Stacks, what is paid, and what was denied."""

from __future__ import annotations

from typing import Any

from botocore.session import Session

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds, said

NO_TASK = {"tasks": [], "service.runningCount": 0}


def failing(reason: str, status: str = "UPDATE_ROLLBACK_COMPLETE", **more: Any) -> dict[str, Any]:
    """An update of an hour ago, of which one resource failed."""
    begun = {"EventId": "5", "Timestamp": "2026-11-22T11:30:00Z", "LogicalResourceId": "ash-cloud",
             "ResourceType": "AWS::CloudFormation::Stack", "ResourceStatus": "UPDATE_IN_PROGRESS"}  # fmt: skip
    event = {"EventId": "6", "Timestamp": "2026-11-22T11:31:00Z", "LogicalResourceId": "LoadBalancer",
             "ResourceType": "AWS::ElasticLoadBalancingV2::LoadBalancer", "ResourceStatus": "UPDATE_FAILED",
             "ResourceStatusReason": reason, **more}  # fmt: skip
    return {"stack.StackStatus": status, "stack_events": [event, begun]}


FULL = "You have reached the maximum number of load balancers for this account (HandlerErrorCode: ServiceLimitExceeded)"
ECHO = {"EventId": "7", "Timestamp": "2026-11-22T11:30:30Z", "LogicalResourceId": "Service", "ResourceType": "AWS::ECS::Service",
        "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "Resource update cancelled"}  # fmt: skip
OF_STACK = "of stack/ash-cloud"
STACKS: dict[str, Row] = {
    "no stack": ("stack-state", "", {"stack": None}, "none of its business"),
    "a state that nobody knows": (
        "stack-state", "", {"stack.StackStatus": "DREAMING"}, "? stack ash-cloud is in state 'DREAMING', which is not known",
    ),
    "under way": (
        "stack-state", "", {"stack.StackStatus": "UPDATE_IN_PROGRESS"}, f"info deployment-in-progress {OF_STACK}",
        "CloudFormation is working on stack ash-cloud (UPDATE_IN_PROGRESS).", "ash-ops status",
    ),
    "a quota, and what was there before serves": (
        "stack-state", "", failing(FULL), f"warning cfn-quota {OF_STACK} since 11:31",
        "LoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer) could not be made: You have reached", "UPDATE_FAILED: You have",
        "request-service-quota-increase --service-code elasticloadbalancing --quota-code L-69A177A2 --desired-value 100", "ash-ops deploy",
    ),
    "a quota, and nothing serves": (
        "stack-state", "", {**failing(FULL), **NO_TASK, "target_health": []}, f"error cfn-quota {OF_STACK} since 11:31",
    ),
    "what was undone an hour ago keeps nothing back": (
        "stack-state", "", {**failing(FULL, Timestamp="2026-11-22T10:59:59Z"), **NO_TASK, "stack_events.1.Timestamp": "2026-11-22T10:50:00Z"},
        f"warning cfn-quota {OF_STACK} since 10:59:59",
    ),
    "a quota of the VPC's": (
        "stack-state", "", failing(FULL, ResourceType="AWS::EC2::NatGateway", LogicalResourceId="Nat"), f"warning cfn-quota {OF_STACK} since 11:31",
        "--service-code vpc --quota-code L-FE5A380F --desired-value 10",
    ),
    "a quota of EC2's own": (
        "stack-state", "", failing(FULL, ResourceType="AWS::EC2::EIP", LogicalResourceId="Ip"), f"warning cfn-quota {OF_STACK} since 11:31",
        "--service-code ec2 --quota-code L-0263D0A3 --desired-value 10",
    ),
    "an echo of it is older": ("stack-state", "", {**failing(FULL), "stack_events.+": ECHO}, f"warning cfn-quota {OF_STACK} since 11:31"),
    "an echo alone": (
        "stack-state", "", {**failing(FULL), "stack_events.0": ECHO}, f"warning cfn-secondary {OF_STACK} since 11:30:30",
    ),
    "of an operation before the last": (
        "stack-state", "", {**failing(FULL), "stack_events.1.Timestamp": "2026-11-22T11:31:01Z"}, "sound",
    ),
    "the way back failed": (
        "stack-state", "", failing(FULL, "UPDATE_ROLLBACK_FAILED"),
        f"error cfn-quota {OF_STACK} since 11:31; error cfn-update-rollback-failed {OF_STACK}",
        "Stack ash-cloud is in UPDATE_ROLLBACK_FAILED: no update can move it.", "continue-update-rollback --stack-name ash-cloud", "!ash-ops deploy",
    ),
    "the way back was slowed down": (
        "stack-state", "", failing("Rate exceeded (HandlerErrorCode: Throttling)", "UPDATE_ROLLBACK_FAILED"),
        f"warning aws-throttled {OF_STACK} since 11:31 stops next start; error cfn-update-rollback-failed {OF_STACK}",
    ),
    "half deleted, its service is there": (
        "stack-state", "", {"stack.StackStatus": "DELETE_FAILED"}, f"error cfn-delete-dependency {OF_STACK}",
        "ash-ops deploy --name ash-cloud-2", "decide whether it shall go",
    ),
    "half deleted, and its service": (
        "stack-state", "", {"stack.StackStatus": "DELETE_FAILED", "service.status": "INACTIVE"}, f"error cfn-delete-dependency {OF_STACK}",
        "ash-ops teardown", "!--name ash-cloud-2",
    ),
    "half deleted, for something stands in the way": (
        "stack-state", "", failing("resource sg-task has a dependent object", "DELETE_FAILED", ResourceStatus="DELETE_FAILED"),
        f"error cfn-delete-dependency {OF_STACK} since 11:31; error cfn-delete-dependency {OF_STACK}",
        "LoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer) could not be deleted: resource sg-task",
    ),
    "nothing came of it": (
        "stack-state", "", {"stack.StackStatus": "ROLLBACK_COMPLETE", "service": None, "stack_events": []}, f"error cfn-rollback-complete {OF_STACK}",
        "delete-stack --stack-name ash-cloud", "Create it again.",
    ),
    "something came of it all the same": (
        "stack-state", "", {"stack.StackStatus": "CREATE_FAILED", "stack_events": []}, f"error cfn-rollback-complete {OF_STACK}",
        "Its service is there, so deleting the stack would take away what runs", "!delete-stack",
    ),
    "a change set that was never run": (
        "stack-state", "", {"stack.StackStatus": "REVIEW_IN_PROGRESS", "service": None}, f"error stack-review-in-progress {OF_STACK}",
        "delete-stack", "Create it again.",
    ),
    "a change set beside another's service": (
        "stack-state", "", {"stack.StackStatus": "REVIEW_IN_PROGRESS"}, f"error stack-review-in-progress {OF_STACK}", "delete-stack", "!Create it again.",
    ),
}  # fmt: skip


def hooked(status: str = "UPDATE_ROLLBACK_COMPLETE", **more: Any) -> dict[str, Any]:
    hook = {
        "HookType": "Acme::Guard::Hook",
        "HookStatus": "HOOK_COMPLETE_FAILED",
        "HookFailureMode": "FAIL",
        **more,
    }
    return {**failing("The following hook(s) failed: [Acme::Guard::Hook]", status), **{
        f"stack_events.0.{name}": value for name, value in hook.items()}}  # fmt: skip


REFUSED = f"error cfn-hook-failed {OF_STACK} since 11:31"
HOOKS: dict[str, Row] = {
    "refused": (
        "stack-hooks", "", hooked(), REFUSED, "Hook Acme::Guard::Hook refused LoadBalancer", "it gives no reason",
        "Acme::Guard::Hook: HOOK_COMPLETE_FAILED", "!get-hook-result",
    ),
    "with its reason": ("stack-hooks", "", hooked(HookStatusReason="Too open."), REFUSED, ": Too open.", "HookStatusReason', value='Too open.'"),
    "it broke": ("stack-hooks", "", hooked(HookStatus="HOOK_FAILED"), REFUSED, "broke at LoadBalancer"),
    "it only warns": ("stack-hooks", "", hooked(HookFailureMode="WARN"), "sound"),
    "it let it pass": ("stack-hooks", "", hooked(HookStatus="HOOK_COMPLETE_SUCCEEDED"), "sound"),
    "the stack got past it": ("stack-hooks", "", hooked("UPDATE_COMPLETE"), "sound"),
    "the stack failed": ("stack-hooks", "", hooked("CREATE_FAILED"), REFUSED),
    "in its own words, the first two": (
        "stack-hooks", "", {**hooked(HookInvocationId="h-1"), "hook_results": [{"HookResultId": "h-1", "Annotations": [
            {"AnnotationName": "PASSES", "Status": "PASSED"}, *({"AnnotationName": f"RULE{n}", "Status": "FAILED", "StatusMessage": f"Bad {n}."} for n in (1, 2, 3))]}]},
        REFUSED, ": RULE1: Bad 1.; RULE2: Bad 2.", "Annotations[RULE3]", "!PASSES", "!get-hook-result",
    ),
    "what it says elsewhere": (
        "stack-hooks", "", hooked(HookInvocationId="h-1"), REFUSED, "get-hook-result --hook-result-id h-1",
    ),
}  # fmt: skip
# What a month costs is arithmetic: half a vCPU and 4 GB for 730 h at 0.04048 and 0.004445 USD (the price list of
# us-east-1): 14.775 + 12.979 = 27.75 USD; 400 GB of log lines in a month, taken in at 0.50 and kept at 0.03.
COST: dict[str, Row] = {
    "as wanted": ("running-cost", "", {}, "sound"),
    "nothing that is priced so": ("running-cost", "", {"task_definition.requiresCompatibilities": ["EC2"]}, "none of its business"),
    "sizes that nobody told": ("running-cost", "", {"task_definition.cpu": GONE}, "none of its business"),
    "a second task is 28 dollars more, and beside the balancer less than half as much again": (
        "running-cost", "", {"tasks.+": {"taskArn": "x/b", "lastStatus": "RUNNING"}}, "sound",
    ),
    "a third is": (
        "running-cost", "", {"tasks": [{"taskArn": f"x/{n}", "lastStatus": "RUNNING"} for n in "abc"]}, "warning maybe cost-above-plan",
        "3 run, 1 wanted", "ash-ops cost",
    ),
    "one that does not run yet costs nothing yet": ("running-cost", "", {"tasks.+": {"taskArn": "x/b", "lastStatus": "PENDING"}}, "sound"),
    "log lines by the hundred gigabytes": (
        "running-cost", "", {"log_group.storedBytes": 400 * 10**9}, "warning maybe cost-above-plan", "400.0 GB", "1 run, 1 wanted",
    ),
    "the same, kept for ten years": ("running-cost", "", {"log_group.storedBytes": 400 * 10**9, "log_group.retentionInDays": 3650}, "sound"),
    "the same, kept for ever: nobody knows how fast it came": (
        "running-cost", "", {"log_group.storedBytes": 400 * 10**9, "log_group.retentionInDays": GONE}, "sound",
    ),
}  # fmt: skip


def denied(action: str = "bedrock:InvokeModel", **more: Any) -> dict[str, Any]:
    return {"at": "2026-11-22T11:56:00Z", "action": action, "role": "arn:aws:iam::111122223333:role/ash-cloud-task",
            "by": "x", "code": "AccessDenied", "message": "", "source": "10.0.1.23", **more}  # fmt: skip


ROLE = "role-call-denied of role/ash-cloud-task"
DENIED: dict[str, Row] = {
    "none, and nothing failed": ("denied-calls", "", {"denied_calls": []}, "sound"),
    "what the server calls": (
        "denied-calls", "", {"denied_calls": [denied()]}, f"warning maybe {ROLE} since 11:56",
        "AWS denied bedrock:InvokeModel to ash-cloud-task, last 4 min ago: AccessDenied",
    ),
    "the newest of two, since the oldest": (
        "denied-calls", "", {"denied_calls": [denied(message="Not this one."), denied("bedrock:ListModels", at="2026-11-22T11:40:00Z")]},
        f"warning maybe {ROLE} since 11:40", "bedrock:InvokeModel, bedrock:ListModels to ash-cloud-task, last 4 min ago: Not this one.",
    ),
    "what ECS calls for a start": (
        "denied-calls", "", {"denied_calls": [denied("secretsmanager:GetSecretValue", source="ecs-tasks.amazonaws.com")]},
        "warning maybe secret-access-denied of role/ash-cloud-task since 11:56",
    ),
    "what ECS calls for a start, and none runs": (
        "denied-calls", "", {"denied_calls": [denied("secretsmanager:GetSecretValue", source="ecs-tasks.amazonaws.com")], **NO_TASK},
        "error maybe secret-access-denied of role/ash-cloud-task since 11:56",
    ),
    "the same, by the server itself": (
        "denied-calls", "", {"denied_calls": [denied("secretsmanager:GetSecretValue")]}, f"warning maybe {ROLE} since 11:56",
    ),
    "to a person who deploys": (
        "denied-calls", "", {"denied_calls": [denied("ecs:CreateService", role="", by="arn:aws:sts::1:assumed-role/ops/me")]},
        "warning maybe role-call-denied of role/me since 11:56", "ash-ops iam-policy deploy", "get ecs:CreateService allowed",
    ),
    "a task failed fourteen minutes ago, and the record may be late": (
        "denied-calls", "", {"denied_calls": [], "stopped_tasks": [{
            "taskArn": "x/d", "lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:46:00Z", "stopCode": "EssentialContainerExited"}]},
        "? CloudTrail records no denied call yet, but it may be 15 minutes late: ask again at 12:01 UTC",
    ),
    "fifteen minutes ago": (
        "denied-calls", "", {"denied_calls": [], "stopped_tasks": [{
            "taskArn": "x/d", "lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:45:00Z", "stopCode": "EssentialContainerExited"}]},
        "sound",
    ),
    "it was asked to stop": (
        "denied-calls", "", {"denied_calls": [], "stopped_tasks": [{
            "taskArn": "x/d", "lastStatus": "STOPPED", "stoppedAt": "2026-11-22T11:50:00Z", "stopCode": "UserInitiated"}]},
        "sound",
    ),
}  # fmt: skip


@each("case", STACKS | {f"hook: {k}": v for k, v in HOOKS.items()})
def test_what_a_stack_failed_of(case: Row) -> None:
    holds(case)


@each("case", COST | {f"denied: {k}": v for k, v in DENIED.items()})
def test_what_is_paid_and_what_is_denied(case: Row) -> None:
    holds(case)


# What an operator is told of each state that a stack may have: nothing where it is a good end.
_UNDER_WAY, _BAD = (
    f"info deployment-in-progress {OF_STACK}",
    {
        "ROLLBACK_COMPLETE": "cfn-rollback-complete",
        "ROLLBACK_FAILED": "cfn-rollback-complete",
        "CREATE_FAILED": "cfn-rollback-complete",
        "DELETE_FAILED": "cfn-delete-dependency",
        "UPDATE_ROLLBACK_FAILED": "cfn-update-rollback-failed",
        "REVIEW_IN_PROGRESS": "stack-review-in-progress",
    },
)


@each("state", Session().get_service_model("cloudformation").shape_for("StackStatus").enum)
def test_each_state_that_a_stack_may_have_is_judged(state: str) -> None:
    """A state of botocore's list that stands neither here nor in the program would be unknown."""
    expected = _UNDER_WAY if state.endswith("_IN_PROGRESS") else "sound"
    if state == "DELETE_IN_PROGRESS":  # what answers now is about to go
        expected = _UNDER_WAY.replace("info", "warning")
    elif state.endswith("FAILED"):
        expected = f"? stack ash-cloud is in {state}, and no event of it tells why"
    if state in _BAD:
        expected = f"error {_BAD[state]} {OF_STACK}"
    assert said("stack-state", "", {"stack.StackStatus": state, "stack_events": []}) == expected
