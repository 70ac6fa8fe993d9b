"""URL and key, however the deployment was made; what cannot be known is said to be so."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.session import Aws
from ash_ops.deploy.connection import find_connection, find_key
from ash_ops.deployment import Deployment
from ash_ops.errors import OpsError, ReadFailed
from tests.support.deploying import service

Script = Callable[[str], Stubber]
NAMES = Deployment()
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash-cloud/server-AbCdEf"


def container(stub: Script, **more: Any) -> None:
    stub("ecs").add_response("describe_services", service())
    definition = {"containerDefinitions": [{"name": "sidecar"}, {"name": "ash", **more}]}
    stub("ecs").add_response("describe_task_definition", {"taskDefinition": definition})


@pytest.mark.parametrize(
    ("reference", "stored"),
    [
        (f"{SECRET}:ASH_API_KEY::", json.dumps({"ASH_API_KEY": "the-key"})),
        (f"{SECRET}:ASH_API_KEY:AWSCURRENT:", json.dumps({"ASH_API_KEY": "the-key"})),
        (SECRET, "the-key"),  # a secret that is the key and nothing else
    ],
)
def test_from_the_secret_that_the_task_names(
    aws: Aws, stub: Script, reference: str, stored: str
) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    stub("secretsmanager").add_response(
        "get_secret_value", {"SecretString": stored}, {"SecretId": SECRET}
    )
    assert find_key(aws, NAMES).reveal() == "the-key"


@pytest.mark.parametrize(
    "reference", ["arn:aws:ssm:us-east-1:123456789012:parameter/ash/key", "/ash/key"]
)
def test_from_parameter_store(aws: Aws, stub: Script, reference: str) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": reference}])
    stub("ssm").add_response(
        "get_parameter",
        {"Parameter": {"Value": "the-key"}},
        {"Name": "/ash/key", "WithDecryption": True},
    )
    assert find_key(aws, NAMES).reveal() == "the-key"


def test_from_the_environment_where_the_public_terraform_puts_it(aws: Aws, stub: Script) -> None:
    container(stub, environment=[{"name": "ASH_API_KEY", "value": "the-key"}])
    assert find_key(aws, NAMES).reveal() == "the-key"


def test_a_key_that_the_server_made_itself_cannot_be_known(aws: Aws, stub: Script) -> None:
    container(stub, environment=[])
    stub("secretsmanager").add_client_error("describe_secret", "ResourceNotFoundException")
    with pytest.raises(OpsError, match="cannot be known") as caught:
        find_key(aws, NAMES)
    assert "initial-api-key" in caught.value.why


def test_a_secret_that_may_not_be_read_names_the_action(aws: Aws, stub: Script) -> None:
    container(stub, secrets=[{"name": "ASH_API_KEY", "valueFrom": f"{SECRET}:ASH_API_KEY::"}])
    stub("secretsmanager").add_client_error("get_secret_value", "AccessDeniedException")
    with pytest.raises(ReadFailed) as caught:
        find_key(aws, NAMES)
    assert caught.value.action == "secretsmanager:GetSecretValue"


@pytest.mark.parametrize("answer", [{"services": []}, "ClusterNotFoundException"])
def test_without_a_deployment_it_says_so(aws: Aws, stub: Script, answer: Any) -> None:
    if isinstance(answer, str):
        stub("ecs").add_client_error("describe_services", answer)
    else:
        stub("ecs").add_response("describe_services", answer)
    with pytest.raises(OpsError, match="There is no deployment 'ash-cloud' in us-east-1"):
        find_key(aws, NAMES)


@pytest.mark.parametrize(("protocol", "scheme"), [("TCP", "http"), ("TLS", "https")])
def test_the_url_is_that_of_the_listener_which_forwards_here(
    aws: Aws, stub: Script, protocol: str, scheme: str
) -> None:
    group = service()["services"][0]["loadBalancers"][0]["targetGroupArn"]
    container(stub, environment=[{"name": "ASH_API_KEY", "value": "k"}])
    balancing = stub("elbv2")
    balancing.add_response(
        "describe_target_groups", {"TargetGroups": [{"LoadBalancerArns": ["lb"]}]}
    )
    balancing.add_response(
        "describe_load_balancers",
        {"LoadBalancers": [{"LoadBalancerArn": "lb", "DNSName": "x.elb.amazonaws.com"}]},
    )
    other = {
        "Port": 80,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": "o"}],
    }
    ours = {
        "Port": 4100,
        "Protocol": protocol,
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
    }
    balancing.add_response("describe_listeners", {"Listeners": [other, ours]})

    assert find_connection(aws, NAMES).url == f"{scheme}://x.elb.amazonaws.com:4100"
