"""Values that a template, a definition or a call gives and AWS does not take: what each is to be."""

from typing import Final

from ash_ops.causes.base import Rank, Step, says
from ash_ops.causes.catalogue.answers_by_code import OF_REFUSED_CODES, REFUSED_BY_CODE
from ash_ops.causes.catalogue.deploy.reasons import NO_SUCH_VERSION

IN_A_TEMPLATE: Final = (
    Step(
        "The name of that group is one that CloudWatch keeps: AWS/ in capitals is its own; write /aws/..., or begin with something else",
        when=r"~\blog groups? starting with aws/",
        decides=True,
    ),
    Step(
        "A container definition without a name was read. Terraform and register-task-definition take the list of containers alone in container_definitions, each with its name; a whole task definition in its place has none",
        when=r"~\bcontainer\.name should not be null\b",
        decides=True,
    ),
    Step(
        "The listener's values were not taken, and the message names none: look at the certificate's ARN (whole, without blanks, of the same region, ISSUED), at the ARN of each target group, and at protocol and port",
        "aws acm list-certificates --certificate-statuses ISSUED",
        when=r"~\belasticloadbalancingv2::listener\b.{0,80}\bvalidation exception\b",
        decides=True,
    ),
    Step(
        "The rule was not taken, and the message names no reason: see that who deploys may do elasticloadbalancing:CreateRule on that listener, that the priority is free, and that listener and target groups are of this region and account; CloudTrail has the answer of the load balancer",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateRule --max-results 5 --query 'Events[].CloudTrailEvent'",
        when=r"~\belasticloadbalancingv2::listenerrule\b.{0,80}\bvalidation exception\b",
        decides=True,
    ),
    Step(
        "The template refers to something that it does not hold: correct the logical id or the parameter's name (Ref, Fn::GetAtt, Fn::Sub), or add what is missing",
        when=r"~\bunresolved resource dependenc|\breferences undefined resource\b|\bundefined resource\b",
    ),
    Step(
        "That type has no such property: correct its spelling and its place (a wrong indent moves it), or take it out",
        when=r"~\bextraneous key\b|\bunsupported property\b|\bdoes not support attribute\b",
    ),
    Step(
        "Give these parameters their values where the stack is deployed (--parameter-overrides NAME=VALUE; with create-stack --parameters ParameterKey=NAME,ParameterValue=VALUE; with the CDK --parameters NAME=VALUE), or a Default in the template",
        when=r"~\bparameters: \[[^\]]{1,400}\] must have values\b|\bparameters are missing a value\b",
    ),
    Step(
        "The template declares no such parameter: leave it out of the call, or declare it under Parameters",
        when=r"~\bparameters: \[[^\]]{1,400}\] do not exist in the template\b|\bparameter values specified for a template which does not require them\b",
    ),
    Step(
        "The template's Mappings have no entry for that key, mostly a region: deploy where it has one, or add it",
        when=r"~\bunable to get mapping\b|\bnot found in mapping\b",
    ),
    Step(
        "A template of that size is handed over by a bucket: name one (--s3-bucket NAME; SAM: --resolve-s3)",
        when="size greater than 51,200|templates with a size greater",
    ),
    Step(
        "TemplateURL is the https address of a file in S3 (https://BUCKET.s3.REGION.amazonaws.com/KEY); a function of the template stands without quotes around it (!Sub), or it is a path for aws cloudformation package",
        when=r"~\btemplateurl (?:must|parameter|is)\b|\bparameter templateurl\b|\bnot a valid s3 domain\b",
    ),
    Step(
        "The value does not have the form that the parameter's AllowedPattern asks for: write it so (a network as 10.0.0.0/16)",
        when="must match pattern",
    ),
)
"""What CloudFormation itself finds in a template."""

_LISTS: Final = r"\binvalid type for parameter\b|\bcan ?not be converted to an? (?:integer|string|boolean)\b|\bstart of (?:structure|list)\b|\bcannot unmarshal \w{3,10} into go\b|\bmust be of type list\b|\bmust be a map\b"

