"""Steps for refusals of templates and calls that say their whole reason themselves."""

from typing import Final

from ash_ops.causes.base import Step

WRITTEN_WRONGLY: Final = (
    Step(
        "A string is wanted there, and a map or a list stands there: of Condition give the name alone (Condition: IsProd), and define what it compares under Conditions",
        when=r"~\bevery \w{3,30} member must be a string\b",
        decides=True,
    ),
    Step(
        "Aurora has no such engine mode any more (the first Serverless is withdrawn): leave it out (EngineMode, engine_mode), and give the cluster a ServerlessV2ScalingConfiguration and instances of the class db.serverless",
        when=r"~\bengine mode serverless\b.{0,60}\b(?:unavailable|not supported|not available)\b",
        decides=True,
    ),
    Step(
        "The load balancer's entry of the service names nothing: give it the target group's ARN (targetGroupArn, target_group_arn), which is empty, or name no load balancer",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,TargetGroupArn]'",
        when="target group arn and load balancer name cannot both be blank",
        decides=True,
    ),
    Step(
        "The instance is one of a cluster, and takes its version from it: change EngineVersion of the cluster, and leave it out of the instance",
        "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,EngineVersion,DBClusterMembers[].DBInstanceIdentifier]'",
        when=r"~\bmember of a cluster\b.{0,60}\bfor the db cluster\b",
        decides=True,
    ),
    Step(
        "RDS no longer offers that version (older minor ones are withdrawn): name one of the list, or the major version alone (15), and let the tool take the newest of it",
        "aws rds describe-db-engine-versions --query 'DBEngineVersions[].[Engine,EngineVersion]'",
        when=r"~\bcannot find version \d[\w.]{0,20} for \w",
        decides=True,
    ),
    Step(
        "A lookup of the CDK needs to know where: give the stack its environment (env with account and region, as CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION)",
        when=r"~\bcontext provider\b.{0,80}\baccount/region are not specified\b",
        decides=True,
    ),
    Step(
        "valueFrom stands in secrets of the container, and environment takes name and value alone: move that entry to secrets, and register the definition again",
        when=r"~\bunexpected key 'valuefrom'|\benvironment\[\d{1,3}\]: \"valuefrom\"",
        decides=True,
    ),
    Step(
        "Every container of the definition needs an image, and this one's came empty (a variable, an output of an earlier step, a placeholder that was not filled): fill it, and register the definition again",
        when=r"~\bcontainer\.image should not be null or empty\b",
        decides=True,
    ),
    Step(
        "valueFrom of a secret came empty: make the secret or parameter first, fill the variable that its ARN comes from, and register the definition again",
        when=r"~\bsecret\.valuefrom should not be null or empty\b",
        decides=True,
    ),
    Step(
        "dependsOn names a container that the definition does not have: write the name as that container has it, letter for letter, or add the container",
        when=r"~\bcannot depend on container\b.{0,160}\bdoes not exist\b",
        decides=True,
    ),
)

MAY_TAG: Final = (
    Step(
        "What is made with tags needs the right to tag as well: let who deploys (user, role or CloudFormation's own role) do logs:CreateLogGroup, logs:TagResource and logs:PutRetentionPolicy (of another service its create call and TagResource), or leave the tags of the stack out",
        "aws sts get-caller-identity",
        when=r"~\bnot authorized to perform \w{3,60} with tags\b",
        decides=True,
    ),
)

_SAME_NAME: Final = r"~\btarget group with the same name '"

READ_THE_OLDER_ONE: Final = (
    Step(
        "Read the one that has the name, and where it is used",
        "aws elbv2 describe-target-groups --names <target-group-name> --query 'TargetGroups[].[TargetGroupArn,Protocol,Port,VpcId,TargetType,LoadBalancerArns]'",
        when=_SAME_NAME,
        decides=True,
    ),
    Step(
        "Read the mount targets that are there, each with its zone",
        "aws efs describe-mount-targets --file-system-id <file-system> --query 'MountTargets[].[MountTargetId,SubnetId,AvailabilityZoneName]'",
        when=r"~\bmounttargetconflict\b|\bmount target already exists in this az\b",
        decides=True,
    ),
)

ONE_TARGET_A_ZONE: Final = (
    Step(
        "A file system has one mount target in each zone, and two of the subnets are of one zone (or an earlier one is left): give one subnet a zone, and import what is there already",
        when=r"~\bmounttargetconflict\b|\bmount target already exists in this az\b",
        decides=True,
    ),
)

READ_THE_KEY: Final = (
    Step(
        "Read the policy of the key that the resource names",
        "aws kms get-key-policy --key-id <key> --policy-name default",
        when="kms key does not exist or is not allowed to be used",
        decides=True,
    ),
)

READ_WHAT_IS_LEFT: Final = (
    Step(
        "See which services are registered for scaling",
        "aws application-autoscaling describe-scalable-targets --service-namespace ecs --query 'ScalableTargets[].[ResourceId,MinCapacity,MaxCapacity]'",
        when=r"~\bscalabletarget\b.{0,200}\bnot found\b",
        decides=True,
    ),
    Step(
        "See what the stack still has, by its logical names",
        "aws cloudformation describe-stack-resources --stack-name <stack> --query 'StackResources[].[LogicalResourceId,PhysicalResourceId,ResourceStatus]'",
        when="unable to retrieve arn attribute",
        decides=True,
    ),
)

READ_THE_INSTANCES: Final = (
    Step(
        "See which instances are registered in the cluster",
        "aws ecs list-container-instances --cluster <cluster>",
        when="while container instances are active",
    ),
)

