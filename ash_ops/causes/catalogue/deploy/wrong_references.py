"""What a template or a parameter refers to, and is not there."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.answers_by_code import MISSING_BY_CODE
from ash_ops.causes.catalogue.deploy.plainly_said import (
    OF_IAMS_CERTIFICATES,
    READ_WHAT_IS_LEFT,
    UPLOADED_CERTIFICATES,
)
from ash_ops.causes.catalogue.deploy.reasons import NOT_THERE, THERE_FIRST
from ash_ops.causes.catalogue.deploy.repairs import LOOK_FOR_MISSING, MISSING
from ash_ops.causes.catalogue.deploy.words import CFN
from ash_ops.causes.catalogue.refused_values import NO_SUCH_ADDRESS

GONE_MEANWHILE: Final = (
    r"~\bresource of type '[a-z0-9:]{5,80}' with identifier '[^']{1,300}' was not found\b"
)

CAUSES: Final = (
    Cause(
        slug="cfn-resource-missing",
        title="A resource the template refers to does not exist",
        category="deploy",
        severity="error",
        meaning="A subnet, security group, VPC, certificate or role named by a parameter is not in this account and region.",
        proof=(
            Step(
                "Look for it in the account and region that are called, by the list or describe call of its service: these are",
                "aws configure list",
            ),
            Step(
                "Look for it in the region of the stack",
                "aws ec2 describe-subnets --subnet-ids <subnet>",
                when="subnet",
            ),
            Step(
                "Look for it in the region of the balancer",
                "aws elbv2 describe-trust-stores --query 'TrustStores[].[Name,TrustStoreArn,Status]'",
                when="truststorenotfound|specified trust store",
            ),
            Step(
                "Read what the stack made of it, and under which id",
                "aws cloudformation describe-stack-resources --stack-name <stack> --query 'StackResources[].[LogicalResourceId,PhysicalResourceId,ResourceStatus]'",
                when=r"~\bresource of type '?aws::",
                decides=True,
            ),
            Step(
                "Look for the group: it is named by its own name, not by that of a subnet in it",
                "aws rds describe-db-subnet-groups --query 'DBSubnetGroups[].[DBSubnetGroupName,VpcId]'",
                when=r"~\bdb ?subnet ?group\w{0,20}\b.{0,80}\b(?:not found|does not exist)\b|\bdbsubnetgroupnotfound",
                decides=True,
            ),
            Step(
                "Look for the namespace in the region of the stack",
                "aws servicediscovery list-namespaces",
                when="namespacenotfound|retrieve namespace",
            ),
            Step(
                "Ask for the role that the text names; one just made may need some seconds",
                "aws iam get-role --role-name <role>",
                when="invalid principal in policy|one or more invalid principals",
            ),
            Step(
                "Ask for the role; one that was just made may need some seconds until every service knows it",
                "aws iam get-role --role-name <role>",
                when=r"~\brole does not exist\b|\brole with name \S{1,80} cannot be found\b",
                decides=True,
            ),
            Step(
                "Look for the instance profile",
                "aws iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName'",
                when="instance profile|instanceprofile",
            ),
            Step(
                "Look for it in the region of the stack",
                "aws ec2 describe-security-groups --group-ids <security-group>",
                when="~(?:security group|invalidgroup)(?:(?!subnet-).)*$",
            ),
            Step(
                "Look for the zone, and for the name in it",
                "aws route53 list-hosted-zones",
                when="hosted ?zone|hostedzone",
            ),
            Step(
                "Look for it in the region of the stack",
                "aws acm list-certificates",
                when="certificate",
            ),
            *OF_IAMS_CERTIFICATES,
            Step(
                "Look for what the region's stack of the CDK says of itself",
                "aws cloudformation describe-stacks --stack-name CDKToolkit",
                when="cdk-bootstrap|been bootstrapped|bootstrap stack version|no bucket named 'cdk-|no bucket named 'cdktoolkit-|no ecr repository named 'cdk-|be bootstrapped|cdk bootstrap\" is",
            ),
            Step(
                "List what the stacks of this region export",
                "aws cloudformation list-exports --query 'Exports[].Name'",
                when="no export named|is not exported and cannot be imported",
            ),
            Step(
                "Ask for the parameter, in the region of the stack",
                "aws ssm get-parameters --names <parameter>",
                when="fetch parameters|dynamic reference|parameter store",
            ),
            Step(
                "Look for the policy; its path is part of its name: service-role/AmazonECSTaskExecutionRolePolicy",
                "aws iam list-policies --query 'Policies[].Arn'",
                when="not attachable",
            ),
            Step(
                "List the keys of the region: a key is of one region, and its policy must let the service use it",
                "aws kms list-aliases",
                when="kms key",
            ),
            *READ_WHAT_IS_LEFT,
            *LOOK_FOR_MISSING,
        ),
        repair=(
            Step(
                "Correct the parameter: name one that is there, in the account and region of the stack",
                "ash-ops deploy --plan",
            ),
            Step(
                "The account and region were never prepared for the CDK: let the CDK make what it needs there",
                "cdk bootstrap",
                when="cdk-bootstrap|been bootstrapped|bootstrap stack version|no bucket named 'cdk",
            ),
            Step(
                "If the template makes the role, let what uses it refer to it (Ref, GetAtt) or depend on it, and deploy again: a role that was just made needs some seconds. If it does not, correct its name",
                when=r"~\brole does not exist\b|\brole with name \S{1,80} cannot be found\b",
                decides=True,
            ),
            *UPLOADED_CERTIFICATES,
            *THERE_FIRST,
            Step(
                "Name a managed policy that exists, with its path, or write its statements into the role",
                when="not attachable",
            ),
            Step(
                "CloudFormation asked for that resource, and it is gone: see the first failed event of the stack, since a rollback takes it away; if nothing failed before, it was deleted outside of its stack: make it again, or take it out of the template, and deploy",
                "aws cloudformation describe-stack-events --stack-name <stack> --query \"StackEvents[?contains(ResourceStatus,'FAILED')].[Timestamp,LogicalResourceId,ResourceStatusReason]\"",
                when=GONE_MEANWHILE,
            ),
            Step(
                "It was deleted outside of its stack: make it again under the same name, or take it out of the template, and deploy",
                when="unable to retrieve arn attribute",
            ),
            *MISSING,
            *NO_SUCH_ADDRESS,
            *NOT_THERE,
        ),
        signatures=(
            *MISSING_BY_CODE,
            says("policy", "does not exist or is not attachable", rank=Rank.PRECISE),
            # IAM and Lambda do not say which of the two it is; what is not there is the usual one.
            says(
                "does not exist or is not authorized|does not exist or not authorized|does not exist or cannot be assumed|does not exist, or is not authorized",
                "~\\b(?:role|instance profile|user|policy|key)\\b",
                rank=Rank.PRECISE,
            ),
            says("not authorized for images: [", rank=Rank.PRECISE),
            # Cloud Control, of what a step of the stack reads and another has taken away, or somebody.
            says("resource of type", GONE_MEANWHILE, rank=Rank.PRECISE),
            # RDS, of a subnet group; Application Auto Scaling, of a policy without its target.
            says(
                "some input subnets in|no scalable target registered|scalabletarget was not found",
                rank=Rank.PRECISE,
            ),
            says(
                "subnet-|sg-|vpc-",
                "~\\b(?:subnet|security group|vpc)\\b[^|]{0,60}\\b(?:(?:is|are) not valid|must be valid|(?:is|are) invalid)\\b",
                rank=Rank.LIKELY,
                kinds="cfn_event api_error",
            ),
            says(
                "cdk-bootstrap|been bootstrapped",
                "not found|does not exist|environment been bootstrapped|has not been bootstrapped",
                rank=Rank.DECISIVE,
            ),
            says(
                "notfound|nosuchhostedzone|invalidsubnet|invalidsecuritygroup",
                "~(?:^|\\(|[ :.])(?:subnetnotfound|securitygroupnotfound|db(?:subnet|parameter|clusterparameter)groupnotfound|certificatenotfound|nosuchhostedzone|namespacenotfound|invalidsubnet|invalidsecuritygroup|invalidamiid\\.notfound|invalidgroup\\.notfound|invalidkeypair\\.notfound)(?:exception|fault)?(?:\\)|:|\\.? |$)",
                rank=Rank.PRECISE,
                unless=("different networks", "launching", "internet gateway"),
            ),
            says(
                "requires bootstrap stack version|no bucket named 'cdk-|no bucket named 'cdktoolkit-|no ecr repository named 'cdk-|needs to be bootstrapped|too large to deploy (\"cdk bootstrap",
                rank=Rank.PRECISE,
            ),
            says("referenced by dynamic reference", "not exist|unable to fetch", rank=Rank.PRECISE),
            says("certificate arn", "is not valid", rank=Rank.DECISIVE),
            says(
                "no hosted zone found|no hosted zone exists|unable to fetch parameters",
                rank=Rank.CLEAR,
            ),
            says(
                "invalid principal in policy|invalid iam instance profile",
                rank=Rank.LIKELY,
                unless='"service":',  # the name of a service that none has: nothing is missing
            ),
            says(
                "policy contains a statement with one or more invalid principals", rank=Rank.CLEAR
            ),
            says(
                "allocationidnotfound|unable to retrieve arn attribute for aws::|specified kms key id could not be found",
                rank=Rank.PRECISE,
            ),
            says(
                "does not exist",
                "~\\b(?:subnet|security group|vpc|certificate|key pair|hosted zone)(?: id)? ['\"]?(?:subnet|sg|vpc)-[0-9a-f]{2,17}['\"]? does not exist",
                rank=Rank.CLEAR,
                unless=("launching",),
            ),
            says(
                "does not exist",
                "~\\bthe (?:key ?pair|image id|instance profile|launch (?:template|configuration)|hosted zone|(?:db )?subnet group|parameter group|volume|snapshot|network interface|internet gateway|nat gateway|route table) ['\"(\\[]{0,2}[\\w./:-]{1,200}['\")\\]]{0,2} does not exist",
                rank=Rank.LIKELY,
                unless=("launching",),
            ),
            says(
                "invalidsubnetid|invalidvpcid|invalidgroup.notfound|invalidgroupid|invalidsubnet|certificatenotfound|nosuchentity|invalidsecuritygroup|invalidid.|.notfound|handlererrorcode: notfound|handlererrorcode: invalidrequest",
                "not exist|not found|cannot be found|no such|notfound|invalid",
                rank=Rank.GENERIC,
                kinds="cfn_event api_error",
                unless=(
                    "cluster|service ",
                    "target group|targetgroup",
                    "handlererrorcode: invalidrequest",
                    "invalidsubnet.conflict|invalidsubnet.range",
                    # What the model's API does not know.
                    "anthropic|not_found_error",
                ),
            ),
            # What ECS says of a subnet or group that a service names and that was deleted (EC2, "Error codes").
            says(
                "the subnet|the security group",
                "subnet-|sg-",
                "does not exist",
                rank=Rank.DECISIVE,
                kinds="service_event stopped_task",
                unless="launching",
            ),
            says(
                "invalidsubnetid.notfound|invalidsubnet.notfound|invalidgroup.notfound|invalidgroupid.notfound",
                rank=Rank.DECISIVE,
                kinds="service_event stopped_task",
            ),
            says(
                "errorcode: invalidsubnetid.notfound|errorcode: invalidgroup.notfound|errorcode: invalidgroupid.notfound|errorcode: invalidsecuritygroupid.notfound",
                rank=Rank.PRECISE,
            ),
            # A bucket that a stack still has and that is gone.
            says(
                "nosuchbucket|specified bucket does not exist",
                "create_failed|update_failed|delete_failed",
                "aws::s3::bucket",
                rank=Rank.PRECISE,
            ),
            # A data source of Terraform that found none.
            says(
                "no matching",
                "~^\\W{0,4}error: no matching (?:ec2|elb|elbv2|ecs|efs|acm|iam|rds|route 53|route53|secrets manager)\\b[\\w ]{1,60} found\\b",
                rank=Rank.CLEAR,
            ),
            # Fn::ImportValue of a name that no stack exports.
            says("no export named", "found", rank=Rank.PRECISE),
            says("is not exported and cannot be imported", rank=Rank.PRECISE),
            says(
                "fn::importvalue",
                "~\\bexport ['\"]?[\\w:-]{1,250}['\"]? not found",
                rank=Rank.PRECISE,
            ),
            says(
                "subnet|security group|vpc|certificate|role",
                "does not exist|not found|cannot be found",
                rank=Rank.GENERIC,
                kinds="cfn_event",
                unless=("log group", "task definition", "container"),
            ),
        ),
        confused_with=(("aws-not-found", "That is the cluster or service a command asks for."),),
        docs_url=CFN,
    ),
)
