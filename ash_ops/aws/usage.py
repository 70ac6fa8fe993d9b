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

from ash_ops.aws.calls import Answer, call, pages
from ash_ops.aws.session import Aws
from ash_ops.aws.statistics import DAY, Window, hourly
from ash_ops.aws.usage_facts import (
    Balancer,
    DatabaseUse,
    Flows,
    Gap,
    Instance,
    LogUse,
    Reading,
    Service,
)
from ash_ops.deployment import Deployment
from ash_ops.errors import ReadFailed

T = TypeVar("T")

WINDOW_DAYS = 7
GIGABYTE = Decimal(1024**3)
_ECR = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/(?P<name>[^:@]+)")


def read(aws: Aws, deployment: Deployment, now: datetime | None = None) -> Reading | None:
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


def _services(aws: Aws, deployment: Deployment) -> tuple[Service, ...]:
    names = [deployment.service, deployment.runner_service]
    try:
        answer = call(aws, "ecs", "describe_services", cluster=deployment.cluster, services=names)
    except ReadFailed as failure:
        if failure.kind == "missing":
            return ()
        raise
    active = [found for found in answer["services"] if found.get("status") != "INACTIVE"]
    return tuple(_service(aws, found) for found in active)


def _service(aws: Aws, found: Answer) -> Service:
    name = found["taskDefinition"]
    definition = call(aws, "ecs", "describe_task_definition", taskDefinition=name)["taskDefinition"]
    network = found.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
    providers = {use["capacityProvider"] for use in found.get("capacityProviderStrategy", ())}
    fargate = found.get("launchType") == "FARGATE" or bool(providers & {"FARGATE", "FARGATE_SPOT"})
    return Service(
        name=found["serviceName"],
        desired=int(found.get("desiredCount", 0)),
        launch_type="fargate" if fargate else "ec2",
        spot=providers == {"FARGATE_SPOT"},
        public_ip=network.get("assignPublicIp") == "ENABLED",
        created=found.get("createdAt") or datetime.now(UTC) - timedelta(days=WINDOW_DAYS),
        definition=definition,
        subnets=tuple(network.get("subnets", ())),
    )


