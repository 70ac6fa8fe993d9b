"""What CloudFormation does not delete: what is protected, used elsewhere, or stuck."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.deploy.reasons import EXPORTED_BY_CDK, NO_ANSWER_OF_A_FUNCTION
from ash_ops.causes.catalogue.deploy.repairs import REMAINS
from ash_ops.causes.catalogue.deploy.words import CFN
from ash_ops.causes.catalogue.refused_values import NESTED_FIRST

_DRAINS: Final = (
    "to become 'inactive'|services_inactive|servicesinactive|error deleting ecs service ("
)
"""Who waits for a service that was deleted, until its tasks have stopped."""

TAKEN_OFF_FIRST: Final = (
    Step(
        "The certificate goes off what the look-up lists first (listeners, a distribution, a domain of API Gateway); where another takes its place, let the tool make that one before it deletes this (create_before_destroy)",
        when=r"~\bcertificate [^ ]{3,200}(?: in account \d{12})? (?:is )?in use\b|\bdeleting acm certificate\b",
        decides=True,
    ),
    Step(
        "Change or delete the listener or the rule that forwards to it, then the group; where a new group takes its place, let the tool make that one first, by another name (create_before_destroy, name_prefix)",
        when="in use by a listener or a rule",
        decides=True,
    ),
    Step(
        "Make sure first that nobody needs the databases in it. Then delete those, or move them to another group, and the group after them; wait until they are gone",
        when="invaliddbsubnetgroupstate|delete the subnet group",
        decides=True,
    ),
)
"""What uses a thing, and goes off it before it can be deleted."""

CAUSES: Final = (
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
                "IAM lets nobody change a service-linked role by hand: its service deletes it, once no resource uses it",
                "aws iam delete-service-linked-role --role-name <role>",
                when="unmodifiableentity",
                decides=True,
            ),
            Step(
                "Let whoever owns the policy allow the update, or take the change of that resource back",
                when="stack policy",
            ),
        ),
        signatures=(
            says("unmodifiableentity", rank=Rank.DECISIVE),
            says(
                "termination protection|terminationprotection|terminationprotect|deletion protection|deletion_protection|stack policy|denied by stack policy",
                "cannot|could not|enabled|denied|failed|not allowed|is protected|is on|unable",
                rank=Rank.CLEAR,
                unless=("scale-in", "managed termination protection"),
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
        repair=(
            Step(
                "Change the importing stacks first, so that none imports it, and then this one; a value that only changes is exported under another name, and the old export taken away last"
            ),
            *EXPORTED_BY_CDK,
        ),
        signatures=(
            # As people tell it.
            says(
                "export",
                "stack",
                "~\\bexports? (?:are|is) still (?:needed|used|in use|imported|referenced)\\b|\\bdeletes? the exported (?:value|output)s?\\b[^|]{0,80}\\bin use\\b|\\bdoesn?(?:'t| not) export the (?:resource|value|output)s? it needs\\b",
                rank=Rank.PRECISE,
            ),
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
                when=_DRAINS,
            ),
        ),
        repair=(
            Step(
                "Remove what is in the way and delete again; keep a resource with --retain-resources",
                "aws cloudformation delete-stack --stack-name <stack> --retain-resources <resource>",
            ),
            *NO_ANSWER_OF_A_FUNCTION,
            Step(
                "Wait until its tasks have stopped, then delete again; its targets may drain for minutes",
                when=_DRAINS,
            ),
            *REMAINS,
            *NESTED_FIRST,
        ),
        signatures=(
            says("bucket you tried to delete is not empty", rank=Rank.PRECISE),
            says("hostedzonenotempty|stacksetnotempty", rank=Rank.CLEAR),
            says("bucketnotempty|repositorynotempty", rank=Rank.CLEAR),
            says("is not empty", "delet", rank=Rank.LIKELY, kinds="api_error log_line cfn_event"),
            says("delete_failed", rank=Rank.GENERIC, kinds="api_error log_line cfn_event"),
            says("resource(s) failed to delete|stack deletion failed", rank=Rank.GENERIC),
            says(
                "timeout waiting for stack operation", "executing 'down'", rank=Rank.GENERIC
            ),  # ecs-cli
            says("waiter stackdeletecomplete failed", "max attempts", rank=Rank.GENERIC),
            # A service that is deleted goes when its tasks have stopped.
            says(
                "timeout while waiting for|max attempts exceeded|timed out waiting|waiter|exceeded wait attempts",
                _DRAINS,
                rank=Rank.GENERIC,
                kinds="api_error log_line",
            ),
        ),
        confused_with=(("cfn-delete-dependency", "There another resource still uses it."),),
        docs_url=CFN,
    ),
)
