"""Every name that follows from one prefix.

The public Terraform and this project's templates name things alike, so one prefix finds both:
cluster ``P``, service ``P-runtime``, log group ``/P/runtime``
(ash-ai-org/ash-ai, infra/ecs-fargate, at 7d26aee: ecs.tf and nlb.tf).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ash_ops.errors import UsageProblem
from ash_ops.patterns import regex

DEFAULT_PREFIX = "ash-cloud"
ASH_PORT = 4100
CONTAINER = "ash"

# Names that some service keeps for itself, with the reason that it gives.
_RESERVED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        regex(r"(?:aws|amazon)(?:-.*)?"),
        "AWS keeps names that begin so for itself: log groups under /aws/ are its services'",
    ),
    (
        regex(r"internal-.*"),
        "Elastic Load Balancing refuses names of load balancers that begin with internal-",
    ),
    (regex(r"sg(?:-.*)?"), "EC2 refuses names of security groups that begin with sg-"),
    (
        regex(r"default"),
        "it is the name of the ECS cluster that AWS makes when none is named, and so not one's own",
    ),
)

# The shortest of the limits that meet here: a load balancer's name has at most 32 characters
# and "-nlb" or "-tg" is appended; a stack's name starts with a letter and has no underscore.
_PREFIX = regex(r"[a-z][a-z0-9-]{0,26}[a-z0-9]")


def is_balancers_own(host: str | None) -> bool:
    """Whether a name is a load balancer's own; any other may well be an alias of one.

    Nobody has a certificate for such a name.
    """
    return (host or "").lower().rstrip(".").endswith((".amazonaws.com", ".amazonaws.com.cn"))


@dataclass(frozen=True, slots=True)
class Deployment:
    """The names of one deployment.

    Attributes:
        prefix: what ``--name`` gave, for instance ``ash-cloud``.
    """

    prefix: str = DEFAULT_PREFIX

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise UsageProblem(
                f"The name {self.prefix!r} cannot be used",
                "a deployment's name has 2 to 28 lower-case letters, digits and hyphens, "
                "starting with a letter and not ending with a hyphen",
                f"Give another --name, for instance --name {DEFAULT_PREFIX}.",
            )
        for reserved, why in _RESERVED:
            if reserved.fullmatch(self.prefix):
                raise UsageProblem(
                    f"The name {self.prefix!r} is reserved",
                    why,
                    f"Give another --name, for instance --name {DEFAULT_PREFIX}.",
                )

    @property
    def cluster(self) -> str:
        """The ECS cluster."""
        return self.prefix

    @property
    def service(self) -> str:
        """The ECS service, and the family of its task definitions."""
        return f"{self.prefix}-runtime"

    @property
    def runner_service(self) -> str:
        """The ECS service of the runners, in multi-machine mode."""
        return f"{self.prefix}-runners"

    @property
    def log_group(self) -> str:
        """The CloudWatch log group of the server."""
        return f"/{self.prefix}/runtime"

    @property
    def event_log_group(self) -> str:
        """The log group of the event archive: ECS state changes, kept longer than ECS keeps them."""
        return f"/{self.prefix}/events"

    @property
    def insights_log_group(self) -> str:
        """The log group of Container Insights, which ECS makes for the cluster without a tag."""
        return f"/aws/ecs/containerinsights/{self.cluster}/performance"

    @property
    def stack(self) -> str:
        """The CloudFormation stack, if this project deployed it."""
        return self.prefix

    @property
    def secret(self) -> str:
        """The Secrets Manager secret that holds the server's keys."""
        return f"{self.prefix}/server"

    @property
    def vault(self) -> str:
        """The vault of AWS Backup for the copies that ``ash-ops backup`` makes."""
        return f"{self.prefix}-backups"

    @property
    def load_balancer(self) -> str:
        """The Network Load Balancer."""
        return f"{self.prefix}-nlb"

    @property
    def target_group(self) -> str:
        """The load balancer's target group."""
        return f"{self.prefix}-tg"

    @property
    def tag(self) -> tuple[str, str]:
        """The tag on everything the templates create; Cost Explorer filters by it."""
        return ("ash:deployment", self.prefix)
