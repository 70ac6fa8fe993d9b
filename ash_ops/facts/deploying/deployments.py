"""A deployment that is to be made, and one that was just made: what is wanted, and what is there."""

from ash_ops.facts.deploying.domains import HostedZone, PublicDns, RecordSet
from ash_ops.facts.fleet import Fleet, RunnerDatabase
from ash_ops.facts.instance_types import InstanceType
from ash_ops.facts.load_balancing import Certificate, LoadBalancer
from ash_ops.facts.model import Model
from ash_ops.facts.network import Subnet
from ash_ops.facts.reading import Reading, left_out
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
        instance_type: the type of instance that is to run it; nothing where the region has none of it.
        instance_zones: the names of the zones that offer that type.
        vcpu_quota: how many virtual processors of the type's family the account may run.
        mounted_subnets: the subnets in which the file system has mount targets now, in the template's order.
        log_policies: the names of the resource policies that CloudWatch Logs has.
        given_database: the RDS instance that ASH_DATABASE_URL names.
        hosted_zone: the one that the domain is in; nothing where this account has none.
        name_records: the records there of the domain, and of the names above it within the zone.
        public_dns: what the world is told of the domain.
        certificate: the one of ACM that was given.
        has_own_database: whether ASH_DATABASE_URL names a database of the user's own.
        has_its_record: whether the domain's alias in that zone is the deployment's own already.
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
    instance_type: Reading[InstanceType]
    instance_zones: Reading[frozenset[str]]
    vcpu_quota: Reading[float]
    mounted_subnets: Reading[tuple[Subnet, ...]]
    log_policies: Reading[tuple[str, ...]]
    given_database: Reading[RunnerDatabase] = left_out("rds:DescribeDBInstances")
    hosted_zone: Reading[HostedZone] = left_out("route53:GetHostedZone")
    name_records: Reading[tuple[RecordSet, ...]] = left_out("route53:ListResourceRecordSets")
    public_dns: Reading[PublicDns] = left_out("dns:NS")
    certificate: Reading[Certificate] = left_out("acm:DescribeCertificate")
    has_own_database: bool = False
    has_its_record: bool = False

    @property
    def is_on_fargate(self) -> bool:
        """Whether Fargate is to run the server; that is the template's default."""
        return self.parameters.get("LaunchType") in {None, "", "FARGATE"}

    @property
    def is_on_ec2(self) -> bool:
        """Whether an EC2 instance of its own is to run the server."""
        return self.parameters.get("LaunchType") == "EC2"

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


class NewDeployment(Model, kw_only=True):
    """What the checks of the playbook ``proof`` look at.

    Attributes:
        snapshot: what was read so far of service, targets and server; everything else is a gap of kind ``skipped``.
        revision: the ARN of the task definition that must serve; ``None`` accepts any.
        version: the one that ``/health`` must tell; ``None`` where the image's tag promises none.
        is_let_in: whether this machine is let in; if not, an unanswered call proves nothing.
        has_key: whether the key is known.
        wants_session: whether a session is to prove that agents run.
        runners: how many runners must be registered; ``None`` where one server runs everything.
        fleet: the runners as ECS and the coordinator see them.
    """

    snapshot: Snapshot
    revision: str | None
    version: str | None
    is_let_in: bool
    has_key: bool
    wants_session: bool
    runners: int | None
    fleet: Reading[Fleet]
