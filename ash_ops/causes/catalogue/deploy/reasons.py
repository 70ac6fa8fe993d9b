"""Look-ups and repairs of stacks whose message names its own reason, or hides it."""

from typing import Final

from ash_ops.causes.base import Step

_UNSAID: Final = r"~^(?!.*(?:\bperform: ?[a-z]|\bapi: ?[a-z]|\bs3 error\b|\bkms key\b)).*(?:\baccess denied for operation\b|\bhandlererrorcode: accessdenied\b)"
_TRAIL: Final = "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --query \"Events[?contains(CloudTrailEvent,'AccessDenied')].[EventTime,EventName,Username]\""

ACTION_UNSAID: Final = (
    Step(
        "The event does not say which action was refused, and to whom: CloudTrail does, some minutes later",
        _TRAIL,
        when=_UNSAID,
    ),
)

ALLOW_WHAT_THE_TRAIL_NAMES: Final = (
    Step(
        "Allow that action to the role that makes the stack (of the CDK, cdk-...-cfn-exec-role; of others, who deploys or the stack's own role), then deploy again",
        when=_UNSAID,
    ),
)
"""Refusals that name neither the action nor who was refused."""

EXPORTED_BY_CDK: Final = (
    Step(
        "The CDK exports it because another stack referred to it. Keep the export for one deployment (this.exportValue(...) in the stack that has it), deploy the stack that no longer uses it, then take that line out and deploy again",
        "aws cloudformation list-imports --export-name <export>",
        when="exportsoutput",
        decides=True,
    ),
)

CLUSTER_FAILED: Final = (
    Step(
        "The cluster itself failed: the role of ECS (AWSServiceRoleForECS) was not there yet, or a capacity provider could not be attached. See which, make the role if it lacks, delete the failed cluster, and deploy again",
        "aws ecs describe-clusters --clusters <cluster> --include ATTACHMENTS --query 'clusters[].[status,attachmentsStatus,attachments]'",
        when=r"~\becs cluster\b.{0,120}\bunexpected state '?failed",
        decides=True,
    ),
    Step(
        "Ask for that role",
        "aws iam get-role --role-name AWSServiceRoleForECS",
        when=r"~\becs cluster\b.{0,120}\bunexpected state '?failed",
        decides=True,
    ),
)
"""A cluster that was not made."""

STILL_THERE: Final = (
    Step(
        "A service of that name is there with other settings, or was deleted and still drains: wait until it is INACTIVE, then deploy again. If it is ACTIVE, update or import it, or give the new one another name",
        "aws ecs wait services-inactive --cluster <cluster> --services <service>",
        when="not idempotent",
    ),
)

PORT_NOT_ASKED_FOR: Final = (
    Step(
        "Cloud Map's A records need no port: take containerName and containerPort out of serviceRegistries (service_registries in Terraform and Pulumi, without container_port)",
        when=r"~\bserviceregistries do not require\b|\bdo not require a value for 'container",
        decides=True,
    ),
)

NOT_ENOUGH_SAID: Final = (
    Step(
        "A record needs an alias, or both a time to live and its values (alias, or ttl and records in Terraform), and here it was given neither: the list or the variable that they come from is empty",
        "aws route53 list-resource-record-sets --hosted-zone-id <hosted-zone>",
        when="expected exactly one of [aliastarget",
        decides=True,
    ),
)

IN_A_STACK_ALREADY: Final = (
    Step(
        "It belongs to a stack already: leave it out of the import. To move it, take it out of the other stack first, with DeletionPolicy Retain, and import it then",
        "aws cloudformation describe-stack-resources --physical-resource-id <resource>",
        when="already in a stack and cannot be imported",
        decides=True,
    ),
)
"""What an import, or a record, lacks."""

ANSWER_LACKS_A_KEY: Final = (
    Step(
        "The function behind the custom resource answered without the attribute that the template reads (Fn::GetAtt): let it answer with that key in Data also when it is updated, or correct the name in the template; its log tells what it answered",
        "aws logs tail /aws/lambda/<function> --since 1h",
        when=r"~\bcustom ?resource attribute error\b|\bresponse (?:doesn't|does not) contain \S{1,60} key\b",
    ),
)
