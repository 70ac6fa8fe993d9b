"""What a deployment uses, read from AWS: sizes, counts, addresses, zones, log volume, traffic.

Every part is read by itself: one that is denied or fails leaves a gap with its reason, and the
others stand. Only calls that cost nothing are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from ash_ops.aws import ec2, ecr, ecs, elbv2, logs, storage
from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudwatch import DAY, active_series, alarms, hourly
from ash_ops.cost import machines
from ash_ops.cost.machines import Found
from ash_ops.errors import ReadFailed
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.model import Tag
from ash_ops.facts.network import NatGateway, VpcEndpoint
from ash_ops.facts.services import FARGATE_SPOT, AwsVpcConfiguration, Service
from ash_ops.facts.task_definitions import ContainerDefinition, TaskDefinition
from ash_ops.facts.usage import (
    Balancer,
    DatabaseUse,
    Flows,
    LogUse,
    ServiceUse,
    Unread,
    Usage,
    Window,
)
from ash_ops.names import Deployment

T = TypeVar("T")

WINDOW_DAYS = 7
GIGABYTE = Decimal(1024**3)
_ECR = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/(?P<name>[^:@]+)")


def read(aws: Aws, deployment: Deployment, now: datetime | None = None) -> Usage | None:
    """Read what a deployment uses; ``None`` if there is no such deployment.

    Args:
        aws: the session.
        deployment: the names to look for.
        now: the end of the days that are measured.

    Raises:
        ReadFailed: ECS could not be asked whether it is there.
    """
    services = _services(aws, deployment)
    if not services:
        return None
    end = now or datetime.now(UTC)
    start = max(end - timedelta(days=WINDOW_DAYS), min(service.created for service in services))
    window = Window(min(start, end - timedelta(hours=1)), end)
    return _Reader(aws, deployment, services, window).read()


def _services(aws: Aws, deployment: Deployment) -> tuple[ServiceUse, ...]:
    names = [deployment.service, deployment.runner_service]
    try:
        found = ecs.services(aws, deployment.cluster, names)
    except ReadFailed as failure:
        if failure.kind == "missing":
            return ()
        raise
    active = [each for each in found if each.status != "INACTIVE"]
    return tuple(_service(aws, each) for each in active)


def _service(aws: Aws, found: Service) -> ServiceUse:
    place = found.awsvpc or AwsVpcConfiguration()
    revision = ecs.task_definition(aws, found.task_definition or "")
    return ServiceUse(
        name=found.service_name,
        desired=found.desired_count or 0,
        launch_type="fargate" if found.is_on_fargate else "ec2",
        spot=found.providers == {FARGATE_SPOT},
        public_ip=place.assign_public_ip == "ENABLED",
        created=found.created_at or datetime.now(UTC) - timedelta(days=WINDOW_DAYS),
        definition=revision.definition if revision else TaskDefinition(),
        subnets=place.subnets,
    )


class _Reader:
    """Reads the parts side by side and collects what failed."""

    def __init__(
        self, aws: Aws, deployment: Deployment, services: tuple[ServiceUse, ...], window: Window
    ) -> None:
        self._aws = aws
        self._deployment = deployment
        self._services = services
        self._window = window
        self._gaps: list[Unread] = []

    def read(self) -> Usage:
        """Read every part; what the load balancer's own readings need comes first."""
        balancers = self._try("load balancers", self._balancers)
        hosts = self._try("EC2 instances", self._machines)
        parts: dict[str, tuple[str, Callable[[], Any]]] = {
            "insights": ("Container Insights", self._insights),
            "series": (
                "Container Insights metrics",
                lambda: active_series(self._aws, self._deployment.cluster),
            ),
            "other_disks_gb": ("EBS volumes", lambda: self._disks(hosts)),
            "flows": ("load balancer traffic", lambda: self._flows(balancers or ())),
            "balancer_addresses": ("public addresses", lambda: self._addresses(balancers or ())),
            "gateways": ("NAT gateways", lambda: self._gateways(balancers or ())),
            "own_endpoint_zones": ("interface endpoints", lambda: self._endpoints(balancers or ())),
            "logs": ("log volume", self._logs),
            "image_gb": ("ECR images", self._images),
            "efs_gb": ("EFS", self._file_systems),
            "efs_flows": ("EFS throughput", self._file_traffic),
            "databases": ("RDS", self._databases),
            "s3_gb": ("S3", self._bucket),
            "alarms": ("CloudWatch alarms", lambda: alarms(self._aws, self._deployment.prefix)),
        }
        with ThreadPoolExecutor(max_workers=8) as pool:
            values = pool.map(lambda part: self._try(*part), parts.values())
            found = dict(zip(parts, values, strict=True))
        own, shared = found.pop("gateways") or (None, None)
        return Usage(
            region=self._aws.region,
            prefix=self._deployment.prefix,
            window=self._window,
            services=self._services,
            balancers=balancers,
            instances=hosts.instances if hosts else None,
            file_systems=len(self._file_system_ids()),
            own_nat_gateways=own,
            shared_nat_gateways=shared,
            gaps=tuple(sorted(self._gaps, key=lambda gap: gap.item)),
            **found,
        )

    def _try(self, item: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except ReadFailed as failure:
            needs = f" (allow {failure.action})" if failure.action else ""
            self._gaps.append(Unread(item, f"{failure.call}: {failure.code}{needs}"))
            return None

    def _insights(self) -> str:
        found = ecs.cluster(self._aws, self._deployment.cluster)
        values = {setting.name: setting.value for setting in found.settings} if found else {}
        return values.get("containerInsights") or "disabled"

    def _machines(self) -> Found:
        """The EC2 machines; none, where a service needs some, is not taken for an answer."""
        needing = [each for each in self._services if each.launch_type != "fargate"]
        if not needing:
            return Found()
        asked = (self._aws, self._deployment)
        groups = self._try("Auto Scaling groups", lambda: machines.groups_of(*asked))
        found = machines.running(*asked, groups or ())
        wanting = [each.name for each in needing if each.desired]
        if wanting and not found.instances:
            self._miss("EC2 instances", f"{' and '.join(wanting)} runs on EC2, and none was found")
        if any(each.volume_gb is None for each in found.instances):
            self._miss("EBS volumes", "an instance names none, nor does its launch template")
        return found

    def _miss(self, item: str, reason: str) -> None:
        self._gaps.append(Unread(item, reason))

    def _disks(self, found: Found | None) -> int:
        of_instances = found.volumes if found else ()
        return machines.other_disks(self._aws, self._deployment, of_instances)

    def _balancers(self) -> tuple[Balancer, ...]:
        found = elbv2.load_balancer_named(self._aws, self._deployment.load_balancer)
        return (self._balancer(found),) if found else ()

    def _balancer(self, found: LoadBalancer) -> Balancer:
        arn = found.load_balancer_arn
        listeners = elbv2.listeners(self._aws, arn)
        attributes = elbv2.load_balancer_attributes(self._aws, arn)
        return Balancer(
            arn=arn,
            name=found.load_balancer_name,
            vpc=found.vpc_id or "",
            internal=found.scheme == "internal",
            zones=len(found.availability_zones),
            tls=any(listener.protocol == "TLS" for listener in listeners),
            cross_zone=attributes.get("load_balancing.cross_zone.enabled") == "true",
        )

    def _flows(self, balancers: Sequence[Balancer]) -> Flows | None:
        if not balancers:
            return None
        dimensions = {"LoadBalancer": balancers[0].arn.partition(":loadbalancer/")[2]}

        def metric(name: str, statistic: str) -> dict[datetime, Decimal]:
            namespace = "AWS/NetworkELB"
            return hourly(self._aws, self._window, namespace, name, dimensions, statistic)

        moved = metric("ProcessedBytes", "Sum")
        return Flows(
            gigabytes={hour: value / GIGABYTE for hour, value in moved.items()},
            opened=metric("NewFlowCount", "Sum"),
            active=metric("ActiveFlowCount", "Average"),
        )

    def _addresses(self, balancers: Sequence[Balancer]) -> int | None:
        """The public addresses on the load balancers' network interfaces."""
        if not balancers:
            return None
        names = [f"ELB {balancer.arn.partition(':loadbalancer/')[2]}" for balancer in balancers]
        return ec2.public_addresses(self._aws, names)

    def _gateways(self, balancers: Sequence[Balancer]) -> tuple[int, int]:
        """The NAT gateways of the VPC: this deployment's own, and others'."""
        if not balancers or not any(service.private for service in self._services):
            return (0, 0)
        vpcs = [balancer.vpc for balancer in balancers]
        gateways = ec2.in_vpcs(self._aws, NatGateway, vpcs)
        found = [gateway for gateway in gateways if gateway.state in ("available", "pending")]
        own = sum(self._is_own(gateway.tags) for gateway in found)
        return (own, len(found) - own)

    def _endpoints(self, balancers: Sequence[Balancer]) -> int:
        """Own interface endpoints times the subnets, one a zone, that each is in."""
        if not balancers:
            return 0
        vpcs = [balancer.vpc for balancer in balancers]
        return sum(
            len(endpoint.subnet_ids)
            for endpoint in ec2.in_vpcs(self._aws, VpcEndpoint, vpcs)
            if endpoint.vpc_endpoint_type == "Interface" and self._is_own(endpoint.tags)
        )

    def _is_own(self, tags: tuple[Tag, ...]) -> bool:
        return Tag(*self._deployment.tag) in tags

    def _logs(self) -> LogUse:
        """The deployment's own groups, and the one that Container Insights writes for its cluster."""
        cluster = f"/aws/ecs/containerinsights/{self._deployment.cluster}/"
        own = f"/{self._deployment.prefix}/"
        groups = [g for start in (own, cluster) for g in logs.all_log_groups(self._aws, start)]
        retentions = [group.retention_in_days for group in groups]
        known = [int(days) for days in retentions if days is not None]
        stored = sum(group.stored_bytes or 0 for group in groups)
        return LogUse(
            written_gb=sum((self._written(group.log_group_name) for group in groups), Decimal(0)),
            stored_gb=stored / GIGABYTE,
            retention_days=max(known, default=None) if len(known) == len(retentions) else None,
        )

    def _written(self, group: str) -> Decimal:
        """GB a month that a log group takes in, at the rate of the days that were looked at."""
        dimensions = {"LogGroupName": group}
        return self._a_month(
            hourly(self._aws, self._window, "AWS/Logs", "IncomingBytes", dimensions)
        )

    def _a_month(self, values: dict[datetime, Decimal]) -> Decimal:
        """GB a month, at the rate of the bytes of the days that were looked at."""
        return sum(values.values(), Decimal(0)) / GIGABYTE / self._window.hours * 730

    def _containers(self) -> list[ContainerDefinition]:
        return [
            container
            for service in self._services
            for container in service.definition.container_definitions
        ]

    def _images(self) -> Decimal:
        names = {match["name"] for c in self._containers() if (match := _ECR.match(c.image))}
        return sum(ecr.stored_bytes(self._aws, name) for name in sorted(names)) / GIGABYTE

    def _file_system_ids(self) -> list[str]:
        return sorted(
            {
                volume.efs_volume_configuration.file_system_id or ""
                for service in self._services
                for volume in service.definition.volumes
                if volume.efs_volume_configuration
            }
        )

    def _file_systems(self) -> Decimal:
        sizes = (storage.file_system_bytes(self._aws, name) for name in self._file_system_ids())
        return sum(sizes) / GIGABYTE

    def _file_traffic(self) -> tuple[Decimal, Decimal]:
        """GB a month read and written, at the rate of the days that were looked at."""
        read, written = (
            sum((self._moved(name, metric) for name in self._file_system_ids()), Decimal(0))
            for metric in ("DataReadIOBytes", "DataWriteIOBytes")
        )
        return (read, written)

    def _moved(self, file_system: str, metric: str) -> Decimal:
        dimensions = {"FileSystemId": file_system}
        return self._a_month(hourly(self._aws, self._window, "AWS/EFS", metric, dimensions))

    def _databases(self) -> tuple[DatabaseUse, ...]:
        key, value = self._deployment.tag
        tag = {"Key": key, "Value": value}
        return tuple(
            DatabaseUse(
                instance_class=database["DBInstanceClass"],
                multi_az=bool(database.get("MultiAZ")),
                storage_gb=int(database.get("AllocatedStorage", 0)),
                engine=database.get("Engine", ""),
            )
            for database in storage.databases(self._aws)
            if tag in database.get("TagList", [])
        )

    def _bucket(self) -> Decimal:
        """The snapshots bucket, by the size that S3 reports once a day."""
        buckets = {
            url.removeprefix("s3://").partition("/")[0]
            for container in self._containers()
            for pair in container.environment
            if pair.name == "ASH_SNAPSHOT_URL" and (url := pair.value or "").startswith("s3://")
        }
        window = Window(self._window.end - timedelta(days=3), self._window.end)
        total = Decimal(0)
        for bucket in buckets:
            dimensions = {"BucketName": bucket, "StorageType": "StandardStorage"}
            sizes = hourly(
                self._aws, window, "AWS/S3", "BucketSizeBytes", dimensions, "Average", DAY
            )
            total += sizes[max(sizes)] / GIGABYTE if sizes else 0
        return total
