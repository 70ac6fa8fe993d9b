"""What AWS Certificate Manager says of a certificate."""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.aws.calls import call, fact
from ash_ops.aws.client.session import Aws
from ash_ops.facts.load_balancing import Certificate


def certificate(aws: Aws, arn: str) -> Certificate:
    """A certificate of ACM, by its ARN; it is asked in the certificate's own region.

    Raises:
        ReadFailed: it could not be read, or is not there.
    """
    region = arn.split(":")[3]
    answer = call(aws, op.DESCRIBE_CERTIFICATE, region=region, CertificateArn=arn)
    return fact(op.DESCRIBE_CERTIFICATE, Certificate, answer["Certificate"])
