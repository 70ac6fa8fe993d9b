"""Steps for refusals of templates and calls that say their whole reason themselves."""

from typing import Final

from ash_ops.causes.base import Step

WRITTEN_WRONGLY: Final = (
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

ONE_SUBNET_A_ZONE: Final = (
    Step(
        "Two of the subnets are of one zone, and a load balancer takes one of each: leave one of the two out",
        when="attached to multiple subnets in the same availability zone",
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
