"""How each priced item is found in AWS's price list.

Sources: AWS, "Region billing codes" and "CloudWatch billing and cost" for usage types; infracost's
queries (95ba4f49) for product families. Fargate Spot is not dependable in the list: no entry.
"""

from __future__ import annotations

from ash_ops.aws.pricing import Item

FIXED = {
    "fargate_vcpu_hour": Item("AmazonECS", r"Fargate-vCPU-Hours:perCPU", family="Compute"),
    "fargate_gb_hour": Item("AmazonECS", r"Fargate-GB-Hours", family="Compute"),
    "fargate_arm_vcpu_hour": Item("AmazonECS", r"Fargate-ARM-vCPU-Hours:perCPU", family="Compute"),
    "fargate_arm_gb_hour": Item("AmazonECS", r"Fargate-ARM-GB-Hours", family="Compute"),
    "fargate_ephemeral_gb_hour": Item(
        "AmazonECS", r"Fargate-EphemeralStorage-GB-Hours", family="Compute"
    ),
    "nlb_hour": Item("AWSELB", r"LoadBalancerUsage", family="Load Balancer-Network"),
    "nlcu_hour": Item("AWSELB", r"LCUUsage", family="Load Balancer-Network"),
    "public_ipv4_hour": Item("AmazonVPC", r"PublicIPv4:InUseAddress"),
    "nat_gateway_hour": Item("AmazonEC2", r"NatGateway-Hours", family="NAT Gateway"),
    "nat_gateway_gb": Item("AmazonEC2", r"NatGateway-Bytes", family="NAT Gateway"),
    "vpc_endpoint_hour": Item("AmazonVPC", r"VpcEndpoint-Hours", family="VpcEndpoint"),
    "vpc_endpoint_gb": Item("AmazonVPC", r"VpcEndpoint-Bytes", family="VpcEndpoint"),
    "logs_ingest_gb": Item("AmazonCloudWatch", r"DataProcessing-Bytes", family="Data Payload"),
    "logs_storage_gb_month": Item(
        "AmazonCloudWatch", r"TimedStorage-ByteHrs", family="Storage Snapshot"
    ),
    "metric_month": Item("AmazonCloudWatch", r"CW:MetricMonitorUsage", family="Metric"),
    "container_insights_enhanced_metric_month": Item(
        "AmazonCloudWatch", r"CW:MetricsUsage", family="Metric"
    ),
    "get_metric_data_metric": Item("AmazonCloudWatch", r"CW:GMD-Metrics"),
    "alarm_month": Item("AmazonCloudWatch", r"CW:AlarmMonitorUsage", family="Alarm"),
    "secret_month": Item("AWSSecretsManager", r"(?:AWSSecretsManager-)?Secrets?", family="Secret"),
    "ecr_gb_month": Item("AmazonECR", r"TimedStorage-ByteHrs", family="EC2 Container Registry"),
    "efs_standard_gb_month": Item("AmazonEFS", r"TimedStorage-ByteHrs", family="Storage"),
    "efs_elastic_read_gb": Item("AmazonEFS", r"ETDataAccess-Bytes", {"accessType": "Read"}),
    "efs_elastic_write_gb": Item("AmazonEFS", r"ETDataAccess-Bytes", {"accessType": "Write"}),
    "s3_standard_gb_month": Item(
        "AmazonS3", r"TimedStorage-ByteHrs", {"volumeType": "Standard"}, family="Storage"
    ),
    "ebs_gp3_gb_month": Item(
        "AmazonEC2", r"EBS:VolumeUsage\.gp3", {"volumeApiName": "gp3"}, family="Storage"
    ),
    "rds_gp3_gb_month": Item(
        "AmazonRDS", r"RDS:GP3-Storage", {"databaseEngine": "PostgreSQL"}, family="Database Storage"
    ),
    "rds_gp3_multi_az_gb_month": Item(
        "AmazonRDS",
        r"RDS:Multi-AZ-GP3-Storage",
        {"databaseEngine": "PostgreSQL"},
        family="Database Storage",
    ),
    "cost_explorer_request": Item("AWSCostExplorer", r"APIRequest", regional=False),
}

_LINUX = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
}


def item(key: str) -> Item | None:
    """How the price of a key is found; ``None`` where the price list cannot be relied on."""
    kind, _, name = key.partition(".")
    if kind == "ec2_linux_hour":
        usage = rf"BoxUsage:{_literal(name)}"
        return Item("AmazonEC2", usage, {"instanceType": name, **_LINUX}, family="Compute Instance")
    if kind.startswith("rds_postgres_"):
        return _database(name, multi_az="multi_az" in kind)
    return FIXED.get(key)


def _database(name: str, *, multi_az: bool) -> Item:
    usage = "Multi-AZUsage" if multi_az else "InstanceUsage"
    filters = {
        "instanceType": name,
        "databaseEngine": "PostgreSQL",
        "deploymentOption": "Multi-AZ" if multi_az else "Single-AZ",
    }
    return Item("AmazonRDS", f"{usage}:{_literal(name)}", filters, family="Database Instance")


def _literal(name: str) -> str:
    return name.replace(".", r"\.")
