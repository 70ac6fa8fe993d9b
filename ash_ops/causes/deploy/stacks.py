"""CloudFormation stacks: states, change sets, capabilities, secondary events."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

CFN: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"
_FIRST: Final = Step(
    "Find the first failed event by time",
    "aws cloudformation describe-stack-events --stack-name <stack> --query \"reverse(StackEvents[?contains(ResourceStatus,'FAILED')]).[Timestamp,LogicalResourceId,ResourceStatusReason]\"",
)
_STATUS: Final = Step(
    "Read the stack's status",
    "aws cloudformation describe-stacks --stack-name <stack> --query 'Stacks[].[StackStatus,StackStatusReason]'",
)

CAUSES: Final = (
    Cause(
        slug="cfn-not-stabilized",
        title="ECS service never became stable; the stack gave up (the cause is in the stopped tasks)",
        category="deploy",
        severity="error",
        meaning="CloudFormation waits for the service's steady state, up to hours. A symptom: the tasks fail.",
        proof=(Step("Read the tasks that died and the service's events", "ash-ops doctor"),),
        repair=(
            Step(
                "Repair the start of the tasks; with the deployment circuit breaker on, the stack fails in minutes",
                "ash-ops deploy",
            ),
        ),
        signatures=(
            says(
                "did not stabilize|notstabilized|not stabilize|exceeded attempts to wait|failed to stabilize|stabilization|has not stabilized",
                rank=Rank.SYMPTOM,
            ),
            says(
                "max attempts exceeded|timed out waiting|waiter|timeout while waiting for|error waiting for|waiting for ecs",
                "service|steady|stable|stack|services_stable|servicesstable",
                rank=Rank.SYMPTOM,
                kinds="cfn_event api_error log_line service_event",
            ),
            says(
                "resource timed out waiting|resource is not in the state|stack creation time exceeded|creation time exceeded the specified timeout",
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
        meaning="Its first creation failed. It can only be deleted, not updated.",
        proof=(_STATUS, _FIRST),
        repair=(
            Step("Delete it", "aws cloudformation delete-stack --stack-name <stack>"),
            Step("Then create it again", "ash-ops deploy"),
        ),
        signatures=(
            says(
                "~(?<![a-z_])rollback_(?:complete|failed)",
                "cannot be updated|not be updated|state|delete",
                rank=Rank.CLEAR,
                unless=("update_rollback",),
            ),
            says(
                "~(?<![a-z_])rollback_complete",
                rank=Rank.LIKELY,
                kinds="api_error log_line",
                unless=("update_rollback",),
            ),
            says(
                "~(?<![a-z_])(?:create_failed|rollback_failed|rollback_in_progress) state",
                rank=Rank.LIKELY,
            ),
        ),
        confused_with=(
            ("cfn-update-rollback-failed", "That one is about a stack that worked before."),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-update-rollback-failed",
        title="Stack is stuck in UPDATE_ROLLBACK_FAILED",
        category="deploy",
        severity="error",
        meaning="An update failed and so did going back.",
        proof=(_STATUS, _FIRST),
        repair=(
            Step(
                "Repair what the rollback stumbled over, then go on",
                "aws cloudformation continue-update-rollback --stack-name <stack>",
            ),
            Step(
                "Or skip that resource",
                "aws cloudformation continue-update-rollback --stack-name <stack> --resources-to-skip <resource>",
            ),
        ),
        signatures=(
            says(
                "update_rollback_failed|continueupdaterollback|continue-update-rollback|continue update rollback",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(("cfn-rollback-complete", "There the first creation failed."),),
        docs_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html",
    ),
    Cause(
        slug="cfn-in-progress",
        title="Another operation on the stack is running",
        category="deploy",
        severity="warning",
        meaning="The stack is being created, updated or deleted; it takes one operation at a time.",
        proof=(_STATUS,),
        repair=(
            Step(
                "Wait for it", "aws cloudformation wait stack-update-complete --stack-name <stack>"
            ),
            Step(
                "Or stop a running update",
                "aws cloudformation cancel-update-stack --stack-name <stack>",
            ),
        ),
        signatures=(
            says(
                "_in_progress state|operationinprogress|operation in progress|already in progress|operation is in progress|is already being",
                rank=Rank.LIKELY,
                kinds="api_error cfn_event log_line",
                unless=("review_in_progress", "~(?<![a-z_])rollback_in_progress"),
            ),
            says(
                "resource is currently being|conflicting operation|concurrent",
                "update|modif|operation|conflict",
                rank=Rank.SYMPTOM,
                kinds="cfn_event api_error",
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
    Cause(
        slug="cfn-no-updates",
        title="Nothing to update",
        category="deploy",
        severity="info",
        meaning="Template and parameters are unchanged. Not an error.",
        proof=(Step("Compare", "ash-ops deploy --plan"),),
        repair=(
            Step(
                "Nothing. To pull :latest again",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
            ),
        ),
        signatures=(
            says(
                "no updates are to be performed|did not contain changes|no changes to deploy|no changes. stack|no changes to apply|no updates to be performed|nochangesinchangeset|submitted information did not contain|no changes were|nothing to update|there are no changes|up to date",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-capabilities",
        title="CAPABILITY_IAM or CAPABILITY_NAMED_IAM was not acknowledged",
        category="deploy",
        severity="error",
        meaning="The stack makes IAM resources and CloudFormation wants that said.",
        proof=(
            Step(
                "Ask which it needs",
                "aws cloudformation get-template-summary --stack-name <stack> --query Capabilities",
            ),
        ),
        repair=(
            Step(
                "Say it",
                "aws cloudformation deploy --stack-name <stack> --template-file <template> --capabilities CAPABILITY_NAMED_IAM",
            ),
        ),
        signatures=(
            says(
                "insufficientcapabilities|requires capabilities|capability_iam|capability_named_iam|capability_auto_expand",
                rank=Rank.PRECISE,
            ),
        ),
        confused_with=(
            ("cfn-access-denied", "There a permission is missing, not an acknowledgement."),
        ),
        docs_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html",
    ),
    Cause(
        slug="cfn-template-invalid",
        title="The template or a parameter is not valid",
        category="deploy",
        severity="error",
        meaning="CloudFormation refused the template, a parameter's value or a property before it made anything.",
        proof=(
            Step(
                "Validate", "aws cloudformation validate-template --template-body file://<template>"
            ),
            Step("Lint", "cfn-lint <template>"),
        ),
        repair=(Step("Correct what the message names", "ash-ops deploy --plan"),),
        signatures=(
            says(
                "template format error|template error|template validation|unresolved resource dependencies|unrecognized resource type|circular dependency|invalid template|templateurl|template may not exceed|unsupported structure|malformed template|transform ",
                rank=Rank.CLEAR,
                kinds="api_error cfn_event log_line",
            ),
            says(
                "parameters: [|parameter '|parameter validation failed|parametervalidationfailed|must have values|do not exist in the template|not found in stack|cannot be empty|must not be empty|failed to satisfy constraint|value of property|encountered unsupported property|extraneous key|model validation failed|properties validation failed|property validation|required key [|is not a valid enum|invalidrequest|unknown parameter|invalid type for parameter|missing required parameter|invalid length for parameter",
                rank=Rank.LIKELY,
                kinds="api_error cfn_event log_line",
                unless=("does not exist (service", "fargate", "cpu", "not authorized"),
            ),
        ),
        confused_with=(("cfn-fargate-cpu-mem", "There the size is not one of Fargate's."),),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-validation",
        title="CloudFormation's validation before the deployment failed",
        category="deploy",
        severity="error",
        meaning="Early validation of the change set found a name in use, a wrong property or a quota that will not do. Read it with DescribeEvents; stack events do not show it.",
        proof=(
            Step(
                "Read the validation events",
                "aws cloudformation describe-events --change-set-name <change-set> --stack-name <stack>",
            ),
        ),
        repair=(
            Step(
                "Correct the resource named by ValidationPath, then make a new change set",
                "ash-ops deploy --plan",
            ),
        ),
        signatures=(
            says(
                "validation_error|earlyvalidation|aws::earlyvalidation|early validation|hook failed|the following hook(s) failed",
                rank=Rank.LIKELY,
                kinds="api_error cfn_event log_line",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html",
    ),
    Cause(
        slug="cfn-protected",
        title="The stack or a resource is protected against deletion",
        category="deploy",
        severity="error",
        meaning="Termination protection, a stack policy or deletion protection stops it.",
        proof=(
            Step(
                "Read it",
                "aws cloudformation describe-stacks --stack-name <stack> --query 'Stacks[].EnableTerminationProtection'",
            ),
        ),
        repair=(
            Step(
                "Take the protection away, if you mean it",
                "aws cloudformation update-termination-protection --stack-name <stack> --no-enable-termination-protection",
            ),
        ),
        signatures=(
            says(
                "termination protection|terminationprotection|terminationprotect|deletion protection|deletion_protection|stack policy|denied by stack policy",
                rank=Rank.CLEAR,
                unless=("scale-in",),
            ),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-export-in-use",
        title="An exported value is used by another stack",
        category="deploy",
        severity="error",
        meaning="CloudFormation does not change or delete an export that another stack imports.",
        proof=(
            Step("List who imports it", "aws cloudformation list-imports --export-name <export>"),
        ),
        repair=(Step("Change the importing stacks first"),),
        signatures=(
            says(
                "export",
                "cannot be updated as|no export named",
                rank=Rank.CLEAR,
            ),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-delete-failed",
        title="Stack or resource could not be deleted",
        category="deploy",
        severity="error",
        meaning="DELETE_FAILED for a reason other than dependents: not empty, protected, or a permission.",
        proof=(
            Step(
                "Read the reasons",
                "aws cloudformation describe-stack-events --stack-name <stack> --query \"StackEvents[?ResourceStatus=='DELETE_FAILED'].[LogicalResourceId,ResourceStatusReason]\"",
            ),
        ),
        repair=(
            Step(
                "Remove what is in the way and delete again; keep a resource with --retain-resources",
                "aws cloudformation delete-stack --stack-name <stack> --retain-resources <resource>",
            ),
        ),
        signatures=(
            says("delete_failed", rank=Rank.GENERIC, kinds="api_error log_line cfn_event"),
        ),
        confused_with=(("cfn-delete-dependency", "There another resource still uses it."),),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-secondary",
        title="Secondary CloudFormation event (not the root cause)",
        category="deploy",
        severity="info",
        meaning="Cancelled or rolled back because something else failed earlier.",
        proof=(_FIRST,),
        repair=(Step("Look at the first failed event"),),
        signatures=(
            says(
                "resource creation canceled|resource update canceled|creation canceled|update canceled|operation was canceled",
                rank=Rank.SYMPTOM,
            ),
            says(
                "the following resource(s) failed to|following resource(s) failed",
                rank=Rank.SYMPTOM,
                kinds="cfn_event api_error log_line",
            ),
            says(
                "rollback requested|rollback was requested|triggered a rollback|stack rollback|nested stack|embedded stack",
                rank=Rank.NORMAL,
                kinds="cfn_event log_line",
            ),
        ),
        docs_url=CFN,
        symptom=True,
    ),
)
