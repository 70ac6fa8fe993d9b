"""The first use of a service in an account: AWS's own role for it is made before the stack needs it.

ECS makes its role while it makes the first cluster, and the first service can come too early for it:
"Unable to assume the service linked role" (ECS developer guide, "Using service-linked roles").
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws.iam import create_service_role
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.plan.data_volume import keeps_on_files
from ash_ops.deploy.plan.request import Request
from ash_ops.errors import ReadFailed
from ash_ops.template_parameters import MULTI_MACHINE

SETTLES_SECONDS = 10.0
"""How long a role that was just made is given until the services see it: IAM is eventually consistent."""


def make_service_roles(environment: Environment, request: Request) -> None:
    """Make the roles that are missing, and wait for them; one that may not be made stops nobody."""
    made = []
    for service in services_of(request):
        try:
            if create_service_role(environment.aws, service):
                made.append(service)
        except ReadFailed as error:
            environment.dialogue.say(
                f"  note       AWS's own role for {service} was not made ({error.code}): if this is its "
                "first use in the account and it fails, run the deployment once more."
            )
    if made:
        environment.dialogue.say(
            f"  first use  AWS's own roles were made for {', '.join(made)}; IAM is given ten seconds."
        )
        environment.clock.sleep(SETTLES_SECONDS)


def services_of(request: Request) -> Iterator[str]:
    """The services whose own roles a deployment needs."""
    names = ["ecs", "elasticloadbalancing"]
    if request.is_ec2 or request.mode == MULTI_MACHINE:
        names.append("autoscaling")
    if request.is_managed:
        names.append("ecs-compute")
    if keeps_on_files(request):
        names.append("elasticfilesystem")
    if request.mode == MULTI_MACHINE:
        names.append("rds")
    return (f"{name}.amazonaws.com" for name in names)
