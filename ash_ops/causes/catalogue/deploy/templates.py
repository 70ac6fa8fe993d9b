"""Templates, change sets, protections and secondary events."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.deploy.repairs import (
    CALLED_WRONGLY,
    LOOK_AT_THE_TEMPLATE,
    NOT_TAKEN,
    REMAINS,
)
from ash_ops.causes.catalogue.deploy.words import CFN, FIRST, NOT_VALID, OUR_CALL, READING

CAUSES: Final = (
    Cause(
        slug="cfn-no-updates",
        title="Nothing to update",
        category="deploy",
        severity="info",
        meaning="Template and parameters are unchanged. Not an error.",
        proof=(Step("Compare", "ash-ops deploy --plan"),),
        repair=(
            Step(
                "To pull :latest again, start new tasks",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
            ),
        ),
        signatures=(
            says(
                "no updates are to be performed|did not contain changes|no changes to deploy|no changes. stack|no changes to apply|no updates to be performed|nochangesinchangeset|submitted information did not contain|no changes were|nothing to update|there are no changes|up to date",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            says(
                "has no changes",
                "~\\bchange set\\b(?:[^.|]|\\.(?=\\S)){0,300} has no changes\\b(?!: \\S)",
                rank=Rank.PRECISE,
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
                "insufficientcapabilities|requires capabilities",
                rank=Rank.PRECISE,
                unless="container requires capabilities|cap-add",
            ),
            says(
                "capability_iam|capability_named_iam|capability_auto_expand",
                "must|require|acknowledge|missing|not specified|insufficient",
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
        proof=LOOK_AT_THE_TEMPLATE,
        repair=(
            Step(
                "Correct what the message names where it is written (template, task definition or call); of Ash's own stack see what would be changed",
                "ash-ops deploy --plan",
            ),
            *CALLED_WRONGLY,
            *NOT_TAKEN,
        ),
        signatures=(
            says("typenotfoundexception", rank=Rank.LIKELY, kinds="cfn_event api_error log_line"),
            says(
                "unable to get mapping for|requires task definition to have execution role|specify a value for 'executionrolearn'|template format error|template error|template validation|unresolved resource dependencies|unrecognized resource type|circular dependency|invalid template|templateurl|template may not exceed|unsupported structure|malformed template|transform aws::|transform named|transform failed|no transform|parameter values specified for a template which does not require them",
                rank=Rank.CLEAR,
                kinds="api_error cfn_event log_line",
            ),
            says(
                "parameters: [|parameter '|parameter validation failed|parametervalidationfailed|must have values|do not exist in the template|not found in stack|cannot be empty|must not be empty|failed to satisfy constraint|value of property|encountered unsupported property|extraneous key|model validation failed|properties validation failed|property validation|required key [|is not a valid enum|invalidrequest|unknown parameter|invalid type for parameter|missing required parameter|invalid length for parameter",
                rank=Rank.LIKELY,
                kinds="api_error cfn_event log_line",
                unless=(
                    "does not exist (service",
                    "fargate",
                    "cpu",
                    "not authorized",
                    "when calling the describe",
                    # A program's own settings; ECR's answer to a pull.
                    "improperlyconfigured|cannotpull",
                ),
            ),
            # The SDKs look at what is asked for before they send it.
            says(
                "invalid type for parameter|unsupported parameters for (",
                "valid types|supported parameters include",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            says(
                "unexpectedparameter|unexpected key '|missingrequiredparameter|invalidparametertype|unknown parameter in |validation error(s) found|aws: error: |aws: [error]: |unknown options: ",
                "~\\bunexpected key '[^']{1,80}' found in params|\\bmissing required key '[^']{1,80}' in params|\\bexpected params\\.|parameter validation failed: unknown parameter in |\\baws: \\[?error\\]?: (?:argument |the following arguments are required)|^unknown options: -|\\b(?:minimum field (?:size|value) of|missing required field)\\b",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            # What the load balancer's API says of names.
            says(
                "loadbalancer name|load balancer name|target group name|targetgroup name",
                "cannot contain|can only contain|cannot be longer than|cannot begin|cannot end|must not begin|must not end|cannot have",
                rank=Rank.PRECISE,
            ),
            # RDS of the password, the name or the user that a new database is to have.
            says(
                "masteruserpassword|masterusername|master password|dbname",
                "is not a valid password|cannot be used as it is a reserved word|invalid master password|must begin with a letter",
                rank=Rank.PRECISE,
            ),
            # CodeDeploy's word, with the part of the deployment group that it does not take.
            says(
                "invalidecsservice|invalidautoscalinggroupexc|invalidloadbalancerinfo|invalidtargetgrouppair|invalidbluegreen|invaliddeploymentstyle|invalidrevisionexc|invaliddeploymentgroupname",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            says(
                "the new key policy will not allow you to update|must be provided and must not be |is different from subnet group of cluster|is not a valid s3 domain|you must force a new deployment",
                "~\\bthe parameter \\w+ must be provided|\\bdomain name specified in \\S+ is not|^(?!.*\\b(?:must be provided and must not be|is not a valid s3 domain)\\b)",
                rank=Rank.PRECISE,
            ),
            # The API could not read what was sent; deploying tools say only for what they sent it.
            says(
                "serializationexception|failed to register task definition in ecs",
                "~\\bcan ?not be converted to\\b|\\bfound where not expected\\b|\\bunrecognized collection type\\b|\\bunexpected token\\b|\\bexpected params\\.",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            # A change set that failed, by a waiter that does not say why.
            says(
                "changesetcreatecomplete",
                "terminal failure state",
                rank=Rank.LIKELY,
            ),
            # Terraform and the CDK look for cycles before anything is made.
            says(
                "dependency graph is not valid|create a cyclic reference|create a cyclic dependency",
                rank=Rank.PRECISE,
            ),
            # A macro takes values, not what is known only when the stack is made.
            says("the value of parameter", "under transform", "must resolve to", rank=Rank.PRECISE),
            says(
                "the cidr",
                "~\\bthe cidr '[\\d./]{7,18}' (?:conflicts with|is invalid|is not)",
                rank=Rank.PRECISE,
            ),
            says(
                "resource import|resourcetoimport",
                "not supported|cannot be imported",
                rank=Rank.CLEAR,
            ),
            says(
                "cannot be associated with more than one load balancer|a certificate must be specified for https listeners|requires bootstrap stack version of",
                rank=Rank.CLEAR,
            ),
            # A change set that could not be made is not executed: its own reason tells why.
            says(
                "invalidchangesetstatus|cannot be executed in its current",
                "~\\bstatus of \\[?(?:execute_)?failed\\b",
                rank=Rank.LIKELY,
            ),
            # AWS's own word for it, about a call that a deployment makes: anything more telling wins.
            says(
                NOT_VALID,
                OUR_CALL,
                rank=Rank.SYMPTOM + 6,
                kinds="api_error cfn_event log_line",
                unless=(READING, "not authorized|unable to assume|does not exist"),
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
                "validation_error|earlyvalidation|aws::earlyvalidation|early validation|the following hook(s) failed",
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
            Step(
                "Read it",
                "aws elbv2 describe-load-balancer-attributes --load-balancer-arn <load-balancer>",
                when="~load balancer.{0,300}deletion protection",
            ),
            Step(
                "Read it",
                "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DeletionProtection]'",
                when="protected db|db instance.{0,80}deletion protection",
            ),
            Step(
                "Read what it forbids",
                "aws cloudformation get-stack-policy --stack-name <stack>",
                when="stack policy",
            ),
        ),
        repair=(
            Step(
                "Take the protection away, if you mean it",
                "aws cloudformation update-termination-protection --stack-name <stack> --no-enable-termination-protection",
            ),
            Step(
                "Take the protection away, if you mean it",
                "aws elbv2 modify-load-balancer-attributes --load-balancer-arn <load-balancer> --attributes Key=deletion_protection.enabled,Value=false",
                when="~load balancer.{0,300}deletion protection",
            ),
            Step(
                "Switch deletion protection of the database off in the template or with `aws rds modify-db-instance`, if you mean it: its data go with it",
                when="protected db",
            ),
            Step(
                "Let whoever owns the policy allow the update, or take the change of that resource back",
                when="stack policy",
            ),
        ),
        signatures=(
            says(
                "termination protection|terminationprotection|terminationprotect|deletion protection|deletion_protection|stack policy|denied by stack policy",
                "cannot|could not|enabled|denied|failed|not allowed|is protected|is on|unable",
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
                "stack",
                "~\\bexport\\b(?:[^.|]|\\.(?=\\S)){0,60}\\b(?:is |still )?(?:used|in use|imported) by (?:another|other|the|an?)\\b(?:[^.|]|\\.(?=\\S)){0,30}\\bstack",
                rank=Rank.CLEAR,
            ),
            says(
                "export",
                "cannot be deleted|cannot be updated",
                "~\\bexport [^ ]{1,250} cannot be (?:deleted|updated)",
                rank=Rank.PRECISE,
            ),
            says("export", "cannot be updated as", rank=Rank.CLEAR),
            # The name that CDK gives to an export, with or without CloudFormation's word before it.
            says(
                "exportsoutput",
                "~\\bexportsoutput\\w{1,250} cannot be (?:deleted|updated) as it is in use by\\b",
                rank=Rank.DECISIVE,
            ),
            says("cannot delete export|cannot update export", "in use by", rank=Rank.DECISIVE),
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
            Step(
                "Find the tasks that still stop",
                "aws ecs list-tasks --cluster <cluster> --service-name <service>",
                when="to become 'inactive'|services_inactive|servicesinactive",
            ),
        ),
        repair=(
            Step(
                "Remove what is in the way and delete again; keep a resource with --retain-resources",
                "aws cloudformation delete-stack --stack-name <stack> --retain-resources <resource>",
            ),
            Step(
                "Empty the bucket, with all versions of its objects, if nobody needs what is in it; then delete again",
                when="bucket you tried to delete is not empty|bucketnotempty",
            ),
            Step(
                "Wait until its tasks have stopped, then delete again; its targets may drain for minutes",
                when="to become 'inactive'|services_inactive|servicesinactive",
            ),
            *REMAINS,
        ),
        signatures=(
            says("bucket you tried to delete is not empty", rank=Rank.PRECISE),
            says("hostedzonenotempty|stacksetnotempty", rank=Rank.CLEAR),
            says("bucketnotempty|repositorynotempty", rank=Rank.CLEAR),
            says("is not empty", "delet", rank=Rank.LIKELY, kinds="api_error log_line cfn_event"),
            says("delete_failed", rank=Rank.GENERIC, kinds="api_error log_line cfn_event"),
            says("resource(s) failed to delete|stack deletion failed", rank=Rank.GENERIC),
            # A service that is deleted goes when its tasks have stopped.
            says(
                "timeout while waiting for|max attempts exceeded|timed out waiting|waiter",
                "to become 'inactive'|services_inactive|servicesinactive",
                rank=Rank.GENERIC,
                kinds="api_error log_line",
            ),
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
        proof=(FIRST,),
        repair=(Step("Look at the first failed event"),),
        signatures=(
            says(
                "resource creation canceled|resource update canceled|creation canceled|update canceled",
                rank=Rank.SYMPTOM,
            ),
            says(
                "the following resource(s) failed to|following resource(s) failed",
                rank=Rank.SYMPTOM,
                unless="failed to delete",
                kinds="cfn_event api_error log_line",
            ),
            says(
                "rollback requested|rollback was requested|triggered a rollback|stack rollback|nested stack|embedded stack",
                rank=Rank.NORMAL,
                kinds="cfn_event log_line",
            ),
            says(
                "the stack named",
                "~\\bthe stack named [\\w-]{1,130} (?:failed|is in a failed state)\\b(?:[^.|]|\\.(?=\\S)){0,120}update_rollback_complete\\W{0,5}$",
                rank=Rank.SYMPTOM,
            ),
            # What a tool says that waits for a stack: its state, not why it is in it.
            says(
                "unexpected status",
                "rollback_in_progress|rollback_complete|rollback_failed",
                "stack",
                rank=Rank.SYMPTOM,
                kinds="cfn_event log_line",
            ),
        ),
        docs_url=CFN,
        symptom=True,
    ),
)