READ_THE_SUBNETS: Final = (
    Step(
        "Read the VPC of each subnet that was given",
        "aws ec2 describe-subnets --query 'Subnets[].[SubnetId,VpcId,AvailabilityZone]'",
        when="subnets must belong to the same vpc",
        decides=True,
    ),
)

READ_THE_AMI: Final = (
    Step(
        "See whether that AMI is in this region, and may be used by this account",
        "aws ec2 describe-images --image-ids <ami>",
        when=r"~\bimage id\b|\binvalidamiid\b|\bami-[0-9a-f]{8}",
    ),
)

_NOT_ISSUED: Final = "must have a fully-qualified domain name, a supported signature"

WAIT_FOR_THE_ISSUE: Final = (
    Step(
        "The listener takes a certificate that is ISSUED: let it wait for that (Terraform: certificate_arn of aws_acm_certificate_validation). If it is issued, its key is of a kind that load balancers do not take: RSA of 2048 to 4096 bits, or an EC one of 256 to 521",
        "aws acm wait certificate-validated --certificate-arn <certificate>",
        when=_NOT_ISSUED,
        decides=True,
    ),
)

READ_THE_STATE: Final = (
    Step(
        "Read the certificate's state and its key",
        "aws acm describe-certificate --certificate-arn <certificate> --query 'Certificate.[Status,KeyAlgorithm,DomainValidationOptions]'",
        when=_NOT_ISSUED,
        decides=True,
    ),
)

EXPANDS: Final = (
    Step(
        "The template has a macro (Transform) or nested stacks with one: say that you take what they make of it, beside the roles that the stack makes",
        "aws cloudformation deploy --stack-name <stack> --template-file <template> --capabilities CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND",
        when="capability_auto_expand",
        decides=True,
    ),
)
"""The capability which that of IAM does not hold."""

_ACCOUNTS: Final = "aws sts get-caller-identity"
_ANOTHER_ACCOUNT: Final = (
    r"~\bcross-account pass ?role\b|\bcannot pass roles? (?:across|of other) accounts?\b"
)
_LINKED: Final = "has been taken in this account"
_NAMED_ROLE: Final = (
    r"~\b(?:entityalreadyexists|role with name)\b(?!.{0,80}\bash[-_])(?=.{0,200}\brole\b)"
)

ACCOUNT_OF_THE_CALLER: Final = (
    Step(
        "See of which account the credentials are, and compare it with the one in the role's ARN",
        _ACCOUNTS,
        when=_ANOTHER_ACCOUNT,
        decides=True,
    ),
)

OF_ANOTHER_ACCOUNT: Final = (
    Step(
        "No policy allows it: a role is handed over within its own account only. Name a role of the account that is called (the ARN that is configured holds another account's number), or call with the credentials of the role's account (profile, secrets of the workflow)",
        _ACCOUNTS,
        when=_ANOTHER_ACCOUNT,
        decides=True,
    ),
)
"""A role that was named by the ARN of another account."""

LOOK_FOR_THE_ROLE: Final = (
    Step(
        "Ask for the role: IAM has it since some service or stack made it, and tells of no owner",
        "aws iam get-role --role-name <role> --query 'Role.[Arn,CreateDate,Description,Tags]'",
        when=f"{_NAMED_ROLE}|{_LINKED}",
        decides=True,
    ),
)

ROLES_TAKEN: Final = (
    Step(
        "The service's own role is there already, once for the account: take it out of the template or the files, or import it into the state; nothing is to be deleted",
        "aws iam get-role --role-name <role>",
        when=_LINKED,
        decides=True,
    ),
    Step(
        "IAM has a role of that name: let the tool use it (most have an option for an existing role), import it, or give the new one another name; delete it only once nobody needs it",
        "aws iam get-role --role-name <role>",
        when=_NAMED_ROLE,
        decides=True,
    ),
)
"""Roles whose names are taken."""

OF_IAMS_CERTIFICATES: Final = (
    Step(
        "It is a certificate that was uploaded to IAM: list those, of this account and partition",
        "aws iam list-server-certificates --query 'ServerCertificateMetadataList[].[Arn,Expiration]'",
        when=":server-certificate/",
        decides=True,
    ),
)

UPLOADED_CERTIFICATES: Final = (
    Step(
        "Name one that is there: the ARN holds the account and the path under which it was uploaded, and a new one needs some seconds until the balancer sees it; or take one of ACM",
        "aws iam list-server-certificates --query 'ServerCertificateMetadataList[].[Arn,Expiration]'",
        when=":server-certificate/",
        decides=True,
    ),
)
"""Certificates that ACM does not list."""

BEHIND_ANOTHER: Final = (
    Step(
        "A load balancer is a target only once it has a listener on the group's port: make that listener first, and let the registration wait for it (DependsOn, depends_on)",
        "aws elbv2 describe-listeners --load-balancer-arn <load-balancer> --query 'Listeners[].[Protocol,Port]'",
        when="if the target type is alb",
        decides=True,
    ),
    Step(
        "AWS gave no reason with it: CloudTrail has the whole answer of that call, some minutes later",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --query \"Events[?contains(CloudTrailEvent,'errorCode')].[EventTime,EventName,CloudTrailEvent]\"",
        when=r"~\b(?:invalidparameter|client|validation)(?:error|exception): {1,2}[\"'][\w.-]{1,120}[\"']\W{0,4}$",
        decides=True,
    ),
    Step(
        "Subnets and zones are both given, and do not fit: leave AvailabilityZones out of the group (its subnets tell the zones), or name the zones that the subnets are in",
        "aws ec2 describe-subnets --query 'Subnets[].[SubnetId,AvailabilityZone]'",
        when=r"~\bavailability zones of the specified subnets and the auto ?scaling ?group do not match\b",
        decides=True,
    ),
)
"""Balancers, services and groups whose message has the whole reason, or none."""
