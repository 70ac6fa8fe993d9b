"""``cost`` against a deployed template: read through boto3, priced, and honest about refusals."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.cost.answer import Answer, Request, answer
from ash_ops.cost.deployed import read
from ash_ops.demo import Emulator
from ash_ops.deploy.plan.template_files import load_template
from ash_ops.settings import Options, Settings, load

# With one of these missing no task starts, and the stack is rolled back while it is priced.
_KEYS = (
    "ANTHROPIC_API_KEY",
    "ASH_API_KEY",
    "ASH_INTERNAL_SECRET",
    "ASH_DATABASE_URL",
    "ASH_CREDENTIAL_KEY",
)


def deploy(**parameters: str) -> None:
    """The bundled template as deploy gives it to CloudFormation."""
    ec2 = boto3.client("ec2")
    secret = boto3.client("secretsmanager").create_secret(
        Name="ash-cloud/env",
        SecretString=json.dumps(dict.fromkeys(_KEYS, "value-of-a-test-0123456789")),
    )
    subnets = ",".join(s["SubnetId"] for s in ec2.describe_subnets()["Subnets"][:2])
    given = {
        "VpcId": ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
        "SubnetIds": subnets,
        "TaskSubnetIds": subnets,
        "AllowedCidr": "203.0.113.7/32",
        "SecretArn": secret["ARN"],
        **parameters,
    }
    boto3.client("cloudformation").create_stack(
        StackName="ash-cloud",
        TemplateBody=load_template("standalone", None),
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in given.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    until_there(boto3.client("ecs"))


def until_there(ecs: Any) -> None:
    """Whether its tasks ever start is another matter: a service is billed as it is desired."""
    for _ in range(500):
        try:
            if ecs.describe_services(cluster="ash-cloud", services=["ash-cloud-runtime"])[
                "services"
            ]:
                return
        except ecs.exceptions.ClusterNotFoundException:
            continue
    raise AssertionError("the service was not created")


def settings(**options: str) -> Settings:
    return load(Options(env_file="/dev/null", **options))


def ask(found: Settings, **request: Any) -> Answer:
    return answer(found, lambda: Aws(found), Request(**request), confirm=lambda _: False)


def items(found: Answer) -> dict[str, Any]:
    return {line.quantity.item: line.monthly for line in found.estimate.lines}


@pytest.mark.usefixtures("emulator")
def test_the_default_deployment_costs_what_its_plan_says() -> None:
    deploy()
    deployed, planned = ask(settings()), ask(settings(), only_plan=True)
    assert deployed.estimate.plan.deployed
    assert items(deployed) == items(planned)
    assert "AWS's price list was not read" in deployed.notes[0]


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize(
    ("parameters", "chosen"),
    [
        pytest.param(
            {"Cpu": "2048", "Memory": "4096", "Architecture": "ARM64"},
            {"cpu": "2048", "memory": "4096", "architecture": "arm64"},
            id="a larger one on ARM",
        ),
        pytest.param(
            {"ContainerInsights": "enhanced", "LogRetentionDays": "90"},
            {"container-insights": "enhanced", "log-retention": "90"},
            id="what watches it",
        ),
        pytest.param({"Scheme": "internal"}, {"internal": "yes"}, id="inside the VPC"),
    ],
)
def test_what_was_planned_is_what_is_deployed(
    parameters: dict[str, str], chosen: dict[str, str]
) -> None:
    deploy(**parameters)
    deployed, planned = ask(settings()), ask(settings(), only_plan=True, chosen=chosen)
    assert deployed.estimate.plan.deployed
    assert items(deployed) == items(planned)


@pytest.mark.usefixtures("emulator")
def test_another_size_is_read_from_the_service() -> None:
    deploy(Cpu="2048", Memory="4096", ContainerInsights="disabled")
    found = items(ask(settings()))
    assert "Fargate vCPU: 1 x 2" in found
    assert not any("Insights" in item for item in found)


@pytest.mark.usefixtures("emulator")
def test_no_deployment_is_said_and_the_plan_priced() -> None:
    found = ask(settings())
    assert not found.estimate.plan.deployed
    assert found.notes == ("There is no deployment ash-cloud in us-east-1: this is the plan.",)


def test_refused_readings_leave_unknown_lines(emulator: Emulator) -> None:
    deploy()
    emulator.fault("logs:DescribeLogGroups", "deny")
    emulator.fault("rds:DescribeDBInstances", "deny")
    found = ask(settings())
    assert found.estimate.at_least
    assert items(found)["Logs written"] is None
    text = " ".join(found.estimate.assumptions)
    assert "allow logs:DescribeLogGroups" in text
    assert "allow rds:DescribeDBInstances" in text


INSIGHTS = "/aws/ecs/containerinsights/ash-cloud/performance"


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("group", ["/ash-cloud/runtime", INSIGHTS])
def test_log_volume_of_the_last_days_becomes_a_months(group: str) -> None:
    """What Container Insights writes for the cluster is on the bill as well."""
    deploy()
    if group == INSIGHTS:
        boto3.client("logs").create_log_group(logGroupName=group)
    aws = Aws(settings())
    first = read(aws, aws.settings.deployment)
    assert first is not None
    now = first.services[0].created + timedelta(days=3)
    boto3.client("cloudwatch").put_metric_data(
        Namespace="AWS/Logs",
        MetricData=[
            {
                "MetricName": "IncomingBytes",
                "Dimensions": [{"Name": "LogGroupName", "Value": group}],
                "Timestamp": now - timedelta(hours=hours),
                "Value": 1024**3 / 2,
            }
            for hours in (1, 30)
        ],
    )
    found = read(aws, aws.settings.deployment, now)
    assert found is not None
    assert first.logs is not None
    assert found.logs is not None
    added = found.logs.written_gb - first.logs.written_gb
    assert round(added, 3) == round(730 / found.window.hours, 3)
