"""What ECS says of a service's deployments: stuck, waiting for somebody, stopped, not undone."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.deploy.repairs import HOOKS
from ash_ops.causes.catalogue.deploy.rollouts import BREAKER

_HISTORY: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html"
)
_HOOKS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html"
)
_READ: Final = (
    "aws ecs list-service-deployments --cluster <cluster> --service <service> --query "
    "'serviceDeployments[0].[serviceDeploymentArn,status,statusReason]'"
)

REROUTED_BY_HAND: Final = (
    Step(
        "CodeDeploy waited for somebody to move the traffic to the new tasks, and nobody did in time: deploy again and let it go on (Reroute traffic in the console, or continue-deployment with READY_WAIT), give it longer (deploymentReadyOption.waitTimeInMinutes of the deployment group), or let it go on by itself (CONTINUE_DEPLOYMENT)",
        "aws deploy list-deployments --include-only-statuses InProgress Ready",
        when="waiting for a notification to continue",
        decides=True,
    ),
)
"""A deployment of CodeDeploy that waits for a person."""

ONE_AT_A_TIME: Final = (
    Step(
        "Pulumi's own service holds the stack for another update: wait until that has ended; if it was broken off, pulumi cancel gives the stack free",
        when=r"~\b409\]? conflict: another update is currently in progress\b",
        decides=True,
    ),
    Step(
        "It is a deployment of CodeDeploy, and not yet where it waits for somebody: look at its status, and let it go on once it is Ready",
        "aws deploy list-deployments --include-only-statuses Created Queued InProgress Ready",
        when=r"~\bdeploymentisnotinreadystate",
        decides=True,
    ),
    Step(
        "The capacity that the balancer asked for is still being set up: wait until its state is provisioned, then repeat the call; no stack holds it up",
        "aws elbv2 describe-capacity-reservation --load-balancer-arn <load-balancer>",
        when="capacityreservationpending|pending capacity reservation",
        decides=True,
    ),
    Step(
        "API Gateway makes one deployment of an API at a time: deploy again a little later, and let no two stacks or jobs deploy to the same API at once (DependsOn among its deployments, a queue in the pipeline)",
        when=r"~\banother deployment is in progress for rest api\b",
        decides=True,
    ),
)

ONE_TASK: Final = (
    Step(
        "It is the deletion of that stack that did not end in the tool's time: see what is left and why, take that away, and delete again",
        "aws cloudformation describe-stack-events --stack-name <stack> --query \"StackEvents[?contains(ResourceStatus,'DELETE_')].[Timestamp,LogicalResourceId,ResourceStatus,ResourceStatusReason]\"",
        when=r"~\bstack \W{0,2}[\w-]{1,130}\W{0,2} to reach \W{0,2}delete_complete\b|\bstack_?delete_?complete\b",
        decides=True,
    ),
    Step(
        "The tool gave up waiting, and the service goes on: see in its events why its tasks do not start or are replaced. If they only are slow, let the tool wait longer (wait-for-minutes of the action, 360 at most; a job of a workflow ends after 6 hours), or let it not wait and look later",
        "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].events[:5].message'",
        when=r"~\bservicesstable\b|\bwait-for-minutes\b",
        decides=True,
    ),
    Step(
        "It is a task by itself that did not start, no service and no stack: read why it stopped (ECS shows that for about an hour)",
        "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].[stopCode,stoppedReason,containers[].reason]'",
        when=r"~\btask (?:\S{1,300} )?to be (?:ready|running|in \W{0,3}running)\b|\btasks_?running\b",
        decides=True,
    ),
)
"""What waits for a task that somebody started."""

CAUSES: Final = (
    Cause(
        slug="rollout-stuck",
        title="A rollout makes no end: it lasts longer than this service's rollouts ever did",
        category="deploy",
        severity="error",
        meaning="ECS has been replacing the tasks for longer than the service's own rollouts took, and "
        "for more than a quarter of an hour. The new revision is not live, and CloudFormation waits "
        "for up to three hours. Mostly its tasks do not start or do not become healthy.",
        proof=(
            Step("Read its state and its reason", _READ),
            Step("Read what its tasks died of", "ash-ops logs --previous"),
        ),
        repair=(
            Step("Remove what keeps its tasks from running", "ash-ops doctor"),
            Step("Or go back to the version that worked", "ash-ops rollback"),
        ),
        signatures=(
            says(
                "in_progress|in progress",
                "deployment|rollout",
                "~\\bstill in[_ ]progress (?:after|for|since) (?:\\d{1,3}|several|many|two|three|an?) (?:h|hours?|days?)\\b",
                rank=Rank.SYMPTOM,
                unless="stack|cloudformation|terraform",
            ),
            says(
                "~\\b(?:deployment|rollout)\\b(?:[^.|]|\\.(?=\\S)){0,30}\\b(?:stuck|hangs?|hanging|never (?:ends|finishes|completes))\\b",
                "ecs|service|in_progress|in progress",
                rank=Rank.SYMPTOM,
                unless="stack|cloudformation|terraform",
            ),
        ),
        confused_with=(
            ("deployment-in-progress", "There it has not lasted longer than usual."),
            ("rollout-paused", "There it waits for a person."),
            ("crash-loop", "There ECS says that the tasks keep dying."),
        ),
        docs_url=_HISTORY,
        symptom=True,
    ),
    Cause(
        slug="rollout-paused",
        title="A rollout is paused at a hook and waits for somebody to continue it",
        category="deploy",
        severity="warning",
        meaning="A PAUSE hook of the service holds the deployment until somebody says CONTINUE or "
        "ROLLBACK, at most 14 days; then ECS does what the hook says. Until then the new revision is "
        "not, or not fully, live. A warning while the revision before it serves; a problem where nothing "
        "runs, and in the hour before ECS decides by itself.",
        proof=(
            Step(
                "Read the hook that waits: AWAITING_ACTION",
                "aws ecs describe-service-deployments --service-deployment-arns <service-deployment> "
                "--query 'serviceDeployments[0].lifecycleHookDetails'",
            ),
        ),
        repair=(
            *REROUTED_BY_HAND,
            Step(
                "Let it go on (or send it back: --action ROLLBACK)",
                "aws ecs continue-service-deployment --service-deployment-arn <service-deployment> "
                "--hook-id <hook> --action CONTINUE",
            ),
        ),
        signatures=(
            says("waiting for a notification to continue", rank=Rank.PRECISE),  # CodeDeploy
            says(
                "hook_awaiting_action|awaiting_action",
                rank=Rank.CLEAR,
                kinds="service_event log_line api_error",
            ),
        ),
        confused_with=(("rollout-stuck", "There nobody is asked: its tasks make no progress."),),
        docs_url=_HOOKS,
    ),
    Cause(
        slug="rollout-stopped",
        title="The last rollout was stopped before it was done",
        category="deploy",
        severity="warning",
        meaning="Somebody stopped the deployment (StopServiceDeployment), or ECS gave it up without "
        "going back. What runs may be the old revision, the new one, or both.",
        proof=(Step("Read its state and its reason", _READ),),
        repair=(
            Step("See which revision runs, and why it was stopped", "ash-ops status"),
            Step("Deploy again, or go back to the version that worked", "ash-ops rollback"),
        ),
        confused_with=(
            ("circuit-breaker", "There the circuit breaker stopped it."),
            ("deployment-rolled-back", "There ECS went back to the old revision."),
        ),
        docs_url=_HISTORY,
    ),
    Cause(
        slug="rollback-failed",
        title="A rollout failed, and going back failed too",
        category="deploy",
        severity="error",
        meaning="ECS could neither bring up the new revision nor the one that it was to go back to: what "
        "stops the old one too is no fault of the new version alone (a role, a secret, the network, "
        "capacity).",
        proof=(Step("Read its state and its reason", _READ),),
        repair=(
            Step("Find what stops the old revision too", "ash-ops doctor pending"),
            Step("Then start fresh tasks", "ash-ops rollback"),
        ),
        signatures=(
            says(
                "rollback_failed",
                "service deployment|service-deployment|servicedeployment",  # stacks use the word too
                rank=Rank.PRECISE,
                kinds="service_event",
                unless=("update_rollback_failed",),
            ),
        ),
        confused_with=(("deployment-rolled-back", "There the old revision runs again."),),
        docs_url=BREAKER,
    ),
    Cause(
        slug="cfn-hook-failed",
        title="A CloudFormation hook of the account refused a resource",
        category="deploy",
        severity="error",
        meaning="The account's own rules (a Control Tower control, a Guard rule, a function) look at each "
        "resource before it is made. One of them said no, or broke; its result says which rule, and "
        "mostly what it wants instead.",
        proof=(
            Step(
                "Read the hook's result; its id is HookInvocationId of the stack's event",
                "aws cloudformation get-hook-result --hook-result-id <hook-result>",
            ),
        ),
        repair=(
            Step(
                "Deploy with options that satisfy the rule, or ask whoever owns the hook for an exception",
                "ash-ops deploy",
            ),
            *HOOKS,
        ),
        signatures=(
            says(
                "hook failed|hooks failed|hook(s) failed|hook_complete_failed|hook_failed",
                rank=Rank.PRECISE,
                kinds="cfn_event api_error log_line",
                unless=("lifecycle hook", "webhook|git hook|commit hook|push hook"),
            ),
            says(
                "failed with message",
                "~hook' of type [\\w:]{3,80} failed with message",
                rank=Rank.PRECISE,
            ),
        ),
        confused_with=(("cfn-access-denied", "There IAM denied a call of the deployment."),),
        docs_url="https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hooks-view-invocations.html",
    ),
)
