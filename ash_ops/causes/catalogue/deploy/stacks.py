"""States in which a CloudFormation stack is stuck or waiting."""

from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.answers_by_code import BUSY_BY_CODE, OF_BUSY_CODES
from ash_ops.causes.catalogue.deploy.reasons import CLUSTER_FAILED
from ash_ops.causes.catalogue.deploy.service_deployments import ONE_AT_A_TIME, ONE_TASK
from ash_ops.causes.catalogue.deploy.words import CFN, FIRST, OTHER_RESOURCE, TASKS_OF_A_SERVICE

_STATUS: Final = Step(
    "Read the stack's status",
    "aws cloudformation describe-stacks --stack-name <stack> --query 'Stacks[].[StackStatus,StackStatusReason]'",
)

_OF_A_STACK: Final = "~stackupdatecomplete|stackcreatecomplete|\\bwait until stack [\\w-]{1,130} (?:update|creation|create) is complete\\b|\\bstack \\W{0,2}[\\w-]{1,130}\\W{0,2} to reach \\W{0,2}(?:create|update)_complete\\b"
"""Words of a tool that waited for a stack of any resources."""

_WITH_REASON: Final = r"~\bmanually deleted from the aws console: rollback_(?:complete|failed): \w"
"""The CDK of a first creation that failed: the reason stands behind the state, and decides."""
_KEPT_FAILED: Final = "currently in a non-terminal ["
"""CloudFormation's word for a stack that failed and was not rolled back."""
_KEPT: Final = Step(
    "It was told not to roll back: repair what its first failed event names and deploy again with --disable-rollback, or go back",
    "aws cloudformation rollback-stack --stack-name <stack>",
    when=_KEPT_FAILED,
)

