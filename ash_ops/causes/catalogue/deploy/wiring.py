"""Resources that do not fit together or hold each other."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.access.words import ALLOW_ACTION
from ash_ops.causes.catalogue.deploy.deletions import TAKEN_OFF_FIRST
from ash_ops.causes.catalogue.deploy.plainly_said import READ_THE_INSTANCES, READ_THE_SUBNETS
from ash_ops.causes.catalogue.deploy.reasons import (
    ATTACHED_PROVIDERS,
    HELD_BY,
    NO_PORT_AT_ALL,
    ONE_VPC,
    PORT_NOT_ASKED_FOR,
)
from ash_ops.causes.catalogue.deploy.repairs import (
    DETACHED,
    LISTENER_FIRST,
    PORTS,
    RENAMED,
    STILL_HELD,
)
from ash_ops.causes.catalogue.deploy.values import TWO_VPCS
from ash_ops.causes.catalogue.deploy.words import CFN, ITS_ROLE, LINKED_ROLES, MADE
from ash_ops.causes.catalogue.refused_values import HOLDERS

_OF_AN_APPLICATION: Final = "~\\b(?:cannot|can not|can't) be deleted (?:as|because|since) (?:it|they) (?:is|are) in use (?:by|on|in) (?:\\d{1,6}|some|other|one or more) [a-z]"
"""What a program says of its own things, by their number."""

CAUSES: Final = (
    Cause(
        slug="cfn-tg-no-lb",
        title="The service was made before the listener",
        category="deploy",
        severity="error",
        meaning="The target group has no load balancer yet, so ECS refuses the service.",
        proof=(
            Step(
                "Look at the order: does the service depend on the listener?",
                "aws cloudformation describe-stack-events --stack-name <stack>",
            ),
        ),
        repair=(
            Step(
                "Let the service depend on the listener (DependsOn), or deploy again",
                "ash-ops deploy",
            ),
            *LISTENER_FIRST,
        ),
        signatures=(
            says(
                "target group|targetgroup",
                "does not have an associated load balancer|no associated load balancer|not associated with a load balancer|no load balancer|not have a load balancer|does not have associated",
                rank=Rank.DECISIVE,
                unless="no load balancer was specified",
            ),
            says("associated load balancer", "not have|no |without", rank=Rank.CLEAR),
            # Cut within the ARN: of a service that is made, this sentence has one end.
            says(
                "createservice",
                "~\\bthe target group with targetgrouparn arn:[^ ]{0,160}$",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(("target-group-not-attached", "There the service exists already."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
    ),
    Cause(
        slug="cfn-delete-dependency",
        title="Deletion is blocked by resources that depend on it",
        category="deploy",
        severity="error",
        meaning="A network interface, rule, listener, service or task still uses it.",
        proof=(
            Step(
                "Read the reasons",
                "aws cloudformation describe-stack-events --stack-name <stack> --query \"StackEvents[?ResourceStatus=='DELETE_FAILED'].[LogicalResourceId,ResourceStatusReason]\"",
            ),
            Step(
                "Find what uses the security group",
                "aws ec2 describe-network-interfaces --filters Name=group-id,Values=<security-group>",
                when="security group|sg-|securitygroup|dependent object",
            ),
            Step(
                "Find what still has an address in the subnet",
                "aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=<subnet>",
                when="~\\b(?:the|deleting) subnet\\b(?! group)|\\bsubnet-[0-9a-f]{8}",
            ),
            Step(
                "Find the databases that are in the subnet group",
                "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBSubnetGroup.DBSubnetGroupName]'",
                when="db subnet group|delete the subnet group",
            ),
            Step(
                "Find what still has an address in the VPC",
                "aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=<vpc>",
                when="the vpc|network vpc-|mapped public address|internet gateway",
            ),
            Step(
                "Find the mount targets that the file system still has",
                "aws efs describe-mount-targets --file-system-id <file-system>",
                when="filesysteminuse|has mount targets",
            ),
            *READ_THE_INSTANCES,
            *HOLDERS,
            Step(
                "Find the services that still run",
                "aws ecs list-services --cluster <cluster>",
                when="clustercontains|scaled above 0|capacity provider is in use|services are active|tasks are active",
            ),
            Step(
                "Find the policies that the role still has",
                "aws iam list-attached-role-policies --role-name <role>",
                when="must detach all policies|must delete policies",
            ),
            Step(
                "Find the load balancers that still forward to it",
                "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].LoadBalancerArns'",
                when="in use by a listener or a rule",
            ),
            Step(
                "Find who still uses the certificate",
                "aws acm describe-certificate --certificate-arn <certificate> --query Certificate.InUseBy",
                when="~\\bcertificate [^ ]{3,200} in use\\b",
            ),
            *ATTACHED_PROVIDERS,
        ),
        repair=(
            Step(
                "Make sure first that it is your deployment and is to go. Then delete what uses it before it: service, listener, target group, security group; network interfaces may need minutes to go",
            ),
            *DETACHED,
            *TAKEN_OFF_FIRST,
            *STILL_HELD,
            *HELD_BY,
        ),
        signatures=(
            says(
                "filesysteminuse|volumeinuse|networkinterface.inuse|invalidgroup.inuse|deleteconflict: |(deleteconflict)|resourceinuse: |(resourceinuse)|resourceinuseexception",
                rank=Rank.DECISIVE,
                # Kinesis and DynamoDB say so, too, of a name that is taken.
                unless=("already exists",),
            ),
            says(
                "still contains",
                rank=Rank.LIKELY,
                kinds=MADE,
            ),
            says(
                "is in use and cannot be|is still using it|contains registered instances|cannot be stopped while it is scaled above 0",
                rank=Rank.PRECISE,
            ),
            says(
                "group still has", "~\\bgroup still has \\d{1,5} instances?\\b", rank=Rank.PRECISE
            ),
            # Terraform waits, and what holds the subnet or group does not go.
            says(
                "'destroyed'|'detached'|'deleted'",
                "~\\b(?:deleting|waiting for|detaching|destroying) (?:ec2 )?(?:subnet|security group|internet gateway|vpc|network interface|route table|nat gateway)\\b(?:[^|]){0,120}\\bto become '(?:destroyed|detached|deleted)'",
                rank=Rank.CLEAR,
            ),
            says(
                "dependencyviolation|has a dependent object|dependent object|has dependencies|deleteconflict|resourceinuse|resource in use|is currently in use|currently in use by|still in use|is in use by|in use by|has dependent|must be detached|must detach|must delete|must first|cannot be deleted while|clustercontains|services are active|tasks are active|container instances are active|while there are|has some mapped public|mapped public address|network acl|network interface",
                "delet|depend|use|active|detach|remov|contain|mapped",
                rank=Rank.CLEAR,
                kinds=MADE,
                unless=(
                    _OF_AN_APPLICATION,
                    "already in use|already being used|already used",
                    "~\\bresourceinuse(?:exception)?\\b[^|]{0,300}\\balready exists\\b",
                    # What stands in the way is the stack's own state.
                    "while in status|_in_progress",
                    "address already in use",
                    "rate limit|exceeded",
                    "provision|must first use|endpoint also deletes|you cannot delete a|you cannot delete an",
                    "~\\bexport(?:soutput)?[^ ]{0,250}(?: [^ ]{1,250})? cannot be (?:deleted|updated)|cannot (?:delete|update) export\\b",
                ),
            ),
            says(
                "cannot delete|cannot be deleted|unable to delete|could not be deleted|failed to delete|delete",
                "in use|attached|associated with|active|referenced|depend|contains",
                rank=Rank.LIKELY,
                kinds=MADE,
                unless=(
                    _OF_AN_APPLICATION,
                    "rollback_complete",
                    "~_complete state",
                    "also deletes|you cannot delete a|you cannot delete an|can create or delete|allow outbound",
                ),
            ),
            says(
                "clustercontainsservicesexception|clustercontainstasksexception|clustercontainscontainerinstancesexception|clustercontainscapacityproviderexception",
                rank=Rank.PRECISE,
            ),
        ),
        confused_with=(("cfn-delete-failed", "There it is not a dependent."),),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-slr-missing",
        title="A service-linked role (mostly that of ECS) is missing or not ready",
        category="deploy",
        severity="error",
        meaning="The account uses ECS (or the load balancer) for the first time and its role is not there yet.",
        proof=(ITS_ROLE,),
        repair=(
            *LINKED_ROLES,
            *ALLOW_ACTION,
        ),
        signatures=(
            says("servicelinkedrolefailure", rank=Rank.DECISIVE),
            says(
                "service linked role|service-linked role|servicelinkedrole|awsservicerolefor",
                "verify|create|must enable|exist|not found|missing|cannot find|unable to|assume|delet|deny|denied|not authorized|not have|required permission|invalid|failed",
                rank=Rank.PRECISE,
                unless=(
                    "already exists|has been taken",
                    "throttl",
                    # A resource that a template calls so, in the list of those that failed.
                    "~\\bfailed to (?:create|update|delete): \\[[^\\]]{0,900}awsservicerolefor",
                    # IAM of such a role that is there, and is not changed by hand.
                    "temporarilyunmodifiable|unmodifiableentity|policynotattachable",
                    # It speaks, so it is there: what it lacks is a permission.
                    "assumed-role/awsservicerolefor",
                    # Given to a task: it is there, and no task gets it.
                    "~:role/aws-service-role/[^ ]{5,160} that was provided for this task\\b",
                    # The role as what a feature works with: nothing says that it is not there.
                    "require a service linked role|require a service-linked role|requires a service linked role|requires a service-linked role|needs a service linked role|needs a service-linked role",
                ),
            ),
        ),
        confused_with=(("role-assume-failed", "That is the task's or execution role."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html",
    ),
    Cause(
        slug="cfn-container-port",
        title="Port or name of the load balancer is not defined in the container",
        category="deploy",
        severity="error",
        meaning="loadBalancers names a container or a port that the task definition lacks.",
        proof=(
            Step(
                "Compare with portMappings",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,portMappings]'",
            ),
        ),
        repair=(
            Step("Use container ash and port 4100 in both, then deploy", "ash-ops deploy"),
            *PORTS,
            *PORT_NOT_ASKED_FOR,
            *NO_PORT_AT_ALL,
        ),
        signatures=(
            says(
                "container",
                "did not have a container port|not have a container port|port",
                "defined|does not exist|not exist|must match|not found|is not mapped|no port",
                rank=Rank.CLEAR,
                kinds=MADE,
                unless=("already", "health check", "target is"),
            ),
            says(
                "container",
                "does not exist in the task definition|not exist in the task definition|not found in task definition|not found in the task definition|not in the task definition",
                rank=Rank.PRECISE,
                kinds=MADE,
            ),
            says("could not find container definition with matching name", rank=Rank.PRECISE),
            # CodePipeline, of a name in imagedefinitions.json.
            says("the aws ecs container", "does not exist", rank=Rank.PRECISE),
            says(
                "portmappings|container name|containername|containerport|host port|hostport",
                "must|not|invalid|missing|required|undefined",
                rank=Rank.LIKELY,
                kinds=MADE,
                unless=(
                    "healthcheck|action configuration",
                    "elastic ip",
                    "already in use",
                    "must be unique",
                    "override for container",
                ),
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
    ),
    Cause(
        slug="cfn-sg-vpc-mismatch",
        title="Security group and subnets are in different VPCs",
        category="deploy",
        severity="error",
        meaning="A network configuration mixes resources of two VPCs.",
        proof=(
            Step(
                "Read the VPC of both",
                "aws ec2 describe-security-groups --group-ids <security-group> --query 'SecurityGroups[].VpcId'",
            ),
            Step(
                "Then of the subnets",
                "aws ec2 describe-subnets --subnet-ids <subnet> --query 'Subnets[].VpcId'",
            ),
            *READ_THE_SUBNETS,
        ),
        repair=(
            Step("Use resources of one VPC", "ash-ops deploy"),
            *ONE_VPC,
            *TWO_VPCS,
        ),
        signatures=(
            says("two resources that belong to different networks", rank=Rank.DECISIVE),
            says("not in the target group vpc", rank=Rank.DECISIVE),
            says("one or more security groups are invalid", rank=Rank.CLEAR),
            # Targets by address of another VPC belong to no zone.
            says(
                "availability zone for ip address",
                "when not within the vpc|not within the vpc|outside the vpc",
                rank=Rank.DECISIVE,
            ),
            # RDS, of a database in a subnet group of another VPC.
            says(
                "is in vpc-",
                "~\\bis in vpc-\\w{2,20}\\b[^|]{0,60}\\bsecurity group\\b[^|]{0,40} is in vpc-",
                rank=Rank.PRECISE,
            ),
            says(
                "not linked to the vpc|same vpc|different vpcs|different vpc|belong to different networks|different networks|not belong to vpc|do not belong to|not in vpc|not in the same vpc|belong to the vpc|belong to the same",
                "security group|sg-|subnet|vpc|network interface|networks are|networks of",
                rank=Rank.PRECISE,
                kinds=MADE,
            ),
            says(
                "security group",
                "vpc",
                "not belong|different|mismatch|invalid for|not match|does not exist in",
                rank=Rank.CLEAR,
                kinds=MADE,
            ),
        ),
        docs_url=CFN,
    ),
    Cause(
        slug="cfn-replacement-blocked",
        title="A custom-named resource would have to be replaced",
        category="deploy",
        severity="error",
        meaning="The change needs a new resource, and the fixed name is still taken by the old one.",
        proof=(Step("Read the change set: Replacement True", "ash-ops deploy --plan"),),
        repair=(
            Step("Deploy under another name, or remove the fixed name"),
            *RENAMED,
        ),
        signatures=(
            says("handlererrorcode: notupdatable", rank=Rank.GENERIC),
            says(
                "custom-named resource|requires replacing|to add/remove a load balancer",
                rank=Rank.PRECISE,
            ),
        ),
        docs_url=CFN,
    ),
)