OF_A_TYPE: Final = (
    Step(
        "It came without a value: the variable, the output or the setting from which it is taken is empty. Look where it is set, or leave it out",
        when=r"~\bvalue: none\b|\bvalue null at\b|\bvalue '' at\b|\bcannot be (?:null|empty)\b|, cannot be empty\b|\bmust not be null\b|\bminimum field size\b|\bminimum length of 1\b|\bimage is not defined\b",
        decides=True,
    ),
    Step(
        "It is of another type than the API takes: numbers, true and false stand without quotes, texts with them, lists in [ ] and maps in { }",
        when=f"~{_LISTS}",
    ),
    Step(
        "The reference was taken as text: write it without quotes, or as ${...} within them",
        when=r"~\binvalid revision number\b",
    ),
)
"""Values that are empty or of another type."""

OF_A_SERVICE: Final = (
    Step(
        "A mount point names a volume that the task definition does not have: add it under volumes, or correct sourceVolume",
        when=r"~\bunknown volume\b",
    ),
    Step(
        "One container at least must be essential: set essential to true on the one whose end is to end the task",
        when="at least one essential container",
    ),
    Step(
        "The same name stands in environment and in secrets of that container: take it out of one of them",
        when="secret name must be unique",
    ),
    Step(
        "Fargate has no directories of a host: leave host.sourcePath out (then the volume lasts as long as the task), or mount EFS",
        when="do not support sourcepath",
    ),
    Step(
        "Only awsvpc takes a network configuration: leave networkConfiguration out of the service, or let the task definition have networkMode awsvpc",
        when="~\\bnetwork configuration is not valid for the given \\W?networkmode",
        decides=True,
    ),
    Step(
        "RunTask takes 8192 characters of overrides in all: hand over less (an id or the key of a file in S3 in place of the content), or put what does not change into the task definition",
        when="~\\bcontainer overrides length must be at most\\b",
        decides=True,
    ),
    Step(
        "The service has no load balancer: leave healthCheckGracePeriodSeconds out, or give it one",
        when=r"~\bgrace period is only valid\b|\bno load balancers, but healthcheckgraceperiod",
    ),
    Step(
        "ECS uses its own service-linked role here (awsvpc, several target groups): leave the role out of the service",
        when="cannot specify an iam role for services that require a service linked role",
    ),
    Step(
        "With awsvpc hostPort is the containerPort, or is left out",
        when="hostport must be same as containerport",
    ),
    Step(
        "A service takes five target groups at most: leave some out, or make a second service",
        when="load balancers can have at most",
    ),
    Step(
        "IAM authorization and access points need encryption on the way: set transitEncryption of the EFS volume to ENABLED",
        when="transit encryption is required",
    ),
)
"""What ECS does not take in a service or a task definition."""

