"""What runs now: the service and its address. Found from cluster and service.

A deployment by the public Terraform reads the same: CloudFormation is asked for no more than a name.
"""

from __future__ import annotations

from ash_ops.aws import ecs, elbv2
from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudformation import find_stack
from ash_ops.errors import OpsError
from ash_ops.facts.load_balancing import TargetHealth, certified, server_url
from ash_ops.facts.services import Service
from ash_ops.names import Deployment


def find_service(aws: Aws, deployment: Deployment) -> Service | None:
    """The service; ``None`` when there is no such cluster or service, or it was deleted.

    Raises:
        ReadFailed: the question could not be answered.
    """
    return ecs.live_service(aws, deployment.cluster, deployment.service)


def require_service(aws: Aws, deployment: Deployment) -> Service:
    """The service.

    Raises:
        OpsError: there is no deployment of this name.
        ReadFailed: the question could not be answered.
    """
    service = find_service(aws, deployment)
    if service is None:
        raise OpsError(
            f"There is no deployment {deployment.prefix!r} in {aws.region}",
            f"the cluster {deployment.cluster} has no service {deployment.service}",
            "Check --name and --region, or create it: `ash-ops deploy`.",
        )
    return service


def targets_of(aws: Aws, service: Service | None) -> tuple[TargetHealth, ...]:
    """The targets of a service's target group; none without one.

    Raises:
        ReadFailed: they could not be read.
    """
    group = service.target_group if service else None
    return elbv2.target_health(aws, group) if group else ()


def url_of(aws: Aws, names: Deployment, service: Service | None) -> str | None:
    """Where the load balancer in front of a service listens; ``None`` without one.

    With TLS under the name on the certificate, which the deployment's stack tells: only then is it asked.

    Raises:
        ReadFailed: it could not be read.
    """
    wanted = service.target_group if service else None
    group = elbv2.target_group(aws, wanted) if wanted else None
    if group is None or not group.load_balancer_arns:
        return None
    arn = group.load_balancer_arns[0]
    balancer = elbv2.load_balancer(aws, arn)
    if balancer is None or not balancer.dns_name:
        return None
    url = server_url(balancer.dns_name, elbv2.listeners(aws, arn), wanted)
    if url is None or not url.startswith("https:"):
        return url
    stack = find_stack(aws, names.stack)
    return certified(url, stack.outputs.get("Url") if stack else None)
