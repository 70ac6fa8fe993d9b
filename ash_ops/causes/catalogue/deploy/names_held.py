"""Names that something else still holds."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.deploy.reasons import (
    STILL_THERE,
)
from ash_ops.causes.catalogue.deploy.words import MADE

CAUSES: Final = (
    Cause(
        slug="ecs-service-exists",
        title="ECS service already exists with other settings",
        category="deploy",
        severity="error",
        meaning="CreateService met a service of that name which is ACTIVE or DRAINING.",
        proof=(
            Step(
                "Read its status",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].status'",
            ),
        ),
        repair=(
            Step(
                "Update it, delete it, or import it into the stack",
                "aws ecs delete-service --cluster <cluster> --service <service> --force",
            ),
            *STILL_THERE,
        ),
        signatures=(
            says("not idempotent", rank=Rank.DECISIVE),
            says(
                "service",
                "still draining|is still active|was not active|unable to start a service",
                rank=Rank.LIKELY,
                kinds="cfn_event api_error",
            ),
            says(
                "aws::ecs::service|ecs service|createservice|service ",
                "already exists|alreadyexists",
                rank=Rank.LIKELY,
                kinds="api_error",
                unless=("stack",),
            ),
        ),
        confused_with=(("cfn-already-exists", "That is every other kind of resource."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
    ),
    Cause(
        slug="cfn-secret-pending-deletion",
        title="A secret of that name is still in its deletion window",
        category="deploy",
        severity="error",
        meaning="A deleted secret keeps its name for 7 to 30 days.",
        proof=(
            Step("Read DeletedDate", "aws secretsmanager describe-secret --secret-id <secret>"),
        ),
        repair=(
            Step(
                "Bring it back, and import it where a tool is to have it",
                "aws secretsmanager restore-secret --secret-id <secret>",
            ),
            Step(
                "Or delete it for good, with every key in it",
                "aws secretsmanager delete-secret --secret-id <secret> --force-delete-without-recovery",
            ),
        ),
        signatures=(
            says(
                "secret",
                "scheduled for deletion|marked for deletion|marked deleted|pending deletion|deletion window|recovery window|was marked",
                rank=Rank.PRECISE,
                kinds=MADE,
                # There a task reads it.
                unless="pull secrets|fetch secret|retrieve secret|resourceinitialization|getsecretvalue",
            ),
        ),
        confused_with=(("secret-not-found", "There a task wants to read a deleted secret."),),
        docs_url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
    ),
)
