"""Templates, change sets and secondary events."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.deploy.configurations import (
    AS_THE_TOOL_SAYS,
    ODD_VALUES,
    OF_ODD_VALUES,
    OF_TYPES_NOT_READ,
    REFUSED_BY_THE_TOOL,
)
from ash_ops.causes.catalogue.deploy.plainly_said import BEHIND_ANOTHER, EXPANDS
from ash_ops.causes.catalogue.deploy.reasons import STORAGE_AT_WORK
from ash_ops.causes.catalogue.deploy.repairs import (
    CALLED_WRONGLY,
    LOOK_AT_THE_TEMPLATE,
    NOT_TAKEN,
)
from ash_ops.causes.catalogue.deploy.values import (
    CODES_OF_VALUES,
    STEPS_BY_CODE,
    TAKEN_FOR_A_CAPABILITY,
    VALUES,
)
from ash_ops.causes.catalogue.deploy.words import CFN, FIRST, NOT_VALID, OUR_CALL, READING
from ash_ops.causes.catalogue.refused_values import REFUSED_VALUES

_NOT_OF_FARGATE: Final = (
    r"~\b(?:tasks using the fargate launch type|fargate compatible task definitions?) (?:do(?:es)? not|only) support\b|"
    r"\b(?:clientexception|invalidparameterexception|operation|request provided)\b[^|]{0,160}\b(?:is|are) (?:not|only) supported (?:with|on|for|in|by) (?:the )?(?:aws )?fargate\b"
)
"""A setting that ECS takes for tasks on instances only, as it refuses it."""
_REFUSED_FOR: Final = (
    Step(
        "The stack was changed after this change set was made: make a new change set, and execute that",
        "aws cloudformation list-change-sets --stack-name <stack>",
        when="status of [obsolete",
    ),
    Step(
        "Give each resource that is to be imported a DeletionPolicy in the template (Retain keeps it whatever becomes of the import), and import again",
        when="must have deletionpolicy",
    ),
    Step(
        "Name a runtime that Lambda still takes; where a library makes the function (a custom resource of the CDK), take a newer version of that library",
        when="is no longer supported for creating or updating",
    ),
    Step(
        "Opt in to the long ARNs, as who deploys or for the whole account",
        "aws ecs put-account-setting-default --name serviceLongArnFormat --value enabled",
        when="new arn and resource id format must be enabled to propagate",
    ),
    Step(
        "EC2 has not this type of instance there, or not with this image: take another type, or subnets of zones that have it",
        "aws ec2 describe-instance-type-offerings --location-type availability-zone --query 'InstanceTypeOfferings[].[InstanceType,Location]'",
        when="requested configuration is currently not supported",
    ),
    Step(
        "CodePipeline reads a JSON list from that file, with name (that of the container in the task definition) and imageUri: let the build write just that, and give the file out as an artifact",
        when="image definition file",
    ),
)
"""What one message of a template or a call asks for."""

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
                "no updates are to be performed|did not contain changes|no changes to deploy|no changes. stack|no changes to apply|no updates to be performed|nochangesinchangeset|submitted information did not contain|no changes were|nothing to update|there are no changes",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            # Docker, npm and Git say it of what they fetch.
            says(
                "up to date|up-to-date",
                "~\\b(?:stacks? [^ ]{1,130} (?:is|are)|infrastructure is)(?: already)? up[ -]to[ -]date\\b",
                rank=Rank.PRECISE,
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
            *EXPANDS,
            *TAKEN_FOR_A_CAPABILITY,
        ),
        signatures=(
            says(
                "insufficientcapabilities|requires capabilities",
                rank=Rank.PRECISE,
                unless="container requires capabilities|cap-add",
            ),
            says(
                "capability_iam|capability_named_iam|capability_auto_expand|capability-iam",
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
        meaning="AWS, or the tool in front of it, refused the template, the task definition or a value of the call before it made anything.",
        proof=LOOK_AT_THE_TEMPLATE,
        repair=(
            Step(
                "Correct what the message names where it is written (template, task definition or call); of Ash's own stack see what would be changed",
                "ash-ops deploy --plan",
            ),
            *CALLED_WRONGLY,
            *REFUSED_VALUES,
            *AS_THE_TOOL_SAYS,
            *OF_TYPES_NOT_READ,
            *OF_ODD_VALUES,
            STORAGE_AT_WORK,
            *NOT_TAKEN,
            *VALUES,
            Step(
                "Fargate has no such setting: take what the message names out of the task definition or the service (it may be a default of the module or tool that writes the task definition or the service), or run the task on instances",
                when=_NOT_OF_FARGATE,
            ),
            *_REFUSED_FOR,
            *STEPS_BY_CODE,
            *BEHIND_ANOTHER,
            Step(
                "Name a container that the task definition has, or give the one there that name",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].name'",
                when="override for container named",
            ),
            Step(
                "Take Role out of the service: with several target groups, or in awsvpc mode, ECS takes its service-linked role",
                when="you cannot specify an iam role for services that require a service linked role",
            ),
        ),
        signatures=(
            *REFUSED_BY_THE_TOOL,
            *ODD_VALUES,
            says("fargate", _NOT_OF_FARGATE, rank=Rank.PRECISE),
            *CODES_OF_VALUES,
            says("typenotfoundexception", rank=Rank.LIKELY, kinds="cfn_event api_error log_line"),
            says(
                "unable to get mapping for|null' values are not allowed in templates|null values are not allowed in templates|is not permitted in zone|private repository credentials are not a supported|requires task definition to have execution role|specify a value for 'executionrolearn'|template format error|template error|template validation|unresolved resource dependencies|unrecognized resource type|circular dependency|invalid template|templateurl must|templateurl parameter|parameter templateurl|template may not exceed|unsupported structure|malformed template|transform aws::|transform named|transform failed|failed without an error message|no transform|parameter values specified for a template which does not require them",
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
                    "improperlyconfigured|cannotpull|unhandled exception. system.",
                    # Bedrock's, of what a model was asked; Cognito's, of a user.
                    "reformat your input|adminsetuserpassword|admincreateuser",
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
                "unexpectedparameter|unexpected key '|missingrequiredparameter|invalidparametertype|unknown parameter in |validation error(s) found|aws: error: |aws: [error]: |unknown options: |is not a valid parameter",
                "~\\bunexpected key '[^']{1,80}' found in params|\\bmissing required key '[^']{1,80}' in params|\\bexpected params\\.|parameter validation failed: unknown parameter in |\\bunknown parameter in [\\w.\\[\\]]{1,80}: [\"'][^\"']{1,80}[\"'], must be one of: |\\baws: \\[?error\\]?: (?:argument |the following arguments are required)|^unknown options: -|\\bmodule [\\w.-]{1,80}: [\\w.-]{1,80} is not a valid parameter$|\\b(?:minimum field (?:size|value) of|missing required field)\\b",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            # ECS, of a task that is run with other settings for a container than its definition has.
            says(
                "override for container named|overrides length must",
                "is not a container in|be at most",
                rank=Rank.PRECISE,
            ),
            # The load balancer's API of a list with more in it than one call takes.
            says("can be specified, but", "were specified", rank=Rank.PRECISE),
            # The CDK of another language, of the program that was to make the template.
            says(
                "jsii.errors.jsiierror|jsii.runtime.jsiiexception|jsii.errors.javascripterror|jsiiexception: ",
                rank=Rank.LIKELY,
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
                "the new key policy will not allow you to update|must be provided and must not be |is different from subnet group of cluster|is not a valid s3 domain|you must force a new deployment|managed termination protection setting",
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
            says("cannot depend on container", "because it does not exist", rank=Rank.PRECISE),
            says(
                "resource import|resourcetoimport|resources to import [",
                "not supported|cannot be imported|must have deletionpolicy",
                rank=Rank.CLEAR,
            ),
            # Lambda of a runtime past its time, EC2 of an instance type, ECS of tags and of long ARNs.
            says(
                "is no longer supported for creating or updating|the requested configuration is currently not supported|format must be enabled to",
                "~\\bruntime parameter of \\S+ is no longer\\b|\\bconfiguration is currently\\b|\\bnew arn and resource id format must be enabled to propagate\\b",
                rank=Rank.CLEAR,
                unless="launching ec2 instance|launching source instance",
            ),
            # The action of GitHub that puts the image into a task definition, CodePipeline of its file, Terraform of an ARN.
            says(
                "invalid task definition format|invalid task definition: could not find container definition|contents invalid json format| is an invalid arn: ",
                "~\\btask definition\\b|\\bimage definition file\\b|\\barn: invalid (?:region|account|partition|service|prefix|resource)\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "referenced by template have types not supported by cloudformation|the specified subnets and the autoscalinggroup do not match|cannot be associated with more than one load balancer|a certificate must be specified for https listeners|requires bootstrap stack version of",
                rank=Rank.CLEAR,
            ),
            # A change set that could not be made is not executed: its own reason tells why.
            says(
                "invalidchangesetstatus|cannot be executed in its current|execute change set",
                "~\\bstatus (?:of|is) \\[?(?:(?:execute_)?failed|unavailable|obsolete)\\b",
                rank=Rank.LIKELY,
            ),
            says(
                "cloudformation parameters are missing a value|have types not supported by cloudformation|ssm secure reference is not supported in|templates with a size greater than|fn::findinmap - key|final_snapshot_identifier is required when|container_definitions is invalid",
                rank=Rank.PRECISE,
            ),
            # What tools look at before they send it: Copilot, ecspresso, the ECS CLI.
            says(
                "must be imported|must have subnets|subnet groups|service has no load balancers, but|hostport must be same as|image is not defined|must be in same region|encryption is required when using|must be greater than mem_|should not be null or empty",
                "~\\bat least two (?:public|private) subnets must be imported\\b|\\bmust have subnets in order to proceed\\b|\\bthere are no (?:'[\\w-]{1,60}' )?subnet groups (?:with name '[^']{1,80}' )?in this vpc\\b|\\bbut healthcheckgraceperiodseconds is defined\\b|\\bsame as containerport for awsvpc\\b|\\bimage is not defined$|\\bencryption key must be in same region\\b|\\btransit encryption is required when using iam\\b|\\bmem_limit must be greater\\b|\\bcontainer\\.\\w{2,30} should not be null\\b",
                rank=Rank.PRECISE,
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
            # A row of events without a reason: the stack went back, and the first failure stands above.
            says(
                "update_rollback_complete",
                "~\\bupdate_rollback_complete[ |]{1,40}aws::cloudformation::stack\\b|\\baws::cloudformation::stack[ |]{1,40}(?:[\\w-]{1,128}[ |]{1,40})?update_rollback_complete\\b",
                rank=Rank.SYMPTOM,
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