OF_OTHERS: Final = (
    NO_SUCH_VERSION,
    Step(
        "IAM does not take the policy: a trust policy has Principal and no Resource, that of a resource (a bucket, key, secret or queue) has both, all others Resource and no Principal; it is JSON, with Version 2012-10-17, actions as service:Name and resources as whole ARNs or *. Have it checked",
        "aws accessanalyzer validate-policy --policy-type IDENTITY_POLICY --policy-document file://policy.json",
        when=r"~^(?!.*\binvalid principal\b).*(?:\bmalformedpolicydocument|\blegacy parsing\b|\bmust be in arn format\b)",
    ),
    Step(
        "Have the resource's own policy checked: it needs a Principal besides Action and Resource",
        "aws accessanalyzer validate-policy --policy-type RESOURCE_POLICY --policy-document file://policy.json",
        when=r"~\bputresourcepolicy\b|\bresource policy contains a syntax error\b",
        decides=True,
    ),
    Step(
        "Only a listener with TLS (or HTTPS) has a policy and a certificate: take them out of this one, or change its protocol",
        when="ssl policy cannot be specif",
    ),
    Step(
        "The timeout must be shorter than the interval: lower it, or raise the interval",
        when=r"~\btimeout '?\d{1,4}'? must be smaller than the interval\b",
    ),
    Step(
        "The checks of such a target group take only the intervals that the message lists: name one of them",
        when=r"~\bhealth check interval '?\d{1,4}'? not supported\b",
    ),
    Step(
        "Choose a name of that form: of a load balancer or target group up to 32 letters, figures and hyphens; of a container letters, figures, - and _; an image in lower case, without blanks",
        when=r"~\bcannot be longer than '?\d{1,3}\b|\bcan only contain characters\b|\bcontains? invalid characters\b|\bmay only contain (?:lowercase )?alphanumeric\b|\bonly (?:lowercase )?alphanumeric characters and hyphens\b|\bcannot (?:begin|end|start) with (?:a )?hyphen",
    ),
    Step(
        "The subnet's range must lie within the VPC's, begin at its own border and have 16 to 65,536 addresses",
        "aws ec2 describe-vpcs --vpc-ids <vpc> --query 'Vpcs[].CidrBlockAssociationSet[].CidrBlock'",
        when=r"~\bcidr '?[\d./]{7,20}'? is invalid\b|\binvalidsubnet\.range\b",
    ),
    Step(
        "The record is not of that zone: name the zone whose name ends the record's",
        "aws route53 list-hosted-zones --query 'HostedZones[].[Id,Name]'",
        when="is not permitted in zone",
    ),
    Step(
        "The same rule stands there twice: take one out",
        when="same permission must not appear multiple",
    ),
    Step(
        "The database needs a subnet group of that VPC (DBSubnetGroupName; members of a cluster that of the cluster)",
        "aws rds describe-db-subnet-groups --query 'DBSubnetGroups[].[DBSubnetGroupName,VpcId]'",
        when=r"~\bdb subnet group has not been specified\b|\bis different from subnet group of cluster\b",
    ),
    Step(
        "The database is to be kept once more when it goes: name the snapshot (final_snapshot_identifier), or say that none is wanted (skip_final_snapshot = true)",
        when="final_snapshot_identifier is required",
    ),
    Step(
        "Application and group of CodeDeploy must be made for ECS (compute platform ECS): such a group has one ECS service, a pair of target groups with the listener, BLUE_GREEN and WITH_TRAFFIC_CONTROL, and no Auto Scaling group",
        "aws deploy list-applications",
        when=r"~\becs services parameter for server\b|\bfor ecs deployment group\b|\btarget group pair\b|\bload balancing in the deployment group\b",
    ),
    Step(
        "A gateway endpoint has no private DNS: leave it off there (interface endpoints have it), or for S3 make the gateway endpoint, too",
        when=r"~\bto set privatednsonlyforinboundresolver",
    ),
)
"""What other services do not take."""

VALUES: Final = (*IN_A_TEMPLATE, *OF_A_TYPE, *OF_A_SERVICE, *OF_OTHERS)

TAKEN_FOR_A_CAPABILITY: Final = (
    Step(
        "What stands behind --capabilities was taken for more of them: end that list with the next option (--parameter-overrides NAME=VALUE ...), or put it last",
        when=r"~\bat 'capabilities' failed to satisfy\b",
        decides=True,
    ),
)

SENT_BEFORE: Final = (
    r"~\bclient ?token\b.{0,60}\b(?:already in use with a different|was already used)\b|"
    r"\bidempotent request are inconsistent\b|\bidempotentparametermismatch\b"
)
"""The token of another request, sent again with this one."""

OF_CODE_DEPLOY: Final = (
    "with a code_deploy deployment controller|deployment controller is code_deploy"
)

_NOT_TOGETHER: Final = r"\b(?:feature|service connect|strategy|service discovery|health ?check grace period|deployment alarms?) (?:is|are) (?:not|only) supported (?:with|by|for) (?:an? |the |services? (?:with|using) )?(?:classic load balancers?|(?:the )?(?:ecs|external|code_?deploy) deployment controllers?|network load balancers?|services?\b)"
"""ECS of two things that a service cannot have at once."""

