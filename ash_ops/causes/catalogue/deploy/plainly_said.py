"""Steps for refusals of templates and calls that say their whole reason themselves."""

from typing import Final

from ash_ops.causes.base import Step

WRITTEN_WRONGLY: Final = (
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