class _Reader:
    """Reads the parts side by side and collects what failed."""

    def __init__(
        self, aws: Aws, deployment: Deployment, services: tuple[Service, ...], window: Window
    ) -> None:
        self._aws = aws
        self._deployment = deployment
        self._services = services
        self._window = window
        self._gaps: list[Gap] = []

    def read(self) -> Reading:
        """Read every part; what the load balancer's own readings need comes first."""
        balancers = self._try("load balancers", self._balancers)
        parts: dict[str, tuple[str, Callable[[], Any]]] = {
            "insights": ("Container Insights", self._insights),
            "series": ("Container Insights metrics", self._series),
            "instances": ("EC2 instances", self._instances),
            "flows": ("load balancer traffic", lambda: self._flows(balancers or ())),
            "balancer_addresses": ("public addresses", lambda: self._addresses(balancers or ())),
            "gateways": ("NAT gateways", lambda: self._gateways(balancers or ())),
            "own_endpoint_zones": ("interface endpoints", lambda: self._endpoints(balancers or ())),
            "logs": ("log volume", self._logs),
            "image_gb": ("ECR images", self._images),
            "efs_gb": ("EFS", self._file_systems),
            "databases": ("RDS", self._databases),
            "s3_gb": ("S3", self._bucket),
            "alarms": ("CloudWatch alarms", self._alarms),
        }
        with ThreadPoolExecutor(max_workers=8) as pool:
            values = pool.map(lambda part: self._try(*part), parts.values())
            found = dict(zip(parts, values, strict=True))
        own, shared = found.pop("gateways") or (None, None)
        return Reading(
            region=self._aws.region,
            prefix=self._deployment.prefix,
            window=self._window,
            services=self._services,
            balancers=balancers,
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
            self._gaps.append(Gap(item, f"{failure.call}: {failure.code}{needs}"))
            return None

    def _insights(self) -> str:
        answer = call(
            self._aws,
            "ecs",
            "describe_clusters",
            clusters=[self._deployment.cluster],
            include=["SETTINGS"],
        )
        settings = answer["clusters"][0].get("settings", []) if answer["clusters"] else []
        values = {setting["name"]: setting["value"] for setting in settings}
        return str(values.get("containerInsights", "disabled"))

    def _series(self) -> int:
        found = pages(
            self._aws,
            "cloudwatch",
            "list_metrics",
            Namespace="ECS/ContainerInsights",
            Dimensions=[{"Name": "ClusterName", "Value": self._deployment.cluster}],
            RecentlyActive="PT3H",
        )
        return sum(len(page.get("Metrics", [])) for page in found)

    def _instances(self) -> tuple[Instance, ...]:
        if all(service.launch_type == "fargate" for service in self._services):
            return ()
        cluster = self._deployment.cluster
        listed = pages(self._aws, "ecs", "list_container_instances", cluster=cluster)
        arns = [arn for page in listed for arn in page["containerInstanceArns"]]
        ids: list[str] = []
        for batch in _batches(arns, 100):
            answer = call(
                self._aws,
                "ecs",
                "describe_container_instances",
                cluster=cluster,
                containerInstances=batch,
            )
            ids += [found["ec2InstanceId"] for found in answer["containerInstances"]]
        return tuple(self._instance(found) for found in self._described_instances(ids))

    def _described_instances(self, ids: list[str]) -> list[Answer]:
        if not ids:
            return []
        found = pages(self._aws, "ec2", "describe_instances", InstanceIds=ids)
        return [
            instance
            for page in found
            for reservation in page["Reservations"]
            for instance in reservation["Instances"]
        ]

    def _instance(self, found: Answer) -> Instance:
        volumes = [
            mapping["Ebs"]["VolumeId"]
            for mapping in found.get("BlockDeviceMappings", [])
            if "Ebs" in mapping
        ]
        return Instance(
            instance_type=found["InstanceType"],
            spot=found.get("InstanceLifecycle") == "spot",
            volume_gb=self._try("EBS volumes", lambda: self._volume_gb(volumes)),
            public=bool(found.get("PublicIpAddress")),
            arch=found.get("Architecture", "x86_64"),
        )

    def _volume_gb(self, ids: list[str]) -> int:
        if not ids:
            return 0
        answer = call(self._aws, "ec2", "describe_volumes", VolumeIds=ids)
        return sum(int(volume["Size"]) for volume in answer["Volumes"])

    def _balancers(self) -> tuple[Balancer, ...]:
        try:
            found = call(
                self._aws,
                "elbv2",
                "describe_load_balancers",
                Names=[self._deployment.load_balancer],
            )["LoadBalancers"]
        except ReadFailed as failure:
            if failure.kind != "missing":
                raise
            found = []
        return tuple(self._balancer(balancer) for balancer in found)

    def _balancer(self, found: Answer) -> Balancer:
        arn = found["LoadBalancerArn"]
        listeners = call(self._aws, "elbv2", "describe_listeners", LoadBalancerArn=arn)
        answer = call(self._aws, "elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn)
        attributes = {pair["Key"]: pair.get("Value") for pair in answer["Attributes"]}
        return Balancer(
            arn=arn,
            name=found["LoadBalancerName"],
            vpc=found.get("VpcId", ""),
            internal=found.get("Scheme") == "internal",
            zones=len(found.get("AvailabilityZones", [])),
            tls=any(listener.get("Protocol") == "TLS" for listener in listeners["Listeners"]),
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
        filters = [{"Name": "description", "Values": names}]
        found = pages(self._aws, "ec2", "describe_network_interfaces", Filters=filters)
        interfaces = [face for page in found for face in page["NetworkInterfaces"]]
        return sum("PublicIp" in face.get("Association", {}) for face in interfaces)

    def _gateways(self, balancers: Sequence[Balancer]) -> tuple[int, int]:
        """The NAT gateways of the VPC: this deployment's own, and others'."""
        filters = [
            {"Name": "vpc-id", "Values": [balancer.vpc for balancer in balancers]},
            {"Name": "state", "Values": ["available", "pending"]},
        ]
        if not balancers or not any(service.private for service in self._services):
            return (0, 0)
        found = pages(self._aws, "ec2", "describe_nat_gateways", Filters=filters)
        gateways = [gateway for page in found for gateway in page["NatGateways"]]
        own = sum(self._is_own(gateway) for gateway in gateways)
        return (own, len(gateways) - own)

    def _endpoints(self, balancers: Sequence[Balancer]) -> int:
        """Own interface endpoints times the subnets, one a zone, that each is in."""
        if not balancers:
            return 0
        filters = [{"Name": "vpc-id", "Values": [balancer.vpc for balancer in balancers]}]
        found = pages(self._aws, "ec2", "describe_vpc_endpoints", Filters=filters)
        return sum(
            len(endpoint.get("SubnetIds", []))
            for page in found
            for endpoint in page["VpcEndpoints"]
            if endpoint.get("VpcEndpointType") == "Interface" and self._is_own(endpoint)
        )

    def _is_own(self, found: Answer) -> bool:
        key, value = self._deployment.tag
        return {"Key": key, "Value": value} in found.get("Tags", [])

    def _logs(self) -> LogUse:
        prefix = f"/{self._deployment.prefix}/"
        listed = pages(self._aws, "logs", "describe_log_groups", logGroupNamePrefix=prefix)
        groups = [group for page in listed for group in page["logGroups"]]
        retentions = [group.get("retentionInDays") for group in groups]
        known = [int(days) for days in retentions if days is not None]
        stored = sum(int(group.get("storedBytes", 0)) for group in groups)
        return LogUse(
            written_gb=sum((self._written(group["logGroupName"]) for group in groups), Decimal(0)),
            stored_gb=stored / GIGABYTE,
            retention_days=max(known, default=None) if len(known) == len(retentions) else None,
        )

    def _written(self, group: str) -> Decimal:
        """GB a month that a log group takes in, at the rate of the days that were looked at."""
        dimensions = {"LogGroupName": group}
        values = hourly(self._aws, self._window, "AWS/Logs", "IncomingBytes", dimensions)
        return sum(values.values(), Decimal(0)) / GIGABYTE / self._window.hours * 730

    def _containers(self) -> list[Answer]:
        return [
            container
            for service in self._services
            for container in service.definition.get("containerDefinitions", [])
        ]

    def _images(self) -> Decimal:
        names = {match["name"] for c in self._containers() if (match := _ECR.match(c["image"]))}
        total = 0
        for name in sorted(names):
            found = pages(self._aws, "ecr", "describe_images", repositoryName=name)
            total += sum(
                int(image.get("imageSizeInBytes", 0))
                for page in found
                for image in page["imageDetails"]
            )
        return total / GIGABYTE

    def _file_systems(self) -> Decimal:
        ids = {
            volume["efsVolumeConfiguration"]["fileSystemId"]
            for service in self._services
            for volume in service.definition.get("volumes", [])
            if volume.get("efsVolumeConfiguration")
        }
        sizes = [call(self._aws, "efs", "describe_file_systems", FileSystemId=name) for name in ids]
        total = sum(int(answer["FileSystems"][0]["SizeInBytes"]["Value"]) for answer in sizes)
        return total / GIGABYTE

    def _databases(self) -> tuple[DatabaseUse, ...]:
        key, value = self._deployment.tag
        tag = {"Key": key, "Value": value}
        found = pages(self._aws, "rds", "describe_db_instances")
        return tuple(
            DatabaseUse(
                instance_class=database["DBInstanceClass"],
                multi_az=bool(database.get("MultiAZ")),
                storage_gb=int(database.get("AllocatedStorage", 0)),
                engine=database.get("Engine", ""),
            )
            for page in found
            for database in page["DBInstances"]
            if tag in database.get("TagList", [])
        )

    def _bucket(self) -> Decimal:
        """The snapshots bucket, by the size that S3 reports once a day."""
        buckets = {
            pair["value"].removeprefix("s3://").partition("/")[0]
            for container in self._containers()
            for pair in container.get("environment", [])
            if pair.get("name") == "ASH_SNAPSHOT_URL" and pair["value"].startswith("s3://")
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

    def _alarms(self) -> int:
        prefix = self._deployment.prefix
        found = pages(self._aws, "cloudwatch", "describe_alarms", AlarmNamePrefix=prefix)
        return sum(len(page.get("MetricAlarms", [])) for page in found)


def _batches(items: list[str], size: int) -> list[list[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