CAUSES: Final = (
    Cause(
        slug="cfn-not-stabilized",
        title="ECS service never became stable; the stack gave up (the cause is in the stopped tasks)",
        category="deploy",
        severity="error",
        meaning="CloudFormation waits for the service's steady state, up to hours. A symptom: the tasks fail.",
        proof=(
            Step("Read the tasks that died and the service's events", "ash-ops doctor"),
            *TASKS_OF_A_SERVICE,
            replace(FIRST, when=_OF_A_STACK),
        ),
        repair=(
            Step(
                "The stack failed while the tool waited for it: repair what its first failed event names, then deploy again",
                when=_OF_A_STACK,
            ),
            Step(
                "Repair the start of the tasks; with the deployment circuit breaker on, the stack fails in minutes",
                "ash-ops deploy",
            ),
            *CLUSTER_FAILED,
            *ONE_TASK,
        ),
        signatures=(
            says(
                "never stabilizes|never stabilized|never becomes stable|never became stable|never gets stable",
                "service|ecs|stack",
                rank=Rank.SYMPTOM,
            ),
            says(
                "did not stabilize|notstabilized|not stabilize|exceeded attempts to wait|failed to stabilize|stabilization|has not stabilized",
                rank=Rank.SYMPTOM,
                unless=(
                    "when cloudformation cannot",
                    "~of type '?aws::(?!ecs::)",
                    "~aws::(?!ecs::|cloudformation::)[a-z0-9]{2,40}::",
                    OTHER_RESOURCE,
                ),
            ),
            says(
                "max attempts exceeded|timed out waiting|waiter|timeout while waiting for|error waiting for|waiting for ecs",
                "service|steady|stable|stack|services_stable|servicesstable",
                rank=Rank.SYMPTOM,
                kinds="cfn_event api_error log_line service_event",
                # Ruby's waiter tells the error that it met, which no waiting mends.
                unless=(
                    "to become 'inactive'|services_inactive|servicesinactive",
                    "stopped waiting due to an unexpected error",
                    # What was waited for decides: a stack that goes, a task, a target.
                    'stackdeletecomplete|targetinservice|to be in "running" state|fargate task to be ready',
                ),
            ),
            # Copilot and eksctl wait for a stack with the waiters of the SDK for Go.
            says(
                "failed waiting for successful resource state",
                "deploy|stack|service",
                rank=Rank.SYMPTOM,
                unless='to be in "running" state|fargate task to be ready',
            ),
            # What tools say that wait: silinternational/ecs-deploy, fabfuel/ecs-deploy, Copilot, the ECS CLI.
            says(
                "new task definition not running within|deployment failed due to timeout|becomes stable: max retries|timeout waiting for stack operation|deployment has not completed: |did not complete successfully and exited with status",
                rank=Rank.SYMPTOM,
                unless="executing 'down'",
            ),
            says("waiter has timed out", "~waiter has timed out\\W{0,5}$", rank=Rank.SYMPTOM),
            # What the waiters of the SDK say; those for other things than services and stacks name them.
            says(
                "resource is not in the state",
                "~\\bis not in the state\\b(?! (?!services|stack|deploymentsuccessful)[a-z])",
                rank=Rank.SYMPTOM,
            ),
            says(
                "resource timed out waiting|stack creation time exceeded|creation time exceeded the specified timeout",
                rank=Rank.SYMPTOM,
            ),
            says("circuit breaker was triggered", rank=Rank.NORMAL, kinds="cfn_event"),
        ),
        confused_with=(("circuit-breaker", "There ECS gave up first and CloudFormation says so."),),
        docs_url=CFN,
        symptom=True,
    ),
    Cause(
        slug="cfn-rollback-complete",
        title="Stack is stuck in ROLLBACK_COMPLETE",
        category="deploy",
        severity="error",
        meaning="Its first creation failed. It can only be deleted, not updated, unless it was told to keep what it had made.",
        proof=(_STATUS, FIRST),
        repair=(
            Step("Delete it", "aws cloudformation delete-stack --stack-name <stack>"),
            Step("Then create it again", "ash-ops deploy"),
            _KEPT,
        ),
        signatures=(
            says(_KEPT_FAILED, "[create_failed]", rank=Rank.CLEAR),
            says(
                "~(?<![a-z_])rollback_(?:complete|failed)",
                "cannot be updated|not be updated|state|delete",
                rank=Rank.CLEAR,
                unless=("update_rollback", _WITH_REASON),
            ),
            # Copilot, of the stack it waited for.
            says(
                "exited with status rollback_complete|ended with status rollback_complete",
                rank=Rank.PRECISE,
            ),
            says(
                "rollback_complete",
                "~(?<![a-z_])rollback_complete",
                rank=Rank.LIKELY,
                kinds="api_error log_line",
                unless=("update_rollback", _WITH_REASON),
            ),
            says(
                "_failed|rollback_in_progress",
                "~(?<![a-z_])(?:create_failed|rollback_failed|rollback_in_progress) state",
                rank=Rank.LIKELY,
                # There a resource of the stack is in that state, not the stack.
                unless="~\\bthe resource [\\w-]{1,255} is in a|\\bthis aws::",
            ),
        ),
        confused_with=(
            ("cfn-update-rollback-failed", "That one is about a stack that worked before."),
        ),
        docs_url=CFN,
        symptom=True,
    ),
    Cause(
        slug="cfn-update-rollback-failed",
        title="Stack is stuck in UPDATE_ROLLBACK_FAILED",
        category="deploy",
        severity="error",
        meaning="An update failed and so did going back.",
        proof=(_STATUS, FIRST),
        repair=(
            Step(
                "Repair what the rollback stumbled over, then go on",
                "aws cloudformation continue-update-rollback --stack-name <stack>",
            ),
            Step(
                "Or skip that resource",
                "aws cloudformation continue-update-rollback --stack-name <stack> --resources-to-skip <resource>",
            ),
            _KEPT,
        ),
        signatures=(
            says(_KEPT_FAILED, "[update_failed]", rank=Rank.CLEAR),
            says(
                "update_rollback_failed|continueupdaterollback|continue-update-rollback|continue update rollback",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(("cfn-rollback-complete", "There the first creation failed."),),
        docs_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html",
        symptom=True,
    ),
    Cause(
        slug="cfn-in-progress",
        title="Another operation on the stack is running",
        category="deploy",
        severity="warning",
        meaning="The stack is being created, updated or deleted; it takes one operation at a time.",
        proof=(_STATUS,),
        repair=(
            *ONE_AT_A_TIME,
            *OF_BUSY_CODES,
            Step(
                "Wait for it", "aws cloudformation wait stack-update-complete --stack-name <stack>"
            ),
            Step(
                "Or stop a running update",
                "aws cloudformation cancel-update-stack --stack-name <stack>",
            ),
            Step(
                "Wait for it",
                "aws cloudformation wait stack-create-complete --stack-name <stack>",
                when="~(?<![a-z_])create_in_progress",
            ),
            Step(
                "Wait for it",
                "aws cloudformation wait stack-delete-complete --stack-name <stack>",
                when="~(?<![a-z_])delete_in_progress",
            ),
            Step(
                "Wait for it: what runs ends by itself, and cannot be stopped",
                "aws cloudformation wait stack-rollback-complete --stack-name <stack>",
                when="update_rollback_in_progress|update_rollback_complete_cleanup_in_progress",
            ),
            Step(
                "It is an operation of the stack set: wait until it has ended, then try again",
                "aws cloudformation list-stack-set-operations --stack-set-name <stack-set>",
                when="operation on stackset|operation on stack set",
            ),
            Step(
                "CloudFormation is still making the change set: wait for it, and execute it",
                "aws cloudformation wait change-set-create-complete --stack-name <stack> --change-set-name <change-set>",
                when="changesetcreatecomplete",
            ),
            Step(
                "Wait until Cloud Map has made the namespace, and let only one resource of the template make it; then deploy again",
                when="another operation of type",
            ),
            Step(
                "Wait for it: only what is left over is still being deleted",
                "aws cloudformation wait stack-update-complete --stack-name <stack>",
                when="~(?<![a-z_])update_complete_cleanup_in_progress",
            ),
        ),
        signatures=(
            *BUSY_BY_CODE,
            says(
                "_in_progress",
                "cannot be|could not be|not be deleted|not be updated",
                "~\\b(?:status|state)\\b",
                rank=Rank.CLEAR,
                unless=("review_in_progress", "~(?<![a-z_])rollback_in_progress"),
            ),
            says(
                "_in_progress state|another update is currently in progress|operationinprogress|operation in progress|already in progress|operation is in progress|is already being created|is already being updated|is already being modified|is already being deleted|is already being deployed|is currently being updated and cannot be|change set took too long to be created",
                rank=Rank.LIKELY,
                kinds="api_error cfn_event log_line",
                unless=(
                    "review_in_progress",
                    # A connection that two use at once.
                    "cannot perform operation|asyncpg",
                    "~(?<![a-z_])rollback_in_progress",
                ),
            ),
            # What people say of it.
            says(
                "_in_progress",
                "~\\b(?:stuck|hangs|hanging|spins|bloqué\\w{0,2}|atascad[oa]|pres[oa]|hängt|steckt) (?:[\\w']{1,8} ){1,5}(?:create|update|update_rollback|rollback|delete)_in_progress|状態でスタック|卡在",
                rank=Rank.LIKELY,
                kinds="api_error cfn_event log_line",
                unless="review_in_progress",
            ),
            # Copilot, before it asks for a change set.
            says(
                "cannot be deployed to",
                "~\\bstack [^ ]{1,200} is currently being (?:creat|updat|delet)ed\\b",
                rank=Rank.CLEAR,
            ),
            # Cloud Map, of a namespace that is being made.
            says(
                "another operation of type",
                "~\\banother operation of type \\w{3,40} and id [\\w<>-]{1,60} is in progress",
                rank=Rank.PRECISE,
            ),
            # The waiter of the change set gave up before CloudFormation had made it.
            says("changesetcreatecomplete", "max attempts exceeded", rank=Rank.CLEAR),
            says(
                "resource is currently being|conflicting operation|concurrent",
                "update|modif|operation|conflict",
                rank=Rank.SYMPTOM,
                kinds="cfn_event api_error",
                unless=(
                    "~\\bwait (?:for|until) (?:the )?concurrent ",
                    "cannot perform operation: ",
                ),
            ),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="stack-review-in-progress",
        title="Stack is an empty shell waiting for a change set (REVIEW_IN_PROGRESS)",
        category="deploy",
        severity="warning",
        meaning="A change set of the type CREATE was made and never executed.",
        proof=(
            Step(
                "List the change sets", "aws cloudformation list-change-sets --stack-name <stack>"
            ),
        ),
        repair=(
            Step(
                "Execute one, or delete the shell",
                "aws cloudformation delete-stack --stack-name <stack>",
            ),
        ),
        signatures=(says("review_in_progress", rank=Rank.LIKELY, kinds="api_error log_line"),),
        docs_url=CFN,
    ),
    Cause(
        slug="stack-drift",
        title="Resources differ from the template (drift)",
        category="deploy",
        severity="warning",
        meaning="Someone changed them outside CloudFormation; the next deployment may undo it or fail on it.",
        proof=(
            Step(
                "Look for the differences",
                "aws cloudformation detect-stack-drift --stack-name <stack>",
            ),
        ),
        repair=(
            Step(
                "Take the change over into the template, or deploy again to undo it",
                "ash-ops deploy --plan",
            ),
        ),
        signatures=(
            says(
                "drifted|drift status|stack_drift|drift detected",
                rank=Rank.LIKELY,
                unless="in_sync",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html",
    ),
)
