"""A deployment that is to be made: what is wanted of it, and what AWS says of where it is to go."""

from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.model import Model
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import Reading
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import LogGroup


class PlannedDeployment(Model, kw_only=True):
    """What the checks of the playbook ``plan`` look at.

    Attributes:
        snapshot: the deployment as it will be: service and task definition as planned, the network, the image
            and the quota as they are now, everything else a gap of kind ``skipped``.
        mode: ``standalone`` or ``multi-machine``.
        parameters: the template's parameters with the values that they will have.
        vpc: where it goes.
        balancer_subnets: the ids of the load balancer's subnets.
        denied_actions: those that ``deploy`` needs and IAM's simulation does not allow on any resource.
        runner_subnets: those that were named for runners and exist.
        log_groups: the log groups whose names it needs and that are there already.
        load_balancer: the load balancer that has its name already.
    """

    snapshot: Snapshot
    mode: str
    parameters: dict[str, str]
    vpc: str
    balancer_subnets: tuple[str, ...]
    denied_actions: Reading[tuple[str, ...]]
    runner_subnets: Reading[tuple[Subnet, ...]]
    log_groups: Reading[tuple[LogGroup, ...]]
    load_balancer: Reading[LoadBalancer]

    @property
    def is_on_fargate(self) -> bool:
        """Whether Fargate is to run the server; that is the template's default."""
        return self.parameters.get("LaunchType") in {None, "", "FARGATE"}

    @property
    def task_subnets(self) -> tuple[str, ...]:
        """The ids of the subnets that the tasks are to be put in."""
        service = self.snapshot.service.value
        network = service.awsvpc if service else None
        return network.subnets if network else ()

    @property
    def has_public_tasks(self) -> bool:
        """Whether the tasks are to get public addresses."""
        return self.parameters.get("AssignPublicIp") == "ENABLED"
