"""What is kept: images, the file system and its backups, the database, snapshots."""

from __future__ import annotations

from decimal import Decimal

from ash_ops.cost.lines.base import HOURS, Billed, Quantities, Quantity
from ash_ops.cost.plan import Plan


def images(plan: Plan) -> Quantities:
    """Images kept in ECR; the public image of ghcr.io costs nothing."""
    if plan.image_gb:
        yield Quantity("ECR images", "ecr_gb_month", plan.image_gb, "GB-months", "ecr")


def file_system(plan: Plan) -> Quantities:
    """EFS: what is kept, what is read and written, and the automatic backups.

    The templates' file systems have elastic throughput, billed by the GB, and AWS Backup keeps 35
    days of them: the whole once, then what changed, taken as little beside it (EFS user guide,
    "Automatic backups" and "Elastic throughput").
    """
    if plan.efs_gb == 0 and not plan.file_systems:
        return
    yield Quantity("EFS Standard", "efs_standard_gb_month", plan.efs_gb, "GB-months", "efs")
    read = plan.efs_gb if plan.efs_read_gb is None else plan.efs_read_gb
    written = plan.efs_gb if plan.efs_written_gb is None else plan.efs_written_gb
    yield Quantity("EFS data read", "efs_elastic_read_gb", read, "GB", "efs-read")
    yield Quantity("EFS data written", "efs_elastic_write_gb", written, "GB", "efs-written")
    yield Quantity("EFS backups", "efs_backup_gb_month", plan.efs_gb, "GB-months", "efs-backups")


def database(plan: Plan) -> Quantities:
    """An RDS PostgreSQL instance and its gp3 storage."""
    if plan.database is None:
        return
    kind = "multi_az" if plan.database.multi_az else "single_az"
    name = plan.database.instance_class
    yield Quantity(
        f"RDS PostgreSQL {name}{', Multi-AZ' if plan.database.multi_az else ''}",
        f"rds_postgres_{kind}_hour.{name}",
        HOURS,
        "instance-hours",
        "rds",
    )
    key = "rds_gp3_multi_az_gb_month" if plan.database.multi_az else "rds_gp3_gb_month"
    yield Quantity("RDS storage gp3", key, plan.database.storage_gb, "GB-months", "rds-storage")


def bucket(plan: Plan) -> Quantities:
    """S3 snapshots, Standard storage."""
    if plan.s3_gb != 0:
        yield Quantity("S3 Standard", "s3_standard_gb_month", plan.s3_gb, "GB-months", "s3")


def private_zones(plan: Plan) -> Quantities:
    """The Route 53 zone by which runners find their coordinator."""
    if plan.private_zones:
        amount = Decimal(plan.private_zones)
        item = "Route 53 private zone"
        yield Quantity(item, "route53_hosted_zone_month", amount, "zone-months", "private-zone")


_FILES = "ecs:DescribeTaskDefinition, elasticfilesystem:DescribeFileSystems"
LINES = (
    Billed(images, ("ecr_gb_month",), "ecr:DescribeImages", ("image-gb",)),
    Billed(
        file_system,
        (
            "efs_standard_gb_month",
            "efs_elastic_read_gb",
            "efs_elastic_write_gb",
            "efs_backup_gb_month",
        ),
        _FILES,
        ("efs",),
    ),
    Billed(
        database,
        (
            "rds_postgres_single_az_hour.",
            "rds_postgres_multi_az_hour.",
            "rds_gp3_gb_month",
            "rds_gp3_multi_az_gb_month",
        ),
        "rds:DescribeDBInstances",
        ("database",),
    ),
    Billed(bucket, ("s3_standard_gb_month",), "cloudwatch:GetMetricStatistics", ("s3",)),
    Billed(private_zones, ("route53_hosted_zone_month",), "", ("mode",)),
)
