"""What the account or the platform does not allow."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.pending.places_named import WAIT_FOR_THE_CHECK

CAUSES: Final = (
    Cause(
        slug="platform-version-unsupported",
        title="The Fargate platform version does not support what the task asks for",
        category="pending",
        severity="error",
        meaning="The platform version named is unknown, retired, or lacks a feature of the task definition (EFS and ephemeral storage need 1.4.0).",
        proof=(
            Step(
                "Read the platform version",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].platformVersion'",
            ),
        ),
        repair=(
            Step(
                "Use the latest",
                "aws ecs update-service --cluster <cluster> --service <service> --platform-version LATEST --force-new-deployment",
            ),
            Step(
                "On instances there is no platform version: leave it out of the service; or, if it is meant for Fargate, give it that launch type",
                when="platform version must be null",
            ),
        ),
        signatures=(
            says(
                "platformunknownexception|platformtaskdefinitionincompatibilityexception|platform version must be null",
                rank=Rank.DECISIVE,
            ),
            says(
                "the specified platform",
                "does not exist|does not satisfy the task definition",
                rank=Rank.DECISIVE,
            ),
            says(
                "platform version|platformversion",
                "not support|unsupported|invalid|unknown|deprecated|incompat|not compatible|does not|retired",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            ("image-arch-mismatch", "That is the processor, not the platform version."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html",
    ),
    Cause(
        slug="account-blocked",
        title="The AWS account is suspended or not yet verified",
        category="pending",
        severity="error",
        meaning="AWS refuses to run anything for this account: billing, verification or abuse handling.",
        proof=(Step("Read the account's notices in the AWS console and mailbox"),),
        repair=(
            Step("Settle what AWS asks for, or open a support case"),
            *WAIT_FOR_THE_CHECK,
        ),
        signatures=(
            says(
                "account",
                "blockedexception|account was blocked|blocked our account|blocked my account|blocked your account|account is currently being verified|account is being verified",
                rank=Rank.PRECISE,
            ),
            says(
                "account is currently blocked|account has been blocked|account is blocked|account is suspended|account has been suspended|account blocked|optinrequired|pendingverification|account is pending verification|account is not verified|account is currently being verified|being validated|your account is",
                "blockedexception|optinrequired|pendingverification|aws|amazon|fargate|ecs|ec2|resources|region|place a task|start a task|reason: your account|account was not",
                rank=Rank.PRECISE,
                unless="service control",
            ),
            says("aws access key id needs a subscription for the service", rank=Rank.PRECISE),
            says("this aws account currently does not support", rank=Rank.PRECISE),
        ),
        confused_with=(("fargate-quota", "A new account may also have a quota of a few vCPUs."),),
        docs_url="https://repost.aws/knowledge-center/fargate-unblock-account",
    ),
)
