"""Under which product AWS sells each thing that is priced: its service, usage type, family and attributes.

The usage types are those of AWS's bills in N. Virginia and in Europe, whose prefix tells the region.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ash_ops.aws.pricing import Item, ListPrice, NoSinglePrice
from ash_ops.cost.plan import default_plan
from ash_ops.cost.prices import bulk, live, refresh
from ash_ops.cost.prices.catalogue import FIXED, item
from ash_ops.cost.prices.table import BUNDLED, bundled
from ash_ops.errors import ReadFailed

ECS, CLOUDWATCH, RDS = "AmazonECS", "AmazonCloudWatch", "AmazonRDS"
BILLED: dict[str, tuple[str, str, str | None, dict[str, str]]] = {
    "fargate_vcpu_hour": (ECS, "Fargate-vCPU-Hours:perCPU", "Compute", {}),
    "fargate_gb_hour": (ECS, "Fargate-GB-Hours", "Compute", {}),
    "fargate_arm_vcpu_hour": (ECS, "Fargate-ARM-vCPU-Hours:perCPU", "Compute", {}),
    "fargate_arm_gb_hour": (ECS, "Fargate-ARM-GB-Hours", "Compute", {}),
    "fargate_ephemeral_gb_hour": (ECS, "Fargate-EphemeralStorage-GB-Hours", "Compute", {}),
    "nlb_hour": ("AWSELB", "LoadBalancerUsage", "Load Balancer-Network", {}),
    "nlcu_hour": ("AWSELB", "LCUUsage", "Load Balancer-Network", {}),
    "public_ipv4_hour": ("AmazonVPC", "PublicIPv4:InUseAddress", None, {}),
    "nat_gateway_hour": ("AmazonEC2", "NatGateway-Hours", "NAT Gateway", {}),
    "nat_gateway_gb": ("AmazonEC2", "NatGateway-Bytes", "NAT Gateway", {}),
    "vpc_endpoint_hour": ("AmazonVPC", "VpcEndpoint-Hours", "VpcEndpoint", {}),
    "vpc_endpoint_gb": ("AmazonVPC", "VpcEndpoint-Bytes", "VpcEndpoint", {}),
    "logs_ingest_gb": (CLOUDWATCH, "DataProcessing-Bytes", "Data Payload", {}),
    "logs_storage_gb_month": (CLOUDWATCH, "TimedStorage-ByteHrs", "Storage Snapshot", {}),
    "metric_month": (CLOUDWATCH, "CW:MetricMonitorUsage", "Metric", {}),
    "container_insights_enhanced_metric_month": (CLOUDWATCH, "CW:MetricsUsage", "Metric", {}),
    "get_metric_data_metric": (CLOUDWATCH, "CW:GMD-Metrics", None, {}),
    "alarm_month": (CLOUDWATCH, "CW:AlarmMonitorUsage", "Alarm", {}),
    "secret_month": ("AWSSecretsManager", "AWSSecretsManager-Secrets", "Secret", {}),
    "ecr_gb_month": ("AmazonECR", "TimedStorage-ByteHrs", "EC2 Container Registry", {}),
    "efs_standard_gb_month": ("AmazonEFS", "TimedStorage-ByteHrs", "Storage", {}),
    "efs_elastic_read_gb": ("AmazonEFS", "ETDataAccess-Bytes", None, {"accessType": "Read"}),
    "efs_elastic_write_gb": ("AmazonEFS", "ETDataAccess-Bytes", None, {"accessType": "Write"}),
    "s3_standard_gb_month": ("AmazonS3", "TimedStorage-ByteHrs", "Storage", {"volumeType": "Standard"}),
    "ebs_gp3_gb_month": ("AmazonEC2", "EBS:VolumeUsage.gp3", "Storage", {"volumeApiName": "gp3"}),
    "rds_gp3_gb_month": (RDS, "RDS:GP3-Storage", "Database Storage", {"databaseEngine": "PostgreSQL"}),
    "rds_gp3_multi_az_gb_month": (RDS, "RDS:Multi-AZ-GP3-Storage", "Database Storage", {"databaseEngine": "PostgreSQL"}),
    "cost_explorer_request": ("AWSCostExplorer", "APIRequest", None, {}),
    "ec2_linux_hour.m7g.large": ("AmazonEC2", "BoxUsage:m7g.large", "Compute Instance", {
        "instanceType": "m7g.large", "operatingSystem": "Linux", "tenancy": "Shared", "preInstalledSw": "NA", "capacitystatus": "Used"}),
    "rds_postgres_hour.db.t4g.micro": (RDS, "InstanceUsage:db.t4g.micro", "Database Instance", {
        "instanceType": "db.t4g.micro", "databaseEngine": "PostgreSQL", "deploymentOption": "Single-AZ"}),
    "rds_postgres_multi_az_hour.db.t4g.micro": (RDS, "Multi-AZUsage:db.t4g.micro", "Database Instance", {
        "instanceType": "db.t4g.micro", "databaseEngine": "PostgreSQL", "deploymentOption": "Multi-AZ"}),
}  # fmt: skip


@pytest.mark.parametrize("key", BILLED)
def test_a_price_is_looked_for_where_aws_sells_it(key: str) -> None:
    service, usage, family, attributes = BILLED[key]
    found = item(key)
    assert found is not None
    assert (found.service, found.family, dict(found.filters)) == (service, family, attributes)
    assert re.fullmatch(found.usage, usage)
    assert not re.fullmatch(found.usage, usage.replace(".", "x") + ("" if "." in usage else "s"))
    assert found.regional is (key != "cost_explorer_request")


def test_all_that_is_priced_has_a_row_here_and_spot_prices_change_too_often_for_a_list() -> None:
    assert FIXED.keys() <= BILLED.keys()
    assert re.fullmatch(FIXED["secret_month"].usage, "Secrets")
    for key in ("fargate_spot_vcpu_hour", "ec2_spot_hour.m7g.large", "ecs_managed_hour.m7g.large"):
        assert item(key) is None


def one_price(wanted: Item, region: str) -> ListPrice:
    if (wanted.service, region) != ("AWSELB", "eu-west-3"):
        raise NoSinglePrice(region)
    return ListPrice(((Decimal(0), Decimal("0.0311")),), "SKU", "2027-01-15")


def test_without_credentials_prices_come_from_the_public_offer_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk.Offers, "find", lambda _, wanted, region: one_price(wanted, region))
    plan = replace(default_plan("standalone"), region="eu-west-3")
    found = live.keyless_prices(plan, bundled())
    price = found.price("nlb_hour")
    assert price is not None
    assert (price.unit, price.live, found.used_table) == (Decimal("0.0311"), True, True)
    assert price.source == "AWS Price List, AWSELB, eu-west-3, 2027-01-15, SKU SKU"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "prices.json"
    copy.write_text(BUNDLED.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(refresh, "BUNDLED", copy)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    return copy


def test_a_refresh_writes_the_table_in_place_and_says_how_many_prices_were_read(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refresh, "_finder", lambda: one_price)
    refresh.main()
    told = json.loads(table.read_text("utf-8"))
    row = told["regions"]["eu-west-3"]["nlb_hour"]
    assert row == {"price": "0.0311", "date": "2027-01-15", "carrier": told["carriers"].index(refresh.CARRIER), "sku": "SKU"}  # fmt: skip
    assert date.fromisoformat(told["as_of"]) >= date(2026, 11, 27)
    assert capsys.readouterr().out == "2 prices were read anew; the others keep their source and date.\n"  # fmt: skip


def test_a_refresh_that_fails_says_why_and_what_to_do_and_writes_nothing(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(wanted: Item, region: str) -> ListPrice:
        raise ReadFailed("pricing:GetProducts", "denied", "AccessDeniedException", region)

    before = table.read_bytes()
    monkeypatch.setattr(refresh, "_finder", lambda: denied)
    with pytest.raises(SystemExit) as ended:
        refresh.main()
    assert "pricing:GetProducts" in str(ended.value)
    assert len(str(ended.value).splitlines()) > 1
    assert table.read_bytes() == before


@pytest.mark.parametrize("keys", [True, False])
def test_a_refresh_asks_the_query_api_with_credentials_and_the_offer_files_without(
    monkeypatch: pytest.MonkeyPatch, *, keys: bool
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(refresh, "credentials_may_exist", lambda _: keys)
    monkeypatch.setattr(refresh, "Aws", lambda _, attempts: f"{attempts} attempts")
    monkeypatch.setattr(refresh, "find", lambda aws, *wanted: asked.append((aws, *wanted)))
    monkeypatch.setattr(bulk.Offers, "find", lambda _, *wanted: asked.append(wanted))
    refresh._finder()(FIXED["nlb_hour"], "eu-west-3")
    (call,) = asked
    assert call == (*["5 attempts"][: int(keys)], FIXED["nlb_hour"], "eu-west-3")