CODES_OF_VALUES: Final = (
    *REFUSED_BY_CODE,
    says("supported with|supported by|supported for", f"~{_NOT_TOGETHER}", rank=Rank.PRECISE),
    # Load balancers, EFS, ACM, IAM and the Parameter Store, of a value that they do not take.
    says(
        "invalidscheme|unsupportedprotocol|incompatibleprotocols|availabilityzonesmismatch|invaliddomainvalidationoptions|policynotattachable|parameterpatternmismatch",
        rank=Rank.DECISIVE,
        kinds="api_error cfn_event log_line",
    ),
    says(
        "malformedpolicydocument", 'syntax error|principal in policy: "service":', rank=Rank.CLEAR
    ),
    says("token|idempotent", SENT_BEFORE, rank=Rank.PRECISE),
    says(OF_CODE_DEPLOY, rank=Rank.PRECISE),
    says("is not within the vpc", "invalidtarget|ip address", rank=Rank.PRECISE),
    # ECS of a network configuration or a strategy that the call lacks, the Parameter Store of a long value.
    says(
        "network configuration must be provided|network configuration is not valid for|no cluster capacity providers match|standard tier parameters support|the policy is not in the valid json format|invalid task definition family",
        rank=Rank.PRECISE,
    ),
)
"""What is not valid, by AWS's own word for it."""

STEPS_BY_CODE: Final = (
    *OF_REFUSED_CODES,
    Step(
        "The CDK looked for that group of subnets in the VPC as it knows it, and the VPC has the others that the message lists: name one of those in vpcSubnets (subnetType or subnetGroupName), add such a group to the VPC, or take away what an earlier look-up left in cdk.context.json",
        "cdk context --clear",
        when=r"~\bsubnet groups (?:with name '[^']{1,80}' )?in this vpc\b",
        decides=True,
    ),
    Step(
        "A service cannot have both: leave out the feature that the message names (of the circuit breaker and of alarms the whole block, not just enable: false), or give the service what that feature asks for",
        when=f"~^(?!.*deployment controller).*(?:{_NOT_TOGETHER})",
        decides=True,
    ),
    Step(
        "The token was used for another request before: take a new one (or none), or repeat the first request as it was",
        when=SENT_BEFORE,
        decides=True,
    ),
    Step(
        "The target's address must be of the target group's VPC: register it in a group of its own VPC, or correct the address",
        "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].VpcId'",
        when="is not within the vpc",
        decides=True,
    ),
    Step(
        "A task in network mode awsvpc wants subnets and security groups (awsvpcConfiguration); in another mode it takes none",
        "aws ecs describe-task-definition --task-definition <family> --query taskDefinition.networkMode",
        when="network configuration must be provided",
        decides=True,
    ),
    Step(
        "The cluster has no such capacity provider: let the strategy name those of the cluster, or add it to them",
        "aws ecs describe-clusters --clusters <cluster> --query 'clusters[].capacityProviders'",
        when="no cluster capacity providers match",
        decides=True,
    ),
    Step(
        "Standard parameters hold 4 KB: put it as an advanced one (8 KB, it costs), or into Secrets Manager",
        when="standard tier parameters support",
        decides=True,
    ),
    Step(
        "A file system of one zone (One Zone) takes one mount target, in a subnet of that zone: name a subnet there, or make a regional file system",
        "aws efs describe-file-systems --file-system-id <file-system> --query 'FileSystems[].AvailabilityZoneName'",
        when="availabilityzonesmismatch",
        decides=True,
    ),
)
"""What to do about it."""

TWO_VPCS: Final = (
    Step(
        "The groups of the launch template are of another VPC than the subnets of the Auto Scaling group: name groups of that VPC (in the template, or as its parameter)",
        "aws ec2 describe-security-groups --query 'SecurityGroups[].[GroupId,GroupName,VpcId]'",
        when="launch template are not linked to the vpcs",
        decides=True,
    ),
    Step(
        "That VPC has no group of that name: make it there, or name one that it has",
        "aws ec2 describe-security-groups --filters Name=vpc-id,Values=<vpc> --query 'SecurityGroups[].[GroupId,GroupName]'",
        when=r"~\bsecurity groups? .{3,80} not found in vpcs?\b",
        decides=True,
    ),
)

ZONES_OF_SUBNETS: Final = (
    Step(
        "Two of the subnets are of one zone, and a load balancer takes one of each: see of which zone each one is, and leave one of the two out",
        "aws ec2 describe-subnets --query 'Subnets[].[SubnetId,VpcId,AvailabilityZone]'",
        when=r"~^(?!.*\bash\b)(?!.*\bdb ?subnet).*\b(?:same az|duplicated azs|same availability ?zone)\b",
        decides=True,
    ),
)
